"""What a person at the desk may do with a letter. Each answers whether it could be done: it is one
statement, so that it loses against a worker that was quicker."""

from django.db.models import F
from django.utils import timezone

from hub.notices import jobs
from hub.notices.models import Message

State = Message.State


def send_again(message: Message) -> bool:
    """Have a person's wish followed that this letter go out (again); whether it may."""
    settled = [State.UNKNOWN, State.FAILED, State.SUPPRESSED, State.CANCELLED]
    again = Message.objects.filter(pk=message.pk, state__in=settled).exclude(text="").exclude(to="")
    is_done = again.update(
        state=State.WAITING,
        not_before=timezone.now(),
        leased_until=None,
        handed_over_at=None,
        tried_since=None,
        attempts=0,
        error="",
    )
    if is_done:
        jobs.written()
    return bool(is_done)


def mark_as_sent(message: Message) -> bool:
    """Have it noted that a letter in doubt went out, as a person knows; whether it was in doubt."""
    unknown = Message.objects.filter(pk=message.pk, state=State.UNKNOWN)
    return bool(
        unknown.update(state=State.SENT, sent_at=F("handed_over_at"), leased_until=None, error="")
    )


def cancel(message: Message) -> bool:
    """Take back a letter that has not gone out."""
    waiting = Message.objects.filter(pk=message.pk, state=State.WAITING)
    return bool(waiting.update(state=State.CANCELLED, leased_until=None))
