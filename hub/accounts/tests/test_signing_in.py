import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command

from conftest import Browser
from hub.accounts.tests.acting import (
    NEW_PASSWORD,
    PASSWORD,
    add_app,
    code_for,
    is_signed_in,
    letters,
    link_for,
    make_member,
    shown,
    sign_in,
    sign_up,
)
from hub.audit.models import Access
from hub.models import Allowance
from hub.partners.models import User
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.stamps import stamped
from tests.pages import Page

pytestmark = pytest.mark.django_db


def test_a_person_signs_up_with_a_code_from_their_mail(client):
    sign_up(client, "Ana@Example.org")
    before = is_signed_in(client)

    response = client.post("/account/confirm-email/", {"code": code_for("ana@example.org")})

    address = EmailAddress.objects.get()
    assert (before, response.status_code, response["Location"]) == (False, 302, "/account/")
    assert is_signed_in(client)
    assert (address.email, address.verified, address.primary) == ("ana@example.org", True, True)
    assert letters("ana@example.org") == ["email_confirmation_signup"]


def test_a_code_is_good_for_five_tries(client):
    sign_up(client, "ana@example.org")
    code = code_for("ana@example.org")
    for _ in range(5):
        client.post("/account/confirm-email/", {"code": "0000-0000"})

    client.post("/account/confirm-email/", {"code": code})

    assert not is_signed_in(client)
    assert not EmailAddress.objects.filter(verified=True).exists()


def test_whoever_lost_their_code_signs_up_once_more(client):
    lost = Browser()
    sign_up(lost, "ana@example.org", "somebody else's guess")
    first = code_for("ana@example.org")
    Allowance.objects.all().delete()

    sign_up(client, "Ana@example.org")
    for code in (code_for("ana@example.org"), first):
        lost.post("/account/confirm-email/", {"code": code})
    client.post("/account/confirm-email/", {"code": code_for("ana@example.org")})

    assert letters("ana@example.org") == ["email_confirmation_signup"] * 2
    assert (is_signed_in(client), is_signed_in(lost)) == (True, False)
    assert sign_in(Browser(), "ana@example.org", "somebody else's guess").status_code == 200


@pytest.mark.parametrize("fields", [{}, {"is_secretariat": True}])
def test_an_account_of_the_desk_is_nothing_to_sign_up_over(client, fields):
    account = make_user("ana@example.org", **fields)
    EmailAddress.objects.create(user=account, email=account.email, verified=bool(not fields))

    sign_up(client, "ana@example.org")

    assert letters("ana@example.org") == ["account_already_exists"]
    assert User.objects.get().check_password(PASSWORD)


def test_a_code_of_one_browser_is_worth_nothing_in_another(client):
    sign_up(client, "ana@example.org")
    other = Browser()
    sign_up(other, "ben@example.org")

    other.post("/account/confirm-email/", {"code": code_for("ana@example.org")})

    assert not is_signed_in(other)


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "This password is too short. It must contain at least 12 characters."),
        ("x" * 129, "Use a password of at most 128 characters."),
        ("startfinding", "This password is too common."),
        ("ana@example.org", "The password is too similar to the e-mail address."),
    ],
)
def test_a_password_that_is_none_is_refused_in_words(client, password, said):
    response = sign_up(client, "ana@example.org", password)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert not User.objects.exists()


def test_a_password_of_128_characters_in_any_script_is_taken(client):
    password = "уголь " * 21 + "да"
    sign_up(client, "ana@example.org", password)
    client.post("/account/confirm-email/", {"code": code_for("ana@example.org")})
    client.post("/account/logout/")

    sign_in(client, "ana@example.org", password)

    assert (len(password), is_signed_in(client)) == (128, True)


def test_an_address_of_any_case_signs_in(client):
    make_member("Ana.Ruiz@Example.org")

    response = sign_in(client, "ANA.ruiz@example.ORG")

    assert (response.status_code, response["Location"]) == (302, "/account/")


def test_staff_come_to_their_desk_and_others_to_their_account(client):
    editor = make_editor(make_organisation(), email="ed@example.org")
    EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)

    assert sign_in(client, "ed@example.org")["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/admin/partners/person/", "/admin/partners/person/"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("/\\evil.example", "/account/"),
        ("javascript:alert(1)", "/account/"),
    ],
)
def test_one_is_led_on_within_the_hub_alone(client, wanted, where):
    make_member()

    data = {"login": "ana@example.org", "password": PASSWORD, "next": wanted}
    response = client.post("/account/login/", data)

    assert response["Location"] == where


def test_the_session_has_another_key_after_signing_in(client):
    make_member()
    client.get("/account/login/passkey/")
    before = client.session.session_key

    sign_in(client, "ana@example.org")

    assert before is not None
    assert client.session.session_key != before


def test_whoever_has_not_confirmed_their_address_is_sent_a_code(client):
    make_user("ana@example.org")

    response = sign_in(client, "ana@example.org")

    assert response["Location"] == "/account/confirm-email/"
    client.post("/account/confirm-email/", {"code": code_for("ana@example.org")})
    assert is_signed_in(client)


def test_the_first_administrator_needs_no_mail(client, monkeypatch):
    monkeypatch.setenv("ADMIN_EMAIL", "Root@Example.org")
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    call_command("ensure_administrator")
    client.get("/account/password/reset/1-abc-def/")

    response = sign_in(client, "root@example.org")

    assert response["Location"] == "/admin/"
    assert letters("root@example.org") == []


def test_a_new_password_by_mail_ends_all_other_sessions_and_signs_in(client):
    make_member()
    elsewhere = Browser()
    sign_in(elsewhere, "ana@example.org")
    client.post("/account/password/reset/", {"email": "ANA@example.org"})

    form = client.get(link_for("ana@example.org"))["Location"]
    response = client.post(form, {"password1": NEW_PASSWORD})

    assert response["Location"] == "/account/"
    assert "Your new password holds" in client.get("/account/sign-in/").content.decode()
    assert (is_signed_in(client), is_signed_in(elsewhere)) == (True, False)
    assert letters("ana@example.org") == ["password_reset_key", "password_reset"]
    assert client.get(form).status_code == 200
    assert client.post(form, {"password1": "yet another sentence"}).status_code == 200
    assert sign_in(Browser(), "ana@example.org", NEW_PASSWORD).status_code == 302


def test_a_new_password_by_mail_leaves_the_second_step_to_be_taken(client):
    secret = add_app(make_member())
    client.post("/account/password/reset/", {"email": "ana@example.org"})
    form = client.get(link_for("ana@example.org"))["Location"]
    response = client.post(form, {"password1": NEW_PASSWORD})

    assert response["Location"] == "/account/login/second-step/"
    assert not is_signed_in(client)
    client.post("/account/login/second-step/", {"code": shown(secret)})
    assert is_signed_in(client)


def test_who_fills_in_what_nobody_sees_gets_no_account(client):
    response = sign_up(client, "bot@example.org", homepage="https://x.example")

    assert "Leave the field for robots empty" in response.content.decode()
    assert not User.objects.filter(email="bot@example.org").exists()
    assert letters("bot@example.org") == []


@pytest.mark.parametrize(("form", "seconds"), [("", 9), ("LetterForm", 9), ("SignUpForm", 0)])
def test_a_sign_up_that_is_too_quick_or_of_no_form_is_asked_for_once_more(client, form, seconds):
    stamp = stamped(form, seconds) if form else ""
    response = sign_up(client, "ana@example.org", shown=stamp)

    page = response.content.decode()
    assert "That was quicker than we expect of people. Please send it once more." in page
    assert 'value="ana@example.org"' in page
    assert letters("ana@example.org") == []


def test_another_password_ends_the_other_sessions(client):
    make_member()
    elsewhere = Browser()
    sign_in(elsewhere, "ana@example.org")
    sign_in(client, "ana@example.org")

    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD}
    client.post("/account/password/change/", data)

    assert (is_signed_in(client), is_signed_in(elsewhere)) == (True, False)
    assert letters("ana@example.org") == ["password_changed"]
    assert Access.objects.filter(act="password_changed").exists()


def test_another_address_holds_once_its_code_is_typed_in_and_the_old_one_is_told(client):
    user = make_member("ana@example.org")
    sign_in(client, "ana@example.org")

    client.post("/account/email/", {"email": "new@example.org"})
    user.refresh_from_db()
    before = user.email
    client.post("/account/confirm-email/", {"code": code_for("new@example.org")})

    user.refresh_from_db()
    assert (before, user.email) == ("ana@example.org", "new@example.org")
    assert [address.email for address in EmailAddress.objects.all()] == ["new@example.org"]
    assert letters("new@example.org") == ["email_confirmation"]
    assert letters("ana@example.org") == ["email_changed"]


@pytest.mark.parametrize("taken", ["ben@example.org", "Ben@Example.org"])
def test_an_address_of_another_account_is_never_taken_over(client, taken):
    make_user(taken)
    user = make_member("ana@example.org")
    sign_in(client, "ana@example.org")
    client.post("/account/email/", {"email": "ben@example.org"})

    response = client.post("/account/confirm-email/", {"code": code_for("ben@example.org")})

    user.refresh_from_db()
    assert user.email == "ana@example.org"
    assert "Another account has this e-mail address." in response.content.decode()


def test_what_matters_asks_who_one_is_once_more_after_a_while(client):
    make_member()
    sign_in(client, "ana@example.org")
    session = client.session
    session["signed_in_at"] -= 11 * 60
    session.save()
    paths = [
        "/account/second-step/app/add/",
        "/account/second-step/passkeys/add/",
    ]

    asked = {path: client.get(path)["Location"].partition("?")[0] for path in paths}
    changed = client.post("/account/email/", {"email": "new@example.org"})

    assert asked == dict.fromkeys(paths, "/account/reauthenticate/")
    assert changed["Location"].startswith("/account/reauthenticate/")
    assert letters("new@example.org") == []
    again = client.post(changed["Location"], {"password": PASSWORD})
    assert again["Location"] == "/account/confirm-email/"
    assert letters("new@example.org") == ["email_confirmation"]


def test_pages_of_an_account_are_kept_and_found_by_nobody(client):
    make_member()
    sign_in(client, "ana@example.org")
    paths = ["sign-in/", "email/", "password/change/", "second-step/", "sessions/", "logout/"]

    for path in paths:
        response = client.get(f"/account/{path}")
        page = Page(response.content.decode())
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert (response["X-Robots-Tag"], page.robots) == ("noindex", "noindex")
        assert (page.count("h1"), page.inline_code, page.foreign) == (1, [], set())


def test_a_page_whose_address_holds_a_token_tells_no_site_of_it(client):
    response = client.get("/account/password/reset/1-abc-def/")

    assert (response.status_code, response["Referrer-Policy"]) == (200, "no-referrer")
    assert Page(response.content.decode()).count("form") == 0
