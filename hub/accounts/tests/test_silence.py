"""No answer tells whether an address has an account; the truth goes to the address by mail."""

import re

import pytest
from django.contrib.auth import hashers

from conftest import Browser
from hub.accounts.tests.acting import NEW_PASSWORD, letters, make_member, sign_in, sign_up
from hub.partners.tests.factories import make_user
from hub.tests.stamps import stamped

pytestmark = pytest.mark.django_db

# What differs each time that a form is shown.
OWN = re.compile(rb'name="(csrfmiddlewaretoken|shown)" value="[^"]+"')
KNOWN, UNKNOWN = "known@example.org", "never@example.org"
NEW_ACCOUNT = {
    "email": "ADDRESS",
    "password1": NEW_PASSWORD,
    "shown": stamped("SignUpForm"),
}
ACTS = {
    "sign-in": [("login/", {"login": "ADDRESS", "password": "not the password"})],
    "sign-up": [("signup/", NEW_ACCOUNT)],
    "sign-up refused": [("signup/", NEW_ACCOUNT | {"password1": "short"})],
    "wrong codes": [
        ("signup/", NEW_ACCOUNT),
        ("confirm-email/", None),
        *[("confirm-email/", {"code": "0000-0000"})] * 5,
        ("confirm-email/", None),
    ],
    "another code": [
        ("signup/", NEW_ACCOUNT),
        ("confirm-email/", {"action": "resend"}),
        ("confirm-email/", {"action": "resend"}),
    ],
    "reset": [("password/reset/", {"email": "ADDRESS"}), ("password/reset/sent/", None)],
    "reset again": [("password/reset/", {"email": "ADDRESS"})] * 3,
    "many passwords": [("login/", {"login": "ADDRESS", "password": "no"})] * 12,
}


def answers(act: str, address: str, client_address: str) -> list[tuple]:
    """All that a browser is told: status, headers, names of cookies, and the page."""
    browser = Browser(REMOTE_ADDR=client_address)
    told = []
    for path, data in ACTS[act]:
        url = f"/account/{path}"
        if data is None:
            response = browser.get(url)
        else:
            filled = {key: value.replace("ADDRESS", address) for key, value in data.items()}
            response = browser.post(url, filled)
        page = OWN.sub(b"", response.content).replace(address.encode(), b"ADDRESS")
        headers = {name: value for name, value in response.items() if name != "X-Request-ID"}
        cookies = {
            name: {key: value for key, value in cookie.items() if key != "expires"}
            for name, cookie in response.cookies.items()
        }
        told.append((response.status_code, headers, cookies, page))
    return told


@pytest.mark.parametrize("kind", ["verified", "unverified", "closed", "without a password"])
@pytest.mark.parametrize("act", ACTS)
def test_a_known_address_is_answered_like_an_unknown_one(published_files, act, kind):
    if kind == "verified":
        make_member(KNOWN)
    else:
        user = make_user(KNOWN, is_active=kind != "closed")
        if kind == "without a password":
            user.set_unusable_password()
            user.save()

    known, unknown = answers(act, KNOWN, "192.0.2.1"), answers(act, UNKNOWN, "192.0.2.2")

    assert len(known) == len(ACTS[act])
    assert known == unknown


def test_whoever_has_been_deactivated_is_unknown_even_with_their_password(published_files):
    make_member(KNOWN, is_active=False)
    right, unknown = Browser(), Browser()

    pages = [
        OWN.sub(b"", sign_in(browser, email).content).replace(email.encode(), b"")
        for browser, email in [(right, KNOWN), (unknown, UNKNOWN)]
    ]

    assert pages[0] == pages[1]


def test_the_truth_goes_by_mail(client):
    make_member(KNOWN)
    for address in (KNOWN, UNKNOWN):
        Browser().post("/account/password/reset/", {"email": address})
        sign_up(Browser(), address)

    assert letters(KNOWN) == ["password_reset_key", "account_already_exists"]
    assert letters(UNKNOWN) == ["unknown_account", "email_confirmation_signup"]


class CountingHasher(hashers.MD5PasswordHasher):
    algorithm = "counting"
    done: list[str] = []

    def encode(self, password: str, salt: str) -> str:
        self.done.append(password)
        return super().encode(password, salt)


@pytest.mark.parametrize("act", ["sign-in", "sign-up"])
@pytest.mark.parametrize("kind", ["known", "unknown", "without a password"])
def test_one_password_is_hashed_whether_the_address_is_known_or_not(
    published_files, settings, act, kind
):
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    user = make_member(KNOWN)
    if kind == "without a password":
        user.set_unusable_password()
        user.save()
    CountingHasher.done.clear()

    answers(act, UNKNOWN if kind == "unknown" else KNOWN, "192.0.2.1")

    assert len(CountingHasher.done) == 1
