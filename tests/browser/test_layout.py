"""Nothing sticks out, is cut off, stands on something else or is too small to hit, on any page."""

import pytest
from playwright.sync_api import Page

from tests.browser.itinerary import every_page

pytestmark = pytest.mark.django_db

WIDE, TABLET, PHONE, NARROW = (1280, 800), (768, 1024), (390, 844), (320, 800)
ZOOMED = (320, 256)  # what 1280 by 1024 px are at 400 %
FAULTY = {
    "overflow": "<p style='width: 2000px'>Wide</p>",
    "stuck": "<header style='position: sticky; top: 0; height: 60vh'>Tall</header>",
    "small": "<a href='#' style='display: block; width: 90px; height: 12px'>One</a>"
    "<a href='#' style='display: block; width: 90px; height: 12px'>Other</a>",
    "text": "<p style='height: 8px; overflow: hidden'>Cut off</p>"
    "<div style='margin-top: 40px'>Below</div><div style='margin-top: -18px'>Above</div>",
}


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
