"""Nothing sticks out, is cut off, stands on something else or is too small to hit, on any page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import open_page, window
from tests.browser.itinerary import every_page
from tests.chromium import ARGUMENTS, CHROMIUM

pytestmark = pytest.mark.django_db

WIDE, TABLET, PHONE, NARROW = (1280, 800), (768, 1024), (390, 844), (320, 800)
ZOOMED = (320, 256)  # what 1280 by 1024 px are at 400 %
LARGE_TYPE = "--blink-settings=defaultFontSize=32"  # twice what browsers come with
UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
FAULTY = {
    "overflow": "<p style='width: 2000px'>Wide</p>",
    "stuck": "<header style='position: sticky; top: 0; height: 60vh'>Tall</header>",
    "small": "<a href='#' style='display: block; width: 90px; height: 12px'>One</a>"
    "<a href='#' style='display: block; width: 90px; height: 12px'>Other</a>",
    "text": "<p style='height: 8px; overflow: hidden'>Cut off</p>"
    "<div style='margin-top: 40px'>Below</div><div style='margin-top: -18px'>Above</div>",
}


@pytest.fixture(scope="module")
def large_type(browser: Browser) -> Iterator[Page]:
    """The window of somebody who has set their browser to letters twice as large."""
    other = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, LARGE_TYPE])
    with window(other) as page:
        yield page
    other.close()


def faults(page: Page, size: tuple[int, int], *probes: str) -> list[str]:
    """What the probes find in a window of this size."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    found = [fault for probe in probes for fault in page.evaluate(f"[...probe.{probe}()]")]
    return [f"at {width} px: {fault}" for fault in found]


@every_page
def test_no_page_scrolls_sideways(visit, name):
    page = visit(name)

    found = []
    for size in (WIDE, TABLET, PHONE, NARROW, ZOOMED):
        found += faults(page, size, "overflow", "stuck")

    assert found == [], "\n".join(found)


@every_page
def test_no_page_scrolls_sideways_in_large_type(large_type, site, addresses, name):
    open_page(large_type, site, addresses, name)
    large_type.evaluate(UNFOLD)

    found = []
    for size in (WIDE, TABLET, PHONE, NARROW):
        found += faults(large_type, size, "overflow")

    assert large_type.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert found == [], "\n".join(found)


@every_page
def test_text_is_whole_with_the_spacing_that_a_reader_sets(visit, name):
    page = visit(name)
    sizes = (WIDE, PHONE, NARROW)

    found = [fault for size in sizes for fault in faults(page, size, "text")]
    page.evaluate("probe.widen()")
    found += [fault for size in sizes for fault in faults(page, size, "text", "overflow")]

    assert found == [], "\n".join(found)


@every_page
def test_every_target_can_be_hit(visit, name):
    page = visit(name)

    found = faults(page, WIDE, "small") + faults(page, PHONE, "small")

    assert found == [], "\n".join(found)


def test_the_probes_see_what_is_wrong(page, site):
    seen = {}
    for probe, html in FAULTY.items():
        page.goto(f"{site}/robots.txt")  # our script is in every document, but not our stylesheet
        page.set_content(html)
        seen[probe] = len(faults(page, PHONE, probe))

    assert seen == {"overflow": 2, "stuck": 1, "small": 2, "text": 2}
