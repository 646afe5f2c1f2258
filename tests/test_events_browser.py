"""Somebody registers for an event, gets the mail, adds it to the calendar and cancels; who is next in line
is told. In a real browser, with scripts and without."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, BrowserContext, Page, expect

from events import release, seats
from events.models import Event
from events.tests.acting import enter, last_letter, statuses
from events.tests.factories import make_appearance, make_event, make_session
from hub import links
from tests.chromium import complaints_of, launched, served

pytestmark = pytest.mark.django_db(transaction=True)
LINK = re.compile(r"https?://\S+/registrations/\S+/")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def site(published_files: Path) -> Iterator[str]:
    with served() as site:
        yield site


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=request.param)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """An empty page; whatever it complains of fails the test."""
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints = complaints_of(page)
    yield page
    # The browser's own word on a form that is refused, which is answered with 422.
    assert [one for one in complaints if "status of 422" not in one] == []


@pytest.fixture
def event() -> Event:
    """A webinar with one seat."""
    return make_event(slug="coal-webinar", title="Coal webinar", capacity_online=1)


def followed(page: Page, site: str, email: str) -> None:
    """Open the link of the last letter to this address."""
    link = LINK.search(last_letter(email).text)[0]
    page.goto(link.replace(links.absolute("").rstrip("/"), site))


def test_register_get_the_mail_add_to_the_calendar_cancel_and_the_next_is_told(page, site, event):
    page.goto(f"{site}/events/coal-webinar/")
    page.get_by_role("link", name="Register").first.click()
    page.get_by_label("Your e-mail address").fill("ana@example.org")
    page.get_by_label("Your name").fill("Ana Ruiz")
    page.get_by_label("What you need to take part").fill("Captions")
    page.wait_for_timeout(2500)  # as long as people take at least
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    assert statuses(event) == {"ana": "confirmed"}
    bo = enter(event, "bo@example.org")
    assert bo.status == "waitlisted"

    followed(page, site, "ana@example.org")
    page.get_by_role("button", name="Yes, I want to come").click()
    expect(page.get_by_text("You have a seat.")).to_be_visible()
    assert last_letter("ana@example.org").calendar_method == "REQUEST"
    with page.expect_download() as download:
        page.get_by_role("link", name="Add it to your calendar").click()
    entry = Calendar.from_ical(Path(download.value.path()).read_bytes()).walk("VEVENT")[0]
    assert (entry["UID"], entry["SUMMARY"]) == (event.uid, "Coal webinar")

    page.get_by_role("link", name="Cancel your registration").click()
    page.get_by_role("button", name="Cancel the registration").click()
    expect(page.get_by_text("This registration is cancelled.")).to_be_visible()

    assert statuses(event) == {"ana": "cancelled", "bo": "confirmed"}
    assert last_letter("ana@example.org").calendar_method == "CANCEL"
    assert "There is a seat for you" in last_letter("bo@example.org").subject
    seats.confirm_address(bo.pk)
    followed(page, site, "bo@example.org")
    expect(page.get_by_text("You have a seat.")).to_be_visible()


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(page, site, event):
    page.goto(f"{site}/events/coal-webinar/register/")
    page.get_by_label("Your name").fill("Ana Ruiz")
    page.get_by_role("button", name="Register").click()

    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ana Ruiz")
    page.get_by_role("link", name="Enter your e-mail address.").click()
    expect(page.get_by_label("Your e-mail address")).to_be_focused()


def test_the_programme_on_paper(page, site, event):
    """A4 between its margins: every session with its hour and its people, and nothing to press."""
    for hour in (9, 11):
        start = event.starts_local.replace(hour=hour, minute=0)
        hours = {"starts_local": start, "ends_local": start + timedelta(hours=1)}
        session = make_session(event, title=f"Jobs at {hour}", **hours)
        make_appearance(session, "Ana Ruiz")
    release.release(event)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 680, "height": 960})
    page.goto(f"{site}/events/coal-webinar/")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("article.session")).to_have_count(2)
    for hour in (9, 11):
        slot = page.locator(".slot", has_text=f"Jobs at {hour}")
        expect(slot).to_contain_text(f"{hour}:00–")
        expect(slot.get_by_text("Ana Ruiz")).to_be_visible()
    pressed = page.locator("button, input, select, .button, .masthead__nav, .chips")
    assert [one.inner_text() for one in pressed.all() if one.is_visible()] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    paper = page.evaluate("getComputedStyle(document.body).colorScheme")
    assert paper == "light"
