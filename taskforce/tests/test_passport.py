"""A government's own page: what it tells, and to whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate, now

from conftest import Browser
from events.models import Attendance, Material
from events.tests.factories import make_event, make_registration
from hub.accounts.tests.factories import verified
from hub.partners.tests.factories import make_user
from taskforce import own
from taskforce.models import Participation
from taskforce.passport_parts import Passport
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
REGISTERED = {"status": Participation.Status.REGISTERED, "accepted_at": None}


def page_of(contact) -> str:
    answer = Browser().get(own.path_of(contact))
    assert answer.status_code == 200
    return answer.content.decode()


def passport(participation: Participation) -> Passport:
    return Passport(participation, participation.contact)


def done(participation: Participation) -> set[str]:
    return {one.value for one in passport(participation).done}


def came(meeting, **fields) -> None:
    registration = make_registration(meeting.event, **fields)
    Attendance.objects.create(registration=registration, how=Attendance.How.SELF)


def test_what_is_done_is_reckoned_from_what_happened():
    participation = make_participation(working_group=True, taskforce_meeting=True)
    round, government = participation.round, participation.government
    assert done(participation) == set()
    assert "None is done yet" in page_of(participation.contact)

    make_interview(participation, make_slot(round, make_user()), status="held", ended_at=now())
    assert done(participation) == {"interview"}
    assert "At least one activity is done" in page_of(participation.contact)

    group = make_group()
    group.rounds.add(round)
    came(make_meeting(group=group), organisation=government)
    assert done(participation) == {"interview", "working_group"}

    came(make_meeting(round=round), email=participation.contact.email.upper())
    assert done(participation) == {"interview", "working_group", "taskforce_meeting"}


def test_a_meeting_of_another_round_or_of_another_government_is_not_done():
    participation = make_participation(working_group=True)
    came(make_meeting(round=make_round()), organisation=participation.government)
    came(make_meeting(round=participation.round), organisation=make_participation().government)
    make_registration(make_meeting(round=participation.round, number=9).event)

    assert done(participation) == set()


def test_meetings_to_come_are_told_in_the_zone_of_the_government():
    participation = make_participation(timezone="Asia/Jakarta")
    event = make_event(title="All together", audience="public", timezone="Europe/Brussels")
    make_meeting(round=participation.round, event=event)

    html = page_of(participation.contact)

    assert "All together" in html
    assert "Jakarta" in html
    assert f"/events/{event.slug}/register/" in html
    make_registration(event, participation.contact.email)
    assert "You are registered" in page_of(participation.contact)


def test_who_is_not_accepted_sees_nothing_that_others_have_for_the_government():
    participation = make_participation(**REGISTERED)
    round, government = participation.round, participation.government
    meeting = make_meeting(round=round)
    meeting.event.title = "Behind closed doors"
    meeting.event.save()
    make_action(meeting, "Phase out the plant", owner_government=government)
    Material.objects.create(
        event=meeting.event,
        kind="paper",
        title="Secret paper",
        url="https://x.org/p",
        visibility="members",
    )

    words = ("Behind closed doors", "Phase out the plant", "Secret paper")
    html = page_of(participation.contact)
    assert not [one for one in words if one in html]

    Participation.objects.update(status="accepted", accepted_at=now())
    html = page_of(participation.contact)
    assert [one for one in words if one in html] == list(words)


def test_papers_of_a_group_are_for_those_who_sit_in_its_core_today():
    participation = make_participation()
    group = make_group()
    group.rounds.add(participation.round)
    meeting = make_meeting(group=group)
    Material.objects.create(
        event=meeting.event,
        kind="paper",
        title="Core paper",
        url="https://x.org/p",
        visibility="members",
    )
    email = participation.contact.email
    assert "Core paper" not in page_of(participation.contact)

    seat = make_group_membership(group, participation.government, email=email, circle="observer")
    assert "Core paper" not in page_of(participation.contact)
    type(seat).objects.update(circle="core")
    assert "Core paper" in page_of(participation.contact)
    colleague = make_contact(participation)
    assert "Core paper" not in page_of(colleague)

    today = localdate()
    seat.delete()
    make_group_membership(
        group,
        participation.government,
        email=email,
        since=today - timedelta(days=9),
        until=today,
    )
    assert "Core paper" not in page_of(participation.contact)


def test_next_steps_say_what_waits():
    participation = make_participation()
    make_finding(participation, asked_at=now())
    make_contact(participation, agreed_at=None)
    meeting = make_meeting(round=participation.round)
    make_action(
        meeting,
        "Send the plan",
        owner_government=participation.government,
        due_on=localdate() - timedelta(days=1),
    )

    labels = [one.label for one in passport(participation).steps]

    for begin in ("Choose a time", "Look at 1 finding", "Say whether 1 colleague", "Register for"):
        assert any(label.startswith(begin) for label in labels), labels
    assert any("Send the plan" in label for label in labels)
    assert "overdue" in page_of(participation.contact)


def test_nothing_waits_once_all_is_done():
    participation = make_participation(interview=False, working_group=True)

    assert passport(participation).steps == []
    assert "Nothing waits for you" in page_of(participation.contact)


def test_whoever_signs_in_finds_the_page_of_their_government():
    participation = make_participation(email="ana@gov.example")
    browser = Browser()
    browser.force_login(verified(make_user(email="Ana@gov.example")))

    html = browser.get("/account/").content.decode()

    assert participation.government.name in html
    assert "/taskforce/participation/" in html


def test_thirty_meetings_cost_no_more_queries_than_one():
    participation = make_participation()
    group = make_group()
    group.rounds.add(participation.round)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(participation.contact)
        return len(queries)

    make_meeting(round=participation.round)
    page_of(participation.contact)
    few = asked()
    for number in range(2, 32):
        meeting = make_meeting(round=participation.round, number=number)
        make_action(meeting, owner_government=participation.government)

    assert asked() == few
