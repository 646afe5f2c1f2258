"""Events and sessions as entries of calendars. What is published for all names nobody and no way in.

Letters and files take their entries from here, so that one UID stands everywhere for one thing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.timezone import now

from events.listed import country_names, place_words
from events.models import UNENDING, Event
from events.programme import Released
from events.wording import Happening
from hub.links import absolute
from hub.notices.calendar import Invitation, Method

# What was called off stays in feeds for so long, so that calendars learn of it.
CANCELLED_KEPT = timedelta(days=60)
# A session of which only the beginning is known.
SESSION_UNENDING = timedelta(hours=1)


def entry_of(
    event: Event,
    *,
    method: Method = Method.PUBLISH,
    organiser: str = "",
    attendee: str = "",
    country: str | None = None,
) -> Invitation:
    """An event as an entry; for a letter with its ``method`` and both addresses."""
    if country is None:
        country = country_names([event]).get(event.country_id, "")
    starts, ends = _span(event, UNENDING)
    return Invitation(
        uid=event.uid,
        sequence=event.sequence,
        summary=event.title,
        starts=starts,
        ends=ends,
        method=method,
        organiser=organiser,
        attendee=attendee,
        location=place_words(event, country),
        description=event.summary,
        url=absolute(event.get_absolute_url()),
        is_cancelled=event.is_cancelled,
        stamped_at=event.updated_at,
    )


def session_entry(session: Released, event: Event, country: str = "") -> Invitation | None:
    """A session as an entry; none of one that has no time yet."""
    if session.starts_local is None:
        return None
    starts, ends = _span(session, SESSION_UNENDING)
    place = place_words(event, country)
    return Invitation(
        uid=session.session.uid,
        sequence=session.session.sequence,
        summary=session.title,
        starts=starts,
        ends=ends,
        method=Method.PUBLISH,
        location=", ".join(filter(None, [session.room, place])),
        description=f"{event.title}\n\n{session.summary}".strip(),
        url=absolute(session.url),
        is_cancelled=session.is_cancelled or event.is_cancelled,
        stamped_at=event.updated_at,
    )


def entries_of(events: Iterable[Event]) -> list[Invitation]:
    """Events for a feed; without those that are postponed, which are at no time, and those that were
    called off long ago."""
    events = [event for event in events if _is_in_feeds(event)]
    names = country_names(events)
    return [entry_of(event, country=names.get(event.country_id, "")) for event in events]


def _is_in_feeds(event: Event) -> bool:
    if event.status == Event.Status.POSTPONED:
        return False
    return not event.is_cancelled or event.cancelled_at > now() - CANCELLED_KEPT


def _span(timed: Happening, unending: timedelta) -> tuple:
    """Its first and last day, or its two moments in its own zone."""
    if not timed.has_hours:
        return timed.starts_local.date(), (timed.ends_local or timed.starts_local).date()
    zone = ZoneInfo(timed.timezone)
    ends: datetime = timed.ends_at or timed.starts_at + unending
    return timed.starts_at.astimezone(zone), ends.astimezone(zone)
