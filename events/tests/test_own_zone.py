"""Who has an account and chose a zone reads times of their own in it; public pages are the same for all."""

import pytest

from events import own, release, selections
from events.models import Event
from events.tests.acting import last_letter
from events.tests.factories import local, make_event, make_registration, make_session
from events.tests.test_telling import edit, later
from hub.accounts.tests.factories import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
THERE = "19:30–21:00 Jakarta (WIB, UTC+7)"
OWN_TIME = "14:30–16:00 Brussels (CEST, UTC+2)"


@pytest.fixture
def event() -> Event:
    event = make_event(
        slug="conference",
        starts_local=local("2031-10-24 14:30"),
        ends_local=local("2031-10-24 16:00"),
    )
    make_session(event, title="Panel")
    release.release(event)
    return Event.objects.get(pk=event.pk)


@pytest.fixture
def guest(client):
    user = make_member("budi@example.org", timezone="Asia/Jakarta")
    client.force_login(user)
    return user


def test_letters_tell_the_time_there_too_and_lead_to_the_programme_in_that_zone(event, guest):
    make_registration(event, guest.email)
    make_registration(event, "ana@x.org")
    edit(event, venue="Hall")
    later(minutes=10)

    told, plain = last_letter(guest.email), last_letter("ana@x.org")

    assert OWN_TIME in told.text
    assert THERE in told.text
    assert "/events/conference/?tz=Asia%2FJakarta" in told.text
    assert OWN_TIME in plain.text
    assert "Jakarta" not in plain.text
    assert "UTC)" not in plain.text
    assert "?tz=" not in plain.text


def test_ones_own_pages_are_in_ones_zone(client, event, guest):
    row = make_registration(event, guest.email)
    mine = selections.make(event, [event.sessions.get()])

    page = client.get(own.path_of(row)).content.decode()
    programme = client.get(selections.path_of(mine)).content.decode()

    assert "Brussels (CEST, UTC+2)" in page
    for text in (page, programme):
        assert "Jakarta (WIB, UTC+7)" in text
        assert "/events/conference/?tz=Asia%2FJakarta" in text
    shown = client.get("/events/conference/?tz=Asia%2FJakarta").content.decode()
    assert "Jakarta (WIB, UTC+7)" in shown
    client.logout()
    assert "Jakarta (" not in client.get(own.path_of(row)).content.decode()


def test_public_pages_are_the_same_for_everybody(client, event, guest):
    signed_in = client.get("/events/conference/").content.decode()
    client.logout()

    assert "Jakarta (WIB" not in signed_in
    assert "?tz=Asia" not in signed_in


def test_who_chose_no_zone_or_the_events_own_reads_one_time(client, event):
    for zone in ("UTC", "Europe/Brussels"):
        user = make_member(f"{zone[:3].lower()}@example.org", timezone=zone)
        client.force_login(user)
        page = client.get(own.path_of(make_registration(event, user.email))).content.decode()
        assert "?tz=" not in page
        assert page.count("14:30") >= 1
