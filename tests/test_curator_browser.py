"""A report with its PDF, in two languages, with what it is about, from the desk's first page to its
readers: by the keyboard alone, and once more where no script runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django import DjangoDbBlocker

from conftest import committed_starting_content
from hub.accounts.sessions import begin
from hub.partners.models import Organisation, User
from hub.partners.tests.factories import make_editor
from hub.tests.pdfs import make_pdf
from knowledge.models import Resource
from tests.chromium import PLAIN, complaints_of, launched, served
from tests.keyboard import MOST_MOVES, Keyboard

pytestmark = pytest.mark.django_db

MOST_ACTS = 40
REPORT = make_pdf("What became of the miners\nAfter the last shift", "Page two")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def editor(starter_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """An editor of a partner, at a hub with the real starting content."""
    with committed_starting_content(starter_database, django_db_blocker):
        partner = Organisation.objects.get(name="International Labour Organization")
        editor = make_editor(partner, email="ana@example.org", name="Ana")
        EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)
        yield editor


@pytest.fixture(scope="module")
def cookie(editor: User, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Of the editor, who has just signed in."""
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(editor)
        session = client.session
        begin(session)
        session.save()
    return {"name": PLAIN["SESSION_COOKIE_NAME"], "value": session.session_key}


@pytest.fixture(scope="module")
def site(editor: User) -> Iterator[str]:
    """The address of the running hub."""
    with served() as address:
        yield address


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(REPORT)
    return path


@contextmanager
def desk(browser: Browser, site: str, cookie: dict[str, str], **wishes: object) -> Iterator[Page]:
    """The desk's first page."""
    context = browser.new_context(**wishes)
    context.add_cookies([{**cookie, "url": site}])
    page = context.new_page()
    page.set_default_timeout(30_000)
    # From now on: who only begins to listen as a chooser opens may be too late for it.
    page.on("filechooser", lambda _chooser: None)
    page.complaints = complaints_of(page)
    page.goto(f"{site}/admin/")
    yield page
    context.close()


def test_a_report_is_published_by_the_keyboard_in_under_40_acts(browser, site, cookie, report):
    with desk(browser, site, cookie) as page:
        hands = Keyboard(page)

        hands.open("Add a resource")
        hands.write("Kind", "rep")
        hands.write("Original language", "Eng")
        hands.write("Title", "After the last shift")
        hands.write("Summary", "What became of the miners when the pits were shut.")
        hands.to("Add a language")
        hands.press()
        hands.on()
        hands.write("Language", "Span")
        hands.write("Title", "Después del último turno")
        hands.write("Summary", "Qué fue de los mineros cuando se cerraron las minas.")
        hands.choose_file("PDF", report)
        hands.look_up("Topics, sectors and places", "coal phase-out")
        hands.look_up("Topics, sectors and places", "colombia")
        hands.look_up("Topics, sectors and places", "coal mining")
        hands.open("Save and publish …")
        hands.open("Publish")

        expect(page.locator(".messagelist")).to_contain_text("After the last shift: Published.")
        print(f"{hands.acts} acts, {hands.moves} moves")
        assert hands.acts < MOST_ACTS
        assert hands.moves < MOST_MOVES
        assert page.complaints == []
    its_readers_have_it(browser, site)


def test_a_row_of_buttons_is_one_stop_and_a_new_part_is_gone_on_in(browser, site, cookie):
    with desk(browser, site, cookie) as page:
        hands = Keyboard(page)
        here = page.locator("*:focus")

        hands.open("Add a resource")
        hands.to("Subtitle")
        hands.on()
        expect(here).to_have_attribute("title", "paragraph")
        hands.press("ArrowRight")
        expect(here).to_have_attribute("title", "unordered list")
        hands.on()
        expect(here).to_have_attribute("role", "textbox")
        page.keyboard.press("Shift+Tab")
        expect(here).to_have_attribute("title", "unordered list")
        hands.to("Add a language")
        hands.press()
        hands.to("Add another language")
        hands.press(" ")
        expect(here).to_have_attribute("id", "id_editions-2-language")
        assert page.complaints == []


def test_a_report_is_published_where_no_script_runs(browser, site, cookie, report):
    with desk(browser, site, cookie, java_script_enabled=False) as page:
        page.get_by_role("link", name="Add a resource").click()
        page.locator("#id_kind").select_option("report")
        page.locator("#id_original_language").select_option("en")
        page.locator("#id_editions-0-title").fill("After the last train")
        page.locator("#id_editions-0-summary").fill("What became of the miners.")
        page.get_by_text("Add a language", exact=True).click()
        page.locator("#id_editions-1-language").select_option("es")
        page.locator("#id_editions-1-title").fill("Después del último turno")
        page.locator("#id_editions-1-summary").fill("Qué fue de los mineros.")
        page.locator("#id_files-0-upload").set_input_files(report)
        page.locator("#all-terms").select_option(
            label=["Coal phase-out", "Colombia", "Coal mining"]
        )
        page.get_by_role("button", name="Save and publish …").click()
        page.get_by_role("button", name="Publish").click()

        expect(page.locator(".messagelist")).to_contain_text("After the last train: Published.")
    its_readers_have_it(browser, site, "After the last train")


def test_who_made_a_mistake_begins_where_it_is(browser, site, cookie):
    with desk(browser, site, cookie) as page:
        hands = Keyboard(page)

        hands.open("Add a resource")
        hands.write("Kind", "rep")
        hands.write("Original language", "Eng")
        hands.open("Save")

        expect(page.locator("#id_editions-0-title")).to_be_focused()
        expect(page.locator(".field-title .errorlist")).to_have_text(
            "The original needs the title of the work."
        )
        hands.write("Title", "After the last bus")
        hands.open("Save")
        expect(page.locator(".messagelist")).to_contain_text("was added successfully")


def its_readers_have_it(browser: Browser, site: str, title: str = "After the last shift") -> None:
    """The page says what was written, its file is the report, and its terms lead to it."""
    resource = Resource.objects.get(editions__title=title)
    terms = {str(term) for term in resource.terms.all()}
    assert terms == {"Coal phase-out", "Colombia", "Coal mining"}
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}{resource.get_absolute_url()}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("main")).to_contain_text("What became of the miners")
    expect(page.locator("main")).to_contain_text("In Spanish: Después del último turno")
    download = page.locator("main a[href$='.pdf']").first.get_attribute("href")
    answer = page.request.get(urljoin(site, download))
    assert (answer.status, answer.body()) == (200, REPORT)
    for term in resource.terms.all():
        listed = f"{site}/resources/?{term.scheme}={term.slug}&q={title.split()[-1]}"
        page.goto(listed)
        expect(page.get_by_role("link", name=title).first).to_be_visible()
    context.close()
