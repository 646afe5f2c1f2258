"""At meetings of members each says that they are there."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from events import attending, own
from events.models import Attendance, Event
from events.tests.factories import make_event, make_registration

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def make_meeting(begins_in: timedelta = -MINUTE, **fields) -> Event:
    start = (now() + begins_in).replace(tzinfo=None, microsecond=0)
    times = {"timezone": "UTC", "starts_local": start, "ends_local": start + 2 * HOUR}
    return make_event(**{"audience": "members", **times} | fields)


def path_of(seat) -> str:
    return f"/registrations/{own.token_of(seat)}/here/"


def test_one_press_notes_it_once(client):
    seat = make_registration(make_meeting())
    page = client.get(path_of(seat))
    assert "I take part" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert not Attendance.objects.exists()

    for _ in range(2):
        assert client.post(path_of(seat)).status_code == 302

    noted = Attendance.objects.get()
    assert (noted.registration, noted.session, noted.how) == (seat, None, Attendance.How.SELF)
    assert "Noted: you are there" in client.get(path_of(seat)).content.decode()


def test_who_was_noted_at_the_door_stays_so(client):
    seat = make_registration(make_meeting())
    seat.attendances.create(how=Attendance.How.CODE)

    client.post(path_of(seat))

    assert Attendance.objects.get().how == Attendance.How.CODE


@pytest.mark.parametrize(
    ("begins_in", "is_open"),
    [
        (11 * MINUTE, False),
        (9 * MINUTE, True),
        (-25 * HOUR, True),  # the meeting lasts two hours
        (-27 * HOUR, False),
    ],
)
def test_it_is_open_from_ten_minutes_before_to_a_day_after(client, begins_in, is_open):
    seat = make_registration(make_meeting(begins_in))

    assert attending.is_open(seat.event) == is_open
    assert ("I take part" in client.get(path_of(seat)).content.decode()) == is_open
    assert client.post(path_of(seat)).status_code == (302 if is_open else 422)
    assert Attendance.objects.exists() == is_open


@pytest.mark.parametrize(
    ("event", "seat", "words"),
    [
        ({"audience": "public"}, {}, "the organisers note"),
        ({}, {"status": "waitlisted"}, "confirmed seat"),
        ({}, {"status": "cancelled", "ended_at": now()}, "confirmed seat"),
        ({}, {"email_confirmed_at": None}, "confirmed seat"),
        ({"status": "cancelled", "cancelled_at": now()}, {}, "ten minutes before"),
    ],
)
def test_who_cannot_is_told_why(client, event, seat, words):
    row = make_registration(make_meeting(**event), **seat)

    response = client.post(path_of(row))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Attendance.objects.exists()


def test_another_link_opens_nothing(client):
    make_registration(make_meeting())

    assert client.get("/registrations/1:1:x:y/here/").status_code == 404
    assert client.post("/registrations/x/here/").status_code == 404
