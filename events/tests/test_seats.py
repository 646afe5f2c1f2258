"""Who gets a seat, who waits, and who is told. The numbers are those of the scenarios."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from events import letters, registering, seats
from events.kinds import Mode
from events.models import Event, Registration
from events.tests.acting import enter, last_letter, letters_to, statuses, wish
from events.tests.factories import make_event, make_session
from hub.accounts.tests.factories import verified
from hub.partners.tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
CONFIRMED, WAITLISTED = "confirmed", "waitlisted"


def some(event: Event, *names: str, **said: object) -> list[Registration]:
    return [enter(event, f"{name}@x.org", **said) for name in names]


def again(registration: Registration) -> Registration:
    return Registration.objects.get(pk=registration.pk)


def hybrid(**fields: object) -> Event:
    return make_event(mode=Mode.HYBRID, venue="Hall", **fields)


def test_who_comes_first_has_a_seat_and_the_next_waits():
    event = make_event(capacity_online=1)

    some(event, "ana", "bo")

    assert statuses(event) == {"ana": CONFIRMED, "bo": WAITLISTED}
    assert "You have a seat" in last_letter("ana@x.org").text
    assert "on the waiting list" in last_letter("bo@x.org").text


def test_without_a_waiting_list_a_full_event_says_so():
    event = make_event(capacity_online=1, has_waiting_list=False)
    some(event, "ana")

    with pytest.raises(ValidationError, match="no waiting list"):
        some(event, "bo")

    assert statuses(event) == {"ana": CONFIRMED}
    assert not letters_to("bo@x.org")


def test_scenario_5_more_seats_go_to_those_in_front_and_fewer_drop_nobody():
    event = make_event(capacity_online=10)
    names = [f"p{number:02}" for number in range(17)]
    some(event, *names)

    Event.objects.filter(pk=event.pk).update(capacity_online=15)
    moved = seats.settle_now(event.pk)

    assert [one.name for one in moved] == names[10:15]
    assert all("There is a seat for you" in last_letter(f"{n}@x.org").subject for n in names[10:15])

    Event.objects.filter(pk=event.pk).update(capacity_online=8)
    assert seats.settle_now(event.pk) == []
    for name in names[:7]:
        seats.cancel(event.registrations.get(name=name).pk)
        assert event.registrations.get(name="p15").status == WAITLISTED
    assert event.registrations.confirmed().count() == 8
    seats.cancel(event.registrations.get(name="p07").pk)
    assert event.registrations.get(name="p15").status == CONFIRMED
    assert event.registrations.get(name="p16").status == WAITLISTED


def test_scenario_6_who_was_promoted_and_cancels_makes_room_for_the_next():
    event = make_event(capacity_online=1)
    ana, bo, _cy = some(event, "ana", "bo", "cy")

    seats.cancel(ana.pk)
    assert statuses(event) == {"ana": "cancelled", "bo": CONFIRMED, "cy": WAITLISTED}
    seats.cancel(bo.pk)

    assert statuses(event) == {"ana": "cancelled", "bo": "cancelled", "cy": CONFIRMED}
    seats.settle_now(event.pk)
    assert again(bo).status == "cancelled"
    assert [one.subject.partition(":")[0] for one in letters_to("bo@x.org")] == [
        "Please confirm your registration",
        "There is a seat for you",
        "Your registration is cancelled",
    ]


def test_scenario_7_the_seat_online_is_kept_while_waiting_for_the_room():
    event = hybrid(capacity_in_person=1, capacity_online=5)
    some(event, "ana", mode="in_person")
    (bo,) = some(event, "bo", mode="online")
    assert bo.status == CONFIRMED

    bo = seats.switch(bo.pk, "in_person")

    assert (bo.status, bo.mode, bo.wants_mode) == (CONFIRMED, "online", "in_person")
    assert seats.is_full(event, "in_person")
    seats.cancel(event.registrations.get(name="ana").pk)
    bo = again(bo)
    assert (bo.status, bo.mode, bo.wants_mode) == (CONFIRMED, "in_person", "")


def test_who_changes_frees_a_seat_for_who_waits_for_that_sort():
    event = hybrid(capacity_in_person=1, capacity_online=1)
    (ana,) = some(event, "ana", mode="in_person")
    (bo,) = some(event, "bo", mode="online")
    (cy,) = some(event, "cy", mode="online")
    seats.switch(bo.pk, "in_person")

    seats.cancel(ana.pk)

    assert (again(bo).mode, again(bo).status) == ("in_person", CONFIRMED)
    assert again(cy).status == CONFIRMED


def test_two_who_want_each_others_sort_of_seat_each_keep_what_they_have():
    event = hybrid(capacity_in_person=1, capacity_online=1)
    (ana,) = some(event, "ana", mode="in_person")
    (bo,) = some(event, "bo", mode="online")

    seats.switch(bo.pk, "in_person")
    seats.switch(ana.pk, "online")

    assert {again(ana).status, again(bo).status} == {CONFIRMED}
    assert {again(ana).mode, again(bo).mode} == {"online", "in_person"}


def test_a_wish_for_another_seat_is_taken_back():
    event = hybrid(capacity_in_person=0, capacity_online=5)
    (bo,) = some(event, "bo")
    seats.switch(bo.pk, "in_person")

    assert seats.switch(bo.pk, "online").wants_mode == ""
    with pytest.raises(ValidationError, match="in this way"):
        seats.switch(bo.pk, "hybrid")


def test_who_waits_for_the_room_may_sit_online_meanwhile_and_keeps_the_place():
    event = hybrid(capacity_in_person=1, capacity_online=5)
    ana, bo, cy = some(event, "ana", "bo", "cy", mode="in_person")

    bo = seats.sit_meanwhile(bo.pk, "online")
    assert (bo.status, bo.mode, bo.wants_mode) == (CONFIRMED, "online", "in_person")
    seats.cancel(ana.pk)

    assert again(bo).mode == "in_person"
    assert again(cy).status == WAITLISTED


def test_scenario_8_an_organisation_has_so_many_seats():
    event = make_event(seats_per_organisation=3)
    union = make_organisation("Union")
    some(event, "a", "b", "c", organisation=union)

    with pytest.raises(ValidationError, match="3 seats"):
        some(event, "d", organisation=union)

    some(event, "e", organisation_name="Another union")
    with pytest.raises(ValidationError, match="say which is yours"):
        some(event, "f")


def test_scenario_10_one_mailbox_is_one_registration_and_may_come_back():
    event = make_event()
    first = enter(event, "A@x.org")

    assert enter(event, "a@X.ORG") == first
    assert event.registrations.active().count() == 1
    seats.cancel(first.pk)
    second = enter(event, "a@x.org")

    assert second != first
    assert (second.status, event.registrations.active().count()) == (CONFIRMED, 1)


def test_scenario_9_the_same_form_twice_is_one_row_and_one_letter():
    event = make_event(capacity_online=1, has_waiting_list=False)

    first, second = enter(event, "a@x.org"), enter(event, "a@x.org")

    assert first == second
    assert len(letters_to("a@x.org")) == 1


def test_who_registers_again_with_other_words_is_told_in_their_mailbox_once_a_day():
    event = make_event()
    first = enter(event, "a@x.org", name="Ana")

    assert enter(event, "a@x.org", name="Mallory") == first
    enter(event, "a@x.org", name="Mallory")

    assert again(first).name == "Ana"
    assert [one.subject.partition(":")[0] for one in letters_to("a@x.org")][1:] == [
        "You are registered already"
    ]


def test_an_unconfirmed_address_loses_the_seat_after_two_days():
    event = make_event(capacity_online=1)
    ana, bo = some(event, "ana", "bo")
    Registration.objects.filter(pk=bo.pk).update(email_confirmed_at=now())
    age(ana, hours=47)
    seats.settle_now(event.pk)
    assert again(ana).status == CONFIRMED

    age(ana, hours=2)
    seats.settle_now(event.pk)

    assert statuses(event) == {"ana": "cancelled", "bo": CONFIRMED}
    assert "given on" in last_letter("ana@x.org").subject


def test_an_unconfirmed_address_loses_the_seat_two_hours_before_the_start():
    event = make_event()
    some(event, "ana")
    starts_in(event, hours=2, minutes=40)
    age(event.registrations.get(), hours=1)
    seats.settle_now(event.pk)
    assert statuses(event) == {"ana": CONFIRMED}

    starts_in(event, hours=1, minutes=59)
    seats.settle_now(event.pk)

    assert statuses(event) == {"ana": "cancelled"}


def test_who_registers_in_the_last_hours_has_half_an_hour_to_confirm():
    event = make_event()
    starts_in(event, hours=1)
    (ana,) = some(event, "ana")
    assert statuses(event) == {"ana": CONFIRMED}

    age(ana, minutes=31)
    seats.settle_now(event.pk)

    assert statuses(event) == {"ana": "cancelled"}


def test_a_confirmed_address_and_the_organisers_guests_keep_their_seats():
    event = make_event()
    ana = enter(event, "ana@x.org")
    seats.confirm_address(ana.pk)
    registering.put_in(event, wish("bo@x.org"))
    event.registrations.update(created_at=now() - timedelta(days=9))

    seats.settle_now(event.pk)

    assert set(statuses(event).values()) == {CONFIRMED}


def test_confirming_twice_is_confirming_once():
    event = make_event()
    ana = enter(event, "ana@x.org")

    seats.confirm_address(ana.pk)
    at = again(ana).email_confirmed_at
    seats.confirm_address(ana.pk)

    assert again(ana).email_confirmed_at == at
    assert [bool(one.calendar) for one in letters_to("ana@x.org")] == [False, True]


def test_who_is_signed_in_with_this_address_needs_no_confirmation():
    event = make_event()
    user = verified(make_user())

    own = registering.register(event, wish(user.email), by=user)
    other = registering.register(event, wish("other@x.org"), by=user)

    assert (own.user, own.is_coming) == (user, True)
    assert (other.user, other.is_coming) == (None, False)
    assert last_letter(user.email).calendar_method == "REQUEST"


def test_pending_holds_no_seat_until_it_is_approved():
    event = make_event(registration=Event.Signup.APPROVAL, capacity_online=1)
    ana, bo, cy = some(event, "ana", "bo", "cy")
    assert set(statuses(event).values()) == {"pending"}

    assert seats.approve(bo.pk).status == CONFIRMED
    assert seats.approve(ana.pk).status == WAITLISTED
    seats.decline(cy.pk, "The room is for unions.")

    assert again(cy).status == "declined"
    assert "The room is for unions." in last_letter("cy@x.org").text
    with pytest.raises(ValidationError, match="any more"):
        seats.approve(cy.pk)


def test_a_seat_is_given_out_of_turn_if_there_is_one():
    event = make_event(capacity_online=1)
    _ana, _bo, cy = some(event, "ana", "bo", "cy")
    with pytest.raises(ValidationError, match="no free seat"):
        seats.promote(cy.pk)

    Event.objects.filter(pk=event.pk).update(capacity_online=3)

    assert seats.promote(cy.pk).status == CONFIRMED


def test_a_place_is_handed_to_somebody_else_with_its_seat():
    event = make_event(capacity_online=1, seats_per_organisation=1)
    union = make_organisation("Union")
    (ana,) = some(event, "ana", organisation=union)
    some(event, "bo", organisation_name="Other")
    age(ana, days=20)

    successor = seats.replace(ana.pk, email="eva@x.org", name="Eva")

    assert (successor.status, successor.organisation) == (CONFIRMED, union)
    assert again(ana).replaced_by == successor
    assert not successor.is_coming
    seats.settle_now(event.pk)
    assert statuses(event) == {"ana": "cancelled", "eva": CONFIRMED, "bo": WAITLISTED}
    assert "Please confirm" in last_letter("eva@x.org").subject


def test_a_place_handed_to_who_waits_gives_them_the_seat():
    event = make_event(capacity_online=1)
    ana, bo = some(event, "ana", "bo")

    seats.replace(ana.pk, email="BO@x.org", name="Bo")

    assert statuses(event) == {"ana": "cancelled", "bo": CONFIRMED}
    with pytest.raises(ValidationError, match="you registered with"):
        seats.replace(bo.pk, email="Bo@X.org", name="Bo")


def test_sessions_have_seats_of_their_own():
    event = make_event()
    visit = make_session(event, capacity=1)
    ana, bo = some(event, "ana", "bo", sessions=(visit,))
    assert seat_of(ana) == CONFIRMED
    assert seat_of(bo) == WAITLISTED

    seats.choose_sessions(ana.pk, [])

    assert seat_of(ana) == ""
    assert seat_of(bo) == CONFIRMED
    assert visit.title in last_letter("bo@x.org").text
    with pytest.raises(ValidationError, match="of this event"):
        seats.choose_sessions(ana.pk, [make_session(make_event(), capacity=1)])


def test_who_waits_for_the_event_holds_no_seat_in_a_session():
    event = make_event(capacity_online=1)
    visit = make_session(event, capacity=5)
    ana, bo = some(event, "ana", "bo", sessions=(visit,))
    assert (seat_of(ana), seat_of(bo)) == (CONFIRMED, WAITLISTED)

    seats.cancel(ana.pk)

    assert (seat_of(ana), seat_of(bo)) == ("", CONFIRMED)


def test_nobody_is_promoted_at_an_event_that_does_not_take_place():
    event = make_event(capacity_online=1)
    ana, _bo = some(event, "ana", "bo")
    Event.objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=now())

    seats.cancel(ana.pk)

    assert statuses(event) == {"ana": "cancelled", "bo": WAITLISTED}


def test_scenario_24_what_fails_leaves_neither_registration_nor_letter(monkeypatch):
    event = make_event()

    def fails(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(letters, "registered", fails)
    with pytest.raises(RuntimeError):
        enter(event, "ana@x.org")

    assert not event.registrations.exists()
    assert not letters_to("ana@x.org")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"opens_at": now() + timedelta(days=1)}, "It opens on .*Brussels"),
        ({"closes_at": now() - timedelta(days=1)}, "closed since .*Brussels"),
        ({"status": "postponed"}, "postponed"),
        ({"status": "cancelled", "cancelled_at": now()}, "cancelled"),
        ({"registration": "none"}, "cannot register"),
        ({"mode": "in_person"}, "how you take part"),
    ],
)
def test_why_one_cannot_register_is_said(fields, words):
    event = make_event(**fields)

    with pytest.raises(ValidationError, match=words):
        enter(event, "ana@x.org")

    assert not letters_to("ana@x.org")


def test_a_seat_by_hand_passes_no_approval():
    event = make_event(registration=Event.Signup.APPROVAL)

    guest = registering.put_in(event, wish("bo@x.org"))

    assert guest.status == CONFIRMED
    with pytest.raises(ValidationError, match="registered already"):
        registering.put_in(event, wish("bo@x.org"))


def test_nothing_else_writes_statuses(request):
    """Statuses have one writer: no other file of the app assigns them or creates rows."""
    root = request.config.rootpath / "events"
    writes = re.compile(
        r"Registration\(|Registration\.objects\.(create|bulk_create)|SessionSeat\.objects\.create"
        r"|(registration|seat|reg)\.(status|mode|wants_mode|queued_at) =[^=]"
    )
    found = {
        path.name
        for path in root.glob("*.py")
        if writes.search(path.read_text()) and path.name != "seats.py"
    }

    assert found <= {"registering.py"}  # which makes the row and has ``seats`` write it


def seat_of(registration: Registration) -> str:
    seat = registration.session_seats.first()
    return seat.status if seat else ""


def age(registration: Registration, **by: float) -> None:
    registration.refresh_from_db()
    earlier = registration.created_at - timedelta(**by)
    Registration.objects.filter(pk=registration.pk).update(created_at=earlier)


def starts_in(event: Event, **time: float) -> None:
    starts = (now() + timedelta(**time)).replace(tzinfo=None)
    event.timezone, event.starts_local = "UTC", starts
    event.ends_local = starts + timedelta(hours=2)
    event.save()
