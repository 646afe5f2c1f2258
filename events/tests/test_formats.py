"""Events in calendars, feeds, data, frames and files."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from icalendar import Calendar

from events import calendars, publishing, release
from events.kinds import Mode
from events.models import Event
from events.tests.factories import local, make_appearance, make_event, make_session
from hub.catalogue import feeds

pytestmark = pytest.mark.django_db
PARTNER = "https://partner.example"


@pytest.fixture
def event() -> Event:
    """The panel of 24 October 2022, with one session of the same time."""
    event = make_event(
        slug="panel",
        title="Sector coupling, steel; and “cement” " + "переход " * 12,
        mode=Mode.HYBRID,
        venue="Hall",
        city="Brussels",
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
    )
    session = make_session(event, slug="talk", title="Talk", room="Room 1")
    make_appearance(session, "Monika Banka", organisation_name="ECRN")
    release.release(event)
    publishing.saved(event)
    return Event.objects.get()


def entries(client, address) -> list:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    check_lines(response.content)
    return Calendar.from_ical(response.content).walk("VEVENT")


def check_lines(content: bytes) -> None:
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


@pytest.mark.parametrize("address", ["/events/panel.ics", "/events/calendar.ics"])
def test_scenario_18_an_event_is_an_entry_with_its_zone(client, event, address):
    response = client.get(address)
    [entry] = entries(client, address)
    [zone] = Calendar.from_ical(response.content).walk("VTIMEZONE")

    assert entry["uid"] == event.uid
    assert entry["dtstart"].dt == datetime(2022, 10, 24, 14, 30, tzinfo=ZoneInfo("Europe/Brussels"))
    assert entry["dtstart"].params["TZID"] == zone["tzid"] == "Europe/Brussels"
    assert entry["dtstart"].dt.astimezone(ZoneInfo("America/Bogota")).hour == 7
    assert entry["summary"] == event.title.strip()
    assert entry["location"] == "Hall, Brussels"
    assert "ATTENDEE" not in entry
    assert b"METHOD:PUBLISH" in response.content


def test_scenario_18_uids_are_the_same_everywhere_and_once_in_each(client, event):
    make_event(title="Another", slug="another")
    for other in Event.objects.all():
        publishing.saved(other)

    uids = [str(entry["uid"]) for entry in entries(client, "/events/calendar.ics")]

    assert len(uids) == len(set(uids)) == 2
    assert event.uid in uids
    assert str(entries(client, "/events/panel.ics")[0]["uid"]) == event.uid
    assert calendars.entry_of(event).uid == event.uid
    assert client.get("/events/panel/programme.json").json()["uid"] == event.uid


def test_scenario_18_a_session_is_an_entry_of_its_own(client, event):
    session = event.sessions.get()

    [entry] = entries(client, "/events/panel/sessions/talk.ics")

    assert entry["uid"] == session.uid
    assert entry["location"] == "Room 1, Hall, Brussels"
    assert entry["dtend"].dt.hour == 16


def test_days_are_days_in_a_calendar(client):
    make_event(
        slug="days",
        starts_local=local("2022-10-24"),
        ends_local=local("2022-10-26"),
        precision="day",
        timezone="",
    )

    [entry] = entries(client, "/events/days.ics")

    assert (entry["dtstart"].dt, entry["dtend"].dt) == (date(2022, 10, 24), date(2022, 10, 27))


def test_what_is_called_off_is_cancelled_in_calendars_and_leaves_in_time(client, event):
    publishing.cancel(event.pk, "No hall.")

    for address in ("/events/panel.ics", "/events/panel/sessions/talk.ics"):
        [entry] = entries(client, address)
        assert entry["status"] == "CANCELLED", address
    [entry] = entries(client, "/events/calendar.ics")
    assert (entry["status"], entry["sequence"]) == ("CANCELLED", 1)

    Event.objects.update(cancelled_at=local("2022-01-01").replace(tzinfo=ZoneInfo("UTC")))
    assert entries(client, "/events/calendar.ics") == []


def test_what_is_postponed_is_in_no_calendar(client, event):
    publishing.postpone(event.pk, "No hall.")

    assert client.get("/events/panel.ics").status_code == 404
    assert client.get("/events/panel/sessions/talk.ics").status_code == 404
    assert entries(client, "/events/calendar.ics") == []


def test_a_calendar_has_the_choice_of_its_address(client, event):
    webinar = make_event(title="A webinar")
    publishing.saved(webinar)

    assert [str(one["uid"]) for one in entries(client, "/events/calendar.ics?kind=webinar")] == (
        [webinar.uid] if event.kind != "webinar" else [webinar.uid, event.uid]
    )
    assert entries(client, "/events/calendar.ics?mode=in_person") == []
    assert entries(client, "/events/calendar.ics?kind=party") == []


def test_the_programme_as_data(client, event):
    response = client.get("/events/panel/programme.json")
    told = json.loads(response.content)

    assert response["Access-Control-Allow-Origin"] == "*"
    [session] = told["sessions"]
    assert session["starts"] == "2022-10-24T14:30:00+02:00"
    assert session["ends"] == "2022-10-24T16:00:00+02:00"
    assert session["people"] == [
        {
            "name": "Monika Banka",
            "role": "panellist",
            "credited_as": "",
            "organisation": "ECRN",
            "is_remote": False,
        }
    ]


def test_the_feed_tells_what_was_announced(client, event):
    response = client.get("/events.atom")

    assert response["Content-Type"] == feeds.TYPE
    assert "/events/panel/" in response.content.decode()
    assert "sessions/talk" not in response.content.decode()


def test_one_file_has_everything_and_needs_nothing(client, event):
    response = client.get("/events/panel/offline.html?tz=Asia/Jakarta")
    html = response.content.decode()

    assert response["Content-Disposition"].startswith("attachment;")
    assert "Monika Banka" in html
    assert "19:30" in html
    assert "Jakarta (WIB, UTC+7)" in html
    for word in ("src=", "<link", "<script", "url(", "@import", "/* styles */"):
        assert word not in html
    assert ".session" in html


@pytest.mark.parametrize("address", ["/embed/events/", "/embed/events/panel/programme/"])
class TestFrames:
    def test_nobody_may_frame_unless_named(self, client, event, address):
        response = client.get(address)

        assert "frame-ancestors 'none'" in response["Content-Security-Policy"]

    @override_settings(EMBED_ORIGINS=[PARTNER])
    def test_partners_may_frame_these_pages_alone(self, client, event, address):
        response = client.get(address)

        policy = response["Content-Security-Policy"]
        assert f"frame-ancestors {PARTNER}" in policy
        assert "default-src 'none'" in policy
        assert "X-Frame-Options" not in response
        other = client.get("/events/")
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"

    def test_links_leave_the_frame(self, client, event, address):
        html = client.get(address).content.decode()

        main = html.partition("<main")[2]
        assert 'href="/events/panel/' in main
        for link in main.split("<a ")[1:]:
            assert 'target="_blank"' in link.partition(">")[0], link[:200]
