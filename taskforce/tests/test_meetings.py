"""Meetings: the event behind them, agenda, minutes that two people write, actions, what is public."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection, transaction
from django.utils.timezone import localdate, now

from conftest import Browser
from events.models import Event
from events.tests.acting import letters_to
from events.tests.factories import local, make_event, make_registration
from hub.accounts.tests.factories import make_member
from hub.catalogue.models import Record
from taskforce import actions, agenda, meetings, minutes
from taskforce.models import ActionItem, Meeting, MinutesRevision
from taskforce.tests.factories import (
    make_action,
    make_agenda_item,
    make_government,
    make_group,
    make_group_membership,
    make_meeting,
    make_participation,
    make_round,
)
from tests.pages import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def an_event(**fields) -> Event:
    return Event(
        title="First meeting",
        starts_local=local("2030-05-02 10:00"),
        ends_local=local("2030-05-02 12:00"),
        timezone="Europe/London",
        mode="online",
        **{"audience": "members", "registration": "open"} | fields,
    )


def signed_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def lead_of(group):
    user = make_member("lead@x.example")
    make_group_membership(group, email=user.email, role="lead", name="Lea Lead")
    return user


def meeting_at(starts: str, **fields) -> Meeting:
    begins = local(starts)
    event = make_event(
        audience=fields.pop("audience", "members"),
        starts_local=begins,
        ends_local=begins + timedelta(hours=2),
        timezone="Europe/London",
    )
    return make_meeting(event=event, **fields)


# The event behind it


def test_a_meeting_makes_its_event_which_leads_to_its_page():
    group = make_group()

    first = meetings.make(an_event(), group=group)
    second = meetings.make(an_event(), group=group)

    assert (first.number, second.number) == (1, 2)
    assert first.event.audience == Event.Audience.MEMBERS
    assert first.event.owner == group.owner
    assert first.event.status == Event.Status.DRAFT
    assert first.event.get_absolute_url() == f"/taskforce/meetings/{first.slug}/"
    assert first.slug != second.slug
    assert Browser().get(first.get_absolute_url()).status_code == 404

    Event.objects.update(status="published", published_at=now(), audience="public")
    assert Browser().get(f"/events/{first.slug}/")["Location"] == first.get_absolute_url()
    page = Browser().get(first.get_absolute_url()).content.decode()
    assert f'href="/events/{first.slug}/register/"' in page
    assert Browser().get(f"/events/{first.slug}/register/").status_code == 200
    with pytest.raises(ValidationError, match="of which group or round"):
        meetings.make(an_event())


def test_a_public_meeting_is_found_in_the_catalogue_by_its_page():
    from events import publishing

    meeting = meetings.make(an_event(audience="public"), group=make_group())
    publishing.publish(meeting.event_id)

    assert Record.objects.public().get().path == meeting.get_absolute_url()


# The agenda


def test_clock_times_follow_from_the_start_and_the_minutes_in_the_zone_of_the_event():
    meeting = meeting_at("2030-05-02 10:00")
    for title, length, kind in (
        ("Opening", 15, "information"),
        ("Coffee", 20, "break"),
        ("Jobs", 100, "decision"),
    ):
        make_agenda_item(meeting, title, minutes=length, kind=kind)

    plan = agenda.agenda_of(meeting)

    assert [(point.starts, point.ends) for point in plan.points] == [
        ("10:00", "10:15"),
        ("10:15", "10:35"),
        ("10:35", "12:15"),
    ]
    assert plan.zone == "London (BST, UTC+1)"
    assert (plan.over, plan.minutes, plan.points[1].is_break) == (15, 135, True)


def test_an_hour_that_the_clocks_leave_out_is_not_on_the_agenda():
    event = make_event(
        starts_local=local("2030-03-31 00:30"),
        ends_local=local("2030-03-31 03:30"),
        timezone="Europe/London",
    )
    meeting = make_meeting(event=event)
    make_agenda_item(meeting, minutes=30)
    make_agenda_item(meeting, minutes=30)

    assert [one.starts for one in agenda.agenda_of(meeting).points] == ["00:30", "02:00"]


def test_the_public_page_shows_titles_and_times_of_the_agenda_and_no_more():
    meeting = meeting_at("2030-05-02 10:00", audience="public")
    make_agenda_item(meeting, "Jobs", text="Word quokka", lead_name="quokka", decision="quokka")
    make_action(meeting, "quokka")

    page = Browser().get(meeting.get_absolute_url()).content.decode()

    assert "Jobs" in page
    assert "10:00" in page
    assert "2030-05-02T10:00:00+01:00" in page
    assert "London (BST, UTC+1)" in page
    assert "<b>1</b> actions agreed, <b>0</b> done" in page
    assert "quokka" not in page


def agenda_rows(meeting: Meeting, *rows: tuple, version: str = "", initial: int = 0) -> dict:
    from taskforce.writing_forms import version_of

    sent = {
        "version": version or version_of(meeting),
        "points-TOTAL_FORMS": str(len(rows)),
        "points-INITIAL_FORMS": str(initial),
        "points-MIN_NUM_FORMS": "0",
        "points-MAX_NUM_FORMS": "60",
    }
    for number, (pk, title, order) in enumerate(rows):
        told = {"id": pk or "", "title": title, "order": order, "kind": "discussion"}
        told |= {"minutes": "20", "lead_name": "", "lead_government": "", "text": ""}
        sent |= {f"points-{number}-{name}": str(value) for name, value in told.items()}
    return sent


def test_who_leads_the_group_writes_the_agenda_and_members_do_not():
    meeting = meeting_at("2030-05-02 10:00")
    lead = signed_in(lead_of(meeting.group))
    other = make_member("core@x.example")
    make_group_membership(meeting.group, email=other.email)
    path = f"/account/groups/{meeting.group.slug}/meetings/{meeting.slug}/agenda/"

    assert signed_in(other).get(path).status_code == 404
    assert lead.get(path).status_code == 200
    sent = agenda_rows(meeting, (None, "Second", 2), (None, "First", 1), (None, "", ""))
    assert lead.post(path, sent).status_code == 302
    assert [one.title for one in meeting.agenda.all()] == ["First", "Second"]

    first, second = meeting.agenda.all()
    swapped = agenda_rows(meeting, (first.pk, "First", 2), (second.pk, "Second", 1), initial=2)
    assert lead.post(path, swapped).status_code == 302
    assert [one.title for one in meeting.agenda.all()] == ["Second", "First"]
    stale = lead.post(path, agenda_rows(meeting, (None, "Mine", 1), version="another"))
    assert stale.status_code == 422
    html = stale.content.decode()
    assert "There now: Second, First" in html
    assert "Mine" in html
    assert meeting.agenda.count() == 2


# Minutes


def test_27_of_two_editors_the_second_sees_both_texts_and_no_word_is_lost():
    meeting = meeting_at("2030-05-02 10:00")
    browser = signed_in(lead_of(meeting.group))
    path = f"/account/groups/{meeting.group.slug}/meetings/{meeting.slug}/minutes/"
    assert 'name="number" value="0"' in browser.get(path).content.decode()

    assert browser.post(path, {"number": 0, "body": "Theirs: coal."}).status_code == 302
    answer = browser.post(path, {"number": 0, "body": "Mine: steel."})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count("Theirs: coal.") == 1
    assert html.count("Mine: steel.") == 2
    assert 'name="number" value="1"' in html
    both = browser.post(path, {"number": 1, "body": "Theirs: coal.\nMine: steel."})
    assert both.status_code == 302
    assert [(r.number, r.body) for r in meeting.revisions.all()] == [
        (2, "Theirs: coal.\nMine: steel."),
        (1, "Theirs: coal."),
    ]


def test_27_revisions_are_never_rewritten_not_even_in_raw_sql():
    meeting = make_meeting()
    minutes.save(meeting, "Words.", on_top_of=0, by=None)

    for sql in (
        "UPDATE taskforce_minutesrevision SET body = 'x'",
        "DELETE FROM taskforce_minutesrevision",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as raw:
            raw.execute(sql)
    assert MinutesRevision.objects.get().body == "Words."


def circulated(meeting: Meeting, body: str = "Words.") -> Meeting:
    minutes.save(meeting, body, on_top_of=0, by=None)
    minutes.circulate(meeting, 1)
    meeting.refresh_from_db()
    return meeting


def test_minutes_are_circulated_to_the_core_and_read_there_from_then_on():
    meeting = meeting_at("2020-05-02 10:00")
    user = make_member("core@x.example")
    make_group_membership(meeting.group, email=user.email)
    make_group_membership(meeting.group, email="obs@x.example", circle="observer")
    path = f"/account/groups/{meeting.group.slug}/meetings/{meeting.slug}/"
    minutes.save(meeting, "Quokka.", on_top_of=0, by=None)
    assert "Quokka." not in signed_in(user).get(path).content.decode()

    assert minutes.circulate(meeting, 1) == 1
    assert minutes.circulate(meeting, 1) == 1

    assert len(letters_to("core@x.example")) == 1
    assert letters_to("obs@x.example") == []
    assert "Quokka." not in letters_to("core@x.example")[0].text
    assert "Quokka." in signed_in(user).get(path).content.decode()
    with pytest.raises(ValidationError, match="meanwhile"):
        minutes.circulate(meeting, 0)


def test_27_adopted_minutes_are_only_corrected_and_say_so():
    group = make_group()
    meeting = circulated(meeting_at("2020-05-02 10:00", group=group))
    later = meeting_at("2020-06-02 10:00", group=group, number=2)
    stranger = meeting_at("2020-06-02 10:00")
    for wrong in (stranger, meeting):
        with pytest.raises(ValidationError, match="later meeting"):
            minutes.adopt(meeting, 1, adopted_in=wrong)
    with pytest.raises(ValidationError, match="meanwhile"):
        minutes.adopt(meeting, 7)

    minutes.adopt(meeting, 1, adopted_in=later)

    meeting.refresh_from_db()
    assert (meeting.minutes_status, meeting.adopted_in) == ("adopted", later)
    with pytest.raises(ValidationError, match="corrected, not edited"):
        minutes.save(meeting, "Other words.", on_top_of=1, by=None)
    with pytest.raises(ValidationError, match="Say what is corrected"):
        minutes.save(meeting, "Other words.", on_top_of=1, by=None, is_correction=True)
    revision = minutes.save(
        meeting, "Other words.", on_top_of=1, by=None, is_correction=True, note="A name"
    )
    meeting.refresh_from_db()
    assert (revision.is_correction, meeting.minutes_status) == (True, "adopted")


def test_minutes_that_are_edited_after_circulation_are_circulated_once_more():
    meeting = circulated(make_meeting())
    minutes.save(meeting, "Better words.", on_top_of=1, by=None)

    meeting.refresh_from_db()
    assert meeting.minutes_status == "draft"
    with pytest.raises(ValidationError, match="Circulate the minutes first"):
        minutes.adopt(meeting, 2)
    minutes.circulate(meeting, 2)
    minutes.adopt(meeting, 2)  # in writing
    meeting.refresh_from_db()
    assert meeting.adopted_in is None
    assert meeting.adopted_at


# Actions


def test_open_actions_stand_on_the_next_agenda_by_themselves():
    group = make_group()
    first = meeting_at("2020-05-02 10:00", group=group)
    second = meeting_at("2020-06-02 10:00", group=group, number=2)
    third = meeting_at("2030-06-02 10:00", group=group, number=3)
    still = make_action(first, "Still open")
    closed = make_action(first, "Closed")
    make_action(meeting_at("2020-05-02 10:00"), "Of others")
    actions.close(closed.pk, "done", outcome="There it is.")

    assert list(actions.open_before(third)) == [still]
    assert set(actions.open_before(second)) == {still, closed}  # as it was when it began
    assert list(actions.open_before(first)) == []
    actions.close(still.pk, "dropped", outcome="Nobody wants it.")
    assert list(actions.open_before(third)) == []
    actions.reopen(still.pk)
    assert list(actions.open_before(third)) == [still]


def test_closing_asks_for_evidence_or_a_word():
    meeting = make_meeting()
    one, other = make_action(meeting), make_action(meeting)
    for status in ("done", "dropped", "open", ""):
        with pytest.raises(ValidationError):
            actions.close(one.pk, status)

    actions.close(one.pk, "done", evidence_url="https://x.example/report")
    actions.close(other.pk, "dropped", outcome="No money.")
    with pytest.raises(ValidationError, match="closed it already"):
        actions.close(one.pk, "done", outcome="Twice.")
    assert actions.tally_of(ActionItem.objects.all()) == actions.Tally(agreed=1, done=1)


def test_a_lead_notes_and_closes_an_action_on_the_members_pages():
    meeting = meeting_at("2030-05-02 10:00")
    browser = signed_in(lead_of(meeting.group))
    owner = make_group_membership(meeting.group).organisation
    own = f"/account/groups/{meeting.group.slug}/"
    sent = {"text": "Write it down", "owner_government": owner.pk, "due_on": "2030-07-01"}

    assert browser.post(f"{own}meetings/{meeting.slug}/action/", sent).status_code == 302
    action = ActionItem.objects.get()
    assert (action.meeting, action.owner_government) == (meeting, owner)
    path = f"{own}actions/{action.pk}/"
    assert browser.post(path, {"status": "done"}).status_code == 422
    assert browser.post(path, {"status": "done", "outcome": "It is written."}).status_code == 302
    action.refresh_from_db()
    assert (action.status, action.outcome) == ("done", "It is written.")
    elsewhere = make_action(make_meeting())
    assert browser.get(f"{own}actions/{elsewhere.pk}/").status_code == 404


def test_owners_are_reminded_a_week_before_and_then_weekly_once():
    meeting = make_meeting(round=make_round(), group=make_group())
    seat = make_group_membership(meeting.group, email="ana@x.example")
    taking_part = make_participation(meeting.round, seat.organisation, email="ANA@x.example")
    make_group_membership(meeting.group, email="other@x.example")
    today = localdate()
    action = make_action(
        meeting, "Quokka", owner_government=seat.organisation, due_on=today + timedelta(days=9)
    )
    make_action(meeting, owner_government=seat.organisation)  # due on no day

    def written(days: int) -> int:
        actions.remind_all(today + timedelta(days=days))
        return len(letters_to("ana@x.example"))

    assert [written(day) for day in (0, 1, 2, 2, 3, 8, 9)] == [0, 0, 1, 1, 1, 1, 1]
    assert [written(day) for day in (10, 11, 16, 17, 17, 23, 24)] == [2, 2, 2, 3, 3, 3, 4]
    actions.close(action.pk, "done", outcome="Yes.")
    assert written(31) == 4
    assert letters_to("other@x.example") == []
    assert taking_part.contact.email == "ANA@x.example"
    assert "Quokka" in letters_to("ana@x.example")[0].text


# What is public


def test_a_summary_makes_a_members_meeting_known_and_no_more_of_it():
    meeting = meeting_at("2020-05-02 10:00")
    event = meeting.event
    event.venue, event.summary, event.body = "quokka", "quokka", "quokka"
    event.save()
    assert Browser().get(meeting.get_absolute_url()).status_code == 404
    assert (
        meeting.event.title not in Browser().get(meeting.group.get_absolute_url()).content.decode()
    )

    meetings.tell(meeting, "Governments agreed on jobs.")

    page = Browser().get(meeting.get_absolute_url()).content.decode()
    assert "Governments agreed on jobs." in page
    assert "quokka" not in page
    assert meeting.event.title in Browser().get(meeting.group.get_absolute_url()).content.decode()
    Event.objects.update(status="draft", published_at=None)
    assert Browser().get(meeting.get_absolute_url()).status_code == 404


def test_under_the_chatham_house_rule_a_summary_names_nobody_who_was_there():
    meeting = meeting_at("2020-05-02 10:00")
    Event.objects.update(attribution="chatham_house")
    meeting.event.refresh_from_db()
    make_registration(meeting.event, name="Ana Ruiz")
    make_agenda_item(meeting, lead_name="Ben Ode")
    make_group_membership(meeting.group, name="Cem Ak", since=localdate().replace(year=2019))

    for named in ("Ana Ruiz", "A Ruiz", "Ruiz Ana", "ben ode", "Cem Ak"):
        with pytest.raises(ValidationError, match="nobody is named"):
            meetings.tell(meeting, f"As {named} said, jobs matter.")
    meetings.tell(meeting, "Jobs matter.")
    assert Meeting.objects.get().public_summary == "Jobs matter."


def test_30_meetings_and_60_governments_cost_few_questions():
    group, round = make_group(), make_round()
    user = lead_of(group)
    for number in range(60):
        government = make_government(f"Government no. {number}")
        make_participation(round, government)
        if number < 30:
            make_group_membership(group, government)
            meeting = meeting_at(
                f"2030-05-{number % 28 + 1:02} 10:00", group=group, number=number + 1
            )
            make_agenda_item(meeting, lead_government=government)
            make_action(meeting, owner_government=government)
    browser = signed_in(user)
    own = f"/account/groups/{group.slug}/"

    for path in (own, f"{own}meetings/{meeting.slug}/"):
        browser.get(path)  # what is kept between requests is asked once
        assert queries_of(browser, path) <= 12, path
    Event.objects.update(audience="public")
    assert queries_of(Browser(), group.get_absolute_url()) <= 12
    assert queries_of(Browser(), meeting.get_absolute_url()) <= 12
