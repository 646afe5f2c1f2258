"""What a first visit costs, whom it asks, and how quietly and steadily it comes."""

from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Route

from tests.browser.conftest import open_page
from tests.browser.itinerary import SPECIMENS, every_page
from tests.chromium import complaints_of
from tests.pages import is_form

pytestmark = pytest.mark.django_db

MOST_BYTES = 60_000
MOST_BYTES_OF = {"/places/": 85_000}  # six maps with a link for each region, and the same as a list
MOST_BYTES_SAVED = 45_000  # for readers who ask for less
LEAST_OF_FRAMES = 1_000  # which have their own few styles, and no fonts
MOST_REQUESTS = 8
MOST_SHIFT = 0.02
COMPRESSED = {"br", "zstd"}
# What a page can be read without, and a slow line brings long after it is first seen.
LATE = {"font", "image", "script", "fetch", "xhr", "media"}
WATCH = """
globalThis.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
globalThis.isSeen = new Promise((done) => {
  new PerformanceObserver((list) => {
    if (list.getEntriesByName("first-contentful-paint").length) done(true);
  }).observe({ type: "paint", buffered: true });
  setTimeout(() => done(false), 20_000);
});
"""


@dataclass
class Load:
    """What came over the wire for one page: its contents, as long as each answer said. Headers are
    left out: in HTTP/2, as visitors have it, they are next to nothing, and here they are not."""

    bytes: int = 0
    urls: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note_response(self, event: dict) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self.bytes += int(headers["content-length"])
        is_text = headers.get("content-type", "").startswith("text/")
        if is_text and headers.get("content-encoding") not in COMPRESSED:
            self.plain.append(event["response"]["url"])


def load(context: BrowserContext, site: str, addresses: dict[str, str], name: str) -> Load:
    """Open a page with an empty cache and no scrolling."""
    page = context.new_page()
    found = Load(complaints=complaints_of(page))
    session = context.new_cdp_session(page)
    session.on(
        "Network.requestWillBeSent", lambda event: found.urls.append(event["request"]["url"])
    )
    session.on("Network.responseReceived", found.note_response)
    session.send("Network.enable")
    open_page(page, site, addresses, name)
    page.wait_for_load_state("networkidle")
    return found


@every_page
def test_first_view_is_light_and_keeps_to_itself(browser, site, addresses, name):
    context = browser.new_context()
    found = load(context, site, addresses, name)
    cookies = context.cookies()
    context.close()

    # A page that is missing says so in the console, as browsers have it.
    spoken = [
        one for one in found.complaints if "the server responded with a status of 4" not in one
    ]
    assert [url for url in found.urls if not url.startswith(f"{site}/")] == []
    assert (spoken, found.plain) == ([], [])
    has_form = name == SPECIMENS or is_form(addresses[name])
    assert [one["name"] for one in cookies] == (["csrf"] if has_form else [])
    if name != SPECIMENS:
        assert len(found.urls) <= MOST_REQUESTS, found.urls
        least = LEAST_OF_FRAMES if name.startswith("/embed/") else MOST_BYTES / 10
        assert least < found.bytes <= MOST_BYTES_OF.get(name, MOST_BYTES)


@pytest.mark.parametrize("name", ["/", "/resources/", "longest title", "region"])
def test_first_view_is_lighter_for_readers_who_save(browser, site, addresses, name):
    context = browser.new_context(extra_http_headers={"Save-Data": "on"})
    found = load(context, site, addresses, name)
    context.close()

    assert found.bytes <= MOST_BYTES_SAVED, found.urls


def shift_of(browser: Browser, width: int, address: str, *, change: str = "") -> float:
    """How much a page jumps, opened with an empty cache, when all that it can be read without comes
    only after it has been seen. ``change`` is a script that runs then."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    context.add_init_script(WATCH)
    page = context.new_page()
    held: list[Route] = []
    is_seen = False

    def bring(route: Route) -> None:
        if route.request.resource_type in LATE and not is_seen:
            held.append(route)
        else:
            route.continue_()

    page.route("**/*", bring)
    page.goto(address, wait_until="commit")
    is_seen = page.evaluate("isSeen")
    assert is_seen, f"nothing of {address} was painted"
    for route in held:
        route.continue_()
    page.wait_for_load_state("load")
    page.evaluate(f"document.fonts.ready.then(() => {{ {change} }})")
    page.wait_for_timeout(100)  # an observer is told of a frame when that is over
    shift = page.evaluate("shift")
    context.close()
    return shift


@every_page
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_jumps_while_a_page_loads(browser, site, addresses, name, width):
    if name not in addresses:
        pytest.skip(f"The starting content has nothing at {name}.")

    assert shift_of(browser, width, site + addresses[name]) <= MOST_SHIFT


def test_a_jump_is_seen(browser, site):
    change = "document.querySelector('main').style.paddingTop = '300px'"

    assert shift_of(browser, 1280, site, change=change) > MOST_SHIFT
