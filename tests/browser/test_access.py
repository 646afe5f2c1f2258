"""What axe finds on every page: nothing, wide and narrow, light and dark."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.browser.conftest import open_page
from tests.browser.itinerary import SPECIMENS, every_page

pytestmark = pytest.mark.django_db

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},  # which axe leaves out unless it is asked for
    "resultTypes": ["violations"],
}
# Between light and dark nothing differs but colours.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
}
# The same part stands there in all its states: its names are unique only on real pages.
ON_SPECIMENS = {"landmark-unique", "landmark-no-duplicate-main", "duplicate-id-aria"}
WIDTHS = (1280, 320)
SCHEMES = {"light": EVERYTHING, "dark": COLOURS}


@pytest.fixture(scope="package")
def axe_page(browser: Browser) -> Iterator[Page]:
    """A window without our policy, which would keep axe out."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def violations(page: Page, options: dict[str, Any], name: str = "") -> list[str]:
    """Each element that breaks a rule, with the rule."""
    excused = ON_SPECIMENS if name == SPECIMENS else set()
    answer: dict[str, Any] = page.evaluate("(options) => axe.run(options)", options)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in answer["violations"]
        if rule["id"] not in excused
        for node in rule["nodes"]
    ]


@every_page
def test_axe_finds_nothing(axe_page, site, addresses, name):
    open_page(axe_page, site, addresses, name)
    axe_page.evaluate(AXE_SCRIPT)

    found = []
    for width in WIDTHS:
        axe_page.set_viewport_size({"width": width, "height": 800})
        for scheme, options in SCHEMES.items():
            axe_page.emulate_media(color_scheme=scheme)
            found += [f"{width} {scheme}: {one}" for one in violations(axe_page, options, name)]

    assert found == [], "\n".join(found)


def test_axe_is_new_and_sees_what_is_wrong(axe_page):
    axe_page.set_content("<title>x</title><p style='color: #ccc; background: #fff'>Pale</p>")
    axe_page.evaluate(AXE_SCRIPT)

    version = tuple(map(int, axe_page.evaluate("axe.version").split(".")))
    rules = {violation.partition(":")[0] for violation in violations(axe_page, EVERYTHING)}

    assert version >= (4, 10)
    assert rules >= {"color-contrast", "html-has-lang", "landmark-one-main", "page-has-heading-one"}
