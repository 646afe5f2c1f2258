"""What the specimens of events show: every state of a line in a list, and a programme with all that a
session can be."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

from django.utils.html import format_html

from events import wording
from events.models import Event, Session
from events.programme import Day, Pages, Released, Slot
from hub.catalogue.kinds import kind_of
from hub.portal.coming import Happening, WhatIsOn

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk"
EVENT = Event(slug="specimen", title="Specimen", language="en", timezone="Europe/Brussels")


def happening(**fields: Any) -> Happening:
    when = format_html(
        '<time datetime="2026-03-04T14:30:00+01:00">{}</time>',
        "Wednesday 4 March 2026, 14:30 Brussels (CET, UTC+1)",
    )
    known: dict[str, Any] = {
        "url": "/specimens/",
        "title": "Life after lignite: a forum",
        "lang": "en",
        "kind": kind_of("conference"),
        "days": "4",
        "month": "Mar 2026",
        "when": when,
        "place": "Görlitz, Germany",
        "mode": "hybrid",
        "mode_label": "In person and online",
        "summary": "What regions tell each other.",
        "summary_lang": "en",
    }
    return Happening(**known | fields)


def happenings() -> list[Happening]:
    return [
        happening(),
        happening(days="30", month="Dec 2026 – 2 Jan 2027", mode="", place="", is_example=True),
        happening(state="Postponed", mode="online", mode_label="Online", kind=kind_of("webinar")),
        happening(state="Cancelled", title=LONG, place=LONG, summary=LONG * 3),
        happening(title="ถ่านหิน โอกาส เศรษฐกิจลำปาง", lang="th", mode="in_person"),
    ]


def what_is_on() -> list[WhatIsOn]:
    shown = happenings()
    return [WhatIsOn(shown[:1], shown[1:3], "/events/"), WhatIsOn([], shown[:2], "/events/")]


def session(number: int, **fields: Any) -> Released:
    told = {
        "title": f"Session {number}",
        "summary": "What was tried, and what it cost.",
        "kind": "panel",
        "status": "live",
        "room": "Room 1",
        "track": "Track A",
        "mode": "hybrid",
        "language": "es",
        "stream_url": "",
        "capacity": None,
        "timezone": "Europe/Brussels",
        "precision": "minute",
        "starts_local": "2026-03-04T14:30:00",
        "ends_local": "2026-03-04T16:00:00",
        "starts_at": "2026-03-04T13:30:00+00:00",
        "ends_at": "2026-03-04T15:00:00+00:00",
        "people": [],
        "moved_from": None,
    }
    row = Session(event=EVENT, slug=f"session-{number}", released=told | fields)
    return Released(row, Pages({"ana-ruiz"}, {"ilo"}))


def person(name: str, role: str, **fields: Any) -> dict[str, Any]:
    known = {
        "credited_as": "",
        "organisation": "",
        "organisation_slug": "",
        "person_slug": "",
        "stakeholder_group": "",
        "is_remote": False,
    }
    return {"name": name, "role": role, **known} | fields


def programme() -> SimpleNamespace:
    """One day with parallel sessions in every state, a break, and sessions without a time."""
    people = [
        person("Ana Ruiz", "chair", person_slug="ana-ruiz", credited_as="Mayor of Görlitz"),
        person("Bo Li", "panellist", organisation="ILO", organisation_slug="ilo", is_remote=True),
        person(LONG, "panellist", organisation=LONG),
        person("", "speaker", organisation="Prognos"),
    ]
    moved = {"starts_at": "2026-03-04T09:00:00+00:00", "room": "Room 9"}
    parallel = [
        session(1, people=people, kind="plenary"),
        session(2, title=LONG, room=LONG, moved_from=moved, kind="workshop", mode="in_person"),
        session(3, status="cancelled", mode="online", people=people[:1], kind="side"),
    ]
    pause = session(4, kind="break", title="Coffee")
    unknown = [session(5, starts_local=None, starts_at=None, kind="dialogue", room="", mode="")]
    shown = wording.hours_html(parallel[0], "America/Bogota")
    slots = [
        Slot(datetime(2026, 3, 4, 13, tzinfo=UTC), wording.hours_html(pause), "", [pause]),
        Slot(
            datetime(2026, 3, 4, 13, 30, tzinfo=UTC),
            shown,
            wording.hours_html(parallel[0]),
            parallel,
        ),
    ]
    return SimpleNamespace(
        days=[Day(date(2026, 3, 4), slots)],
        undated=unknown,
        has_hours=True,
        is_several_days=True,
    )


def changes() -> list[dict[str, Any]]:
    at = wording.moment_html(datetime(2026, 3, 1, 9, tzinfo=UTC), "Europe/Brussels")
    lines = [
        {"act": "Moved", "title": "Session 2", "how": "from Room 9 to Room 1"},
        {"act": "Cancelled", "title": LONG, "how": ""},
    ]
    return [{"at": at, "lines": lines}]
