"""Who sees what of a group: its core, observers, those who have left, everybody else."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate, now

from conftest import Browser
from events import own as event_links
from events.models import Attendance, Event, Registration
from events.tests.acting import last_letter
from events.tests.factories import make_event, make_material
from hub.accounts.tests.factories import make_member
from hub.catalogue.models import Record
from hub.partners.tests.factories import make_user
from taskforce import minutes, own, own_seats
from taskforce.kinds import Circle
from taskforce.models import GroupMembership, Meeting, MinutesRevision, Participation
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
WORD = "quokka"


def canary_group() -> Meeting:
    """A group with a members' meeting of which each part has a word of its own."""
    group = make_group(slug="some", name="Group of some")
    meeting = make_meeting(group=group, slug="first")
    event = meeting.event
    event.title, event.starts_local = f"{WORD}meeting", event.starts_local
    event.save()
    paper = make_material(
        event, f"{WORD}paper", visibility="members", url=f"https://x.example/{WORD}paperaddress"
    )
    item = make_agenda_item(meeting, f"{WORD}point", decision=f"{WORD}decision")
    item.papers.add(paper)
    make_action(meeting, f"{WORD}action")
    MinutesRevision.objects.create(meeting=meeting, number=1, body=f"{WORD}minutes")
    meeting.minutes_status, meeting.circulated_at = "circulated", now()
    meeting.save()
    make_group_membership(
        group, make_government("Peers"), name=f"{WORD}hidden", email=f"{WORD}@peers.example"
    )
    make_group_membership(
        group, make_government("Named"), name=f"{WORD}named", may_be_named=True, role="lead"
    )
    return meeting


PARTS = ("paper", "paperaddress", "decision", "action", "minutes", "hidden", "@peers", "named")
CORE = {"meeting", "point", "paper", "paperaddress", "decision", "action", "minutes", "named"}
OBSERVED = {"meeting", "point", "named"}


def found_in(browser: Browser, *paths: str) -> set[str]:
    html = "".join(
        answer.content.decode()
        for path in paths
        if (answer := browser.get(path)).status_code == 200
    )
    return {part for part in (*PARTS, "meeting", "point") if f"{WORD}{part}" in html}


def paths_of(meeting: Meeting) -> list[str]:
    own = f"/account/groups/{meeting.group.slug}/"
    return [
        *(own, f"{own}meetings/{meeting.slug}/", meeting.get_absolute_url()),
        *(f"/events/{meeting.event.slug}/outcomes/mine/", "/account/"),
    ]


def signed_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def test_core_members_see_papers_and_minutes_observers_the_meetings_alone():
    meeting = canary_group()
    core, observer, other = (make_member(f"{name}@x.example") for name in ("core", "obs", "other"))
    for user, circle in ((core, "core"), (observer, "observer"), (other, "other")):
        make_group_membership(meeting.group, email=user.email.upper(), circle=circle)

    assert found_in(signed_in(core), *paths_of(meeting)) == CORE
    assert found_in(signed_in(observer), *paths_of(meeting)) == OBSERVED
    for stranger in (signed_in(other), signed_in(make_member()), Browser()):
        assert found_in(stranger, *paths_of(meeting)) == set()


def test_who_has_an_account_that_nobody_verified_sits_nowhere():
    meeting = canary_group()
    make_group_membership(meeting.group, email="eve@x.example")

    assert found_in(signed_in(make_user("eve@x.example")), *paths_of(meeting)) == set()


def test_the_link_of_the_letter_opens_the_same_pages_without_an_account():
    meeting = canary_group()
    for circle, expected in (("core", CORE), ("observer", OBSERVED)):
        link = own_seats.path_of(make_group_membership(meeting.group, circle=circle))
        assert found_in(Browser(), link, f"{link}meetings/first/") == expected
    answer = Browser().get(link)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]


def test_who_leaves_or_moves_further_out_loses_access_with_the_next_request():
    meeting = canary_group()
    user = make_member("ana@x.example")
    seat = make_group_membership(meeting.group, email=user.email)
    browser, link = signed_in(user), own_seats.path_of(seat)
    paths = [*paths_of(meeting), link, f"{link}meetings/first/"]
    assert found_in(browser, *paths) == CORE

    GroupMembership.objects.filter(pk=seat.pk).update(circle=Circle.OBSERVER)
    assert found_in(browser, *paths) == OBSERVED
    GroupMembership.objects.filter(pk=seat.pk).update(circle=Circle.OTHER)
    assert found_in(browser, *paths) == set()

    today = localdate()
    ended = DateRange(today - timedelta(days=30), today)
    GroupMembership.objects.filter(pk=seat.pk).update(circle=Circle.CORE, term=ended)
    assert found_in(browser, *paths) == set()
    assert browser.get(link).status_code == 404


def test_a_link_that_was_made_worthless_opens_nothing():
    meeting = canary_group()
    seat = make_group_membership(meeting.group)
    link = own_seats.path_of(seat)
    GroupMembership.objects.filter(pk=seat.pk).update(link_version=2)

    assert Browser().get(link).status_code == 404
    assert Browser().post(f"{link}meetings/first/come/").status_code == 404


def test_meetings_of_a_round_are_for_those_who_speak_for_an_accepted_government():
    round = make_round()
    whole = make_meeting(round=round, group=None)
    of_group = make_meeting(round=round, group=make_group())
    paper = make_material(whole.event, f"{WORD}paper", visibility="members")
    user = make_member("ana@gov.example")
    one = make_participation(round, email=user.email, working_group=True)
    browser = signed_in(user)
    mine = f"/events/{whole.event.slug}/outcomes/mine/"

    assert browser.get(whole.get_absolute_url()).status_code == 200
    assert browser.get(of_group.get_absolute_url()).status_code == 200
    assert paper.title in browser.get(mine).content.decode()
    assert Browser().get(whole.get_absolute_url()).status_code == 404

    Participation.objects.filter(pk=one.pk).update(working_group=False, interview=True)
    assert browser.get(of_group.get_absolute_url()).status_code == 404
    Participation.objects.filter(pk=one.pk).update(status="registered")
    assert browser.get(whole.get_absolute_url()).status_code == 404


def test_who_sits_in_the_group_takes_part_with_one_press():
    meeting = canary_group()
    seat = make_group_membership(meeting.group, email="ana@x.example", circle="observer")
    link = own_seats.path_of(seat)

    answer = Browser().post(f"{link}meetings/first/come/")

    one = Registration.objects.get()
    assert answer.status_code == 302
    assert answer["Location"].startswith("/registrations/")
    assert (one.email, one.status, one.is_coming) == ("ana@x.example", "confirmed", True)
    Browser().post(f"{link}meetings/first/come/")
    assert Registration.objects.count() == 1
    assert Browser().get(f"{link}meetings/first/come/").status_code == 405

    user = make_member("ben@x.example", name="Ben")
    make_group_membership(meeting.group, email=user.email)
    signed_in(user).post("/account/groups/some/meetings/first/come/")
    assert Registration.objects.get(email="ben@x.example").user == user
    Event.objects.update(status="cancelled", cancelled_at=now())
    late = own_seats.path_of(make_group_membership(meeting.group))
    assert Browser().post(f"{late}meetings/first/come/").status_code == 422


def test_nothing_for_members_is_anywhere_in_public():
    meeting = canary_group()
    public = make_meeting(group=meeting.group, number=2, slug="second")
    public.event.audience = "public"
    public.event.save()
    MinutesRevision.objects.create(meeting=public, number=1, body=f"{WORD}minutes")
    item = make_agenda_item(
        public, "Open point", decision=f"{WORD}decision", lead_name=f"{WORD}named"
    )
    item.papers.add(make_material(public.event, f"{WORD}paper", visibility="members"))
    make_action(public, f"{WORD}action")
    from events import publishing

    publishing.saved(public.event)

    paths = [
        *("/", "/events/", "/events.atom", "/events/calendar.ics", "/taskforce/", "/sitemap.xml"),
        *("/taskforce/groups/", meeting.group.get_absolute_url(), public.get_absolute_url()),
        *(f"/search/?q={WORD}", f"/search/?q={WORD}minutes", f"/events/{public.event.slug}.ics"),
        *(f"/events/{public.event.slug}/programme.json", f"/events/{public.event.slug}/outcomes/"),
        f"/events/{public.event.slug}/offline.html",
    ]
    for path in paths:
        answer = Browser().get(path)
        text = answer.getvalue().decode()
        for part in (*PARTS, "meeting", "point"):
            assert f"{WORD}{part}" not in text or (part in ("minutes",) and "q=" in path), path
    assert "Open point" in Browser().get(public.get_absolute_url()).content.decode()
    for record in Record.objects.all():
        assert WORD not in f"{record.texts}{record.path}"


def test_who_speaks_for_a_government_comes_to_meetings_of_all_by_their_link():
    round = make_round()
    meeting = make_meeting(round=round, group=None, slug="whole")
    of_group = make_meeting(round=round, group=make_group(), slug="group")
    make_material(meeting.event, f"{WORD}paper", visibility="members")
    one = make_participation(round, email="ana@gov.example")
    token = own.token_of(one.contact)
    path = f"/taskforce/participation/{token}/meetings/whole/"

    assert found_in(Browser(), path) == {"paper"}
    assert path.split(":")[0] in Browser().get(own.path_of(one.contact)).content.decode()
    assert Browser().get(path.replace("whole", of_group.slug)).status_code == 404
    assert Browser().post(f"{path}come/").status_code == 302
    registration = Registration.objects.get()
    assert (registration.email, registration.is_coming) == ("ana@gov.example", True)
    minutes.save(meeting, f"{WORD}minutes", on_top_of=0, by=None)
    assert minutes.circulate(meeting, 1) == 1
    assert "/meetings/whole/" in last_letter("ana@gov.example").text
    assert found_in(Browser(), path) == {"paper", "minutes"}

    Participation.objects.filter(pk=one.pk).update(status="registered")
    assert Browser().get(path).status_code == 404


def test_members_join_a_meeting_by_their_link_and_say_that_they_are_there():
    """From the letter of a member to the attendance, without an account, and though they come late."""
    start = (now() - timedelta(minutes=5)).replace(tzinfo=None, microsecond=0)
    event = make_event(
        audience="members",
        registration="open",
        timezone="UTC",
        starts_local=start,
        ends_local=start + timedelta(hours=2),
    )
    group = make_group()
    meeting = make_meeting(group=group, event=event)
    members = [make_group_membership(group, circle=one) for one in ("core", "observer")]
    tokens = [own_seats.token_of(one) for one in members]
    for member, token in zip(members, tokens, strict=True):
        joined = Browser().post(f"/taskforce/members/{token}/meetings/{meeting.slug}/come/")
        registration = event.registrations.get(email=member.email)
        assert joined.status_code == 302
        assert joined["Location"] == event_links.path_of(registration)
        assert registration.is_coming
        seat = Browser().get(joined["Location"]).content.decode()
        here = f"{joined['Location']}here/"
        assert here in seat
        assert not registration.attendances.exists()
        assert Browser().get(here).status_code == 200
        assert not registration.attendances.exists()

        for _time in range(2):
            assert Browser().post(here).status_code == 302

        noted = registration.attendances.get()
        assert noted.how == Attendance.How.SELF
        assert "Noted: you are there" in Browser().get(here).content.decode()
    # The link of a seat in the group is none of a registration, nor the other way round.
    assert Browser().post(f"/registrations/{tokens[0]}/here/").status_code == 404
    of_registration = here.split("/")[2]
    assert Browser().get(f"/taskforce/members/{of_registration}/").status_code == 404


def test_crumbs_lead_from_the_taskforce_to_the_members_pages():
    group = make_group(name="Group on steel")
    meeting = make_meeting(group=group)
    token = own_seats.token_of(make_group_membership(group))
    user = make_member()
    make_group_membership(group, email=user.email)
    for browser, area in (
        (Browser(), f"/taskforce/members/{token}/"),
        (signed_in(user), f"/account/groups/{group.slug}/"),
    ):
        crumbs = browser.get(f"{area}meetings/{meeting.slug}/").context["meta"].crumbs
        assert [(str(one.label), one.url) for one in crumbs] == [
            ("Taskforce", "/taskforce/"),
            ("Working groups", "/taskforce/groups/"),
            ("Group on steel", group.get_absolute_url()),
            ("Members’ pages", area),
        ]
        assert len(browser.get(area).context["meta"].crumbs) == 3
