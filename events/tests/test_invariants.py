"""Scenario 32: what must never be is found where it is, and nothing else."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from events import invariants
from events.models import Event, Registration
from events.tests.factories import make_event, make_registration, make_session
from hub.notices import services as notices
from hub.notices.models import Message
from hub.partners.tests.factories import make_organisation

pytestmark = pytest.mark.django_db


def found() -> str:
    return "\n".join(invariants.findings())


def waiting(event, **fields):
    return make_registration(event, status=Registration.Status.WAITLISTED, **fields)


def test_scenario_32_more_seats_than_there_are_are_found():
    event = make_event(capacity_online=1)
    make_registration(event)
    assert found() == ""

    make_registration(event)

    assert found() == f"event {event.pk}: 2 seats online, of 1"
    with pytest.raises(CommandError, match="2 seats online, of 1"):
        call_command("check_invariants")


def test_scenario_32_who_has_a_seat_keeps_it_when_there_are_fewer():
    event = make_event(capacity_online=3)
    for _ in range(3):
        make_registration(event)
    event.capacity_online = 1
    event.save()

    assert found() == ""

    make_registration(event)
    assert found() == f"event {event.pk}: 4 seats online, of 3"


def test_scenario_32_who_waits_while_a_seat_is_free_is_found():
    event = make_event(capacity_online=1)
    make_registration(event)
    row = waiting(event)
    assert found() == ""

    event.capacity_online = 2
    event.save()

    assert found() == f"event {event.pk}: registration {row.pk} waits while a seat online is free"


def test_scenario_32_who_waits_for_the_room_while_it_is_free_is_found():
    event = make_event(mode="hybrid", venue="Hall", capacity_in_person=1, capacity_online=9)
    make_registration(event, mode="in_person")
    row = make_registration(event, mode="online", wants_mode="in_person")
    assert found() == ""

    event.capacity_in_person = 2
    event.save()

    assert "waits while a seat in_person is free" in found()
    assert str(row.pk) in found()


def test_scenario_32_the_cap_of_an_organisation_keeps_people_waiting():
    own = make_organisation()
    event = make_event(seats_per_organisation=1, capacity_online=5)
    make_registration(event, organisation=own)
    waiting(event, organisation=own)
    assert found() == ""

    waiting(event, organisation=make_organisation())
    assert "waits while a seat online is free" in found()


def test_scenario_32_nobody_waits_for_what_is_over_or_called_off():
    past = make_event(starts_local=now().replace(tzinfo=None, year=2022, day=1), ends_local=None)
    waiting(past)
    waiting(make_event(status="cancelled", cancelled_at=now()))

    assert found() == ""


def test_scenario_32_a_seat_without_an_address_is_found_after_its_time():
    event = make_event()
    make_registration(event, email_confirmed_at=None)
    assert found() == ""

    ago = now() - timedelta(hours=50)
    times = {"queued_at": ago, "created_at": ago}
    old = make_registration(event, email_confirmed_at=None, **times)

    assert found() == f"event {event.pk}: registration {old.pk} keeps its seat without an address"


def test_scenario_32_a_letter_that_is_stuck_is_found():
    notices.send("post_test", "a@example.org", "one")
    assert found() == ""
    long_ago = now() - timedelta(hours=2)
    Message.objects.update(created_at=long_ago, not_before=long_ago)
    assert "has waited for more than an hour" in found()

    Message.objects.update(is_held=True)  # by a ceiling, of which the desk knows
    assert found() == ""


def test_scenario_32_sequences_neither_skip_nor_come_back():
    event = make_event()
    for sequence in (1, 2):
        Event.objects.filter(pk=event.pk).update(sequence=sequence)
    assert found() == ""

    Event.objects.filter(pk=event.pk).update(sequence=4)
    Event.objects.filter(pk=event.pk).update(sequence=1)

    lines = found().splitlines()
    assert f"event {event.pk}: sequence 4 follows 2" in lines
    assert f"event {event.pk}: sequence 1 follows 4" in lines


def test_scenario_32_a_session_with_more_seats_than_it_has_is_found():
    event = make_event()
    session = make_session(event, capacity=1)
    for _ in range(2):
        seat = make_registration(event)
        seat.session_seats.create(session=session, status="confirmed")

    assert found() == f"session {session.pk}: 2 seats, of 1"


def test_scenario_32_moments_are_those_of_the_wall_times():
    event = make_event()
    Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at - timedelta(hours=1))

    assert found() == f"event {event.pk}: its moments are not those of its wall times"
