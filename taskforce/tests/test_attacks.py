"""What somebody tries who means harm: odd input behind every link, keys of others, letters by the hundred,
an impostor who came first."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import now

from conftest import Browser
from events.tests.factories import make_event
from hub.accounts.tests.factories import make_member
from hub.notices.models import Message
from hub.partners.tests.factories import make_user
from hub.tests.stamps import stamped
from hub.texts import KEY_DIGITS
from taskforce import (
    applying,
    approving,
    booking,
    invitation_lists,
    own,
    own_seats,
    registering,
    speaking,
)
from taskforce.models import Interview, ParticipationContact
from taskforce.tests.acting import last_letter, letters_to, register, submit
from taskforce.tests.factories import (
    make_action,
    make_contact,
    make_finding,
    make_government,
    make_group,
    make_group_membership,
    make_interview,
    make_meeting,
    make_participation,
    make_round,
    make_slot,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]

ODD = [
    *("", "\x00", "a\x00b", "\u202e<script>", "\U0001f3ed", "-1", "0", "1e9", "NaN", "²", "٢"),
    *(
        "9" * (KEY_DIGITS + 1),
        "9" * 5_000,
        "x" * 300_000,
        "=1+1",
        "{{7*7}}",
        "Asia/../../etc/passwd",
    ),
    *("Europe/Nowhere", "\r\nBcc: x@y.example", "0001-01-01", "99999-01-01", "2026-02-30"),
]
SCRIPT = "<script>canary()</script>"


@pytest.fixture
def doors() -> dict[str, tuple[Browser, tuple[str, ...]]]:
    """Every address behind a link or a seat that takes a form, who comes, and the fields of its form."""
    round = make_round()
    one = make_participation(round)
    asking = make_contact(one, agreed_at=None)
    finding = make_finding(one)
    approving.ask(one.pk)
    make_slot(round, make_member())
    group = make_group(is_open_to_applications=True)
    lead = make_member("lead@x.example")
    make_group_membership(group, email=lead.email, role="lead")
    seat = make_group_membership(group)
    meeting = make_meeting(group=group)
    action = make_action(meeting)
    of_all = make_meeting(round=round, event=make_event(audience="members"))
    begun = submit(round, "begun@gov.example", proposed_name="Begun", is_draft=True)
    wish = applying.Wish("a@x.example", "A", "Mill", "core", "Why not?")
    application = applying.apply(group, wish)

    anybody, leading = Browser(), Browser()
    leading.force_login(lead)
    token, members = own.token_of(one.contact), own_seats.token_of(seat)
    home, area = f"/taskforce/participation/{token}/", f"/account/groups/{group.slug}/meetings/"
    said = ("activities", "priorities", "language", "timezone", "may_be_named", "name", "position")
    form = (*said, "government", "proposed_country", "act", "email")
    rows = "form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-title", "form-0-minutes", "version"
    return {
        home: (anybody, ("act",)),
        f"{home}edit/": (anybody, (*said, "version")),
        f"{home}invite/": (anybody, ("name", "email")),
        f"{home}colleague/{asking.pk}/": (anybody, ("act",)),
        f"{home}interview/": (anybody, ("slot",)),
        f"{home}findings/{finding.pk}/": (
            anybody,
            ("text", "visibility", "may_be_quoted", "version", "act"),
        ),
        f"{home}meetings/{of_all.slug}/come/": (anybody, ("mode",)),
        f"{own.path_of(begun)}edit/": (anybody, form),
        f"/taskforce/{round.slug}/register/": (anybody, (*form, "shown")),
        f"/taskforce/groups/{group.slug}/apply/": (
            anybody,
            ("name", "email", "organisation_name", "circle", "motivation", "language", "shown"),
        ),
        applying.path_of(application): (anybody, ("act",)),
        f"/taskforce/members/{members}/meetings/{meeting.slug}/come/": (anybody, ("mode",)),
        f"{area}{meeting.slug}/come/": (leading, ("mode",)),
        f"{area}{meeting.slug}/agenda/": (leading, rows),
        f"{area}{meeting.slug}/minutes/": (leading, ("body", "number", "base", "version")),
        f"{area}{meeting.slug}/action/": (leading, ("text", "owner_government", "due_on")),
        f"/account/groups/{group.slug}/actions/{action.pk}/": (leading, ("evidence", "status")),
    }


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd[:20]))
def test_odd_forms_are_answered_in_words_behind_every_link(doors, odd):
    answers = {
        path: browser.post(path, dict.fromkeys(fields, odd)).status_code
        for path, (browser, fields) in doors.items()
    }

    # What no form can be as long as is refused as a whole.
    answered = (302, 422, 429, 400) if len(odd) > 100_000 else (302, 422, 429)
    refused = {path: status for path, status in answers.items() if status not in answered}
    assert refused == {}


def test_keys_of_others_open_nothing():
    round = make_round()
    mine, theirs = make_participation(round), make_participation(round)
    finding = make_finding(theirs)
    asking = make_contact(theirs, agreed_at=None)
    approving.ask(theirs.pk)
    elsewhere = make_slot(make_round(), make_member())
    group, other = make_group(), make_group()
    lead = make_member("lead@x.example")
    make_group_membership(group, email=lead.email, role="lead")
    foreign = make_meeting(group=other)
    action = make_action(foreign)
    seat = own_seats.token_of(make_group_membership(group))
    home, browser = own.path_of(mine.contact), Browser()
    leading = Browser()
    leading.force_login(lead)

    assert browser.post(f"{home}findings/{finding.pk}/", {"act": "approve"}).status_code == 404
    assert browser.post(f"{home}findings/{finding.pk}/take-back/").status_code == 404
    assert browser.post(f"{home}colleague/{asking.pk}/", {"act": "agree"}).status_code == 404
    assert browser.post(f"{home}interview/", {"slot": elsewhere.pk}).status_code == 422
    assert browser.post(f"{home}meetings/{foreign.slug}/come/").status_code == 404
    links = f"/taskforce/members/{seat}/meetings/{foreign.slug}/"
    assert browser.get(links).status_code == browser.post(f"{links}come/").status_code == 404
    for slug in (group.slug, other.slug):
        area = f"/account/groups/{slug}"
        pages = [f"/meetings/{foreign.slug}/{one}/" for one in ("agenda", "minutes", "action")]
        for page in (*pages, f"/meetings/{foreign.slug}/come/", f"/actions/{action.pk}/"):
            assert leading.post(f"{area}{page}").status_code == 404, page
    assert not Interview.objects.exists()


def test_an_observer_writes_nothing_and_a_member_only_reads():
    group = make_group()
    meeting = make_meeting(group=group)
    action = make_action(meeting)
    for circle in ("core", "observer"):
        user = make_member(f"{circle}@x.example")
        make_group_membership(group, email=user.email, circle=circle)
        browser = Browser()
        browser.force_login(user)
        area = f"/account/groups/{group.slug}"
        for page in ("agenda", "minutes", "action"):
            path = f"{area}/meetings/{meeting.slug}/{page}/"
            assert browser.get(path).status_code == browser.post(path).status_code == 404
        assert browser.post(f"{area}/actions/{action.pk}/", {"status": "done"}).status_code == 404


def test_nothing_that_is_typed_runs_on_pages_and_in_letters():
    round = make_round()
    first = register(round, "first@gov.example", government=make_government(f"Cesar {SCRIPT}"))
    second = register(
        round,
        "second@gov.example",
        government=first.participation.government,
        name=f"Eve {SCRIPT}",
        position=SCRIPT,
        priorities=SCRIPT,
    )
    home = own.path_of(first)

    pages = [home, f"{home}colleague/{second.pk}/", f"{home}edit/", own.path_of(second)]
    texts = [Browser().get(page).content.decode() for page in pages]
    letters = [message.html for message in Message.objects.all()]

    assert "Eve &lt;script&gt;" in texts[1]
    assert [one for one in (*texts, *letters) if "<script>canary" in one] == []
    assert any("Eve &lt;script&gt;" in one for one in letters)


def test_so_many_may_ask_to_speak_for_a_government_in_a_day():
    round = make_round()
    first = register(round, "first@gov.example")
    for number in range(registering.MOST_ASKING):
        contact = register(round, f"guest{number}@elsewhere.example")
        speaking.leave(contact.pk)  # who asks no more has been heard all the same
    one_more = submit(round, "more@elsewhere.example")

    answer = Browser().post(own.path_of(one_more), {"act": "confirm"})

    assert answer.status_code == 422
    assert "Many people have asked to speak for this government today." in answer.content.decode()
    assert not first.participation.contacts.filter(email=one_more.email).exists()
    asked = [one for one in letters_to("first@gov.example") if ":asked:" in one.dedup_key]
    assert len(asked) == registering.MOST_ASKING

    ParticipationContact.objects.update(confirmed_at=now() - timedelta(days=2))
    assert registering.confirm(one_more.pk).participation == first.participation


def test_colleagues_are_invited_by_the_hundred_from_nowhere():
    """The limit of a client holds over many governments, which anybody can register."""
    round = make_round()
    allowed = registering.FROM_CLIENT.number
    contacts = [make_participation(round).contact for _number in range(allowed // 10 + 1)]

    statuses = [
        Browser().post(f"{own.path_of(one)}invite/", {"email": f"c{number}x{one.pk}@far.example"})
        for one in contacts
        for number in range(10)
    ]

    assert [one.status_code for one in statuses[:allowed]] == [302] * allowed
    assert {one.status_code for one in statuses[allowed:]} == {429}


def test_an_interview_is_moved_only_so_often_in_a_day():
    round = make_round()
    mine = make_participation(round)
    one, other = (make_slot(round, make_member(f"i{n}@x.example")) for n in range(2))
    path = f"{own.path_of(mine.contact)}interview/"

    answers = [
        Browser().post(path, {"slot": (one, other)[number % 2].pk}).status_code
        for number in range(booking.CHANGED.number + 2)
    ]

    assert answers == [302] * (booking.CHANGED.number + 1) + [429]
    assert Browser().post(f"{path}cancel/").status_code == 429


# An impostor came first


@pytest.fixture
def waiting() -> ParticipationContact:
    """Somebody of a government that an impostor has registered."""
    round, government = make_round(), make_government("Lower Valley")
    register(round, "impostor@mail.example", government=government)
    return register(round, "real@valley.example", government=government, name="Rea Real")


def test_who_comes_after_an_impostor_asks_the_secretariat_by_a_button(waiting):
    keeper = make_user("keeper@hub.example", is_secretariat=True)
    page = Browser().get(own.path_of(waiting)).content.decode()
    assert re.search(r'<button[^>]*value="appeal"[^>]*>Ask the secretariat</button>', page)

    for _time in range(2):
        answer = Browser().post(own.path_of(waiting), {"act": "appeal"})
        assert answer.status_code == 302

    (letter,) = letters_to(keeper.email)
    path = reverse("admin:taskforce_participation_change", args=[waiting.participation_id])
    for word in ("Lower Valley", "Rea Real", path):
        assert word in letter.text
    assert letter.reply_to == "real@valley.example"
    shown = Browser().get(answer["Location"]).content.decode()
    assert "We have written to the secretariat." in shown
    assert 'value="appeal"' not in shown
    assert "impostor" not in shown


def test_only_who_waits_asks_the_secretariat(waiting):
    make_user("keeper@hub.example", is_secretariat=True)
    first = waiting.participation.contacts.get(is_first=True)

    answer = Browser().post(own.path_of(first), {"act": "appeal"})

    assert answer.status_code == 422
    assert letters_to("keeper@hub.example") == []


def test_appeals_are_counted(waiting):
    make_user("keeper@hub.example", is_secretariat=True)
    path = own.path_of(waiting)

    answers = [Browser().post(path, {"act": "appeal"}).status_code for _time in range(4)]

    assert answers == [302, 302, 302, 429]


def test_whom_an_impostor_refuses_reads_how_to_reach_the_secretariat(waiting):
    first = waiting.participation.contacts.get(is_first=True)

    speaking.refuse(waiting.pk, first)

    assert reverse("contact:write_to_desk") in last_letter("real@valley.example").text


def test_who_waits_does_nothing_for_the_government(waiting):
    home = own.path_of(waiting)
    slot = make_slot(waiting.participation.round, make_member())

    for page in ("edit/", "invite/", "withdraw/", "interview/cancel/", "interview/move/"):
        answer = Browser().get(f"{home}{page}")
        assert (answer.status_code, answer["Location"]) == (302, home), page
    Browser().post(f"{home}interview/", {"slot": slot.pk})
    Browser().post(f"{home}withdraw/")

    waiting.participation.refresh_from_db()
    assert waiting.participation.is_active
    assert not Interview.objects.exists()


def test_a_link_that_has_ended_opens_nothing_of_what_hangs_on_it():
    one = make_participation()
    make_contact(one)
    interview = make_interview(one, make_slot(one.round, make_member()))
    home = own.path_of(one.contact)
    speaking.leave(one.contact.pk)

    for page in ("", "edit/", "interview/move/", "interview/cancel/", "interview.ics", "leave/"):
        assert Browser().get(f"{home}{page}").status_code == 404, page
    assert Browser().post(f"{home}interview/cancel/").status_code == 404
    interview.refresh_from_db()
    assert interview.status == Interview.Status.BOOKED
    with pytest.raises(ValidationError):
        speaking.leave(one.contact.pk)


def test_pages_that_a_link_opens_are_kept_by_nobody_and_told_to_no_other_site(doors):
    for path, (browser, _fields) in doors.items():
        answer = browser.get(path)
        if answer.status_code != 200 or path.endswith(("/register/", "/apply/")):
            continue
        assert answer["Cache-Control"] == "private, no-store", path
        assert answer["Referrer-Policy"] == "same-origin", path


def test_the_form_with_what_the_hub_knows_of_somebody_is_kept_by_nobody():
    browser, round = Browser(), make_round()
    browser.force_login(make_member("ana@gov.example"))

    answer = browser.get(f"/taskforce/{round.slug}/register/")

    assert "ana@gov.example" in answer.content.decode()
    assert {"private", "no-store", "no-cache"} & {*re.split(", *", answer["Cache-Control"])}


def test_ten_thousand_rows_to_invite_are_refused_in_words():
    browser, round = Browser(), make_round()
    browser.force_login(make_user("keeper@hub.example", is_secretariat=True))
    rows = "\n".join(f"Government {n},g{n}@x.example" for n in range(10_000))
    path = reverse("admin:taskforce_round_invite", args=[round.pk])

    answer = browser.post(path, {"pasted": f"government,email\n{rows}"})

    assert "The list has more than 1000 rows." in answer.content.decode()
    assert not round.invitations.exists()


def test_a_list_shows_names_in_the_order_in_which_they_are_written():
    """A sign that turns the direction would let one name look like another to who approves the list."""
    content = "government,email\n\u202eCesar\x00,a@x.example".encode()

    ((_number, cells),) = invitation_lists.read(content)

    assert cells == {"government": "Cesar", "email": "a@x.example"}


def test_a_stamp_of_another_form_is_none():
    round = make_round()
    said = {"government": "Cesar", "name": "A", "email": "a@x.example", "activities": "interview"}
    said |= {"language": "en", "timezone": "Europe/London", "shown": stamped("ApplicationForm")}

    answer = Browser().post(f"/taskforce/{round.slug}/register/", said)

    assert answer.status_code == 422
    assert not round.participations.exists()
