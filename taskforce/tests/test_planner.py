"""When a meeting is fairest: golden times, clocks that change, and nights that go round."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from taskforce import planner
from taskforce.planner import Member

WEEK = date(2022, 3, 28)


def moment(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("clock", "counted"),
    [
        *(("06:59", 4), ("07:00", 1), ("08:59", 1), ("09:00", 0), ("16:59", 0), ("17:00", 1)),
        *(("20:59", 1), ("21:00", 4), ("00:00", 4)),
    ],
)
def test_points_by_the_clock(clock, counted):
    assert planner.points_of_hour(datetime.fromisoformat(f"2022-01-01 {clock}").time()) == counted


@pytest.mark.parametrize(
    ("day", "zone", "clock", "counted"),
    [
        ("2022-03-31", "Europe/London", "10:00", 0),
        ("2022-03-31", "America/Santiago", "06:00", 4),
        ("2022-04-07", "America/Santiago", "05:00", 4),
        ("2022-03-31", "Australia/Melbourne", "20:00", 1),
        ("2022-04-07", "Australia/Melbourne", "19:00", 1),
        ("2022-03-31", "America/Mexico_City", "03:00", 4),
        ("2022-04-07", "America/Mexico_City", "04:00", 4),
    ],
)
def test_scenario_15_ten_in_london_before_and_after_the_clocks_change(day, zone, clock, counted):
    member = Member("Somebody", zone)
    seat = planner._seat(member, moment(f"{day} 10:00", "Europe/London"), 60)
    assert (f"{seat.starts:%H:%M}", seat.points) == (clock, counted)


def test_a_meeting_counts_by_its_worst_quarter_of_an_hour():
    begins = moment("2022-03-31 10:00", "Europe/London")
    assert planner.points(begins, 60, "Australia/Melbourne") == 1
    assert planner.points(begins, 61, "Australia/Melbourne") == 4


def test_the_best_times_of_a_week():
    members = [Member("Scotland", "Europe/London"), Member("Victoria", "Australia/Melbourne")]
    best, *others = planner.options(members, WEEK, 60, "Europe/London")
    # 9:00 in London is 19:00 in Melbourne; from 7:00 on in the other order somebody sits at night.
    assert best.starts_at == datetime(2022, 3, 28, 8, tzinfo=UTC)
    assert [seat.begins for seat in best.seats] == ["Mon 28 Mar, 09:00", "Mon 28 Mar, 19:00"]
    assert best.days == tuple(WEEK + timedelta(days=n) for n in range(5))
    assert (best.points, best.nights) == (1, ())
    assert [one.points for one in others] == sorted(one.points for one in others)


def test_days_whose_clocks_differ_are_told_apart():
    """Jordan put its clocks back on Friday 29 October 2021 at 1:00."""
    monday = date(2021, 10, 25)
    assert len(list(planner.candidates(monday, "Asia/Amman"))) == 5 * 48 + 2
    members = [Member("Amman", "Asia/Amman"), Member("Delhi", "Asia/Kolkata")]
    best = planner.options(members, monday, 60, "Asia/Amman", most=1)[0]
    assert (best.points, best.days) == (0, tuple(monday + timedelta(days=n) for n in range(4)))


def test_the_nights_go_round():
    zones = {"A": "Africa/Accra", "B": "Asia/Tokyo", "C": "America/Los_Angeles"}
    held, sat = [], []
    for week in range(3):
        carried = planner.ledger(held)
        members = [Member(name, zone, carried.get(name, 0)) for name, zone in zones.items()]
        monday = date(2022, 6, 6) + timedelta(weeks=week)
        best = planner.options(members, monday, 60, "UTC", most=1)[0]
        sat += [seat.member.name for seat in best.nights]
        held.append((best.starts_at, 60, zones))
    assert sorted(sat) == ["A", "B", "C"]


def test_nobody_is_planned_for_nobody():
    assert planner.options([], WEEK, 60, "UTC") == []
