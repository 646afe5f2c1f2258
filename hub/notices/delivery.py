"""Letters from the outbox to the mail server, the most urgent first: claimed here, then carried as
``leases`` does it."""

from django.db import connection, transaction
from django.utils import timezone

from hub.notices import ceilings, suppression
from hub.notices.handover import hand_over
from hub.notices.leases import CLAIMS, LEASE, begin, carry, is_open
from hub.notices.models import SECRET_IS_KEPT, Message

State = Message.State


def deliver_next() -> bool:
    """Send the letter that is due next; whether there was one."""
    message = claim()
    if message is None:
        return False
    carry(message, lambda: hand_over(message, before=lambda: begin(message)))
    return True


@transaction.atomic
def claim() -> Message | None:
    """Take a lease on the letter that is due next, if one may go out now."""
    if not is_open():
        return None
    with connection.cursor() as cursor:
        # One after the other, or two would take the last place under a ceiling.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMS])
    due = Message.objects.due().order_by("-is_secret", "not_before", "id")
    while message := due.select_for_update(skip_locked=True).first():
        if not ceilings.room_in_this_hour(is_secret=message.is_secret):
            return None
        if suppression.is_suppressed(message.to):
            message.state = State.SUPPRESSED
        elif moment := ceilings.free_again(message):
            message.not_before, message.is_held = moment, True
        else:
            message.leased_until = timezone.now() + LEASE
            message.attempts += 1
            message.tried_since = message.tried_since or timezone.now()
            message.save()
            return message
        message.save()
    return None


def drop_stale_secrets() -> int:
    """Give up codes and links that nobody waits for any more; answers how many."""
    before = timezone.now() - SECRET_IS_KEPT
    stale = Message.objects.filter(is_secret=True, state=State.WAITING, not_before__lt=before)
    return stale.filter(leased_until=None, created_at__lt=before).update(
        state=State.CANCELLED, error="It could not go out while it was of use.", text="", html=""
    )
