"""Signing in with a real browser, under the Content Security Policy of production."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hub import links
from hub.accounts import factors
from hub.accounts.tests.acting import (
    PASSWORD,
    add_app,
    code_for,
    make_member,
    shown,
)
from hub.contact import services as letters
from hub.guarded import SOONEST
from hub.members import invitations
from hub.partners.models import User
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from tests.chromium import complaints_of, launched, served

pytestmark = pytest.mark.django_db(transaction=True)
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(published_files: Path) -> Iterator[str]:
    """The address of a running hub, to whose host passkeys belong."""
    with served(BASE_URL="http://localhost") as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty page; whatever it complains of fails the test."""
    page = context.new_page()
    page.set_default_timeout(15_000)
    complaints = complaints_of(page)
    yield page
    assert complaints == []


def give_key(page: Page, **options: object) -> tuple:
    """Plug a security key into the browser; answers how to speak to it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**KEY, **options}})
    return session, made["authenticatorId"]


def sign_in(page: Page, site: str, email: str = "ana@example.org") -> None:
    page.goto(f"{site}/account/login/?next=/account/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, site: str, name: str = "My phone") -> None:
    page.goto(f"{site}/account/second-step/passkeys/add/")
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")


def is_at_ways_in(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Signing in")


def test_a_passkey_is_added_signs_in_and_is_removed(page, site):
    user = make_member()
    give_key(page)
    sign_in(page, site)
    add_passkey(page, site)
    sign_out(page, site)

    page.goto(f"{site}/account/login/?next=/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_at_ways_in(page)

    page.goto(f"{site}/account/second-step/")
    page.get_by_role("link", name="Remove My phone").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("The passkey is removed.")).to_be_visible()
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_passkey_is_the_second_step_after_a_password(page, site):
    make_member()
    give_key(page)
    sign_in(page, site)
    add_passkey(page, site)
    sign_out(page, site)

    sign_in(page, site)
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey").click()

    is_at_ways_in(page)


def test_a_passkey_says_once_more_who_it_is(page, site, context):
    user = make_member()
    give_key(page)
    sign_in(page, site)
    add_passkey(page, site)
    User.objects.get(pk=user.pk)
    sign_out(page, site)
    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site}/account/")

    page.goto(f"{site}/account/reauthenticate/passkey/?next=/account/sign-in/")
    page.get_by_role("button", name="Use a passkey").click()

    is_at_ways_in(page)


def test_a_passkey_that_is_cancelled_or_known_already_is_told_in_words(page, site):
    make_member()
    session, key = give_key(page)
    sign_in(page, site)
    add_passkey(page, site)

    page.goto(f"{site}/account/second-step/passkeys/add/")
    page.get_by_role("button", name="Add a passkey").click()
    known = page.get_by_role("alert").filter(has_text="has a passkey of this account already")
    expect(known).to_be_visible()

    session.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    sign_out(page, site)
    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Nothing was done")).to_be_visible()


def test_a_key_that_knows_no_owner_does_not_become_a_passkey(page, site):
    user = make_member()
    give_key(page, hasUserVerification=False, isUserVerified=False)
    sign_in(page, site)

    page.goto(f"{site}/account/second-step/passkeys/add/")
    page.get_by_role("button", name="Add a passkey").click()

    expect(page.get_by_role("alert").filter(has_text="Nothing was done")).to_be_visible()
    assert not Authenticator.objects.filter(user=user).exists()


def test_an_app_is_set_up_and_then_asked_for(page, site):
    user = make_member()
    sign_in(page, site)
    page.goto(f"{site}/account/second-step/app/add/")
    page.get_by_text("I cannot scan it").click()
    used = shown(page.locator("code").inner_text())
    page.get_by_label("Code from the app").fill(used)
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_role("button", name="Make recovery codes").click()
    listed = page.locator(".account__codes code")
    # Reading all texts does not wait for the page that shows them; this does.
    expect(listed).to_have_count(10)
    codes = listed.all_inner_texts()
    sign_out(page, site)

    sign_in(page, site)
    page.get_by_label("Code").fill(used)
    page.get_by_role("button", name="Sign in").click()
    replayed = page.get_by_role("alert").filter(has_text="or it has been used")
    expect(replayed).to_be_visible()
    page.get_by_label("Code").fill(codes[3])
    page.get_by_role("button", name="Sign in").click()

    is_at_ways_in(page)
    assert factors.recovery_codes_left(user) == 9


def test_everything_but_passkeys_works_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/account/signup/")
    page.get_by_label("E-mail address").fill("new@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.wait_for_timeout(1000 * (SOONEST.total_seconds() + 1.1))
    page.get_by_role("button", name="Make an account").click()
    page.get_by_label("Code").fill(code_for("new@example.org"))
    page.get_by_role("button", name="Go on").click()

    page.goto(f"{site}/account/second-step/passkeys/add/")
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    page.goto(f"{site}/account/second-step/app/add/")
    page.get_by_text("I cannot scan it").click()
    page.get_by_label("Code from the app").fill(shown(page.locator("code").inner_text()))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    context.close()


OPEN = ["login/", "signup/", "password/reset/", "password/reset/sent/", "signed-out/"]
PRIVATE = [
    *("sign-in/", "email/", "password/change/", "second-step/", "second-step/app/add/"),
    *("second-step/passkeys/add/", "sessions/", "logout/", "reauthenticate/"),
    *("second-step/app/remove/", "second-step/recovery-codes/"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_no_page_has_a_barrier_or_moves_sideways(page, site, scheme, width):
    make_member()
    member = make_member("ben@example.org")
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    faults = []

    def look(path: str) -> None:
        found = Axe().run(page).response["violations"]
        faults.extend((path, one["id"], one["nodes"][0]["html"][:120]) for one in found)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append((path, "moves sideways", ""))

    for path in OPEN:
        page.goto(f"{site}/account/{path}")
        look(path)
    page.goto(f"{site}/account/login/")
    page.get_by_role("button", name="Sign in", exact=True).click()
    look("login/ with errors")
    sign_in(page, site)
    for path in PRIVATE:
        if path == "second-step/app/remove/":
            add_app(User.objects.get(email="ana@example.org"))
        page.goto(f"{site}/account/{path}")
        look(path)
    sign_out(page, site)
    add_app(member)
    sign_in(page, site, member.email)
    look("login/second-step/")

    assert faults == []


def test_an_invitation_is_accepted_by_its_button(page, site):
    ana = make_member()
    own = make_organisation("Coal Valley Institute")
    letter = invitations.invite(make_editor(own), own, ana.email, "author").get_absolute_url()
    sign_in(page, site)
    page.wait_for_url("**/account/sign-in/")

    page.goto(site + letter)
    page.get_by_role("button", name="Accept").click()

    expect(page.get_by_role("heading", name="My page")).to_be_visible()
    assert ana.memberships.get().role == "author"


def test_a_letter_is_sent_by_its_button(page, site):
    person = make_person("Ana Ríos", email="ana@example.org")
    told = {"name": "Ben", "email": "ben@example.org", "words": "How?", "language": "en"}
    letter = letters.write(person, **told)

    page.goto(f"{site}/letters/{links.sign(letters.PURPOSE, letter)}/")
    page.get_by_role("button", name="Send it").click()

    expect(page.get_by_role("heading", name="Your letter is on its way")).to_be_visible()
