"""Letters that organisers write to those who registered: once to each person, by a job."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from events.models import Event, Registration
from hub import jobs, links
from hub.notices import rendering
from hub.notices import services as notices
from hub.notices.rendering import Letter
from hub.notices.texts import Prose

TEMPLATE = "events/from_organisers"
BATCH = 200  # letters of one job


def readers(event: Event, asked: dict[str, Any]) -> QuerySet[Registration]:
    """Those whom a letter is for, one for each address: with one of ``statuses``, who take part in
    ``mode`` and have a seat in ``session``, as far as these are given. Who has not confirmed their
    address gets none, unless the organisers have put them in."""
    rows = event.registrations.filter(status__in=asked["statuses"])
    known = rows.filter(email_confirmed_at__isnull=False) | rows.filter(is_held_by_organiser=True)
    if asked.get("mode"):
        known = known.filter(mode=asked["mode"])
    if asked.get("session"):
        known = known.filter(
            session_seats__session=asked["session"], session_seats__status="confirmed"
        )
    return known.named().order_by("pk")


def preview(event: Event, subject: str, words: str, to: str) -> Letter:
    """The letter as its readers get it."""
    return rendering.render(
        TEMPLATE,
        to=to,
        language=event.language,
        context=_context(event, words),
        subject_context={"told": subject},
    )


def send(event: Event, key: str, subject: str, words: str, reply_to: str, keys: list[int]) -> None:
    """Have the letter written to these registrations, soon after the transaction commits. ``key``
    says which letter it is: sent again, it goes to nobody who has it."""
    left = iter(keys)
    while batch := list(islice(left, BATCH)):
        jobs.enqueue(
            write_letters,
            event_id=event.pk,
            key=key,
            subject=subject,
            words=words,
            reply_to=reply_to,
            keys=batch,
        )


@jobs.task
def write_letters(
    event_id: int, key: str, subject: str, words: str, reply_to: str, keys: list[int]
) -> None:
    """Write to each who is still registered. Safe to run twice."""
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return
    for one in _still_there(event, keys):
        notices.send(
            TEMPLATE,
            one.email,
            f"organisers:{key}:{one.pk}",
            context=_context(event, words),
            subject_context={"told": subject},
            language=one.language,
            reply_to=reply_to,
        )


def _still_there(event: Event, keys: list[int]) -> Iterator[Registration]:
    yield from event.registrations.active().filter(pk__in=keys).exclude(email="").order_by("pk")


def _context(event: Event, words: str) -> dict[str, Any]:
    return {
        "title": event.title,
        "words": Prose(words),
        "link": links.absolute(event.get_absolute_url()),
    }
