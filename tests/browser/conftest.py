"""One Chromium and one running hub, with the real starting content, for all tests of this folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from conftest import committed_starting_content
from tests.browser import additions, itinerary
from tests.chromium import launched, served

HERE = Path(__file__).parent
PROBES = [HERE / "probes" / "common.js", *sorted((HERE / "probes").glob("*.js"))]
# The specimens are pages of the same hub: its templates, its stylesheet, its policy.
SPECIMENS = HERE.parent / "components" / "templates"

Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="package")
def content(starter_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real starting content."""
    with committed_starting_content(starter_database, django_db_blocker):
        yield


@pytest.fixture(scope="package")
def addresses(content: None) -> dict[str, str]:
    """Where each page is, those of our additions too."""
    additions.add()
    return itinerary.addresses()


@pytest.fixture(scope="package")
def site(content: None) -> Iterator[str]:
    """The address of a running hub, which shows the specimens of all components besides."""
    engine, *others = settings.TEMPLATES
    templates = [engine | {"DIRS": [*engine["DIRS"], SPECIMENS]}, *others]
    with served(ROOT_URLCONF="tests.components.urls", TEMPLATES=templates) as address:
        yield address


@pytest.fixture(scope="package")
def page(browser: Browser) -> Iterator[Page]:
    """The window that most tests look through."""
    with window(browser) as page:
        yield page


@pytest.fixture
def visit(page: Page, site: str, addresses: dict[str, str]) -> Visit:
    """A function that opens a page by its name, in a window of some size and without any of the
    wishes of earlier tests."""

    def go(name: str, width: int = 1280, height: int = 800) -> Page:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light", reduced_motion="no-preference")
        open_page(page, site, addresses, name)
        return page

    return go


@contextmanager
def window(browser: Browser) -> Iterator[Page]:
    """A window of its own for the block, with all probes."""
    context = browser.new_context()
    for path in PROBES:
        context.add_init_script(path=path)
    yield context.new_page()
    context.close()


def open_page(page: Page, site: str, addresses: dict[str, str], name: str) -> None:
    """Go to a page by its name; skip the test where the starting content has none of its sort."""
    if name not in addresses:
        pytest.skip(f"The starting content has nothing at {name}.")
    answer = page.goto(site + addresses[name])
    if "text/html" not in answer.headers["content-type"]:
        pytest.skip(f"{name} is not a page for people.")
    assert answer.status == itinerary.STATUSES.get(name, 200), addresses[name]
