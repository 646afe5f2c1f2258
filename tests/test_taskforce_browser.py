"""A government that the hub does not know, from the page of a round to an interview that is booked: on a
screen of 320 px, by the keyboard alone, and where no script runs."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import localdate, now
from playwright.sync_api import Browser, Page, expect

from events import wording
from events.tests.factories import make_material
from hub import links
from hub.partners.tests.factories import make_editor
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from taskforce import own
from taskforce.models import Interview, InterviewSlot, Participation, Round
from taskforce.tests.acting import last_letter
from taskforce.tests.factories import (
    make_action,
    make_contact,
    make_finding,
    make_government,
    make_interview,
    make_meeting,
    make_participation,
    make_round,
    make_slot,
)
from tests.chromium import complaints_of, launched, served
from tests.keyboard import Keyboard

pytestmark = pytest.mark.django_db(transaction=True)
MOST_PAGES, MOST_FIELDS, MOST_SECONDS = 3, 12, 5 * 60
# A person reads and types more slowly than a test: so long for a field, at least.
SECONDS_A_FIELD = 15
NARROW = {"width": 320, "height": 640}
FIELDS = "input:not([type=hidden], [tabindex='-1']), select, textarea"
LINK = re.compile(r"https?://\S+/taskforce/participation/\S+/")


class Visitor(Keyboard):
    """Counts the pages on which something has to be done, and the fields that stand there: those of
    one question, as the ways of taking part or the times, are one."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.pages = self.fields = 0

    def reads(self, heading: str) -> None:
        """Somebody looks at the page: it says what it is, and all of it fits the screen."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    def begins(self, heading: str) -> None:
        """The same of a page where something has to be done."""
        self.reads(heading)
        self.pages += 1
        asked = self.page.locator("main").locator(FIELDS).all()
        names = {one.get_attribute("name") for one in asked if one.is_visible()}
        self.fields += len(names)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def site(published_files: Path) -> Iterator[str]:
    with served() as site:
        yield site


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """An empty page; whatever it complains of fails the test."""
    context = browser.new_context(java_script_enabled=request.param, viewport=NARROW)
    page = context.new_page()
    page.set_default_timeout(30_000)
    complaints = complaints_of(page)
    yield page
    assert [one for one in complaints if "status of 422" not in one] == []
    context.close()


@pytest.fixture
def round() -> Round:
    """One that is open, in a hub that knows some countries."""
    make_term("Colombia", scheme=Scheme.PLACE, slug="colombia")
    return make_round(slug="autumn", title="Round of autumn", offers_interview=True)


@pytest.fixture
def slot(round: Round) -> InterviewSlot:
    """A time in a week or later; there are others after it."""
    interviewer = make_editor(round.owner)
    first, *_later = [make_slot(round, interviewer) for _number in range(4)]
    return first


def letter_of(email: str, site: str) -> str:
    """Where the link in the last letter leads."""
    link = LINK.search(last_letter(email).text)[0]
    return link.replace(links.absolute("").rstrip("/"), site)


def test_a_new_government_gets_from_the_round_to_its_interview(page, site, round, slot):
    visitor, begun = Visitor(page), time.monotonic()

    page.goto(f"{site}{round.get_absolute_url()}")
    visitor.begins("Round of autumn")
    visitor.open("Register a government")

    visitor.begins("Register a government")
    visitor.write("Which government do you speak for?", "Department of Cesar")
    visitor.write("Country (only if the government is not in the list)", "Colom")
    visitor.write("Your name", "Ana Ruiz")
    visitor.write("Your e-mail address", "ana@cesar.example")
    visitor.to("An interview")
    visitor.press(" ")
    visitor.write("Your time zone", "Bogot")
    visitor.to("Register")
    page.wait_for_timeout(2500)  # as long as people take at least
    visitor.open("Register")
    visitor.reads("Look into your mail")

    page.goto(letter_of("ana@cesar.example", site))
    visitor.begins("Department of Cesar")
    visitor.to(" ".join(page.locator("label:has([name=slot])").first.inner_text().split()))
    visitor.press(" ")
    visitor.open("Book this time")
    visitor.reads("Department of Cesar")
    expect(page.get_by_role("link", name="Choose another time")).to_be_visible()

    interview = Interview.objects.get()
    assert (interview.slot, interview.status) == (slot, Interview.Status.BOOKED)
    assert interview.participation.timezone == "America/Bogota"
    assert interview.participation.status == Participation.Status.REGISTERED
    seconds = time.monotonic() - begun + SECONDS_A_FIELD * visitor.fields
    print(f"{visitor.pages} pages, {visitor.fields} fields, {visitor.moves} moves, {seconds:.0f} s")
    assert visitor.pages <= MOST_PAGES
    assert visitor.fields <= MOST_FIELDS
    assert seconds < MOST_SECONDS


def test_the_passport_on_paper(page, site, round, slot):
    """A4 between its margins: all that it tells, with and without an interview, and nothing to press."""
    government = make_government("Lower Valley of the Rivers that carried the coal " * 3)
    participation = make_participation(
        round, government, working_group=True, priorities="Jobs " * 60, email="a@valley.example"
    )
    make_contact(participation, name="Bo Li", agreed_at=None)
    finding = make_finding(participation, "Retraining comes too late. " * 8, asked_at=now())
    meeting = make_meeting(round=round)
    make_action(meeting, "Send the figures", owner_government=government, due_on=localdate())
    make_material(meeting.event, "Paper on jobs", visibility="members", url="https://x.example/p")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 680, "height": 960})

    page.goto(f"{site}{own.path_of(participation.contact)}")
    expect(page.get_by_text("No time is chosen yet.")).to_be_visible()
    assert_on_paper(page)

    make_interview(participation, slot)
    page.reload()
    expect(page.get_by_text(wording.when_words(slot, participation.timezone))).to_be_visible()
    for words in (
        *("Next steps", "Activities", "Chosen", "Not chosen", "Send the figures", "Paper on jobs"),
        *(participation.contact.name, "Bo Li", str(meeting.event), finding.text[:40]),
    ):
        expect(page.locator("main").get_by_text(words).first).to_be_visible()
    assert_on_paper(page)


def assert_on_paper(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    pressed = page.locator("button, input, select, .button, .masthead__nav, .crumbs, summary")
    acts = page.locator("main a").filter(
        has_text=re.compile("Cancel|Choose another|Change what|Withdraw|Invite|Add it|no more")
    )
    shown = [one.inner_text() for one in (*pressed.all(), *acts.all()) if one.is_visible()]
    assert shown == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "light"


def test_times_of_many_weeks_are_folded_up_and_chosen_all_the_same(page, site, round):
    participation = make_participation(round)
    interviewer = make_editor(round.owner)
    monday = localdate() + timedelta(days=14 - localdate().weekday())
    slots = [
        make_slot(round, interviewer, f"{monday + timedelta(days=days)} {hour:02}:00")
        for days in (0, 2, 7, 14)
        for hour in (9, 11)
    ]

    page.goto(f"{site}{own.path_of(participation.contact)}")

    weeks = page.locator("details.slots__week")
    expect(weeks).to_have_count(3)
    assert [one.get_attribute("open") is not None for one in weeks.all()] == [True, False, False]
    expect(weeks.nth(0).locator("legend")).to_have_count(2)
    expect(weeks.nth(0).locator("summary")).to_contain_text("4 free times")
    page.get_by_role("button", name="Book this time").click()  # nothing is chosen
    expect(page.get_by_text("Choose one of the times.")).to_be_visible()
    last = page.locator("details.slots__week").last
    last.locator("summary").focus()
    page.keyboard.press("Enter")
    page.locator(f"[name=slot][value='{slots[-1].pk}']").check()
    page.get_by_role("button", name="Book this time").click()

    expect(page.get_by_role("link", name="Choose another time")).to_be_visible()
    assert Interview.objects.get().slot == slots[-1]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
