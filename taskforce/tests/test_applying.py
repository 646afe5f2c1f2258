"""Asking to sit in a group: by a form, confirmed by a link, decided at the desk."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.timezone import localdate

from conftest import Browser
from events.tests.acting import last_letter, letters_to
from hub.partners.tests.factories import make_user
from hub.tests.stamps import stamped
from taskforce import applying, membership
from taskforce.applying import Wish
from taskforce.kinds import Circle
from taskforce.models import GroupApplication, GroupMembership
from taskforce.tests.factories import make_government, make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
Status = GroupApplication.Status


def send(group, **said: str):
    answers = {
        "shown": stamped("ApplicationForm"),
        "organisation_name": "Region of Moors",
        "name": "Ana Ruiz",
        "email": "ana@moors.example",
        "circle": "core",
        "motivation": "We close a mine.",
        "language": "en",
    }
    return Browser().post(f"{group.get_absolute_url()}apply/", answers | said)


def open_group(**fields):
    return make_group(is_open_to_applications=True, **fields)


def received(group, email: str = "ana@moors.example", **said) -> GroupApplication:
    defaults = {
        "name": "Ana Ruiz",
        "organisation_name": "Region of Moors",
        "circle": Circle.CORE,
        "motivation": "We close a mine.",
    }
    return applying.confirm(applying.apply(group, Wish(email=email, **defaults | said)).pk)


def unsigned(path: str) -> str:
    """Where a signed link leads, not in which second it was signed."""
    return path.rsplit(":", 2)[0]


def test_from_the_call_to_the_members_pages():
    group, moors = open_group(call="We look for regions."), make_government("Region of Moors")
    assert "We look for regions." in Browser().get(group.get_absolute_url()).content.decode()
    form = Browser().get(f"{group.get_absolute_url()}apply/").content.decode()
    assert form.count('class="field__label"') == 6

    answer = send(group, organisation_name="region of  moors")
    assert answer["Location"].endswith("/apply/sent/")
    application = GroupApplication.objects.get()
    assert (application.status, application.organisation) == (Status.UNCONFIRMED, moors)
    path = applying.path_of(application)
    assert unsigned(path) in last_letter("ana@moors.example").text

    for _each in range(3):
        assert Browser().get(path).status_code == Browser().head(path).status_code == 200
    application.refresh_from_db()
    assert application.status == Status.UNCONFIRMED  # scenario 22: nothing is done by looking
    Browser().post(path, {"act": "confirm"})
    application.refresh_from_db()
    assert application.status == Status.RECEIVED

    seat = applying.accept(application.pk, make_user(), circle=Circle.OBSERVER, reason="Welcome.")
    assert (seat.organisation, seat.circle, seat.term.lower) == (moors, "observer", localdate())
    letter = last_letter("ana@moors.example")
    assert "Welcome." in letter.text
    assert "Observer" in letter.text
    link = membership.own_seats.path_of(seat)
    assert unsigned(link) in letter.text
    assert Browser().get(link).status_code == 200
    assert "Welcome." in Browser().get(path).content.decode()


def test_an_application_is_declined_with_a_reason_that_is_told():
    application = received(open_group())

    with pytest.raises(ValidationError, match="Say why"):
        applying.decline(application.pk, make_user(), "  ")
    applying.decline(application.pk, make_user(), "The group is full.")

    assert "The group is full." in last_letter("ana@moors.example").text
    assert "The group is full." in Browser().get(applying.path_of(application)).content.decode()
    with pytest.raises(ValidationError, match="does not wait"):
        applying.accept(application.pk, make_user(), circle=Circle.CORE)
    assert not GroupMembership.objects.exists()


def test_an_organisation_that_is_new_is_named_before_anybody_sits_for_it():
    application = received(open_group())

    with pytest.raises(ValidationError, match="Say which organisation"):
        applying.accept(application.pk, make_user(), circle=Circle.CORE)
    applying.accept(
        application.pk, make_user(), circle=Circle.CORE, organisation=make_government("Moors")
    )

    assert GroupMembership.objects.get().organisation.name == "Moors"


def test_09_10_the_same_form_sent_twice_is_one_application_and_one_letter():
    group = open_group()

    answers = {send(group)["Location"], send(group, email="ANA@moors.example")["Location"]}
    assert len(answers) == 1
    application = GroupApplication.objects.get()
    applying.confirm(application.pk)
    before = len(letters_to("ana@moors.example"))
    answers |= {send(group, motivation="Once more.")["Location"]}

    assert len(answers) == 1
    assert GroupApplication.objects.get().motivation == "We close a mine."
    again = letters_to("ana@moors.example")[before:]
    assert [letter.subject.startswith("You have applied already") for letter in again] == [True]

    applying.withdraw(application.pk)
    send(group)
    assert GroupApplication.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_09_eight_at_once_are_one_application():
    group = open_group()
    wish = Wish("ana@moors.example", "Ana", "Moors", "core", "We close a mine.")

    def ask(_number: int) -> int:
        try:
            return applying.apply(group, wish).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(ask, range(8)))

    assert len(keys) == 1
    assert len(letters_to("ana@moors.example")) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"is_open_to_applications": False},
        {"is_open_to_applications": True, "applications_until": localdate().replace(year=2020)},
    ],
)
def test_a_group_that_takes_no_applications_says_so_and_takes_none(fields):
    group = make_group(**fields)

    assert (
        "takes no applications now"
        in Browser().get(f"{group.get_absolute_url()}apply/").content.decode()
    )
    assert send(group).status_code == 422
    assert not GroupApplication.objects.exists()
    with pytest.raises(ValidationError, match="no applications"):
        received(group)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"organisation_name": ""}, "Say for which organisation."),
        ({"name": ""}, "Enter your name."),
        ({"name": "www.x.org"}, "without an address"),
        ({"email": "ana"}, "e-mail address"),
        ({"circle": "king"}, "Select a valid choice"),
        ({"motivation": ""}, "Say why you want"),
        ({"homepage": "x"}, "field for robots"),
        ({"shown": ""}, "quicker than we expect"),
    ],
)
def test_what_is_wrong_is_said_beside_what_stays(said, words):
    answer = send(open_group(), **said)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert "We close a mine." in html or "motivation" in said
    assert not GroupApplication.objects.exists()


def test_a_link_opens_its_own_application_alone():
    application = received(open_group())
    path = applying.path_of(application)

    assert Browser().get(path.replace(f"/{application.pk}:", "/999:")).status_code == 404
    assert Browser().get(f"/taskforce/members/{path.split('/')[-2]}/").status_code == 404
    answer = Browser().get(path)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert Browser().post(path, {"act": "rule"}).status_code == 422
