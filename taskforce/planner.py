"""When a meeting is fairest: pure functions from zones to times.

Each member counts a meeting by the worst quarter of an hour that it falls into, by the clocks there:
nothing from 9:00 to 17:00, one point from 7:00 to 9:00 and from 17:00 to 21:00, four points at night.
Whoever has carried more than the one who carried least has their points weighed more: once more for
every four points, which is one night. So the nights go round.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

CLOCK = "D j M, H:i"
OFFICE, EDGE, NIGHT = 0, 1, 4
STEP = timedelta(minutes=15)
EVERY = timedelta(minutes=30)
WORKING_DAYS = 5
BEST = 6


@dataclass(frozen=True)
class Member:
    """Whose clocks count; ``carried`` are the points of the meetings that were."""

    name: str
    zone: str
    carried: int = 0


@dataclass(frozen=True)
class Seat:
    """What a time is for one member."""

    member: Member
    starts: datetime
    ends: datetime
    points: int

    @property
    def begins(self) -> str:
        """What the clocks there show, with the day."""
        return date_format(self.starts, CLOCK)

    @property
    def finishes(self) -> str:
        return date_format(self.ends, CLOCK)

    @property
    def is_night(self) -> bool:
        return self.points == NIGHT


@dataclass(frozen=True)
class Option:
    """A time of day that holds on all of ``days``, the first of which is that of ``seats``. ``points``
    are the plain sum, ``weighed`` four times the sum that says which is fairest."""

    starts_at: datetime
    days: tuple[date, ...]
    seats: tuple[Seat, ...]
    points: int
    weighed: int
    zone: str = "UTC"

    @property
    def label(self) -> str:
        """Its beginning by the clocks of ``zone``, and in UTC."""
        there = self.starts_at.astimezone(ZoneInfo(self.zone))
        return f"{there:%H:%M} {self.zone} ({self.starts_at:%H:%M} UTC)"

    @property
    def nights(self) -> tuple[Seat, ...]:
        return tuple(seat for seat in self.seats if seat.is_night)


def points_of_hour(local: time) -> int:
    """What a moment counts by the clock that shows it."""
    if time(9) <= local < time(17):
        return OFFICE
    if time(7) <= local < time(21):
        return EDGE
    return NIGHT


def points(starts_at: datetime, minutes: int, zone: str) -> int:
    """What a meeting counts for somebody in ``zone``."""
    there = ZoneInfo(zone)
    steps = max(1, -(-timedelta(minutes=minutes) // STEP))
    # In UTC, so that a change of clocks in between is seen.
    moments = (starts_at.astimezone(UTC) + STEP * n for n in range(steps))
    return max(points_of_hour(moment.astimezone(there).time()) for moment in moments)


def options(
    members: Sequence[Member], monday: date, minutes: int, zone: str, most: int = BEST
) -> list[Option]:
    """The fairest times of the week that begins with ``monday``, on the working days of ``zone``; the
    same hours for everybody are one option with several days. Of equal ones the one with fewer points,
    with fewer nights, and then the earliest."""
    if not members:
        return []
    weights = _weights(members)
    found: dict[tuple, list[Option]] = {}
    for starts_at in candidates(monday, zone):
        seats = tuple(_seat(member, starts_at, minutes) for member in members)
        plain = sum(seat.points for seat in seats)
        weighed = sum(seat.points * weights[seat.member] for seat in seats)
        day = starts_at.astimezone(ZoneInfo(zone)).date()
        clocks = tuple(seat.starts.time() for seat in seats)
        option = Option(starts_at, (day,), seats, plain, weighed, zone)
        found.setdefault((clocks, plain), []).append(option)
    grouped = [replace(same[0], days=tuple(one.days[0] for one in same)) for same in found.values()]
    grouped.sort(key=lambda one: (one.weighed, one.points, len(one.nights), one.starts_at))
    return grouped[:most]


def candidates(monday: date, zone: str) -> Iterable[datetime]:
    """Every half hour of the working days, as moments: what the clocks leave out is not among them,
    what they show twice is twice."""
    there = ZoneInfo(zone)
    first = datetime.combine(monday, time(), there).astimezone(UTC)
    last = datetime.combine(monday + timedelta(days=WORKING_DAYS), time(), there).astimezone(UTC)
    at = first
    while at < last:
        yield at
        at += EVERY


def ledger(meetings: Iterable[tuple[datetime, int, Mapping[str, str]]]) -> dict[str, int]:
    """The points that each has carried: of meetings with their beginning, their minutes and the zones
    of those who were there, by name."""
    carried: dict[str, int] = {}
    for starts_at, minutes, zones in meetings:
        for name, zone in zones.items():
            carried[name] = carried.get(name, 0) + points(starts_at, minutes, zone)
    return carried


def _weights(members: Sequence[Member]) -> dict[Member, int]:
    least = min(member.carried for member in members)
    return {member: NIGHT + member.carried - least for member in members}


def _seat(member: Member, starts_at: datetime, minutes: int) -> Seat:
    there = ZoneInfo(member.zone)
    ends_at = starts_at + timedelta(minutes=minutes)
    counted = points(starts_at, minutes, member.zone)
    return Seat(member, starts_at.astimezone(there), ends_at.astimezone(there), counted)
