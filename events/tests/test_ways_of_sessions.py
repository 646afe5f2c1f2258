"""Sessions that take place in one way alone are chosen by those who take part so."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from events import own, release
from events.tests.acting import enter
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
