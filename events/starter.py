"""Loaders of the starting content: real events, their sessions, and one example to try things out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from events import records, release
from events.kinds import EventKind, Mode, SessionKind
from events.models import Appearance, Event, Organiser, Precision, Session
from hub.partners.models import Organisation
from hub.slugs import unique_slug
from hub.starter import Load, Row, RowError, loaded, one_of, save, values
from hub.vocabulary.models import Term
from hub.vocabulary.starter import countries, term_ids

# What the pages that were seen call their events, in our terms.
EVENT_KINDS = {
    "conference": EventKind.CONFERENCE,
    "assembly": EventKind.CONFERENCE,
    "workshop": EventKind.WORKSHOP,
    "seminar": EventKind.WORKSHOP,
    "working group meeting": EventKind.GROUP_MEETING,
    "meeting": EventKind.MEETING,
    "meeting of experts": EventKind.MEETING,
    "network meeting": EventKind.MEETING,
    "political dialogue": EventKind.DIALOGUE,
    "panel": EventKind.DIALOGUE,
    "roundtable": EventKind.DIALOGUE,
    "side event": EventKind.SIDE_EVENT,
    "conference session": EventKind.SIDE_EVENT,
    "training": EventKind.TRAINING,
    "study visit": EventKind.STUDY_VISIT,
    "consultation": EventKind.CONSULTATION,
    "launch": EventKind.LAUNCH,
    "event series": EventKind.SERIES,
    "pavilion": EventKind.SERIES,
    "taskforce programme": EventKind.SERIES,
}
SESSION_KINDS = {
    "plenary": SessionKind.PLENARY,
    "opening": SessionKind.PLENARY,
    "panel": SessionKind.PANEL,
    "workshop": SessionKind.WORKSHOP,
    "dialogue": SessionKind.DIALOGUE,
    "interview": SessionKind.DIALOGUE,
    "working group meeting": SessionKind.GROUP_MEETING,
    "taskforce meeting": SessionKind.GROUP_MEETING,
    "talk": SessionKind.TALK,
    "launch": SessionKind.TALK,
    "side event": SessionKind.SIDE,
    "study visit": SessionKind.SIDE,
}
EXAMPLE_WEEKS = 5


def begin_events() -> Load:
    """Loader of ``events.csv``. An event belongs to the first partner that held it, further ones are
    co-owners; the editorial desk owns the rest."""
    known = _Known.built()

    def load(row: Row) -> Event:
        organisers = known.organisers(values(row["organisers"]))
        partners = [
            o.organisation for o in organisers if o.organisation and o.organisation.is_partner
        ]
        event = Event(
            kind=one_of(EVENT_KINDS, row["kind"], "kind"),
            title_language=row["title_language"],
            mode=one_of(dict(Mode.choices), row["mode"], "mode") and row["mode"],
            venue=row["venue"],
            city=row["city"],
            country=known.country(row["country_iso2"]) if row["country_iso2"] else None,
            website=row["url"],
            owner=partners[0] if partners else known.desk,
            source_url=row["source_url"],
            **_times(row),
        )
        known.announce(event, row)
        event.co_owners.set(partners[1:])
        event.terms.set({known.topic(name) for name in values(row["topics"])})
        for position, organiser in enumerate(organisers):
            organiser.event, organiser.position = event, position
            save(organiser)
        records.put(event)
        return event

    return load


def begin_sessions() -> Load:
    """Loader of ``event_sessions.csv``: parts of programmes that were released long ago."""
    events, known = loaded("events.csv"), _Known.built()

    def load(row: Row) -> Session:
        event = Event.objects.get(pk=one_of(events, row["event"], "event"))
        session = Session(
            event=event,
            title=row["session"],
            slug=_session_slug(event, row["session"]),
            kind=one_of(SESSION_KINDS, row["kind"], "kind"),
            mode=one_of(dict(Mode.choices), row["mode"], "mode") and row["mode"],
            summary=row["summary"],
            position=event.sessions.count(),
            source_url=row["source_url"],
            **_times(row),
        )
        save(session)
        for position, appearance in enumerate(known.appearances(row)):
            appearance.session, appearance.position = session, position
            save(appearance)
        release.show(session)
        records.put(event)
        return session

    return load


def begin_example() -> Load:
    """Loader of ``example_event.csv``: an event some weeks from now, open for registration, and the
    rows behind it, which name it in ``of``: its sessions."""
    known = _Known.built()
    weeks = timedelta(weeks=EXAMPLE_WEEKS)
    monday = timezone.now().date() + weeks - timedelta(days=timezone.now().weekday())

    def at(row: Row, column: str) -> datetime:
        day, _gap, hour = row[column].partition(" ")
        try:
            return datetime.fromisoformat(f"{monday + timedelta(days=int(day))}T{hour}")
        except ValueError:
            raise RowError(f"{column} “{row[column]}” is not a day and an hour") from None

    def load(row: Row) -> Event | Session:
        span = {"starts_local": at(row, "start"), "ends_local": at(row, "end")}
        shared = {"mode": row["mode"], "timezone": row["timezone"], **span}
        if row["of"]:
            pk = one_of(loaded("example_event.csv"), row["of"], "event")
            return _example_session(Event.objects.get(pk=pk), row, shared)
        event = Event(
            kind=row["kind"],
            body=row["body"],
            venue=row["place"],
            city=row["city"],
            country=known.country(row["country_iso2"]),
            languages=values(row["languages"]),
            owner=known.desk,
            is_example=True,
            registration=Event.Signup.OPEN,
            capacity_in_person=int(row.number("capacity")),
            capacity_online=int(row.number("capacity_online")),
            questions=[_question(row["question"])],
            **shared,
        )
        known.announce(event, row)
        event.terms.set({known.topic(name) for name in values(row["topics"])})
        save(Organiser(event=event, name=known.desk.name, organisation=known.desk))
        records.put(event)
        return event

    return load


def _example_session(event: Event, row: Row, shared: dict[str, object]) -> Session:
    session = Session(
        event=event,
        title=row["title"],
        slug=_session_slug(event, row["title"]),
        kind=row["kind"],
        summary=row["summary"],
        room=row["place"],
        language=row["languages"],
        capacity=int(row.number("capacity")) if row["capacity"] else None,
        position=event.sessions.count(),
        **shared,
    )
    save(session)
    release.show(session)
    records.put(event)
    return session


def _question(label: str) -> dict[str, object]:
    return {"key": "q1", "label": label, "kind": "text", "choices": [], "is_required": False}


def _session_slug(event: Event, title: str) -> str:
    return unique_slug(title, Session.objects.filter(event=event), otherwise="session")


def _times(row: Row) -> dict[str, object]:
    """The wall times of a row; days where no hour is known, or no zone to which it would belong."""
    times = {}
    for column, name in (("start", "starts_local"), ("end", "ends_local")):
        try:
            times[name] = datetime.fromisoformat(row[column]) if row[column] else None
        except ValueError:
            raise RowError(f"{column} “{row[column]}” is not a time") from None
    has_hours = "T" in row["start"] and row["timezone"]
    precision = Precision.MINUTE if has_hours or not row["start"] else Precision.DAY
    return {**times, "precision": precision, "timezone": row["timezone"]}


@dataclass
class _Known:
    """What the rows refer to, looked up once."""

    organisations: dict[str, Organisation]
    desk: Organisation
    terms: dict[tuple[str, str], int]
    country: Callable[[str], Term]
    now: datetime

    @classmethod
    def built(cls) -> "_Known":
        organisations: dict[str, Organisation] = {}
        for organisation in Organisation.objects.public():
            for name in filter(None, (organisation.acronym, organisation.name)):
                organisations.setdefault(name.casefold(), organisation)
        desk = Organisation.objects.desk()
        return cls(organisations, desk, term_ids(), countries(), timezone.now())

    def announce(self, event: Event, row: Row) -> None:
        """Save what the rows of all events have, as an event that is on the site."""
        event.title, event.summary = row["title"], row["summary"]
        event.slug = unique_slug(row["title"], Event.objects.all(), otherwise="event")
        event.status, event.published_at = Event.Status.PUBLISHED, self.now
        save(event)

    def topic(self, name: str) -> int:
        named = {of: pk for (scheme, of), pk in self.terms.items() if scheme == "topic"}
        return one_of(named, name, "topic")

    def organisers(self, names: list[str]) -> list[Organiser]:
        return [
            Organiser(name=name, organisation=self.organisations.get(name.casefold()))
            for name in names
        ]

    def appearances(self, row: Row) -> list[Appearance]:
        """Who was there, with their organisations where the row tells whose they are: one for all,
        or as many as people. Others are named by themselves."""
        people, names = values(row["speakers"]), values(row["organisations"])
        if len(names) == 1 and people:
            names = names * len(people)
        if len(names) == len(people):
            return [self._appearance(*pair) for pair in zip(people, names, strict=True)]
        return [
            *(self._appearance(person, "") for person in people),
            *(self._appearance("", name) for name in names),
        ]

    def _appearance(self, person: str, organisation: str) -> Appearance:
        found = self.organisations.get(organisation.casefold())
        return Appearance(name=person, organisation_name=organisation, organisation=found)
