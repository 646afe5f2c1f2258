"""Events in the words of schema.org, for search engines and other machines; never a way in."""

from typing import Any
from zoneinfo import ZoneInfo

from events.kinds import Mode
from events.models import Event
from events.programme import Released
from events.wording import Happening
from hub.links import absolute

STATUS = {
    Event.Status.POSTPONED: "EventPostponed",
    Event.Status.CANCELLED: "EventCancelled",
}
ATTENDANCE = {
    Mode.IN_PERSON: "OfflineEventAttendanceMode",
    Mode.ONLINE: "OnlineEventAttendanceMode",
    Mode.HYBRID: "MixedEventAttendanceMode",
}
SCHEMA = "https://schema.org/"


def subject_of(event: Event, country: str) -> dict[str, Any]:
    """The event; nothing left blank."""
    facts = {
        "description": event.summary,
        "inLanguage": list(event.languages),
        "eventStatus": _status(event),
        "organizer": [_organisation(one) for one in event.organisers.all()],
        **_shared(event, event, event.mode, event.stream_url, country),
    }
    return {"@type": "Event", "name": event.title, **_known(facts)}


def subject_of_session(session: Released, event: Event, country: str) -> dict[str, Any]:
    timed = session if session.starts_local else event
    is_off = session.is_cancelled or event.is_cancelled
    facts = {
        "description": session.summary,
        "inLanguage": session.language,
        "eventStatus": f"{SCHEMA}EventCancelled" if is_off else _status(event),
        "performer": [{"@type": "Person", "name": name} for name in session.voices],
        "superEvent": {
            "@type": "Event",
            "name": event.title,
            "url": absolute(event.get_absolute_url()),
            **_times(event),
        },
        **_shared(timed, event, session.mode or event.mode, session.stream_url, country),
    }
    return {"@type": "Event", "name": session.title, **_known(facts)}


def _shared(
    timed: Happening, event: Event, mode: str, stream_url: str, country: str
) -> dict[str, Any]:
    attendance = ATTENDANCE.get(mode)
    return {
        **_times(timed),
        "eventAttendanceMode": attendance and f"{SCHEMA}{attendance}",
        "location": _locations(event, mode, stream_url, country),
    }


def _times(timed: Happening) -> dict[str, str]:
    """As exactly as they are known: days, or moments with the offset of their zone."""
    if not timed.has_hours:
        starts, ends = timed.starts_local.date(), timed.ends_local and timed.ends_local.date()
    else:
        zone = ZoneInfo(timed.timezone)
        starts = timed.starts_at.astimezone(zone)
        ends = timed.ends_at and timed.ends_at.astimezone(zone)
    return {"startDate": starts.isoformat()} | ({"endDate": ends.isoformat()} if ends else {})


def _status(event: Event) -> str:
    return SCHEMA + STATUS.get(event.status, "EventScheduled")


def _locations(event: Event, mode: str, stream_url: str, country: str) -> list[dict[str, Any]]:
    """The room, and for what is online too the page on which one learns how to join."""
    found = []
    if mode != Mode.ONLINE and (event.venue or event.city or country):
        address = _known({"addressLocality": event.city, "addressCountry": country})
        found.append(
            {
                "@type": "Place",
                "name": event.venue or event.city or country,
                **({"address": {"@type": "PostalAddress", **address}} if address else {}),
            }
        )
    if mode in (Mode.ONLINE, Mode.HYBRID):
        url = stream_url or absolute(event.get_absolute_url())
        found.append({"@type": "VirtualLocation", "url": url})
    return found


def _organisation(organiser: Any) -> dict[str, str]:
    known = organiser.organisation
    url = {"url": absolute(known.get_absolute_url())} if known and known.has_page else {}
    return {"@type": "Organization", "name": organiser.name, **url}


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value}
