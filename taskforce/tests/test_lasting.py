"""What holds for interviews in the long run: calendars that read them, zones that change their rules, what is
looked for every night, and acts that fail half-way."""

import re
from datetime import timedelta

import icalendar
import pytest
from django.core.management import call_command
from django.utils.timezone import localdate, now

from conftest import Browser
from events import invariants
from events.tests import test_zone_guard
from events.tests.factories import make_event
from hub.accounts.tests.factories import make_member
from hub.notices.models import Message
from taskforce import booking, interview_letters, own, reminding, zone_guard
from taskforce.models import Interview, InterviewSlot, Participation, ParticipationContact
from taskforce.tests.acting import register
from taskforce.tests.factories import (
    make_action,
    make_contact,
    make_finding,
    make_group,
    make_group_membership,
    make_interview,
    make_meeting,
    make_participation,
    make_round,
    make_slot,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
older_zones = test_zone_guard.older_zones
ZONE = test_zone_guard.ZONE
TIME = re.compile(r"<time\b([^>]*)>(.*?)</time>", re.DOTALL)
OFFSET = re.compile(r'datetime="[^"]*(?:Z|[+-]\d\d:\d\d)"')


def stored(row):
    return type(row).objects.get(pk=row.pk)


def test_17_every_hour_of_the_taskforce_has_its_offset_and_names_its_zone():
    round = make_round()
    one = make_participation(round, timezone="Asia/Kolkata", working_group=True)
    for _number in range(3):
        make_slot(round, make_member())
    group = make_group()
    group.rounds.add(round)
    make_group_membership(group, one.government, email=one.contact.email)
    meeting = make_meeting(group=group, event=make_event(audience="members"))
    make_meeting(round=round)
    make_action(meeting, owner_government=one.government, due_on=localdate())
    home = own.path_of(one.contact)
    pages = [round.get_absolute_url(), home, meeting.get_absolute_url(), group.get_absolute_url()]
    before = [Browser().get(path).content.decode() for path in pages]
    booking.choose(one.pk, round.slots.first().pk)
    after = [Browser().get(path).content.decode() for path in (home, f"{home}interview/move/")]

    hours = [
        (how, words)
        for page in (*before, *after)
        for how, words in TIME.findall(page)
        if re.search(r"\d:\d\d", words)
    ]
    assert len(hours) > 8
    assert [how for how, _words in hours if not OFFSET.search(how)] == []
    for page in (*before, *after):
        # An hour is never far from the zone in which it is told.
        for found in re.finditer(r"\d\d:\d\d–\d\d:\d\d", re.sub(r"<[^>]+>|\s+", " ", page)):
            beside = re.sub(r"<[^>]+>|\s+", " ", page)[found.end() : found.end() + 60]
            assert re.search(r"\(\w*.{0,20}UTC", beside), beside


def test_18_the_interview_reads_the_same_in_the_letter_and_in_the_file():
    one = make_participation(timezone="Asia/Kolkata")
    slot = make_slot(one.round, make_member(), timezone="Australia/Melbourne")
    interview = booking.choose(one.pk, slot.pk)

    answer = Browser().get(f"{own.path_of(one.contact)}interview.ics")

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    sent = Message.objects.exclude(calendar="").get(to=one.contact.email).calendar.encode()
    for content in (answer.content, sent):
        lines = content.split(b"\r\n")
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert max(map(len, lines)) <= 75
        calendar = icalendar.Calendar.from_ical(content)
        (event,) = calendar.walk("VEVENT")
        assert str(event["uid"]) == interview.uid
        assert event["dtstart"].params["TZID"] == "Australia/Melbourne"
        assert event["dtstart"].dt == slot.starts_at
        (zone,) = calendar.walk("VTIMEZONE")
        assert str(zone["tzid"]) == "Australia/Melbourne"


def test_24_a_booking_that_fails_leaves_no_interview_and_no_letter(monkeypatch):
    one = make_participation(interview=False, working_group=True)
    slot = make_slot(one.round, make_member())

    def fail(interview: Interview) -> None:
        raise RuntimeError

    monkeypatch.setattr(interview_letters, "booked", fail)
    with pytest.raises(RuntimeError):
        booking.choose(one.pk, slot.pk)

    assert not Interview.objects.exists()
    assert not Message.objects.exists()
    assert not stored(one).interview
    assert slot in one.round.slots.free()


def test_25_a_moved_interview_reminds_at_its_new_time_and_a_cancelled_one_never():
    one = make_participation()
    soon, later = (make_slot(one.round, make_member(f"i{n}@x.example")) for n in range(2))
    interview = booking.choose(one.pk, soon.pk)
    Interview.objects.update(booked_at=now() - timedelta(days=99))
    reminders = Message.objects.filter(dedup_key__contains=":reminder:")

    put_at(soon, now() + timedelta(hours=23))
    reminding.remind_of_interviews()
    assert reminders.count() == 2
    booking.choose(one.pk, later.pk)
    reminding.remind_of_interviews()
    assert reminders.count() == 2
    put_at(later, now() + timedelta(hours=22))
    for _again in range(3):
        reminding.remind_of_interviews()
    assert reminders.count() == 4

    booking.cancel(interview.pk)
    reminders.delete()
    assert reminding.remind_of_interviews() == 0
    assert not reminders.exists()


def put_at(slot: InterviewSlot, moment) -> None:
    local = moment.astimezone(slot.zone).replace(tzinfo=None, microsecond=0)
    slot.starts_local, slot.ends_local = local, local + timedelta(minutes=45)
    slot.save()


def test_31_the_wall_time_of_an_interview_stays_and_both_sides_hear_of_it_once(older_zones):
    one = make_participation(timezone="Europe/London")
    interviewer = make_member()
    booked, free = (make_slot(one.round, interviewer, timezone=ZONE) for _number in range(2))
    interview = booking.choose(one.pk, booked.pk)
    Message.objects.all().delete()

    older_zones()
    assert any(f"interviewslot {free.pk}:" in line for line in invariants.findings())
    assert zone_guard.rederive_slots() == 2

    after = stored(booked)
    assert after.starts_local == booked.starts_local
    assert after.starts_at - booked.starts_at in (timedelta(hours=1), timedelta(hours=2))
    assert after.free_again_at == after.ends_at + timedelta(minutes=after.buffer)
    assert stored(interview).sequence == interview.sequence + 1
    told = Message.objects.filter(dedup_key__contains=":shifted:")
    assert sorted(told.values_list("to", flat=True)) == sorted(
        [one.contact.email, interviewer.email]
    )
    for message in told:
        (event,) = icalendar.Calendar.from_ical(message.calendar).walk("VEVENT")
        assert (str(event["uid"]), int(event["sequence"])) == (interview.uid, 1)
        assert event["dtstart"].dt == after.starts_at
        assert "A country has changed its clocks." in message.text
    assert invariants.findings() == []

    assert zone_guard.rederive_slots() == 0
    assert told.count() == 2


def test_32_a_sound_taskforce_has_nothing_to_find():
    round = make_round()
    first = register(round, "first@gov.example")
    register(round, "second@gov.example")
    one = first.participation
    slots = [make_slot(round, make_member(f"i{n}@x.example")) for n in range(3)]
    for slot in slots:
        booking.choose(one.pk, slot.pk)
    booking.cancel(Interview.objects.get().pk)
    booking.choose(one.pk, slots[0].pk)
    make_finding(one)

    call_command("check_invariants", verbosity=0)


def test_32_what_must_never_be_is_found():
    one, other = make_participation(), make_participation()
    interview = make_interview(one, make_slot(one.round, make_member()))
    Interview.objects.filter(pk=interview.pk).update(sequence=4)
    Participation.objects.filter(pk=one.pk).update(status="withdrawn", ended_at=now())
    make_contact(other, agreed_at=None)
    ParticipationContact.objects.filter(pk=other.contact.pk).update(left_at=now())

    assert sorted(invariants.findings()) == [
        f"interview {interview.pk}: its government does not take part",
        f"interview {interview.pk}: sequence 4 follows 0",
        f"participation {other.pk}: nobody speaks for it, though somebody asks to",
    ]
