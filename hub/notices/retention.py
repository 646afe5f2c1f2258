"""What the post office lets go of, and when. A row itself stays: its key still says that the letter
was written, so that no repeated act sends it again."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.notices.models import (
    ADDRESS_IS_KEPT,
    SECRET_IS_KEPT,
    TEXT_IS_KEPT,
    Message,
)


def blank_texts() -> int:
    """Take the text from letters that are done with, answers how many; it can then neither be read
    nor sent again."""
    now = timezone.now()
    old = Q(created_at__lt=now - TEXT_IS_KEPT)
    stale = Q(is_secret=True, created_at__lt=now - SECRET_IS_KEPT)
    done = Message.objects.done().exclude(text="", html="", calendar="")
    # What was written long ahead is as old as its sending.
    recent = Q(sent_at__gte=now - SECRET_IS_KEPT) | Q(
        sent_at__gte=now - TEXT_IS_KEPT, is_secret=False
    )
    return done.filter(old | stale).exclude(recent).update(text="", html="", calendar="")


def blank_addresses() -> int:
    """Forget to whom letters went that are long done with; answers how many."""
    return forget_people(_before(ADDRESS_IS_KEPT).exclude(to=""))


def forget_people(messages: QuerySet) -> int:
    """Make these letters anonymous; those that have not gone out yet no longer will."""
    messages.filter(state=Message.State.WAITING).update(state=Message.State.CANCELLED)
    return messages.done().update(
        to="", reply_to="", subject="", text="", html="", calendar="", error=""
    )


def _before(age: timedelta) -> QuerySet:
    return Message.objects.done().filter(created_at__lt=timezone.now() - age)
