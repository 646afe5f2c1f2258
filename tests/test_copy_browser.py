"""A copy of the site, opened by a browser without any server."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from events.tests.factories import make_event
from hub.catalogue import services
from hub.portal.copying import checking, site
from hub.vocabulary.tests.factories import make_term
from knowledge.tests.factories import make_resource
from tests.chromium import complaints_of, launched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
# Pages that lie in files cannot fade into each other.
FADING = "ViewTransition opt-in disabled"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    silesia = make_term("Silesia", scheme="place", slug="silesia")
    for number in range(25):
        make_resource(f"Work {number}", terms=(silesia,))
    services.put(make_event(title="Coal week"))
    copier = site.Copier(tmp_path)
    assert copier.copy().faults == []
    copier.lead()
    assert list(checking.faults(tmp_path)) == []
    return tmp_path


@pytest.fixture
def page(copy: Path) -> Iterator[Page]:
    """An empty page that may ask no server; whatever it complains of fails the test."""
    with launched() as browser:
        page = _page(browser)
        complaints = complaints_of(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        yield page
        assert [url for url in asked if not url.startswith(("file://", "data:"))] == []
        assert [one for one in complaints if FADING not in one] == []


def _page(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 390, "height": 844}).new_page()


def test_somebody_goes_through_it_without_a_server(copy: Path, page: Page):
    page.goto(f"file://{copy}/index.html")
    expect(page.get_by_text("A copy of")).to_be_visible()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Library")
    page.get_by_role("link", name=re.compile("^(Next|2$)")).first.click()
    work = page.get_by_role("link", name=re.compile(r"^Work \d+$")).first
    title = work.inner_text()
    work.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="Silesia").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Silesia")
    for name in ("Places", "Events", "Taskforce"):
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Source')
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
