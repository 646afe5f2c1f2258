"""What changes how somebody signs in is done with the letter that tells of it, or not at all."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection

from conftest import Browser
from hub.accounts import factors
from hub.accounts.tests.acting import (
    NEW_PASSWORD,
    PASSWORD,
    add_app,
    code_for,
    link_for,
    make_member,
    shown,
    sign_in,
    sign_up,
)
from hub.audit.models import Access
from hub.partners.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def break_the_post() -> None:
    """From now on no letter can be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'the post is broken'; END $$;
            CREATE TRIGGER broken BEFORE INSERT ON notices_message
                FOR EACH ROW EXECUTE FUNCTION pg_temp.refuse();
            """
        )


def state_of(user: User) -> tuple:
    fresh = User.objects.get(pk=user.pk)
    return (
        fresh.email,
        fresh.password,
        sorted(Authenticator.objects.values_list("type", "data")),
        sorted(EmailAddress.objects.values_list("email", "verified")),
        sorted(Access.objects.exclude(act="signed_in").values_list("act", flat=True)),
    )


def change_password(browser: Browser) -> None:
    browser.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW_PASSWORD})


def set_password(browser: Browser) -> None:
    browser.post("/account/password/set/", {"password1": NEW_PASSWORD})


def reset_password(browser: Browser) -> None:
    browser.post(browser.reset_form, {"password1": NEW_PASSWORD})


def ask_for_another_address(browser: Browser) -> None:
    browser.post("/account/email/", {"email": "new@example.org"})


def add_an_app(browser: Browser) -> None:
    code = shown(browser.session["mfa.totp.secret"])
    browser.post("/account/second-step/app/add/", {"code": code})


def remove_the_app(browser: Browser) -> None:
    browser.post("/account/second-step/app/remove/")


def make_recovery_codes(browser: Browser) -> None:
    browser.post("/account/second-step/recovery-codes/")


def take_another_address(browser: Browser) -> None:
    browser.post("/account/confirm-email/", {"code": code_for("new@example.org")})


ACTS = [
    *(change_password, set_password, reset_password, take_another_address),
    *(add_an_app, remove_the_app, make_recovery_codes),
]


def prepared(act, user: User) -> Browser:
    """A browser on the page on which the act is done."""
    browser = Browser()
    if act is reset_password:
        browser.post("/account/password/reset/", {"email": user.email})
        browser.reset_form = browser.get(link_for(user.email))["Location"]
        return browser
    sign_in(browser, user.email)
    if act is set_password:
        user.set_unusable_password()
        user.save()
        browser.force_login(user)
    if act is add_an_app:
        browser.get("/account/second-step/app/add/")
    if act in (remove_the_app, make_recovery_codes):
        add_app(user)
        factors.new_recovery_codes(user)
    if act is take_another_address:
        ask_for_another_address(browser)
    return browser


@pytest.mark.parametrize("act", ACTS)
def test_no_act_without_its_letter(act):
    user = make_member()
    browser = prepared(act, user)
    before = state_of(user)
    break_the_post()
    browser.raise_request_exception = False

    act(browser)

    assert state_of(user) == before


@pytest.mark.parametrize("act", ACTS)
def test_with_the_post_in_order_each_act_changes_something(act):
    user = make_member()
    browser = prepared(act, user)
    before = state_of(user)

    act(browser)

    assert state_of(user) != before


def test_no_sign_up_without_its_code():
    break_the_post()
    browser = Browser()
    browser.raise_request_exception = False

    sign_up(browser, "new@example.org")

    assert not User.objects.exists()
