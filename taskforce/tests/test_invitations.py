"""Governments are invited by list, reminded, and say no by link."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.timezone import now

from conftest import Browser
from hub.notices.models import Message
from hub.tests.queue import run_waiting_jobs
from taskforce import invitation_lists, invitations
from taskforce.invitation_lists import State
from taskforce.invitations import Guest
from taskforce.models import Participation, RoundInvitation
from taskforce.tests.acting import letters_to, register
from taskforce.tests.factories import make_government, make_participation, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
EMAIL = "officer@jalisco.example"
WEEK = timedelta(days=7)


def invited(round, email=EMAIL, name="Jalisco", **said) -> RoundInvitation:
    """One whose letter has gone out."""
    invitations.invite(round, [Guest(email, government_name=name, **said)])
    run_waiting_jobs()
    return RoundInvitation.objects.get(round=round, email=email)


def long_ago(invitation: RoundInvitation) -> None:
    RoundInvitation.objects.filter(pk=invitation.pk).update(invited_at=now() - WEEK * 2)


def remind(round) -> None:
    """Press the button twice, and let the jobs run twice."""
    keys = list(invitations.to_remind(round).values_list("pk", flat=True))
    for _twice in range(2):
        invitations.remind(round, keys)
        run_waiting_jobs()


# Lists


def states(round, text: str) -> list[tuple[State, str]]:
    rows = invitation_lists.read(text.encode())
    return [(one.state, one.reason) for one in invitation_lists.look(round, rows)]


def test_each_row_says_what_becomes_of_it():
    round = make_round()
    make_participation(round, make_government("Wales"))
    invited(round)
    found = states(
        round,
        "Government;E-mail;Name;Language\n"
        "Alberta;a@alberta.example;Ann;fr\n"
        f"Jalisco;{EMAIL.upper()};;\n"
        "wales;b@wales.example;;\n"
        ";c@nowhere.example;;\n"
        "Bavaria;no address;;\n"
        "Quebec;A@alberta.example;;\n"
        "Utah;u@utah.example;;Klingon\n"
        '"=HYPERLINK(""x"")";h@x.example;;\n',
    )
    assert [state.value for state, _why in found] == [
        *("new", "there", "there", "wrong", "wrong", "wrong", "wrong", "wrong")
    ]
    assert [bool(why) for _state, why in found] == [False, *[True] * 7]
    assert "row 2" in found[5][1]


def test_a_list_that_went_through_a_spreadsheet_reads_the_same():
    rows = invitation_lists.read(b"\xef\xbb\xbfgovernment\temail\r\n'-Nord\ta@b.example\r\n")
    assert rows == [(2, {"government": "-Nord", "email": "a@b.example"})]


@pytest.mark.parametrize("text", ["", "name,language\nA,en\n", "email,email,government\na,b,c\n"])
def test_what_is_no_such_table_is_refused_in_words(text):
    with pytest.raises(ValidationError):
        invitation_lists.read(text.encode())


def test_a_known_government_is_found_by_its_name_or_short_name():
    round, wales = make_round(), make_government("Wales", acronym="CYM")
    rows = invitation_lists.read(b"government,email\ncym,a@wales.example\n")
    assert invitation_lists.look(round, rows)[0].guest.government == wales


# Letters


def test_an_invitation_is_written_once_and_its_link_fills_in_the_government():
    round = make_round()
    invitation = invited(round, language="es")
    assert invitations.begun(round, invitations.token_of(invitation))["language"] == "es"
    invitations.write_invitations(keys=[invitation.pk])
    (letter,) = letters_to(EMAIL)
    assert letter.is_private
    link = urlsplit(re.search(r"http\S+/register/\?invitation=\S+", letter.text)[0])
    answer = Browser().get(f"{link.path}?{link.query}")
    assert answer.status_code == 200
    assert 'value="Jalisco"' in answer.content.decode()
    assert EMAIL not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert not Participation.objects.exists()
    # The link of one round opens nothing in another, and a forged one nothing at all.
    other = make_round()
    for token in (invitations.token_of(invitation), "1:1:x"):
        path = reverse("taskforce:register", args=[other.slug])
        assert "Jalisco" not in Browser().get(f"{path}?invitation={token}").content.decode()


def test_an_address_is_reminded_once_in_seven_days_however_often_one_asks():
    round, later = make_round(), make_round()
    invitation = invited(round)
    assert not invitations.to_remind(round).exists()  # it was written to just now
    long_ago(invitation)
    remind(round)
    assert len(letters_to(EMAIL)) == 2
    invitation.refresh_from_db()
    assert invitation.reminders == 1
    # Another round does not write to the same mailbox in that week either.
    long_ago(invited(later, EMAIL.upper()))
    assert not invitations.to_remind(later).exists()
    RoundInvitation.objects.update(reminded_at=now() - WEEK * 2)
    remind(round)
    invitation.refresh_from_db()
    assert invitation.reminders == 2


@pytest.mark.parametrize("answer", ["by name", "by organisation", "by address", "no", "erased"])
def test_who_has_answered_is_not_reminded(answer):
    round, wales = make_round(), make_government("Wales")
    government = wales if answer == "by organisation" else None
    invitation = invited(round, government=government)
    long_ago(invitation)
    assert invitations.to_remind(round).count() == 1
    keys = [invitation.pk]
    if answer == "no":
        invitations.decline(invitation.pk)
    elif answer == "erased":
        RoundInvitation.objects.update(email=f"{invitation.pk}@erased.invalid")
    else:
        email = EMAIL if answer == "by address" else "other@gov.example"
        said = {
            "by name": {"proposed_name": "JALISCO"},
            "by organisation": {"government": wales},
            "by address": {"proposed_name": "State of J."},
        }[answer]
        register(round, email, **said)
    count = Message.objects.filter(template="taskforce/invitation").count()
    invitations.write_reminders(keys=keys)
    assert not invitations.to_remind(round).exists()
    assert Message.objects.filter(template="taskforce/invitation").count() == count


def test_a_round_that_is_withdrawn_invites_and_reminds_nobody():
    round = make_round()
    invitation = invited(round)
    long_ago(invitation)
    round.withdrawn_at, round.reason = now(), "A mistake."
    round.save()
    for act in (
        lambda: invitations.remind(round, [invitation.pk]),
        lambda: invitations.invite(round, [Guest("x@y.example", government_name="X")]),
    ):
        with pytest.raises(ValidationError):
            act()
    invitations.write_reminders(keys=[invitation.pk])
    assert len(letters_to(EMAIL)) == 1


# No


def test_scenario_22_no_is_said_by_post_alone_and_once():
    round = make_round()
    invitation = invited(round)
    path = f"/taskforce/participation/invitation/{invitations.token_of(invitation)}/"
    browser = Browser()
    for method in ("get", "head", "options"):
        for _often in range(5):
            getattr(browser, method)(path)
    invitation.refresh_from_db()
    assert invitation.declined_at is None
    assert browser.post(path).status_code == 302
    invitation.refresh_from_db()
    first = invitation.declined_at
    assert first is not None
    browser.post(path)
    invitation.refresh_from_db()
    assert invitation.declined_at == first
    assert "We do not ask your government again" in browser.get(path).content.decode()
    assert browser.get(f"{path[:-3]}xx/").status_code == 404


def test_who_takes_part_already_cannot_say_no_by_the_invitation():
    round = make_round()
    invitation = invited(round)
    register(round, EMAIL, proposed_name="Jalisco")
    path = f"/taskforce/participation/invitation/{invitations.token_of(invitation)}/"
    answer = Browser().post(path)
    assert (answer.status_code, "can withdraw it" in answer.content.decode()) == (422, True)
    invitation.refresh_from_db()
    assert invitation.declined_at is None
