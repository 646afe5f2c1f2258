"""Programmes in every zone that there is: each session once, under its own day; every time with its
zone."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.utils.html import strip_tags

from events import release
from events.kinds import Mode
from events.models import Event
from events.programme import Programme
from events.tests.factories import local, make_appearance, make_event, make_session

pytestmark = pytest.mark.django_db

HOURS = re.compile(r"\b([01]\d|2[0-3]):[0-5]\d\b")
ZONE = re.compile(r"UTC(?:[+−]\d)?")
TIME = re.compile(r'<time datetime="([^"]*)">')
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture
def conference() -> Event:
    """Three days in October 2022, over the change of no clocks, with days and hours, parallel ones,
    one without a time, and one that lasts past midnight."""
    event = make_event(
        slug="conference",
        mode=Mode.HYBRID,
        starts_local=local("2022-10-24"),
        ends_local=local("2022-10-26"),
        precision="day",
    )
    for day in range(3):
        for hour in (8, 9, 11, 14, 23):
            start = local("2022-10-24") + timedelta(days=day, hours=hour)
            for _parallel in range(2):
                session = make_session(
                    event, starts_local=start, ends_local=start + timedelta(minutes=90)
                )
        make_session(
            event,
            starts_local=local("2022-10-24") + timedelta(days=day),
            ends_local=None,
            precision="day",
        )
    make_appearance(session)
    make_session(event, starts_local=None, ends_local=None)
    release.release(event)
    return event


def test_scenario_16_in_all_zones_each_session_stands_once_under_its_day(conference):
    sessions = list(conference.sessions.all())
    zones = sorted(available_timezones())
    assert len(zones) > 550

    for zone in zones:
        programme = Programme(conference, zone)
        shown = [
            (one.session.pk, day.day)
            for day in programme.days
            for slot in day.slots
            for one in slot.sessions
        ]
        expected = {
            session.pk: session.starts_local.date()
            if session.precision == "day"
            else session.starts_at.astimezone(ZoneInfo(zone)).date()
            for session in sessions
            if session.starts_local
        }
        assert len(shown) == len(expected), zone
        assert dict(shown) == expected, zone
        days = [day.day for day in programme.days]
        assert days == sorted(set(days)), zone
        assert len(programme.undated) == 1


def test_scenario_16_moments_are_in_order_within_each_day(conference):
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "UTC"):
        for day in Programme(conference, zone).days:
            moments = [slot.starts for slot in day.slots if slot.starts]
            assert moments == sorted(moments)


@pytest.mark.parametrize(
    "address",
    [
        "/events/conference/",
        "/events/conference/?tz=Asia/Ulaanbaatar",
        "/events/conference/?tz=America/St_Johns",
        "/events/conference/offline.html?tz=Asia/Jakarta",
        "/embed/events/conference/programme/?tz=America/Bogota",
        "/events/",
        "/embed/events/",
        "/",
    ],
)
def test_scenario_17_every_time_has_its_offset_and_its_zone(client, conference, address):
    make_event(title="A webinar", opens_at=conference.published_at)
    html = client.get(address).content.decode()

    machine = TIME.findall(html)
    assert machine
    for value in machine:
        assert MOMENT.fullmatch(value) or DAY.fullmatch(value), value
        if MOMENT.fullmatch(value):
            assert datetime.fromisoformat(value).utcoffset() is not None
    body = re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.S)
    # What stands in one paragraph, item or heading is read together.
    for block in re.split(r"</?(?:p|li|h[1-6]|dd|dt|div|option)\b", body):
        words = " ".join(strip_tags(f"<{block}").split())
        if HOURS.search(words):
            assert ZONE.search(words), words


def test_scenario_17_a_session_page_names_the_zone_of_its_times(client, conference):
    session = conference.sessions.exclude(starts_local=None).filter(precision="minute")[0]
    html = client.get(f"{session.get_absolute_url()}?tz=Asia/Tokyo").content.decode()

    assert "Tokyo (JST, UTC+9)" in html
    assert "Brussels (CEST, UTC+2)" in html
