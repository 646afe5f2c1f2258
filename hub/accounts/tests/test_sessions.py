from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from conftest import Browser
from hub.accounts import agents, retention
from hub.accounts.tests.acting import is_signed_in, make_member, sign_in, sign_up
from hub.partners.models import Membership, User
from hub.partners.tests.factories import make_organisation, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def age(client: Browser, key: str, **time: int) -> None:
    session = client.session
    session[key] -= timedelta(**time).total_seconds()
    session.save()


def make_staff(email: str = "ed@example.org") -> User:
    editor = make_member(email)
    Membership.objects.create(user=editor, organisation=make_organisation(), role="editor")
    return editor


@pytest.mark.parametrize(
    ("key", "time", "staff", "member"),
    [
        ("seen_at", {"minutes": 59}, True, True),
        ("seen_at", {"minutes": 61}, False, True),
        ("signed_in_at", {"hours": 11, "minutes": 59}, True, True),
        ("signed_in_at", {"hours": 12, "minutes": 1}, False, False),
    ],
)
def test_sessions_end_after_twelve_hours_and_those_of_staff_after_an_idle_one(
    key, time, staff, member
):
    make_staff()
    make_member()
    found = []
    for email in ("ed@example.org", "ana@example.org"):
        browser = Browser()
        sign_in(browser, email)
        age(browser, key, **time)
        found.append(is_signed_in(browser))

    assert found == [staff, member]


def test_who_is_busy_at_the_desk_stays_and_not_past_twelve_hours(client):
    make_staff()
    sign_in(client, "ed@example.org")

    seen = []
    while client.session.get("signed_in_at"):
        age(client, "seen_at", minutes=50)
        age(client, "signed_in_at", minutes=50)
        seen.append(client.get("/admin/").status_code)

    assert seen == [200] * 14 + [302]


def test_an_ended_session_is_gone_from_the_server(client):
    make_staff()
    sign_in(client, "ed@example.org")
    key = client.session.session_key
    age(client, "seen_at", hours=2)

    client.get("/admin/")

    assert not Session.objects.filter(session_key=key).exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"password": "!"}])
def test_who_is_shut_out_is_out_with_the_next_request(client, change):
    user = make_member()
    sign_in(client, "ana@example.org")

    User.objects.filter(pk=user.pk).update(**change)

    assert not is_signed_in(client)


def test_one_sees_where_one_is_signed_in_and_signs_out_elsewhere(client):
    make_member()
    make_member("ben@example.org")
    elsewhere, bens = Browser(REMOTE_ADDR="192.0.2.7"), Browser()
    sign_in(elsewhere, "ana@example.org", **{"User-Agent": FIREFOX})
    sign_in(bens, "ben@example.org")
    sign_in(client, "ana@example.org", **{"User-Agent": ""})

    shown = client.get("/account/sessions/").context["sessions"]
    client.post("/account/sessions/")

    assert [(one["browser"], one["address"], one["is_this"]) for one in shown] == [
        ("A browser that does not say which", "127.0.0.1", True),
        ("Firefox on Linux", "192.0.2.7", False),
    ]
    assert [is_signed_in(one) for one in (client, elsewhere, bens)] == [True, False, True]


def test_one_signs_out_everywhere(client):
    make_member()
    elsewhere = Browser()
    sign_in(elsewhere, "ana@example.org")
    sign_in(client, "ana@example.org")

    response = client.post("/account/sessions/", {"everywhere": "yes"})

    assert response["Location"] == "/account/signed-out/"
    assert [is_signed_in(one) for one in (client, elsewhere)] == [False, False]
    assert not UserSession.objects.exists()


def test_of_a_network_of_new_addresses_its_beginning_is_kept(client):
    make_member()

    sign_in(Browser(REMOTE_ADDR="2001:db8:1:2:3:4:5:6"), "ana@example.org")

    assert UserSession.objects.get().ip == "2001:db8:1:2::"


def test_signing_out_takes_a_button(client):
    make_member()
    sign_in(client, "ana@example.org")

    client.get("/account/logout/")
    after_look = is_signed_in(client)
    client.post("/account/logout/")

    assert (after_look, is_signed_in(client)) == (True, False)


def test_a_public_page_of_somebody_signed_in_leaves_the_session_alone(client):
    make_member()
    sign_in(client, "ana@example.org")
    age(client, "seen_at", minutes=30)

    response = client.get("/about/")

    assert "Cookie" not in response["Vary"]
    assert dict(response.cookies) == {}


def test_every_night_what_has_run_out_is_forgotten(client):
    make_member()
    sign_in(client, "ana@example.org")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    retention.forget_sessions()

    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_sign_ups_that_nobody_confirmed_are_forgotten_after_a_week(client):
    for number in (1, 2):
        sign_up(Browser(), f"new{number}@example.org")
    make_user("of-the-desk@example.org")
    make_member("ana@example.org")
    long_ago = timezone.now() - timedelta(days=8)
    User.objects.exclude(email="new2@example.org").update(joined_at=long_ago)

    retention.forget_unverified()

    left = set(User.objects.values_list("email", flat=True))
    assert left == {"new2@example.org", "of-the-desk@example.org", "ana@example.org"}
    assert not EmailAddress.objects.filter(email="new1@example.org").exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130", "Edge on Windows"),
        ("<script>alert(1)</script>", "A browser that does not say which"),
        ("", "A browser that does not say which"),
    ],
)
def test_browsers_are_named_in_words(sent, words):
    assert agents.in_words(sent) == words
