"""Interviews: offered, booked, moved, cancelled; what is written about them, and what pages show."""

from datetime import date, datetime, time, timedelta

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import now

from events import wording
from hub.accounts.tests.factories import make_member
from hub.notices.models import Message
from taskforce import booking, offering, own, participating, reminding
from taskforce.models import Interview, InterviewSlot, Participation
from taskforce.offering import Plan
from taskforce.tests.factories import make_contact, make_participation, make_round, make_slot

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
Status = Interview.Status


@pytest.fixture
def interviewer():
    return make_member("anna@secretariat.example")


@pytest.fixture
def round():
    return make_round()


def entries(of: Interview) -> list[tuple[str, str, int, str]]:
    """Method, address, sequence and status of each entry that went out, in order."""
    found = []
    for message in Message.objects.exclude(calendar="").order_by("pk"):
        calendar = icalendar.Calendar.from_ical(message.calendar)
        (event,) = calendar.walk("VEVENT")
        assert str(event["uid"]) == of.uid
        said = (str(calendar["method"]), message.to, int(event["sequence"]), str(event["status"]))
        found.append(said)
    return found


def plan(**fields) -> Plan:
    defaults = {
        "first_on": date(2022, 3, 31),
        "last_on": date(2022, 4, 7),
        "weekdays": frozenset({3}),
        "begins": time(10),
        "ends": time(11),
        "length": 45,
        "buffer": 15,
        "timezone": "Europe/London",
    }
    return Plan(**defaults | fields)


def test_15_a_weekly_time_in_london_is_right_where_the_governments_are(round, interviewer):
    slots = [offer.slot for offer in offering.offers(round, interviewer, plan())]

    hours = {
        zone: [wording.hours_words(slot, zone)[:5] for slot in slots]
        for zone in ("America/Santiago", "Australia/Melbourne", "America/Mexico_City")
    }
    assert hours == {
        "America/Santiago": ["06:00", "05:00"],
        "Australia/Melbourne": ["20:00", "19:00"],
        "America/Mexico_City": ["03:00", "04:00"],
    }


@pytest.mark.parametrize(
    ("day", "begins", "refusal"),
    [
        (date(2022, 3, 27), time(2, 30), "put forward"),
        (date(2022, 10, 30), time(2, 30), "twice"),
        (date(2022, 10, 30), time(1, 45), "twice"),
        (date(2022, 10, 23), time(2, 30), "over"),
    ],
)
def test_15_times_that_cannot_be_are_left_out_with_the_reason(
    round, interviewer, day, begins, refusal
):
    ends = (datetime.combine(day, begins) + timedelta(minutes=45)).time()
    odd = plan(
        first_on=day,
        last_on=day,
        weekdays=frozenset({6}),
        begins=begins,
        ends=ends,
        timezone="Europe/Brussels",
    )

    (offer,) = offering.offers(round, interviewer, odd)

    assert refusal in str(offer.refusal)
    assert offering.create(round, interviewer, odd) == []


@pytest.mark.parametrize(("is_second", "hour"), [(False, 0), (True, 1)])
def test_15_of_an_hour_that_is_twice_the_one_that_was_meant_is_offered(
    round, interviewer, is_second, hour
):
    day = date(2035, 10, 28)
    twice = plan(
        first_on=day,
        last_on=day,
        weekdays=frozenset({6}),
        begins=time(2),
        ends=time(2, 45),
        timezone="Europe/Brussels",
        is_second=is_second,
    )

    (slot,) = offering.create(round, interviewer, twice)

    slot.refresh_from_db()
    assert slot.starts_at.hour == hour


def test_a_plan_leaves_out_exceptions_and_what_the_interviewer_has(round, interviewer):
    make_slot(round, interviewer, "2035-05-10 10:30")
    weekly = plan(
        first_on=date(2035, 5, 3),
        last_on=date(2035, 5, 24),
        exceptions=frozenset({date(2035, 5, 17)}),
    )

    offers = offering.offers(round, interviewer, weekly)

    told = {offer.slot.starts_local.date().day: str(offer.refusal) for offer in offers}
    assert told == {3: "", 10: "The interviewer has another interview at this time.", 24: ""}
    assert len(offering.create(round, interviewer, weekly)) == 2
    assert offering.create(round, interviewer, weekly) == []
    with pytest.raises(ValidationError, match="No time fits"):
        offering.offers(round, interviewer, plan(weekdays=frozenset()))
    with pytest.raises(ValidationError, match="half a year"):
        offering.offers(round, interviewer, plan(last_on=date(2032, 1, 1)))


def test_booking_writes_to_the_government_and_to_the_interviewer_in_their_zones(round, interviewer):
    participation = make_participation(
        round, interview=False, working_group=True, timezone="America/Bogota"
    )
    colleague = make_contact(participation)
    make_contact(participation, agreed_at=None)
    slot = make_slot(round, interviewer)

    interview = booking.choose(participation.pk, slot.pk)

    participation.refresh_from_db()
    assert (interview.status, participation.interview) == (Status.BOOKED, True)
    readers = {participation.contact.email, colleague.email, interviewer.email}
    assert set(Message.objects.values_list("to", flat=True)) == readers
    told = {message.to: message.text for message in Message.objects.all()}
    assert wording.when_words(slot, "America/Bogota") in told[colleague.email]
    assert wording.when_words(slot) in told[interviewer.email]
    assert {said[:1] + said[2:] for said in entries(interview)} == {("REQUEST", 0, "CONFIRMED")}
    assert booking.choose(participation.pk, slot.pk) == interview
    assert Message.objects.count() == 3


def test_12_the_same_entry_moves_three_times_and_a_lost_time_leaves_the_old_one(round, interviewer):
    participation, other = make_participation(round), make_participation(round)
    slots = [make_slot(round, interviewer) for _ in range(5)]
    interview = booking.choose(participation.pk, slots[0].pk)
    for slot in slots[1:4]:
        booking.choose(participation.pk, slot.pk)

    interview.refresh_from_db()
    assert (interview.sequence, interview.slot) == (3, slots[3])
    sequences = [said[2] for said in entries(interview) if said[1] == interviewer.email]
    assert sequences == [0, 1, 2, 3]
    assert list(booking.free_slots(participation)) == [*slots[:3], slots[4]]

    booking.choose(other.pk, slots[4].pk)
    with pytest.raises(ValidationError) as lost:
        booking.choose(participation.pk, slots[4].pk)
    interview.refresh_from_db()
    assert (lost.value.code, interview.slot, interview.sequence) == (booking.TAKEN, slots[3], 3)
    assert booking.instead_of(participation) == slots[:3]


def test_13_what_is_asked_for_blocks_its_time_until_the_interviewer_agrees(interviewer):
    round = make_round(approves_interviews=True)
    first, second = make_participation(round), make_participation(round)
    slot = make_slot(round, interviewer)

    interview = booking.choose(first.pk, slot.pk)
    assert (interview.status, entries(interview)) == (Status.REQUESTED, [])
    with pytest.raises(ValidationError, match="just been taken"):
        booking.choose(second.pk, slot.pk)

    assert booking.agree(interview.pk).status == Status.BOOKED
    assert [said[0] for said in entries(interview)] == ["REQUEST", "REQUEST"]
    with pytest.raises(ValidationError):
        booking.agree(interview.pk)


def test_cancelling_frees_the_time_and_takes_the_entry_out_of_calendars(round, interviewer):
    participation = make_participation(round)
    slot = make_slot(round, interviewer)
    interview = booking.choose(participation.pk, slot.pk)

    booking.cancel(interview.pk)
    booking.cancel(interview.pk)

    last = entries(interview)[2:]
    assert {said[:1] + said[2:] for said in last} == {("CANCEL", 1, "CANCELLED")}
    assert len(last) == 2
    assert list(booking.free_slots(participation)) == [slot]
    assert booking.choose(participation.pk, slot.pk).pk != interview.pk


def test_who_withdraws_loses_the_interview_and_its_time_is_free(round, interviewer):
    participation = make_participation(round)
    slot = make_slot(round, interviewer)
    interview = booking.choose(participation.pk, slot.pk)

    participating.withdraw(participation.pk)

    interview.refresh_from_db()
    assert interview.status == Status.CANCELLED
    assert list(round.slots.free()) == [slot]
    with pytest.raises(ValidationError, match="does not take part"):
        booking.choose(participation.pk, slot.pk)


def test_only_times_of_the_round_that_are_still_offered_are_booked(round, interviewer):
    participation = make_participation(round)
    elsewhere = make_slot(make_round(), interviewer)
    gone = make_slot(round, interviewer)
    offering.take_back(gone.pk)

    for slot in (elsewhere.pk, gone.pk, 0):
        with pytest.raises(ValidationError, match="not offered any more"):
            booking.choose(participation.pk, slot)
    booked = make_slot(round, interviewer)
    booking.choose(participation.pk, booked.pk)
    with pytest.raises(ValidationError, match="Cancel the interview first"):
        offering.take_back(booked.pk)


def put_at(interview: Interview, starts_at: datetime) -> None:
    """Have the time of an interview be near or over."""
    InterviewSlot.objects.filter(pk=interview.slot_id).update(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        free_again_at=starts_at + timedelta(minutes=60),
    )


def test_what_has_been_is_held_or_missed_and_then_one_can_choose_again(round, interviewer):
    participation = make_participation(round)
    interview = booking.choose(participation.pk, make_slot(round, interviewer).pk)
    with pytest.raises(ValidationError, match="still to come"):
        booking.hold(interview.pk)
    put_at(interview, now() - timedelta(days=2))
    booking.miss(interview.pk)

    second = booking.choose(participation.pk, make_slot(round, interviewer).pk)
    put_at(second, now() - timedelta(days=1))

    assert booking.hold(second.pk).status == Status.HELD
    with pytest.raises(ValidationError, match="has had its interview"):
        booking.choose(participation.pk, make_slot(round, interviewer).pk)


def test_25_the_day_before_both_are_reminded_once(round, interviewer):
    participation = make_participation(round)
    interview = booking.choose(participation.pk, make_slot(round, interviewer).pk)
    Interview.objects.update(booked_at=now() - timedelta(days=9))
    Message.objects.all().delete()

    put_at(interview, now() + timedelta(hours=25))
    assert reminding.remind_of_interviews() == 0
    put_at(interview, now() + timedelta(hours=23))
    for _again in range(3):
        reminding.remind_of_interviews()

    assert sorted(Message.objects.values_list("to", flat=True)) == sorted(
        [participation.contact.email, interviewer.email]
    )
    assert Message.objects.exclude(calendar="").count() == 0


# Pages


def path(participation: Participation, name: str) -> str:
    return reverse(f"interview:{name}", args=[own.token_of(participation.contact)])


def page(client, participation: Participation) -> str:
    return client.get(own.path_of(participation.contact)).text


def test_a_time_is_chosen_moved_and_cancelled_on_the_own_page(client, round, interviewer):
    participation = make_participation(round, timezone="America/Bogota")
    first = make_slot(round, interviewer, join_url="https://meet.example.org/canary-way-in")
    second = make_slot(round, interviewer)
    shown = page(client, participation)
    assert f'value="{first.pk}"' in shown
    assert "Times are those of Bogota" in shown
    assert "canary-way-in" not in shown

    answer = client.post(path(participation, "book"), {"slot": first.pk})

    assert answer.status_code == 302
    shown = page(client, participation)
    assert "https://meet.example.org/canary-way-in" in shown
    assert "Bogota" in shown
    assert "London" in shown
    moving = client.get(path(participation, "move")).text
    assert f'value="{second.pk}"' in moving
    assert f'value="{first.pk}"' not in moving
    client.post(path(participation, "book"), {"slot": second.pk})
    assert round.slots.free().get() == first
    calendar = client.get(path(participation, "calendar"))
    assert participation.interviews.get().uid in calendar.text
    assert "canary-way-in" not in calendar.text
    assert client.get(path(participation, "cancel")).status_code == 200
    assert participation.interviews.to_come().exists()
    client.post(path(participation, "cancel"))
    assert not participation.interviews.to_come().exists()
    assert client.get(path(participation, "calendar")).status_code == 404


def test_who_comes_too_late_is_offered_the_next_three_times(client, round, interviewer):
    mine, theirs = make_participation(round), make_participation(round)
    slots = [make_slot(round, interviewer) for _ in range(5)]
    booking.choose(theirs.pk, slots[0].pk)

    answer = client.post(path(mine, "book"), {"slot": slots[0].pk})

    assert answer.status_code == 422
    assert "This time has just been taken." in answer.text
    days = [day for week in answer.context["next"] for day in week.days]
    offered = [choice.pk for day in days for choice in day.choices]
    assert offered == [slot.pk for slot in slots[1:4]]


@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 30, "\x00", "٣"])
def test_odd_times_are_refused_in_words(client, round, sent):
    participation = make_participation(round)

    answer = client.post(path(participation, "book"), {"slot": sent})

    assert (answer.status_code, participation.interviews.count()) == (422, 0)


def test_choosing_a_time_confirms_a_registration_that_is_new(client, round, interviewer):
    participation = make_participation(
        round, status=Participation.Status.SUBMITTED, registered_at=None, accepted_at=None
    )
    participation.contacts.update(confirmed_at=None, agreed_at=None)
    slot = make_slot(round, interviewer)
    assert f'value="{slot.pk}"' in page(client, participation)

    client.post(path(participation, "book"), {"slot": slot.pk})

    participation.refresh_from_db()
    assert participation.status == Participation.Status.REGISTERED
    assert participation.interviews.get().slot == slot


def test_who_waits_for_a_colleague_s_word_books_nothing(client, round, interviewer):
    participation = make_participation(round)
    waiting = make_contact(participation, agreed_at=None)
    slot = make_slot(round, interviewer)
    address = reverse("interview:book", args=[own.token_of(waiting)])

    client.post(address, {"slot": slot.pk})

    assert list(InterviewSlot.objects.free()) == [slot]
    shown = client.get(own.path_of(waiting)).text
    assert f'value="{slot.pk}"' not in shown


def test_22_looking_changes_nothing(client, round, interviewer):
    participation = make_participation(round)
    booking.choose(participation.pk, make_slot(round, interviewer).pk)
    before = list(Interview.objects.values_list())

    for name in ("book", "move", "cancel", "calendar"):
        client.get(path(participation, name))
        client.head(path(participation, name))

    assert list(Interview.objects.values_list()) == before
