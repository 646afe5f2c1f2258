"""A programme of one's own by a private link, and one's own calendar."""

from datetime import timedelta

import icalendar
import pytest
from django.utils.timezone import now

from events import own_calendar, release, selections
from events.models import Event, Registration, Selection
from events.tests.factories import local, make_event, make_registration, make_session
from hub.accounts.tests.factories import make_member
from hub.links import sign
from hub.members import calendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


@pytest.fixture
def event() -> Event:
    event = make_event(
        slug="conference",
        title="Coal and steel",
        starts_local=local("2031-10-24 09:00"),
        ends_local=local("2031-10-24 18:00"),
    )
    for hour, title in [(14, "Panel"), (9, "Opening"), (16, "Closing")]:
        start = local(f"2031-10-24 {hour:02}:30")
        times = {"starts_local": start, "ends_local": start + timedelta(hours=1)}
        make_session(event, title=title, slug=title.lower(), **times)
    release.release(event)
    return Event.objects.get(pk=event.pk)


def pk_of(event, slug) -> int:
    return event.sessions.get(slug=slug).pk


def choose(client, event, *slugs):
    keys = [pk_of(event, slug) for slug in slugs]
    return client.post(f"/events/{event.slug}/choose/", {"sessions": keys})


def calendar_at(client, path) -> icalendar.Calendar:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    assert "no-store" in response["Cache-Control"]
    return icalendar.Calendar.from_ical(response.content)


def test_whoever_chooses_gets_a_page_and_a_calendar_of_their_own(client, event):
    page = client.get("/events/conference/choose/").content.decode()
    assert page.index("Opening") < page.index("Panel") < page.index("Closing")
    assert "Brussels" in page

    response = choose(client, event, "panel", "opening")
    path = response["Location"]
    own = client.get(path)

    assert response.status_code == 302
    text = own.content.decode()
    assert text.index("Opening") < text.index("Panel")
    assert "9:30" in text
    assert "Brussels" in text
    assert "no-store" in own["Cache-Control"]
    assert "noindex" in own["X-Robots-Tag"]
    assert own["Referrer-Policy"] == "same-origin"
    entries = calendar_at(client, f"{path.removesuffix('/')}.ics").walk("VEVENT")
    uids = {event.sessions.get(slug=slug).uid for slug in ("panel", "opening")}
    assert {str(one["uid"]) for one in entries} == uids


def test_the_choice_can_be_changed_by_the_link(client, event):
    path = choose(client, event, "panel")["Location"]

    changed = client.post(path, {"sessions": [pk_of(event, "closing")]})

    assert (changed.status_code, changed["Location"]) == (302, path)
    assert Selection.objects.get().session_ids == [pk_of(event, "closing")]
    [entry] = calendar_at(client, f"{path.removesuffix('/')}.ics").walk("VEVENT")
    assert str(entry["summary"]) == "Closing"


def test_it_follows_the_programme(client, event):
    path = choose(client, event, "panel", "closing")["Location"]
    panel = event.sessions.get(slug="panel")
    panel.status = "cancelled"
    panel.save()
    assert "cancelled" not in client.get(path).content.decode().split("<details")[0]

    release.release(event)

    assert "(cancelled)" in client.get(path).content.decode().split("<details")[0]
    entries = calendar_at(client, f"{path.removesuffix('/')}.ics").walk("VEVENT")
    assert {str(one["summary"]): str(one["status"]) for one in entries} == {
        "Panel": "CANCELLED",
        "Closing": "CONFIRMED",
    }

    release.remove_session(event.sessions.get(slug="closing"))
    assert "Closing" not in client.get(path).content.decode().split("<details")[0]


@pytest.mark.parametrize("sessions", [[], ["x"], ["999999999"], ["9" * 40], ["-1"]])
def test_odd_choices_are_refused_in_words(client, event, sessions):
    response = client.post("/events/conference/choose/", {"sessions": sessions})

    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert not Selection.objects.exists()


def test_sessions_of_others_and_unreleased_ones_cannot_be_chosen(client, event):
    hidden = make_session(event, title="Not released")
    elsewhere = make_session(make_event())
    assert "Not released" not in client.get("/events/conference/choose/").content.decode()

    for row in (hidden, elsewhere):
        response = client.post("/events/conference/choose/", {"sessions": [row.pk]})
        assert response.status_code == 422


def test_without_a_released_programme_there_is_nothing_to_choose(client):
    make_event(slug="plain")

    assert client.get("/events/plain/choose/").status_code == 404


def test_events_that_are_not_for_all_are_chosen_from_by_theirs_alone(client, event):
    Event.objects.filter(pk=event.pk).update(audience="members")
    assert client.get("/events/conference/choose/").status_code == 404

    guest = make_member()
    make_registration(event, guest.email)
    client.force_login(guest)
    assert client.get("/events/conference/choose/").status_code == 200


@pytest.mark.parametrize("token", ["x", "1:1:a:b", "%00"])
def test_odd_links_open_nothing(client, token):
    assert client.get(f"/programmes/{token}/").status_code == 404
    assert client.get(f"/programmes/{token}.ics").status_code == 404


def test_a_link_of_another_purpose_opens_nothing_and_a_withdrawn_event_neither(client, event):
    path = choose(client, event, "panel")["Location"]
    other = sign("registration", Selection.objects.get())
    assert client.get(f"/programmes/{other}/").status_code == 404

    Event.objects.filter(pk=event.pk).update(
        status="withdrawn", unpublished_at=now(), reason="Twice"
    )
    assert client.get(path).status_code == 404


def test_they_are_let_go_of_some_months_after_the_event(event):
    past = make_event(starts_local=local("2022-10-24 09:00"), ends_local=None)
    selections.make(past, [])
    kept = selections.make(event, [])

    assert selections.let_go() == 1
    assert list(Selection.objects.all()) == [kept]


# One's own calendar


def names_for(user) -> set[str]:
    return {one.summary for one in own_calendar.registrations_of(user)}


def test_ones_own_calendar_has_what_one_has_a_seat_in(client, event):
    guest = make_member()
    seat = make_registration(event, guest.email)
    seat.session_seats.create(session=event.sessions.get(slug="panel"), status="confirmed")
    seat.session_seats.create(session=event.sessions.get(slug="opening"), status="waitlisted")
    for without in ({"status": "waitlisted"}, {"email_confirmed_at": None}):
        make_registration(make_event(title="No"), guest.email, **without)
    make_registration(make_event(title="Of somebody else"))

    assert names_for(guest) == {"Coal and steel", "Panel"}

    secret = calendar.renew(guest)
    feed = calendar_at(client, f"/account/calendar/{secret}.ics")
    assert {str(one["uid"]) for one in feed.walk("VEVENT")} == {
        event.uid,
        event.sessions.get(slug="panel").uid,
    }
    assert "ATTENDEE" not in feed.to_ical().decode()


def test_ones_own_calendar_says_what_was_called_off(event):
    guest = make_member()
    make_registration(event, guest.email)
    Event.objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=now())

    [entry] = own_calendar.registrations_of(guest)
    assert entry.is_cancelled

    Registration.objects.update(status="cancelled", ended_at=now())
    assert names_for(guest) == set()


def test_the_room_follows_the_time(client, event):
    event.sessions.filter(slug="panel").update(room="Hall")
    release.release(event)

    own = client.get(choose(client, event, "panel")["Location"]).content.decode()

    assert "</span>, Hall" in own or "</time>, Hall" in own
