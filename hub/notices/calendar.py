"""Calendar entries as RFC 5545 and 5546 want them, on the icalendar package.

The zone of an entry travels with it: a VTIMEZONE made from the zone data of Python, for the years
that the entry touches. The package has a maker of its own, which dates changes that leave a gap in
the day (02:00 follows 00:59 in London in March) one hour late.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from hub import texts

PRODUCT = "-//Just Transition Hub//Calendar//EN"


class Method(StrEnum):
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True)
class Invitation:
    """One entry of a calendar, in plain data.

    ``starts`` and ``ends`` are two moments in one IANA zone (``datetime`` with a ``ZoneInfo``), or
    two days, the last of which is part of it. ``uid`` never changes; ``sequence`` rises with every
    change of time or place. A request and a cancellation need ``organiser`` and ``attendee``, both
    addresses; what is published for all names neither. ``ValueError`` where this does not hold,
    and for a time that the clocks leave out.
    """

    uid: str
    sequence: int
    summary: str
    starts: datetime | date
    ends: datetime | date
    method: Method = Method.REQUEST
    organiser: str = ""
    attendee: str = ""
    location: str = ""
    description: str = ""
    url: str = ""
    is_cancelled: bool = False
    stamped_at: datetime = field(default_factory=timezone.now)

    def __post_init__(self) -> None:
        if not self.uid or self.sequence < 0:
            raise ValueError("A calendar entry needs a UID, and a sequence from 0 up.")
        if any(not sign.isprintable() for sign in f"{self.uid}{self.url}"):
            raise ValueError("A UID or an address of one line is needed.")
        for moment in (self.starts, self.ends):
            _check_moment(moment)
        if isinstance(self.starts, datetime) != isinstance(self.ends, datetime):
            raise ValueError("An entry is of days or of moments, not of both.")
        if self.is_all_day:
            if self.ends < self.starts:
                raise ValueError("The last day is before the first.")
        elif (
            self.ends.astimezone(UTC) <= self.starts.astimezone(UTC)
            or self.starts.tzinfo.key != self.ends.tzinfo.key
        ):
            raise ValueError("An entry ends after it starts, in the same zone.")
        is_personal = bool(self.organiser and self.attendee)
        if self.method != Method.PUBLISH and not is_personal:
            raise ValueError("An invitation needs an organiser and an attendee.")

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.starts, datetime)

    def render(self) -> str:
        """The entry as the text of an .ics file, with CRLF at the ends of its lines."""
        return _file([self], self.method).to_ical().decode()


def feed(entries: Iterable[Invitation], name: str) -> bytes:
    """Many entries as one calendar to subscribe to; whoever takes part is not told."""
    calendar = _file(list(entries), Method.PUBLISH)
    calendar.add("x-wr-calname", _line(name))
    return calendar.to_ical()


def _check_moment(moment: datetime | date) -> None:
    if not isinstance(moment, datetime):
        return
    if not isinstance(moment.tzinfo, ZoneInfo) or not moment.tzinfo.key:
        raise ValueError("A time needs an IANA zone.")
    if moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(
        tzinfo=None
    ):
        raise ValueError(f"The clocks of {moment.tzinfo.key} leave out {moment:%Y-%m-%d %H:%M}.")


def _file(entries: list[Invitation], method: Method) -> Calendar:
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
    return calendar


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
