"""`make screens`: how the site looks, for the README and everybody else, in docs/screens/; and the
picture that networks show beside a link to it.

Not a test, but it needs what tests need: the starting content, a running hub, a Chromium.
"""

import pytest
from django.conf import settings

from hub.catalogue.models import Record
from hub.meta import SHARED_PICTURE
from knowledge.models import Resource
from tests.browser.itinerary import place
from tests.chromium import photograph

pytestmark = pytest.mark.django_db

FOLDER = settings.ROOT / "docs" / "screens"
HEIGHT = 1400


def report() -> str:
    """A report to be read first, its random permanent address made one that stays."""
    record = Record.objects.public().filter(kind="report", is_featured=True).newest()[0]
    Resource.objects.filter(slug=record.path.split("/")[2]).update(public_id="report")
    return record.path


PAGES = {
    "home": lambda: "/",
    "library": lambda: "/resources/",
    "report": report,
    "region": lambda: place(is_region=True, has_works=True),
    "topic": lambda: "/topics/finance/",
}


@pytest.fixture(scope="module")
def paths(content) -> dict[str, str]:
    """Where the pages are; asked for once, outside the transaction of a test, so that the running
    hub sees what changes."""
    return {name: path() for name, path in PAGES.items()}


@pytest.fixture(scope="module", autouse=True)
def fonts(page, site) -> None:
    """A font that is not there at once is shown from the next page on (static/css/fonts.css)."""
    page.goto(site)
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_screen(page, site, paths, name, width, scheme):
    page.set_viewport_size({"width": width, "height": HEIGHT})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    answer = page.goto(site + paths[name])
    page.wait_for_load_state("networkidle")
    photograph(page, FOLDER / f"{name}-{width}-{scheme}.webp", height=HEIGHT)

    assert answer.ok


def test_shared_picture(page, site):
    page.set_viewport_size({"width": 1200, "height": 630})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")

    answer = page.goto(site)
    page.wait_for_load_state("networkidle")
    # Nobody can press anything on a picture.
    page.evaluate(
        "probe.adopt('.masthead :is(nav, .masthead__tools), .hero .search { display: none }')"
    )
    page.screenshot(path=settings.ROOT / "static" / SHARED_PICTURE)

    assert answer.ok
