"""Groups and meetings at the desk."""

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from conftest import Browser
from events.models import Event
from events.tests.acting import letters_to
from events.tests.factories import local, make_event
from hub.catalogue.models import Record
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.queue import run_waiting_jobs
from taskforce import minutes
from taskforce.models import ActionItem, GroupApplication, GroupMembership, Meeting, WorkingGroup
from taskforce.tests.factories import (
    make_action,
    make_government,
    make_group,
    make_group_membership,
    make_meeting,
)
from taskforce.tests.test_applying import received
from taskforce.tests.test_meetings import agenda_rows
from tests.pages import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
SHOWN = {"follow": True}


@pytest.fixture
def desk() -> Browser:
    browser = Browser()
    browser.force_login(make_user(is_secretariat=True))
    return browser


def page(model: str, name: str, *keys: object) -> str:
    return reverse(f"admin:taskforce_{model}_{name}", args=keys)


def group_form(**said: object) -> dict:
    words = {
        "name": "Group of pits",
        "language": "en",
        "summary": "Talks of pits.",
        "stage": "working",
        "owner": "",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    return {name: str(value) for name, value in (words | said).items()}


def test_a_group_is_made_published_and_withdrawn(desk):
    owner = make_organisation(is_partner=True)
    assert desk.post(page("workinggroup", "add"), group_form(owner=owner.pk)).status_code == 302
    group = WorkingGroup.objects.get()
    assert (group.slug, group.published_at) == ("group-of-pits", None)

    assert "Publish" in desk.get(page("workinggroup", "change", group.pk)).content.decode()
    desk.get(page("workinggroup", "publish", group.pk))
    group.refresh_from_db()
    assert group.published_at is None
    desk.post(page("workinggroup", "publish", group.pk))
    group.refresh_from_db()
    assert group.is_public
    answer = desk.post(page("workinggroup", "withdraw", group.pk), {"reason": ""})
    assert "This field is required" in answer.content.decode()
    desk.post(page("workinggroup", "withdraw", group.pk), {"reason": "A double."})
    assert Browser().get(group.get_absolute_url()).status_code == 410


def test_who_sits_in_a_group_is_entered_there_and_stands_in_the_catalogue(desk):
    owner = make_organisation(is_partner=True)
    group = make_group(owner=owner)
    union = make_government("Union of Miners")
    sent = group_form(
        owner=owner.pk,
        **{
            "memberships-TOTAL_FORMS": 1,
            "memberships-0-organisation": union.pk,
            "memberships-0-name": "Ana",
            "memberships-0-email": "ana@x.example",
            "memberships-0-circle": "core",
            "memberships-0-role": "lead",
            "memberships-0-term_0": "2026-01-01",
            "memberships-0-term_1": "",
            "memberships-0-language": "en",
        },
    )

    answer = desk.post(page("workinggroup", "change", group.pk), sent)

    assert answer.status_code == 302, answer.content.decode()
    assert GroupMembership.objects.get().role == "lead"
    assert union.pk in Record.objects.get(kind="working-group").organisation_ids


def test_an_application_is_decided_and_told(desk):
    group = make_group(is_open_to_applications=True)
    moors = make_government("Region of Moors")
    one = received(group, organisation=moors)
    other = received(group, "ben@x.example")
    assert "Ana Ruiz" in desk.get(page("workinggroup", "applications", group.pk)).content.decode()
    assert (
        "We close a mine."
        in desk.get(page("workinggroup", "application", group.pk, one.pk)).content.decode()
    )

    path = page("workinggroup", "accept", group.pk, one.pk)
    sent = {"organisation": moors.pk, "circle": "core", "since": "2026-01-02", "reason": "Good."}
    assert desk.post(path, sent).status_code == 302
    desk.post(page("workinggroup", "decline", group.pk, other.pk), {"reason": "Full."})

    seat = GroupMembership.objects.get()
    assert (seat.organisation, seat.term.lower.isoformat()) == (moors, "2026-01-02")
    assert "Full." in letters_to("ben@x.example")[-1].text
    told = desk.post(path, sent, **SHOWN).content.decode()
    assert "does not wait for a decision" in told
    assert GroupApplication.objects.get(pk=other.pk).decided_by is not None
    elsewhere = make_group()
    assert desk.get(page("workinggroup", "application", elsewhere.pk, one.pk)).status_code == 404


def test_who_may_not_publish_a_group_reads_no_applications_and_no_addresses():
    owner = make_organisation()
    group = make_group(owner=owner, is_open_to_applications=True)
    make_group_membership(group, email="quokka@x.example")
    received(group)
    author = Browser()
    author.force_login(make_editor(owner, Membership.Role.AUTHOR))

    shown = author.get(page("workinggroup", "change", group.pk))
    assert shown.status_code == 200
    assert "quokka" not in shown.content.decode()
    for name in ("applications", "letter", "withdraw"):
        assert author.get(page("workinggroup", name, group.pk)).status_code == 404
    meeting = make_meeting(group=group, event=make_event(owner=owner))
    for name in ("agenda", "minutes", "actions", "circulate", "adopt"):
        assert author.get(page("meeting", name, meeting.pk)).status_code == 404


def test_a_letter_is_counted_looked_at_and_sent_once_to_each_mailbox(desk):
    group = make_group()
    for email in ("ana@x.example", "ANA@x.example", "ben@x.example"):
        make_group_membership(group, email=email)
    make_group_membership(group, email="obs@x.example", circle="observer")
    path = page("workinggroup", "letter", group.pk)
    said = {"circles": ["core"], "subject": "Next steps", "words": "Read the papers."}

    preview = desk.post(path, said)
    html = preview.content.decode()
    assert "2 people get this letter." in html
    assert letters_to("ana@x.example") == []
    sent = said | {"letter": preview.context["sent_as"], "count": "2", "send": "x"}
    for _twice in range(2):
        assert desk.post(path, sent).status_code == 302
        run_waiting_jobs()

    assert len(letters_to("ana@x.example")) == len(letters_to("ben@x.example")) == 1
    assert letters_to("obs@x.example") == []
    letter = letters_to("ben@x.example")[0]
    assert "Read the papers." in letter.text
    assert "/taskforce/members/" in letter.text
    stale = desk.post(path, said | {"count": "7", "send": "x"})
    assert "another number of people" in stale.content.decode()


def new_meeting(**said: object) -> dict:
    words = {
        "title": "Second meeting",
        "group": "",
        "round": "",
        "language": "en",
        "starts_on": "2030-05-02",
        "starts_time": "10:00",
        "ends_on": "",
        "ends_time": "12:00",
        "timezone": "Europe/London",
        "mode": "online",
        "audience": "members",
        "registration": "open",
        "attribution": "chatham_house",
    }
    return {name: str(value) for name, value in (words | said).items()}


def test_a_meeting_is_made_with_its_event(desk):
    group = make_group()
    assert desk.get(f"{page('meeting', 'add')}?group={group.pk}").status_code == 200

    assert desk.post(page("meeting", "add"), new_meeting(group=group.pk)).status_code == 302

    meeting = Meeting.objects.get()
    assert meeting.event.starts_local == local("2030-05-02 10:00")
    assert (meeting.event.owner, meeting.event.status) == (group.owner, "draft")
    assert desk.get(page("meeting", "change", meeting.pk)).status_code == 200
    for wrong, words in (
        ({}, "of which group or round"),
        ({"group": group.pk, "title": ""}, "required"),
        ({"group": group.pk, "starts_on": "2030-03-31", "starts_time": "01:30"}, "never comes"),
        ({"group": group.pk, "starts_on": ""}, "on which day it begins"),
        ({"group": "999"}, "Select a valid choice"),
    ):
        answer = desk.post(page("meeting", "add"), new_meeting(**wrong))
        assert answer.status_code == 200
        assert words in answer.content.decode(), wrong
    assert Meeting.objects.count() == Event.objects.count() == 1


def test_agenda_minutes_and_actions_are_written_at_the_desk(desk):
    meeting = make_meeting()
    owner = make_group_membership(meeting.group, email="core@x.example").organisation
    path = page("meeting", "agenda", meeting.pk)
    assert desk.get(path).status_code == 200
    desk.post(path, agenda_rows(meeting, (None, "Jobs", 1), (None, "", "")))
    assert [one.title for one in meeting.agenda.all()] == ["Jobs"]
    assert (
        "There now: Jobs"
        in desk.post(path, agenda_rows(meeting, (None, "Mine", 1), version="x")).content.decode()
    )

    path = page("meeting", "minutes", meeting.pk)
    assert desk.post(path, {"number": "0", "body": "Theirs."}).status_code == 302
    both = desk.post(path, {"number": "0", "body": "Mine."}).content.decode()
    assert "Theirs." in both
    assert "Mine." in both
    circulate = page("meeting", "circulate", meeting.pk)
    assert "1 person is written to" in desk.get(circulate).content.decode()
    desk.post(circulate, {"number": "1"})
    assert len(letters_to("core@x.example")) == 1
    adopt = page("meeting", "adopt", meeting.pk)
    assert "meanwhile" in desk.post(adopt, {"number": "", "adopted_in": ""}).content.decode()
    desk.post(adopt, {"number": "1", "adopted_in": ""})
    meeting.refresh_from_db()
    assert meeting.minutes_status == "adopted"
    assert (
        "corrected, not edited"
        in desk.post(path, {"number": "1", "body": "Other."}).content.decode()
    )
    sent = {"number": "1", "body": "Other.", "is_correction": "on", "note": "A name"}
    assert desk.post(path, sent).status_code == 302
    assert minutes.number_of(meeting) == 2

    path = page("meeting", "actions", meeting.pk)
    desk.post(path, {"text": "Write it", "owner_government": owner.pk, "due_on": "2030-01-01"})
    action = ActionItem.objects.get()
    assert "Write it" in desk.get(path).content.decode()
    close = page("meeting", "close", meeting.pk, action.pk)
    assert "Say what became of it" in desk.post(close, {"status": "done"}).content.decode()
    desk.post(close, {"status": "done", "outcome": "Written."})
    action.refresh_from_db()
    assert (action.status, action.closed_in) == ("done", meeting)
    desk.post(page("meeting", "reopen", meeting.pk, action.pk))
    action.refresh_from_db()
    assert action.is_open
    elsewhere = make_action(make_meeting())
    assert desk.get(page("meeting", "close", meeting.pk, elsewhere.pk)).status_code == 404


def test_the_summary_for_everybody_is_refused_where_it_names_somebody(desk):
    meeting = make_meeting()
    Event.objects.update(attribution="chatham_house")
    make_group_membership(meeting.group, name="Ana Ruiz", since=localdate().replace(year=2020))
    path = page("meeting", "change", meeting.pk)

    named = desk.post(path, {"number": 1, "public_summary": "Ana Ruiz spoke."})
    assert "nobody is named" in named.content.decode()
    assert desk.post(path, {"number": 1, "public_summary": "Jobs matter."}).status_code == 302
    meeting.refresh_from_db()
    assert meeting.public_summary == "Jobs matter."


def test_lists_cost_few_questions_with_30_meetings_and_60_governments(desk):
    group = make_group()
    for number in range(60):
        government = make_government(f"Government no. {number}")
        make_group_membership(group, government)
        if number < 30:
            meeting = make_meeting(group=group, number=number + 1)
            make_action(meeting, owner_government=government)
            make_group()

    for name in ("workinggroup", "meeting"):
        path = page(name, "changelist")
        desk.get(path)
        assert queries_of(desk, path) <= 12, name
