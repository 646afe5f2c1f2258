"""Rounds and participations at the desk: pipeline, invitations, figures, exports, planner, tasks."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils.timezone import now

from conftest import Browser
from events.tests.factories import local, make_event, make_registration
from hub.audit.models import Access
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of
from hub.tests.queue import run_waiting_jobs
from taskforce import burden, desk_tasks, invitations, pipeline
from taskforce.governments import is_of_its_site
from taskforce.invitations import Guest
from taskforce.models import Round, RoundInvitation
from taskforce.tests.acting import last_letter, letters_to, register
from taskforce.tests.factories import (
    make_contact,
    make_finding,
    make_government,
    make_interview,
    make_meeting,
    make_participation,
    make_public_finding,
    make_round,
    make_slot,
)
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


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


# Rounds


def test_a_round_is_described_published_and_withdrawn(desk):
    owner = make_organisation(is_partner=True)
    said = {
        "title": "Round of pits",
        "language": "en",
        "summary": "Governments talk.",
        "starts_on": "2031-04-01",
        "ends_on": "2031-06-30",
        "timezone": "Europe/London",
        "offers_interview": "on",
        "owner": owner.pk,
        "milestones-TOTAL_FORMS": "1",
        "milestones-INITIAL_FORMS": "0",
        "milestones-0-title": "Interviews",
        "milestones-0-starts_on": "2031-04-02",
    }
    wrong = desk.post(page("round", "add"), said | {"ends_on": "2031-03-01"})
    assert "The last day cannot be before the first." in wrong.content.decode()
    none = desk.post(page("round", "add"), {**said, "offers_interview": ""})
    assert "A round offers at least one activity." in none.content.decode()
    assert desk.post(page("round", "add"), said).status_code == 302
    round = Round.objects.get()
    assert (round.slug, f"{round.ends_on}", round.is_public) == (
        *("round-of-pits", "2031-06-30", False),
    )
    assert [one.title for one in round.milestones.all()] == ["Interviews"]

    change = desk.get(page("round", "change", round.pk))
    assert 'value="2031-06-30"' in change.content.decode()
    desk.get(page("round", "publish", round.pk))
    round.refresh_from_db()
    assert not round.is_public
    desk.post(page("round", "publish", round.pk))
    round.refresh_from_db()
    assert round.is_public
    empty = desk.post(page("round", "withdraw", round.pk), {"reason": ""})
    assert "This field is required" in empty.content.decode()
    desk.post(page("round", "withdraw", round.pk), {"reason": "A double."})
    assert Browser().get(round.get_absolute_url()).status_code == 410


# Participations


def test_a_new_government_is_made_an_organisation_and_accepted(desk):
    round = make_round()
    one = register(round, "officer@ruhr.example", proposed_name="Ruhr Region").participation
    path = page("participation", "accept", one.pk)
    none = desk.post(path, {})
    assert "Say first which organisation" in none.content.decode()
    make_organisation("Union of Ruhr")
    known = desk.post(path, {"kind": "government subnational", "new_name": "union of ruhr"})
    assert "exists already" in known.content.decode()
    one.refresh_from_db()
    assert one.status == "registered"
    answer = desk.post(path, {"kind": "government subnational", "new_name": "Ruhr Region"}, **SHOWN)
    assert "Accepted." in answer.content.decode()
    one.refresh_from_db()
    assert (one.status, one.government.name) == ("accepted", "Ruhr Region")
    assert "accepted" in last_letter("officer@ruhr.example").text
    again = desk.post(path, {}, **SHOWN)
    assert "cannot be done now" in again.content.decode()


def test_a_refused_acceptance_leaves_no_organisation_behind(desk):
    round, wales = make_round(), make_government("Wales")
    make_participation(round, wales)
    one = register(round, "officer@wales.example", proposed_name="Cymru").participation
    path = page("participation", "accept", one.pk)
    answer = desk.post(path, {"government": wales.pk})
    assert "takes part in the round already" in answer.content.decode()
    one.refresh_from_db()
    assert (one.status, one.government) == ("registered", None)


def test_a_participation_is_declined_with_a_reason_that_the_government_reads(desk):
    one = register(make_round(), "officer@ruhr.example", proposed_name="Ruhr").participation
    path = page("participation", "decline", one.pk)
    assert "This field is required" in desk.post(path, {"reason": " "}).content.decode()
    desk.post(path, {"reason": "You are a company."})
    one.refresh_from_db()
    assert one.status == "declined"
    assert "You are a company." in last_letter("officer@ruhr.example").text


def test_what_a_government_has_said_is_read_and_not_typed_over(desk):
    one = make_participation(priorities="Jobs in the valley")
    make_contact(one, name="Olga", email="olga@gov.example", agreed_at=None)
    path = page("participation", "change", one.pk)
    shown = desk.get(path).content.decode()
    assert "Jobs in the valley" in shown
    assert one.contact.email in shown
    assert "asks to speak for the government too" in shown
    assert desk.post(path, {"priorities": "Mine", "status": "declined"}).status_code == 403
    one.refresh_from_db()
    assert (one.priorities, one.status) == ("Jobs in the valley", "accepted")
    assert Access.objects.filter(act="viewed", object_id=one.pk).exists()


@pytest.mark.parametrize(("answer", "may_speak"), [("agree", True), ("refuse", False)])
def test_the_secretariat_answers_who_asks_to_speak_too(desk, answer, may_speak):
    one = make_participation()
    asking = make_contact(one, email="olga@gov.example", agreed_at=None)
    path = page("participation", "contact", one.pk, asking.pk, answer)
    assert desk.get(path).status_code == 405
    desk.post(path)
    asking.refresh_from_db()
    assert asking.may_speak is may_speak
    assert len(letters_to("olga@gov.example")) == 1
    assert desk.post(path).status_code == 404


# The board


def board(round) -> dict[str, list[str]]:
    shown = pipeline.board_of(round)
    return {one.name: [card.name for card in one.cards] for one in shown.columns}


def test_each_government_stands_where_it_has_come_furthest():
    round, asker = make_round(), make_user(is_secretariat=True)
    invitations.invite(round, [Guest("a@a.example", government_name="A")])
    names = ["B", "C", "D", "E", "F"]
    of = {name: make_participation(round, make_government(name)) for name in names}
    make_participation(round, make_government("G"), status="withdrawn", ended_at=now())
    for name in "CDEF":
        held = {"status": "held", "ended_at": now()} if name != "C" else {}
        make_interview(of[name], make_slot(round, asker), **held)
    for name in "DEF":
        make_finding(of[name])
    make_finding(of["E"], approved_by_government_at=now())
    make_public_finding(of["F"])
    assert board(round) == {
        "invited": ["A"],
        "registered": ["B"],
        "booked": ["C"],
        "held": ["D"],
        "approved": ["E"],
        "published": ["F"],
    }


def test_the_board_of_sixty_governments_and_thirty_meetings_costs_fifteen_queries_at_most(desk):
    round, asker = make_round(), make_user()
    guests = [Guest(f"i{n}@x.example", government_name=f"Invited {n}") for n in range(20)]
    invitations.invite(round, guests)
    for number in range(60):
        one = make_participation(round)
        if number % 2:
            make_interview(one, make_slot(round, asker))
            make_finding(one)
    for number in range(30):
        make_meeting(round=round, number=number + 1)
    names = [("round", "changelist", [])]
    names += [
        ("round", name, [round.pk])
        for name in ("pipeline", "invitations", "figures", "planner", "remind", "invite")
    ]
    names += [("participation", "changelist", [])]
    found = {name: queries_of(desk, page(model, name, *keys)) for model, name, keys in names}
    assert {name: count for name, count in found.items() if count > 15} == {}


def test_reminders_are_looked_at_and_sent_once(desk):
    round = make_round()
    for n in range(2):
        invitations.invite(round, [Guest(f"i{n}@x.example", government_name=f"Invited {n}")])
    run_waiting_jobs()
    path = page("round", "remind", round.pk)
    assert "Nobody is to be reminded" in desk.get(path).content.decode()
    RoundInvitation.objects.update(invited_at="2020-01-01T00:00Z")
    assert "Remind 2 people" in text_of(desk.get(page("round", "pipeline", round.pk)))
    form = form_of(desk.get(path), "remind_form")
    assert "2 people get this letter" in text_of(desk.get(path))
    assert not RoundInvitation.objects.filter(reminders__gt=0).exists()
    invitations.decline(RoundInvitation.objects.first().pk)
    assert "another number of people" in text_of(desk.post(path, form))
    desk.post(path, form_of(desk.get(path), "remind_form"))
    desk.post(path, form)
    run_waiting_jobs()
    assert sorted(RoundInvitation.objects.values_list("reminders", flat=True)) == [0, 1]
    assert Access.objects.filter(act="reminded", object_id=round.pk).exists()


# Invitations


def test_governments_are_invited_by_a_list_that_is_looked_at_first(desk):
    round = make_round()
    path = page("round", "invite", round.pk)
    text = "government,email\nWales,a@wales.example\nNowhere,no address\n=1+1,f@x.example\n"
    looked = desk.post(path, {"pasted": text})
    assert "New: 1" in text_of(looked)
    assert "Not understood: 2" in text_of(looked)
    assert not RoundInvitation.objects.exists()
    sent = form_of(looked, "invite_form")
    assert sent["count"] == ["1"]
    desk.post(path, sent | {"send": "Send"}, **SHOWN)
    desk.post(path, sent | {"send": "Send"}, **SHOWN)
    run_waiting_jobs()
    assert [one.email for one in RoundInvitation.objects.all()] == ["a@wales.example"]
    assert len(letters_to("a@wales.example")) == 1
    shown = desk.get(page("round", "invitations", round.pk)).content.decode()
    assert "a@wales.example" in shown
    nothing = desk.post(path, {"pasted": ""})
    assert "Choose a file, or paste a table below." in nothing.content.decode()


def test_a_list_comes_as_a_workbook_too(desk):
    book, file = openpyxl.Workbook(), BytesIO()
    for row in (["government", "email"], ["Wales", "a@wales.example"]):
        book.active.append(row)
    book.save(file)
    file.seek(0)
    file.name = "list.xlsx"
    looked = desk.post(page("round", "invite", make_round().pk), {"upload": file})
    assert "New: 1" in text_of(looked)


def test_who_has_no_letter_yet_is_taken_out_of_the_list(desk):
    round = make_round()
    keys = invitations.invite(round, [Guest("a@a.example", government_name="A")])
    path = page("round", "invitation_forget", round.pk, keys[0])
    other = page("round", "invitation_forget", make_round().pk, keys[0])
    assert desk.post(other).status_code == 404
    assert desk.get(path).status_code == 405
    desk.post(path)
    assert not RoundInvitation.objects.exists()
    run_waiting_jobs()
    assert letters_to("a@a.example") == []


# Figures and files


def test_figures_are_drawn_and_told(desk):
    round = make_round()
    make_participation(round, working_group=True)
    register(round, "officer@ruhr.example", proposed_name="Ruhr")
    shown = desk.get(page("round", "figures", round.pk)).content.decode()
    assert shown.count("<svg") >= 2
    assert "Elsewhere" in shown


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("table", ["participations", "interviews", "findings"])
def test_tables_are_taken_along_run_nothing_and_are_noted(desk, table, ending):
    round = make_round()
    one = make_participation(round, make_government("=1+1"), priorities="@SUM(A1)")
    make_interview(one, make_slot(round, make_user()), notes="secret notes")
    make_finding(one, "not approved")
    make_finding(one, "=approved", approved_by_government_at=now())
    path = page("round", "export", round.pk)
    assert desk.get(path).status_code == 405
    answer = desk.post(path, {"table": table, "format": ending})
    content = b"".join(answer.streaming_content)
    if ending == "csv":
        rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(BytesIO(content)).active
        rows = [[str(cell or "") for cell in row] for row in sheet.values]
    assert len(rows) == 2
    assert rows[1][0] == "'=1+1"
    told = " ".join(rows[1])
    assert "secret notes" not in told
    assert "not approved" not in told
    assert not any(cell.startswith(("=", "@")) for cell in rows[1])
    noted = Access.objects.get(act="exported")
    assert (noted.object_id, noted.detail["what"]) == (round.pk, table)
    assert desk.post(path, {"table": "secrets"}).status_code == 404


# The planner


def test_the_planner_shows_who_would_sit_at_night_and_what_each_has_carried(desk):
    round = make_round()
    scotland, victoria = make_government("Scotland"), make_government("Victoria")
    make_participation(round, scotland, timezone="Europe/London")
    make_participation(round, victoria, timezone="Australia/Melbourne")
    past = make_event(
        audience="members",
        starts_local=local("2022-04-07 14:00"),
        ends_local=local("2022-04-07 15:00"),
        timezone="Europe/London",
    )
    make_meeting(round=round, event=past)
    for organisation in (scotland, victoria):
        make_registration(past, organisation=organisation, status="confirmed")
    members, unknown = burden.members_of(round)
    assert [(one.name, one.carried) for one in members] == [("Scotland", 0), ("Victoria", 4)]
    assert unknown == []
    path = page("round", "planner", round.pk)
    shown = text_of(desk.get(path, {"week": "2031-07-02", "minutes": "60"}))
    assert "Australia/Melbourne" in shown
    assert "Nobody sits at night." in shown
    for odd in ({"week": "9999-12-31"}, {"week": "x"}, {"minutes": "-1"}, {"group": "999"}):
        assert desk.get(path, odd).status_code == 200


def test_the_planner_knows_members_of_a_group_whose_zone_nobody_knows(desk):
    from taskforce.tests.factories import make_group, make_group_membership

    round, group = make_round(), make_group()
    group.rounds.add(round)
    make_group_membership(group, make_government("Known"), user=make_user(timezone="Asia/Tokyo"))
    make_group_membership(group, make_government("Unknown"))
    members, unknown = burden.members_of(round, group)
    assert [(one.name, one.zone) for one in members] == [("Known", "Asia/Tokyo")]
    assert unknown == ["Unknown"]


# Tasks, and for whom all this is


def test_what_waits_stands_on_the_first_page():
    secretariat = make_user(is_secretariat=True)
    round = make_round()
    register(round, "a@ruhr.example", proposed_name="Ruhr", activities=("working_group",))
    register(round, "b@wales.example", government=make_government("Wales"))
    make_finding(make_participation(round, interview=False, working_group=True))
    counts = {one.label: one.count for one in desk_tasks.tasks(secretariat)}
    assert counts["Governments to accept"] == 1
    assert counts["Governments that are new to the hub"] == 1
    assert counts["Findings to send for approval"] == 1
    assert counts[f"Times for interviews that are missing: {round}"] == 1
    browser = Browser()
    browser.force_login(secretariat)
    assert "Governments to accept" in browser.get("/admin/").content.decode()
    for one in desk_tasks.tasks(secretariat):
        assert browser.get(one.url, **SHOWN).status_code == 200


def test_the_round_is_for_its_secretariat_alone():
    mine, theirs = make_organisation(is_partner=True), make_organisation(is_partner=True)
    one = make_participation(make_round(owner=mine))
    for owner, role, status in (
        (mine, "editor", 200),
        (mine, "author", 404),
        (theirs, "editor", 404),
    ):
        browser = Browser()
        browser.force_login(make_editor(owner, role))
        for name in ("pipeline", "invitations", "invite", "figures", "planner", "remind"):
            answer = browser.get(page("round", name, one.round_id))
            assert (name, answer.status_code) == (name, status)
        answer = browser.get(page("participation", "change", one.pk))
        assert (answer.status_code == 200) is (status == 200)
        assert (one.contact.email in answer.content.decode()) is (status == 200)


@pytest.mark.parametrize(
    ("website", "email", "fits"),
    [
        ("https://www.gov.scot/energy", "ana@gov.scot", True),
        ("https://www.gov.scot", "ana@energy.GOV.scot", True),
        ("https://energy.gov.example", "ana@gov.example", True),
        ("https://www.gov.scot", "ana@notgov.scot", False),
        ("https://www.gov.scot", "ana@mail.example", False),
        ("https://www.gov.scot", "ana@scot", False),
        ("", "ana@mail.example", None),
    ],
)
def test_an_address_is_compared_with_the_website_of_the_government(website, email, fits):
    assert is_of_its_site(email, make_government(website=website)) is fits


def test_the_desk_sees_who_speaks_with_an_address_of_elsewhere_and_who_asks(desk):
    one = make_participation(make_round(), make_government(website="https://www.gov.scot"))
    one.contacts.update(email="somebody@mail.example")
    path = page("participation", "change", one.pk)

    html = desk.get(path).content.decode()
    assert "somebody@mail.example is not of the domain" in html
    assert "www.gov.scot" in html or "gov.scot" in html

    one.contacts.update(email="somebody@gov.scot")
    assert "is not of the domain" not in desk.get(path).content.decode()

    make_contact(one, email="late@gov.scot", agreed_at=None)
    user = make_user(is_secretariat=True)
    waiting = {task.label: task for task in desk_tasks.tasks(user)}
    task = waiting["People who ask to speak for a government"]
    assert task.count == 1
    listed = desk.get(task.url).content.decode()
    assert path in listed
    make_participation(one.round)
    assert desk.get(task.url).context["cl"].result_count == 1
