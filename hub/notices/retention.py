"""What the post office lets go of, and when. A row itself stays: its key still says that the letter
was written, so that no repeated act sends it again."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from hub.notices.models import (
    ADDRESS_IS_KEPT,
    SECRET_IS_KEPT,
    TEXT_IS_KEPT,
    Message,
)

State = Message.State
# What says something of others than its reader goes with the text.
NO_WORDS = {"text": "", "html": "", "calendar": "", "reply_to": "", "tells_of": "", "stop_url": ""}
NOTHING = {**NO_WORDS, "to": "", "subject": "", "error": ""}


def let_go(messages: QuerySet[Message]) -> int:
    """Take from these letters what is no longer needed; answers from how many."""
    return blank_addresses(messages) + blank_texts(messages)


def blank_texts(messages: QuerySet[Message]) -> int:
    """Take the text from letters that are done with, answers how many; it can then neither be read
    nor sent again."""
    now = timezone.now()
    old = Q(created_at__lt=now - TEXT_IS_KEPT)
    stale = Q(is_secret=True, created_at__lt=now - SECRET_IS_KEPT)
    done = messages.done().exclude(**NO_WORDS)
    # What was written long ahead is as old as its sending.
    recent = Q(sent_at__gte=now - SECRET_IS_KEPT) | Q(
        sent_at__gte=now - TEXT_IS_KEPT, is_secret=False
    )
    return done.filter(old | stale).exclude(recent).update(**NO_WORDS)


def blank_addresses(messages: QuerySet[Message]) -> int:
    """Forget to whom letters went that are long done with; answers how many."""
    long_ago = timezone.now() - ADDRESS_IS_KEPT
    return messages.done().filter(created_at__lt=long_ago).exclude(to="").update(**NOTHING)


def forget_readers(messages: QuerySet[Message]) -> None:
    """Make letters to a person anonymous; those that have not gone out yet no longer will."""
    _forget(messages, NOTHING)


def forget_words(messages: QuerySet[Message]) -> None:
    """Take a person out of letters to others, who stay their readers. What has not gone out yet no
    longer will."""
    _forget(messages, {**NO_WORDS, "subject": "", "error": ""})


@transaction.atomic
def _forget(messages: QuerySet[Message], blanks: dict[str, str]) -> None:
    # Whoever is handing one over has it in memory, and without its lease notes nothing more here.
    keys = list(messages.select_for_update(of=["self"]).values_list("pk", flat=True))
    rows = Message.objects.filter(pk__in=keys)
    rows.filter(state=State.WAITING).update(
        state=State.CANCELLED, leased_until=None, is_held=False, **blanks
    )
    rows.filter(state=State.SENDING).update(state=State.UNKNOWN, leased_until=None, **blanks)
    rows.update(**blanks)
