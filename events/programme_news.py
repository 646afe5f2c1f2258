"""What becomes of sessions that people chose, or speak in: how readers saw them before the first of some
changes, how they see them now, and who has to hear of the difference."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from events import wording
from events.kinds import Mode
from events.models import Appearance, Event, Registration, Session, SessionSeat
from events.release import IN_CALENDARS
from hub.partners.models import Person

MOMENTS = ("starts_local", "ends_local", "starts_at", "ends_at")
# What is kept of a session until its people are told: nothing of who speaks in it.
KEPT = (*IN_CALENDARS, "title", "starts_local", "ends_local")
# The programme that readers see, by the keys of its sessions as JSON has them.
Programme = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class News:
    """A session that readers see otherwise than those concerned know."""

    pk: int
    was: Session
    now: Session

    @property
    def facts(self) -> list[tuple[Any, Any]]:
        """How it is, and how it was, for a letter."""
        told = session_words(self.now)
        return [
            (self.now.title, told),
            (_before(title=self.now.title), session_words(self.was)),
        ]


def programme_of(event: Event) -> Programme:
    """When, where and how the sessions are that readers see."""
    rows = event.sessions.released().values_list("pk", "released")
    return {str(pk): {name: told[name] for name in KEPT} for pk, told in rows}


def changed(before: Programme, after: Programme) -> Programme:
    """Of those in both that are otherwise for who comes, how they were: a word put right is no news."""
    return {
        pk: was
        for pk, was in before.items()
        if pk in after and any(was[name] != after[pk][name] for name in IN_CALENDARS)
    }


def news_of(before: Programme, after: Programme) -> list[News]:
    found = changed(before, after)
    rows = [News(int(pk), seen(was), seen(after[pk])) for pk, was in found.items()]
    return sorted(rows, key=lambda one: (one.now.starts_at is None, one.now.starts_at, one.pk))


def seen(told: dict[str, Any]) -> Session:
    """A session as readers see it, in memory alone."""
    columns = {name: told[name] for name in KEPT}
    for name in MOMENTS:
        columns[name] = columns[name] and datetime.fromisoformat(columns[name])
    return Session(**columns)


def _said(session: Session) -> str:
    if session.is_cancelled:
        return str(_("Cancelled"))
    mode = str(Mode(session.mode).label) if session.mode else ""
    return ", ".join(filter(None, [wording.when_words(session), session.room, mode]))


def _titled(title: str) -> str:
    return _("%(title)s (before)") % {"title": title}


session_words, _before = lazy(_said, str), lazy(_titled, str)


def seats_of(registration: Registration, keys: Iterable[int]) -> set[int]:
    """In which of these sessions somebody has a seat or waits for one."""
    rows = registration.session_seats.filter(session__in=keys)
    return set(rows.values_list("session", flat=True))


def chosen(registration: Registration) -> list[Session]:
    """The sessions in which somebody has a seat, as readers see them."""
    rows = SessionSeat.objects.filter(
        registration=registration,
        status=SessionSeat.Status.CONFIRMED,
        session__released__isnull=False,
    ).select_related("session")
    found = [seen(seat.session.released) for seat in rows]
    return sorted(found, key=lambda one: (one.starts_at is None, one.starts_at, one.title))


def speakers_of(event: Event, keys: Iterable[int] | None = None) -> dict[Person, set[int]]:
    """Who speaks in the programme that readers see, or in these sessions of it, as far as we have an
    address, which nobody sees; each with their sessions."""
    rows = Appearance.objects.filter(session__event=event, session__released__isnull=False)
    if keys is not None:
        rows = rows.filter(session__in=keys)
    found: dict[Person, set[int]] = {}
    for row in rows.exclude(person=None).exclude(person__email="").select_related("person"):
        found.setdefault(row.person, set()).add(row.session_id)
    return found
