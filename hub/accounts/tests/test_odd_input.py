"""Whatever is typed or sent to the pages of an account, the answer is a page and never a failure."""

import pytest

from conftest import Browser
from hub.accounts.tests.acting import PASSWORD, make_member, sign_in, sign_up
from hub.models import Allowance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]

ODD = [
    *("", "\0", "a\0b@example.org", "\u202ea@example.org", "a@b\nBcc: c@example.org", "a@b\r\n"),
    *("x" * 10_000, "é" * 300 + "@example.org", "a@" + "b" * 300, "@", "a@b", '"<b>"@example.org'),
    *("ana@example.org\u0130", "İ@example.org", "ß@example.org", "'; DROP TABLE partners_user; --"),
    *("{{ 7 }}", "%00", "💥@example.org", "-1", "1e9", "[]", "{}"),
]
OPEN = ["login/", "signup/", "password/reset/", "confirm-email/", "login/second-step/"]
PRIVATE = [
    *("email/", "password/change/", "password/set/", "reauthenticate/", "reauthenticate/code/"),
    *("second-step/app/add/", "second-step/passkeys/add/", "second-step/recovery-codes/"),
    *("sessions/", "login/passkey/", "reauthenticate/passkey/", "second-step/app/remove/"),
]
FIELDS = [
    *("login", "email", "password", "password1", "oldpassword", "code", "credential", "name"),
    *("next", "action"),
]


def failures(browser: Browser, paths: list[str]) -> list[tuple]:
    browser.raise_request_exception = False
    found = []
    for path in paths:
        for odd in ODD:
            # All limits are free again: what is looked at is what comes after them.
            Allowance.objects.all().delete()
            read = browser.get(f"/account/{path}", {"next": odd, "email": odd})
            sent = browser.post(f"/account/{path}", dict.fromkeys(FIELDS, odd))
            found += [(path, odd[:40]) for answer in (read, sent) if answer.status_code >= 500]
    return found


def test_odd_input_of_a_visitor():
    browser = Browser()
    sign_up(browser, "new@example.org", PASSWORD)

    assert failures(browser, OPEN) == []


def test_odd_input_of_somebody_signed_in(client):
    make_member()
    sign_in(client, "ana@example.org")

    assert failures(client, PRIVATE) == []
    assert client.get("/account/sign-in/").status_code in (200, 302)


@pytest.mark.parametrize(
    "path",
    [
        "password/reset/0-a/",
        "password/reset/zzzzzzzzzzzzz-a/",
        "password/reset/zzzzzzzzzzzzzz-a/",
        "password/reset/1-set-password/",
        "password/reset/1-%00/",
        "password/reset/-1-a/",
        "second-step/passkeys/99999999999999999999/remove/",
    ],
)
def test_odd_addresses(client, path):
    make_member()
    sign_in(client, "ana@example.org")
    client.raise_request_exception = False

    assert client.get(f"/account/{path}").status_code in (200, 404)
