"""The Tab key leads through every page in the order of reading, and one sees where it is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.itinerary import every_page

pytestmark = pytest.mark.django_db


def walk(page: Page) -> list[str]:
    """Press Tab until the end of the page, and once more; what was wrong on the way."""
    for _ in range(page.evaluate("probe.focus.watch()") + 1):
        page.keyboard.down("Tab")
    page.keyboard.up("Tab")
    return page.evaluate("probe.focus.faults()")


@every_page
@pytest.mark.parametrize("width", [1280, 390])
def test_tab_leads_through_the_page(visit, name, width):
    page = visit(name, width)

    faults = walk(page)

    assert faults == [], "\n".join(faults)


def test_skip_link_leads_to_the_content(visit):
    page = visit("/resources/")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to content")

    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_maps_of_many_links_can_be_skipped(visit):
    page = visit("/places/")
    links = page.get_by_role("link", name="Skip the map")

    assert links.count() == page.locator(".map").count() > 1
    for link in links.all():
        drawing = link.locator("xpath=following-sibling::*[local-name() = 'svg']")
        link.focus()
        expect(link).to_be_in_viewport()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert not drawing.evaluate("(one) => one.contains(document.activeElement)")
        assert drawing.evaluate(
            "(one) => one.compareDocumentPosition(document.activeElement) & 4"
        ), "the focus is before the map"


def test_the_probe_sees_what_is_wrong(visit):
    page = visit("/partners/")
    page.evaluate("""() => {
      probe.adopt(`
        .footer a:focus-visible { all: unset }
        .masthead__nav ul { flex-direction: row-reverse }
        .footer::before { content: ""; position: fixed; inset: 30% 0 0; z-index: 9 }
      `);
      document.querySelector("main a").tabIndex = 1;
    }""")

    faults = " ".join(walk(page))

    for words in ("looks the same with focus", "which is behind it", "is under", "stop 1 is"):
        assert words in faults
