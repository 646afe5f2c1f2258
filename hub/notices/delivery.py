"""Letters from the outbox to the mail server: each at most once without a person's doing.

Whoever delivers a letter holds a lease on it, whose end is also its sign: every step on the way asks
for the row with that very lease, so that a worker that was too slow or thought dead cannot interfere
with the one that came after it. Until the mail server is about to take the text the letter is
*waiting*, and goes back to the queue when the lease runs out. From then on it is *sending*, and
becomes *unknown* instead.
"""

import random
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from hub.notices import ceilings, suppression
from hub.notices.handover import InDoubt, LeaseLost, Refused, Unreachable, hand_over
from hub.notices.models import SECRET_IS_KEPT, Message, Outage

# Longer than all steps with a mail server take together, each of which may last EMAIL_TIMEOUT.
LEASE = timedelta(minutes=2)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
LONGEST_PAUSE = timedelta(minutes=2)
# For so long a letter is offered again to a server that refuses it "for now".
PATIENCE = timedelta(days=3)
CLAIMS = 0x706F7374  # the advisory lock of whoever claims a letter

State = Message.State


def deliver_next() -> bool:
    """Send the letter that is due next; whether there was one."""
    message = claim()
    if message is None:
        return False
    try:
        hand_over(message, before=lambda: _begin(message))
    except LeaseLost:
        pass
    except InDoubt as error:
        _settle(message, State.UNKNOWN, str(error))
    except Refused as error:
        _refused(message, error)
    except Unreachable as error:
        _give_back(message, str(error), wait=timedelta(0))
        _note_outage(str(error))
    except Exception as error:
        # A fault of ours, before anything went out: it waits, and the others go on.
        _give_back(message, f"{type(error).__name__}: {error}", wait=_back_off(message.attempts))
        raise
    else:
        _settle(message, State.SENT)
        Outage.objects.all().delete()
    return True


def is_open() -> bool:
    """Whether there is a mail server, and it was not found silent a moment ago."""
    is_silent = Outage.objects.filter(until__gt=timezone.now()).exists()
    return bool(settings.EMAIL_BACKEND) and not is_silent


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


def _begin(message: Message) -> None:
    """Note that from now on the letter may have gone out; ``LeaseLost`` if it must not."""
    now = timezone.now()
    ours = Message.objects.filter(
        pk=message.pk,
        state=State.WAITING,
        leased_until=message.leased_until,
        leased_until__gt=now,
    )
    renewed = now + LEASE
    if not ours.update(state=State.SENDING, handed_over_at=now, leased_until=renewed):
        raise LeaseLost
    message.leased_until = renewed


def _settle(message: Message, state: State, error: str = "") -> None:
    """Note what became of a letter that went over, even if it has been missed in the meantime."""
    ours = Message.objects.filter(
        pk=message.pk,
        state__in=[State.SENDING, State.UNKNOWN],
        leased_until=message.leased_until,
    )
    changes = {"state": state, "error": error[:500], "is_held": False}
    if state == State.SENT:
        changes |= {"sent_at": timezone.now(), "leased_until": None}
        if message.is_secret and not settings.LOCAL:  # where the row is the mailbox
            changes |= {"text": "", "html": ""}
    ours.update(**changes)


def _refused(message: Message, refusal: Refused) -> None:
    if refusal.is_final:
        suppression.refused(message.to, str(refusal))
        _let_go(message, State.FAILED, str(refusal))
    elif timezone.now() - message.tried_since > PATIENCE:
        _let_go(message, State.FAILED, f"Given up after three days: {refusal}")
    else:
        _give_back(message, str(refusal), wait=_back_off(message.attempts))


def _give_back(message: Message, error: str, *, wait: timedelta) -> None:
    _let_go(message, State.WAITING, error, not_before=timezone.now() + wait)


def _let_go(message: Message, state: State, error: str, **changes: object) -> None:
    """End the lease on a letter that did not go out, for certain."""
    ours = Message.objects.filter(
        pk=message.pk,
        state__in=[State.WAITING, State.SENDING, State.UNKNOWN],
        leased_until=message.leased_until,
    )
    ours.update(
        state=state,
        error=error[:500],
        leased_until=None,
        handed_over_at=None,
        is_held=False,
        **changes,
    )


def _back_off(attempts: int) -> timedelta:
    """Twice as long with each attempt, give or take a quarter so that not all come back at once."""
    wait = min(SHORTEST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    return wait * random.uniform(0.75, 1.25)


def _note_outage(reason: str) -> None:
    """Let nobody try for a moment, a longer one with each failure; the letters keep their turn."""
    now = timezone.now()
    with transaction.atomic():
        outage, is_new = Outage.objects.select_for_update().get_or_create(
            defaults={"until": now, "reason": reason[:500]}
        )
        if outage.until > now:
            return  # of several that failed at once, one counts
        outage.failures += 0 if is_new else 1
        pause = min(SHORTEST_WAIT * 2 ** min(outage.failures - 1, 10), LONGEST_PAUSE)
        outage.until = now + pause * random.uniform(0.75, 1)
        outage.reason = reason[:500]
        outage.save()


def settle_lost() -> int:
    """Call unknown what was being sent by workers that are gone; answers how many.

    They keep their lease: should the worker be alive after all, what it knows still counts."""
    lost = Message.objects.lost_from_sight()
    return lost.update(
        state=State.UNKNOWN, error="The worker was gone before it could note the answer."
    )


def drop_stale_secrets() -> int:
    """Give up codes and links that nobody waits for any more; answers how many."""
    before = timezone.now() - SECRET_IS_KEPT
    stale = Message.objects.filter(is_secret=True, state=State.WAITING, not_before__lt=before)
    return stale.filter(leased_until=None, created_at__lt=before).update(
        state=State.CANCELLED, error="It could not go out while it was of use.", text="", html=""
    )
