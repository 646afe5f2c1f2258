import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import now

from events import times
from events.models import Event, Registration
from events.tests.factories import local, make_event, make_registration, make_session

pytestmark = pytest.mark.django_db


def test_moments_are_derived_from_wall_times():
    event = make_event(
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
        timezone="Europe/Brussels",
    )

    event.refresh_from_db()

    assert event.starts_local == local("2022-10-24 14:30")
    assert event.starts_at.isoformat() == "2022-10-24T12:30:00+00:00"
    assert event.ends_at.isoformat() == "2022-10-24T14:00:00+00:00"


def test_the_last_day_is_part_of_an_event_of_days():
    event = make_event(
        starts_local=local("2022-10-24"), ends_local=local("2022-10-26"), precision="day"
    )

    assert event.starts_at.isoformat() == "2022-10-23T22:00:00+00:00"
    assert event.ends_at.isoformat() == "2022-10-26T22:00:00+00:00"


def test_a_time_that_the_clocks_leave_out_is_refused_in_words():
    with pytest.raises(ValidationError) as refused:
        make_event(starts_local=local("2022-03-27 02:30"), ends_local=None)

    assert list(refused.value.message_dict) == ["starts_local"]
    assert "never comes" in refused.value.messages[0]


def test_the_hour_that_comes_twice_has_two_moments():
    twice = local("2022-10-30 02:30")
    assert times.is_repeated(twice, "Europe/Brussels")
    assert not times.is_repeated(local("2022-03-27 02:30"), "Europe/Brussels")

    first = make_event(starts_local=twice, ends_local=None)
    second = make_event(starts_local=twice, ends_local=None, starts_is_second=True)

    assert (second.starts_at - first.starts_at).total_seconds() == 3600


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_local": local("2022-10-24 14:00")}, "after the start"),
        ({"timezone": ""}, "time zone"),
        ({"timezone": "../../etc/passwd"}, "no time zone"),
        ({"registration": "external"}, "which address"),
        ({"mode": ""}, "before they register"),
        ({"slug": "calendar"}, "taken"),
        ({"starts_local": None, "ends_local": None}, "first day"),
    ],
)
def test_what_cannot_be_is_refused_in_words(fields, words):
    with pytest.raises(ValidationError) as refused:
        make_event(**{"starts_local": local("2022-10-24 14:00")} | fields)

    assert words in " ".join(refused.value.messages)


def test_one_room_holds_one_session_at_a_time():
    event = make_event()
    make_session(event, room="Hall A")

    with pytest.raises(ValidationError, match="in this room"):
        make_session(event, room="hall a")
    make_session(event, room="Hall A", status="cancelled")
    make_session(
        event,
        room="Hall A",
        starts_local=event.starts_local.replace(hour=16),
        ends_local=event.starts_local.replace(hour=17),
    )


def test_an_address_is_registered_once_while_it_counts():
    event = make_event()
    gone = make_registration(event, "a@x.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_registration(event, "A@X.org")

    gone.status, gone.ended_at = Registration.Status.CANCELLED, event.created_at
    gone.save()

    make_registration(event, "A@X.org")
    assert event.registrations.active().count() == 1


def test_public_is_what_is_announced_to_everybody():
    shown = {make_event(), make_event(status="cancelled", cancelled_at=now())}
    make_event(status="draft")
    make_event(audience="members")
    make_event(status="withdrawn", unpublished_at=now(), reason="Twice")

    assert set(Event.objects.public()) == shown
    assert all(event.is_public for event in shown)
