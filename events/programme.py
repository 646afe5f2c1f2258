"""A released programme as readers see it: days in the zone they chose, moments, and what runs at each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events import wording
from events.kinds import Mode, Role, SessionKind
from events.models import Event, Precision, Session
from hub.languages import autonym
from hub.partners.models import Organisation, Person

# In which order roles stand, and what comes of several with one role.
ROLES = [Role.CHAIR, Role.MODERATOR, Role.OPENING, Role.PANELLIST, Role.SPEAKER, Role.RAPPORTEUR]


@dataclass(frozen=True)
class Speaker:
    """Somebody in a session; the addresses are empty where there is no page to lead to."""

    name: str
    credited_as: str
    organisation: str
    url: str
    organisation_url: str
    is_remote: bool


@dataclass(frozen=True)
class Part:
    """Those of one role."""

    label: str
    people: list[Speaker]


class Released:
    """A session as it was released: what readers see of it, whatever organisers work on since."""

    def __init__(self, session: Session, pages: "Pages | None" = None) -> None:
        self.session, self._pages = session, pages or Pages()
        self._told: dict[str, Any] = session.released
        for name in ("starts_local", "ends_local", "starts_at", "ends_at"):
            text = self._told[name]
            setattr(self, name, datetime.fromisoformat(text) if text else None)
        for name in ("title", "kind", "summary", "room", "track", "mode", "language", "timezone"):
            setattr(self, name, self._told[name])
        self.precision, self.stream_url = self._told["precision"], self._told["stream_url"]

    @property
    def url(self) -> str:
        return self.session.get_absolute_url()

    @property
    def has_hours(self) -> bool:
        return self.starts_local is not None and self.precision == Precision.MINUTE

    @property
    def is_cancelled(self) -> bool:
        return self._told["status"] == Session.Status.CANCELLED

    @property
    def is_break(self) -> bool:
        return self.kind == SessionKind.BREAK

    @property
    def kind_label(self) -> str:
        return str(SessionKind(self.kind).label)

    @property
    def mode_label(self) -> str:
        return str(Mode(self.mode).label) if self.mode else ""

    @property
    def language_name(self) -> str:
        return autonym(self.language) if self.language else ""

    @property
    def capacity(self) -> int | None:
        return self._told["capacity"]

    @cached_property
    def moved_from(self) -> str:
        """Where and when it was before the last change, in words; empty if it stands as it was."""
        before = self._told["moved_from"]
        if not before:
            return ""
        words = []
        if before["starts_at"] and before["starts_at"] != self._told["starts_at"]:
            at = datetime.fromisoformat(before["starts_at"])
            words.append(wording.moment_words(at, self.timezone))
        if before["room"] and before["room"] != self.room:
            words.append(before["room"])
        return ", ".join(words)

    @cached_property
    def parts(self) -> list[Part]:
        """Who takes part, role by role; organisations without a name at the end."""
        named: dict[str, list[Speaker]] = {}
        for one in self._told["people"]:
            role = one["role"] if one["name"] else ""
            named.setdefault(role, []).append(self._pages.speaker(one))
        parts = [Part(str(role.label), named[role]) for role in ROLES if role in named]
        return parts + ([Part(_("With"), named[""])] if "" in named else [])

    @property
    def voices(self) -> list[str]:
        """The names of all people."""
        return [one["name"] for one in self._told["people"] if one["name"]]


@dataclass
class Pages:
    """Which of the people and organisations of a programme have a page here, now."""

    people: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, sessions: Iterable[Session]) -> "Pages":
        rows = [one for session in sessions for one in session.released["people"]]
        people = {one["person_slug"] for one in rows} - {""}
        organisations = {one["organisation_slug"] for one in rows} - {""}
        listed = (
            Person.objects.public().filter(slug__in=people) if people else Person.objects.none()
        )
        public = Organisation.objects.public()
        found = public.filter(slug__in=organisations) if organisations else public.none()
        return cls(
            set(listed.values_list("slug", flat=True)), set(found.values_list("slug", flat=True))
        )

    def speaker(self, told: dict[str, Any]) -> Speaker:
        person, organisation = told["person_slug"], told["organisation_slug"]
        own = _page("people", person) if person in self.people else ""
        house = _page("partners", organisation) if organisation in self.organisations else ""
        return Speaker(
            told["name"] or told["organisation"],
            told["credited_as"],
            told["organisation"] if told["name"] else "",
            own if told["name"] else house,
            house,
            told["is_remote"],
        )


def _page(kind: str, slug: str) -> str:
    return reverse(f"portal:{'person' if kind == 'people' else 'partner'}_detail", args=[slug])


@dataclass
class Slot:
    """What begins at one moment. ``other`` is the same time in the zone of the event, where another
    one is shown."""

    starts: datetime | None
    when: SafeString | str
    other: SafeString | str
    sessions: list[Released]

    @property
    def is_parallel(self) -> bool:
        return len(self.sessions) > 1

    @property
    def live(self) -> list[Released]:
        """Those that take place."""
        return [one for one in self.sessions if not one.is_cancelled]

    @property
    def is_break(self) -> bool:
        return all(one.is_break for one in self.sessions)


@dataclass
class Day:
    day: date
    slots: list[Slot]

    @property
    def words(self) -> str:
        return wording.day_words(self.day)

    @property
    def anchor(self) -> str:
        return f"day-{self.day.isoformat()}"


class Programme:
    """The released sessions of an event, in the order of time, by the days of ``zone``."""

    def __init__(self, event: Event, zone: str = "") -> None:
        self.event, self.zone = event, zone

    @cached_property
    def sessions(self) -> list[Released]:
        rows = list(self.event.sessions.released().in_order())
        for row in rows:
            row.event = self.event
        pages = Pages.of(rows)
        return sorted((Released(row, pages) for row in rows), key=self._order)

    @cached_property
    def days(self) -> list[Day]:
        days: list[Day] = []
        for session in self.sessions:
            day = wording.day_of(session, self.zone)
            if day is None:
                continue
            if not days or days[-1].day != day:
                days.append(Day(day, []))
            self._add(days[-1].slots, session)
        return days

    @cached_property
    def undated(self) -> list[Released]:
        """Sessions of which the day is not known."""
        return [session for session in self.sessions if session.starts_local is None]

    @property
    def has_hours(self) -> bool:
        return any(session.has_hours for session in self.sessions)

    @property
    def is_several_days(self) -> bool:
        return len(self.days) > 1

    def __bool__(self) -> bool:
        return bool(self.sessions)

    def _order(self, session: Released) -> tuple:
        """By the day shown, whole days before hours; what has no time at the end."""
        day, starts = wording.day_of(session, self.zone), session.starts_at
        when = (day, session.has_hours, starts, session.ends_at or starts) if day else ()
        return day is None, when, session.track, session.session.position, session.session.pk

    def _add(self, slots: list[Slot], session: Released) -> None:
        starts = session.starts_at if session.has_hours else None
        # Those that end together with others of the same start run beside them.
        if slots and slots[-1].starts == starts and _same_end(slots[-1].sessions[0], session):
            slots[-1].sessions.append(session)
            return
        slots.append(Slot(starts, *self._told(session), [session]))

    def _told(self, session: Released) -> tuple[SafeString | str, SafeString | str]:
        if not session.has_hours:
            is_long = session.ends_local and session.ends_local != session.starts_local
            return (wording.when_html(session) if is_long else _("Hour not known")), ""
        shown = wording.hours_html(session, self.zone)
        own = session.timezone
        if self.zone in ("", own):
            return shown, ""
        is_same_day = wording.day_of(session) == wording.day_of(session, self.zone)
        return shown, (wording.hours_html(session) if is_same_day else wording.when_html(session))


def _same_end(one: Released, other: Released) -> bool:
    return (one.has_hours, one.ends_at) == (other.has_hours, other.ends_at)
