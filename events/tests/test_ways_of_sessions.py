"""Sessions that take place in one way alone are chosen by those who take part so."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from events import own, release, seats
from events.tests.acting import enter, last_letter, letters_to
from events.tests.factories import make_event, make_session
from hub.tests.stamps import stamped

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(mode="hybrid")


def limited(event, title: str, mode: str, **columns):
    session = make_session(event, title=title, mode=mode, capacity=20, **columns)
    release.show(session)
    return session


def register(client, event, mode: str, *sessions):
    said = {"email": "ana@example.org", "name": "Ana", "language": "en", "mode": mode}
    said |= {"shown": stamped("RegistrationForm"), "sessions": [one.pk for one in sessions]}
    return client.post(f"{event.get_absolute_url()}register/", said)


def test_the_form_says_in_which_way_and_refuses_the_other(client, event):
    room, both = limited(event, "Walk", "in_person"), limited(event, "Talk", "hybrid")

    answer = register(client, event, "online", room, both)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "“Walk” takes place in one way alone: In person." in text
    assert not event.registrations.exists()
    assert register(client, event, "online", both).status_code == 302
    assert event.registrations.count() == 1


def test_by_the_link_those_are_offered_where_one_can_be(client, event):
    room, both = limited(event, "Walk", "in_person"), limited(event, "Talk", "hybrid")
    ana = enter(event, "ana@example.org", mode="online")
    path = f"{own.path_of(ana)}sessions/"

    text = client.get(path).content.decode()

    assert "Talk" in text
    assert "Walk" not in text
    assert client.post(path, {"sessions": [room.pk]}).status_code == 422
    assert client.post(path, {"sessions": [both.pk]}).status_code == 302
    assert [seat.session for seat in ana.session_seats.all()] == [both]


def test_a_session_that_is_over_is_not_offered_and_its_seat_stays(client, event):
    walk, talk = limited(event, "Walk", "hybrid"), limited(event, "Talk", "hybrid")
    ana = enter(event, "ana@example.org", mode="online")
    path = f"{own.path_of(ana)}sessions/"
    client.post(path, {"sessions": [walk.pk]})
    walk.starts_local = (now() - timedelta(days=1)).replace(tzinfo=None)
    walk.ends_local = walk.starts_local + timedelta(hours=1)
    walk.save()

    assert "Walk" not in client.get(path).content.decode()
    assert client.post(path, {"sessions": [talk.pk]}).status_code == 302

    assert {seat.session for seat in ana.session_seats.all()} == {walk, talk}


def test_who_takes_part_in_the_other_way_gives_seats_up_and_is_told(event):
    """What one gives up, another gets."""
    walk = limited(event, "Walk", "in_person")
    walk.capacity = 1
    walk.save()
    talk = limited(event, "Talk", "hybrid")
    ana = enter(event, "ana@example.org", mode="in_person", sessions=(walk, talk))
    bo = enter(event, "bo@example.org", mode="in_person", sessions=(walk,))
    assert bo.session_seats.get().status == "waitlisted"

    seats.switch(ana.pk, "online")

    assert [seat.session for seat in ana.session_seats.all()] == [talk]
    assert bo.session_seats.get().status == "confirmed"
    told = [letter.text for letter in letters_to("ana@example.org") if "Walk" in letter.text]
    assert len(told) == 1
    assert "your seats in them are given to others" in told[0].replace("\n", " ")
    assert "Talk" not in told[0]
    assert last_letter("bo@example.org").subject.startswith("There is a seat for you in a session")


def test_who_waits_for_the_other_way_keeps_the_seats_until_then(event):
    event.capacity_online = 1
    event.save()
    walk = limited(event, "Walk", "in_person")
    first = enter(event, "first@example.org", mode="online")
    ana = enter(event, "ana@example.org", mode="in_person", sessions=(walk,))

    seats.switch(ana.pk, "online")
    assert ana.session_seats.get().status == "confirmed"
    seats.cancel(first.pk)

    ana.refresh_from_db()
    assert (ana.mode, ana.wants_mode) == ("online", "")
    assert not ana.session_seats.exists()
    subjects = [one.subject.partition(":")[0] for one in letters_to("ana@example.org")]
    assert subjects.count("Your seats in sessions have changed") == 1


def test_who_sits_online_meanwhile_waits_in_the_sessions_of_the_room(event):
    event.capacity_in_person = 1
    event.save()
    walk = limited(event, "Walk", "in_person")
    first = enter(event, "first@example.org", mode="in_person")
    ana = enter(event, "ana@example.org", mode="in_person", sessions=(walk,))

    seats.sit_meanwhile(ana.pk, "online")
    seats.settle_now(event.pk)
    assert ana.session_seats.get().status == "waitlisted"
    seats.cancel(first.pk)

    assert ana.session_seats.get().status == "confirmed"


def test_who_waits_no_longer_for_the_room_leaves_its_sessions(event):
    event.capacity_in_person = 1
    event.save()
    walk = limited(event, "Walk", "in_person")
    enter(event, "first@example.org", mode="in_person")
    ana = enter(event, "ana@example.org", mode="in_person", sessions=(walk,))
    seats.sit_meanwhile(ana.pk, "online")

    seats.switch(ana.pk, "online")

    assert not ana.session_seats.exists()


def test_the_page_names_what_would_be_given_up(client, event):
    walk = limited(event, "Walk", "in_person")
    ana = enter(event, "ana@example.org", mode="in_person", sessions=(walk,))

    text = client.get(own.path_of(ana)).content.decode()

    assert "<li>Walk</li>" in text
