"""Who is told what of an event, and how often. The numbers are those of the scenarios."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils.timezone import now
from icalendar import Calendar

from events import publishing, reminding, seats, telling
from events.kinds import Mode
from events.models import Event, Registration, Untold
from events.tests.acting import enter, last_letter, letters_to
from events.tests.factories import local, make_event, make_registration
from hub.notices.models import Message
from hub.tests.queue import run_waiting_jobs

pytestmark = pytest.mark.django_db


def coming(event: Event, name: str) -> Registration:
    """Somebody who has registered and confirmed the address, and so has the entry in the calendar."""
    return seats.confirm_address(enter(event, f"{name}@x.org").pk)


def edit(event: Event, **fields: object) -> int:
    """What the desk does when somebody saves an event; how many are told."""
    before, after = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)
    for name, value in fields.items():
        setattr(after, name, value)
    after.save()
    publishing.saved(after, before)
    return telling.changed(after, before)


def later(**time: float) -> None:
    """Let the time of waiting changes pass."""
    for untold in Untold.objects.all():
        untold.due_at -= timedelta(**time)
        untold.save()
    telling.tell_due()


def entry(letter: Message):
    return Calendar.from_ical(letter.calendar).walk("VEVENT")[0]


def test_scenario_19_a_cancelled_event_takes_back_each_entry_once():
    event = make_event(capacity_online=40)
    for number in range(40):
        coming(event, f"c{number}")
    for number in range(5):
        coming(event, f"w{number}")
    gone = [
        make_registration(event, f"g{n}@x.org", status="cancelled", ended_at=now()) for n in "123"
    ]
    told = {one.email: one.told_sequence for one in event.registrations.confirmed()}
    before = set(Message.objects.values_list("pk", flat=True))

    event = publishing.cancel(event.pk, "The hall has burnt down.")
    assert telling.called_off(event, event.reason) == 45
    run_waiting_jobs()
    telling.tell_called_off(event.pk)

    letters = Message.objects.exclude(pk__in=before)
    assert Counter(one.calendar_method for one in letters) == {"CANCEL": 40, "": 5}
    for letter in letters.exclude(calendar=""):
        cancelled = entry(letter)
        assert cancelled["SEQUENCE"] > told[letter.to]
        assert (cancelled["UID"], cancelled["STATUS"]) == (event.uid, "CANCELLED")
        assert "The hall has burnt down" in letter.text
    assert not any(letters_to(one.email) for one in gone)


def test_scenario_20_a_typo_in_the_title_is_nobodys_news():
    event = make_event()
    coming(event, "ana")

    assert edit(event, title="Put right", summary="Other words") == 0
    later(hours=1)

    event.refresh_from_db()
    assert event.sequence == 0
    assert len(letters_to("ana@x.org")) == 2


def test_scenario_20_five_changes_in_ten_minutes_are_one_letter_with_the_last_time():
    event = make_event()
    ana, _bo = coming(event, "ana"), enter(event, "bo@x.org")
    for _time in range(5):
        event.refresh_from_db()
        edit(
            event,
            starts_local=event.starts_local + timedelta(hours=1),
            ends_local=event.ends_local + timedelta(hours=1),
        )
    telling.tell_due()
    assert len(letters_to("ana@x.org")) == 2  # they wait
    later(minutes=10)
    later(minutes=10)
    telling.tell_due()

    event.refresh_from_db()
    assert event.sequence == 5
    (letter,) = letters_to("ana@x.org")[2:]
    assert f"{event.starts_local:%H:%M}" in letter.text
    assert "When (before)" in letter.text
    assert entry(letter)["SEQUENCE"] == 5
    assert entry(letter)["DTSTART"].dt.replace(tzinfo=None) == event.starts_local
    # Who has not confirmed the address hears of it too, and gets no entry.
    assert [one.calendar for one in letters_to("bo@x.org")] == ["", ""]
    assert Registration.objects.get(pk=ana.pk).told_sequence == 5


def test_scenario_12_three_changes_are_one_uid_with_rising_sequences():
    event = make_event()
    coming(event, "ana")
    for day in range(1, 4):
        event.refresh_from_db()
        edit(
            event,
            starts_local=event.starts_local + timedelta(days=day),
            ends_local=event.ends_local + timedelta(days=day),
        )
        later(minutes=10)

    entries = [entry(one) for one in letters_to("ana@x.org") if one.calendar]
    assert [one["SEQUENCE"] for one in entries] == [0, 1, 2, 3]
    assert {one["UID"] for one in entries} == {event.uid}


def test_a_change_that_is_taken_back_in_time_is_nobodys_news():
    event = make_event(mode=Mode.HYBRID, venue="Hall A")
    coming(event, "ana")

    edit(event, venue="Hall B")
    edit(event, venue="Hall A")
    later(minutes=10)

    assert len(letters_to("ana@x.org")) == 2
    assert not Untold.objects.exists()


def test_a_change_of_place_says_where_it_was():
    event = make_event(mode=Mode.IN_PERSON, venue="Hall A")
    ana = make_registration(event)

    edit(event, venue="Hall B")
    later(minutes=10)

    text = last_letter(ana.email).text
    assert "Where: Hall B" in text
    assert "Where (before): Hall A" in text


def test_who_postpones_takes_the_entry_back_and_a_new_time_brings_it_again():
    event = make_event()
    coming(event, "ana")
    before = Event.objects.get(pk=event.pk)
    after = publishing.postpone(event.pk, "The hall has burnt down.")
    telling.changed(after, before)
    later(minutes=10)
    postponed = last_letter("ana@x.org")
    assert postponed.calendar_method == "CANCEL"
    assert "Postponed" in postponed.subject

    before = Event.objects.get(pk=event.pk)
    after = publishing.publish(event.pk)
    telling.changed(after, before)
    later(minutes=10)

    again = last_letter("ana@x.org")
    assert again.calendar_method == "REQUEST"
    assert entry(again)["SEQUENCE"] > entry(postponed)["SEQUENCE"]


def test_who_cancels_before_a_change_is_told_hears_nothing_of_it():
    event = make_event()
    ana = coming(event, "ana")
    edit(event, venue="Hall B")
    seats.cancel(ana.pk)
    count = len(letters_to("ana@x.org"))

    later(minutes=10)

    assert len(letters_to("ana@x.org")) == count


def test_cancelling_takes_the_entry_back_and_coming_again_brings_it_with_a_higher_sequence():
    event = make_event()
    ana = coming(event, "ana")
    seats.cancel(ana.pk)
    coming(event, "ana")

    entries = [one for one in letters_to("ana@x.org") if one.calendar]

    assert [one.calendar_method for one in entries] == ["REQUEST", "CANCEL", "REQUEST"]
    assert [entry(one)["SEQUENCE"] for one in entries] == [0, 1, 2]


def starts_in(event: Event, **time: float) -> None:
    starts = (now() + timedelta(**time)).replace(tzinfo=None)
    event.timezone, event.starts_local = "UTC", starts
    event.ends_local = starts + timedelta(hours=2)
    event.save()


def reminders(email: str) -> list[str]:
    found = Message.objects.filter(to=email, dedup_key__contains=":reminder:").order_by("id")
    return [one.subject.partition(":")[0] for one in found]


def test_scenario_25_everybody_is_reminded_once_at_each_distance():
    event = make_event()
    ana = make_registration(event, created_at=now() - timedelta(days=20))
    late = make_registration(event, created_at=now() - timedelta(minutes=1))
    unsure = make_registration(
        event, created_at=now() - timedelta(days=20), email_confirmed_at=None
    )
    waiting = make_registration(event, created_at=now() - timedelta(days=20), status="waitlisted")
    for distance in ({"days": 8}, {"days": 6, "hours": 23}, {"hours": 23}, {"minutes": 58}):
        starts_in(event, **distance)
        for _time in range(3):
            reminding.remind()

    assert reminders(ana.email) == ["In a week", "Tomorrow", "In an hour"]
    assert reminders(late.email) == []
    assert reminders(unsure.email) == reminders(waiting.email) == []


def test_scenario_25_a_moved_event_reminds_at_its_new_time_and_a_cancelled_one_never():
    event = make_event()
    ana = make_registration(event, created_at=now() - timedelta(days=20))
    starts_in(event, hours=23)
    reminding.remind()
    starts_in(event, days=6, hours=23)
    reminding.remind()
    starts_in(event, hours=23, minutes=30)
    reminding.remind()
    assert reminders(ana.email) == ["Tomorrow", "In a week", "Tomorrow"]

    starts_in(event, minutes=58)
    Event.objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=now())
    assert reminding.remind() == 0


def test_a_reminder_that_is_hours_late_is_left_to_the_next():
    event = make_event()
    ana = make_registration(event, created_at=now() - timedelta(days=20))
    starts_in(event, days=3)
    reminding.remind()

    assert reminders(ana.email) == []


def test_an_event_of_days_has_no_reminder_an_hour_before_midnight():
    starts = (now() + timedelta(days=1)).replace(hour=0, minute=0, tzinfo=None)
    event = make_event(precision="day", starts_local=starts, ends_local=None, timezone="UTC")
    ana = make_registration(event, created_at=now() - timedelta(days=20))
    event.starts_at = now() + timedelta(minutes=30)
    Event.objects.filter(pk=event.pk).update(starts_at=event.starts_at)

    reminding.remind()

    assert "In an hour" not in reminders(ana.email)


def test_golden_times_stand_in_the_letter_as_everywhere():
    event = make_event(
        starts_local=local("2022-10-24 14:30"),
        ends_local=local("2022-10-24 16:00"),
        timezone="Europe/Brussels",
    )
    ana = make_registration(event)
    edit(event, venue="Hall")
    later(minutes=10)

    letter = last_letter(ana.email)

    assert "24 October 2022, 14:30–16:00 Brussels (CEST, UTC+2)" in letter.text
    assert entry(letter)["DTSTART"].dt.isoformat() == "2022-10-24T14:30:00+02:00"


def test_every_letter_names_zone_and_event_and_is_private():
    event = make_event(capacity_online=1)
    coming(event, "ana")
    coming(event, "bo")
    edit(event, venue="Hall")
    later(minutes=10)

    for letter in Message.objects.filter(template="events/letter"):
        assert letter.is_private
        assert "Brussels (" in letter.text
        assert event.title in letter.text
