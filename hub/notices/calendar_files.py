"""Calendar entries as RFC 5545 and 5546 want them, on the icalendar package.

The zone of an entry travels with it: a VTIMEZONE made from the zone data of Python, for the years
that the entry touches. The package has a maker of its own, which dates changes that leave a gap in
the day (02:00 follows 00:59 in London in March) one hour late.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from hub import texts
from hub.notices.calendar import Invitation, Method

PRODUCT = "-//Just Transition Hub//Calendar//EN"


def written(entries: list[Invitation], method: Method, name: str = "") -> bytes:
    """These entries as one file, with the zones that they need; ``name`` is that of a calendar to
    subscribe to."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method.value)
    years: dict[str, list[int]] = {}
    for entry in entries:
        if not entry.is_all_day:
            touched = [entry.starts.year, entry.ends.year]
            years.setdefault(entry.starts.tzinfo.key, []).extend(touched)
    for zone, touched in sorted(years.items()):
        calendar.add_component(zone_component(zone, min(touched), max(touched)))
    for entry in entries:
        calendar.add_component(_event(entry, method))
    if name:
        calendar.add("x-wr-calname", _line(name))
    return calendar.to_ical()


def _event(entry: Invitation, method: Method) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("summary", _line(entry.summary))
    if entry.is_all_day:
        event.add("dtstart", entry.starts)
        event.add("dtend", entry.ends + timedelta(days=1))  # the first day that is free again
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", _expressible(entry.starts))
        event.add("dtend", _expressible(entry.ends))
    is_cancelled = entry.is_cancelled or method == Method.CANCEL
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    if entry.location:
        event.add("location", _line(entry.location))
    if entry.description:
        event.add("description", texts.tidy(entry.description))
    if entry.url:
        event.add("url", entry.url)
    if method != Method.PUBLISH:
        event.add("organizer", _mailbox(entry.organiser))
        attendee = _mailbox(entry.attendee)
        attendee.params.update(
            {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "FALSE"}
        )
        event.add("attendee", attendee)
    return event


def _mailbox(address: str) -> vCalAddress:
    return vCalAddress(f"mailto:{address}")


def _line(text: str) -> str:
    return " ".join(texts.tidy(text).split())


def _expressible(moment: datetime) -> datetime:
    """A time of the hour that the clocks repeat in autumn means the first of the two; the second
    can only be said in UTC."""
    return moment.astimezone(UTC) if moment.fold else moment


@cache
def _changes(zone: str, year: int) -> tuple[datetime, ...]:
    """The moments of ``year``, in UTC, at which the clocks of ``zone`` are put forward or back."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    hours = (datetime(year + 1, 1, 1, tzinfo=UTC) - start) // timedelta(hours=1)
    # Most zones change at most twice a year: look at each day, then within the days that differ.
    found = []
    for day in range(0, hours, 24):
        early = start + timedelta(hours=day)
        late = early + timedelta(days=1)
        if _state(zone, early) != _state(zone, late):
            found.append(_first_of_new_state(zone, early, late))
    return tuple(found)


def _first_of_new_state(zone: str, early: datetime, late: datetime) -> datetime:
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=1) // 2)
        if _state(zone, middle) == _state(zone, early):
            early = middle
        else:
            late = middle
    return late


def _state(zone: str, moment: datetime) -> tuple:
    local = moment.astimezone(ZoneInfo(zone))
    return local.utcoffset(), local.dst(), local.tzname()


def zone_component(zone: str, first_year: int, last_year: int) -> Timezone:
    """A VTIMEZONE with what the clocks of ``zone`` do from the year before to the year after."""
    component = Timezone()
    component.add("tzid", zone)
    for part in _observances(zone, first_year - 1, last_year + 1):
        component.add_component(part)
    return component


def _observances(
    zone: str, first_year: int, last_year: int
) -> Iterator[TimezoneStandard | TimezoneDaylight]:
    start = datetime(first_year, 1, 1, tzinfo=UTC)
    before, _is_summer, _name = _state(zone, start)
    yield _observance(zone, start, before)
    for year in range(first_year, last_year + 1):
        for moment in _changes(zone, year):
            before, _is_summer, _name = _state(zone, moment - timedelta(seconds=1))
            yield _observance(zone, moment, before)


def _observance(
    zone: str, moment: datetime, before: timedelta
) -> TimezoneStandard | TimezoneDaylight:
    after, summer, name = _state(zone, moment)
    part = TimezoneDaylight() if summer else TimezoneStandard()
    part.add("dtstart", (moment + before).replace(tzinfo=None))  # by the clocks as they were
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    part.add("tzname", name)
    return part
