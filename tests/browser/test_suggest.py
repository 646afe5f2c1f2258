"""Suggestions under a search field, by keyboard, pointer and ear, and without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import open_page
from tests.browser.test_access import SCHEMES, WIDTHS, violations
from tests.chromium import complaints_of

pytestmark = pytest.mark.django_db

ENDPOINT = "**/search/suggestions/*"


@pytest.fixture
def home(visit) -> Page:
    return visit("/")


def field_of(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search everything")


def options_of(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def type_in(page: Page, words: str) -> Locator:
    """Type the words, and wait for the list."""
    field_of(page).press_sequentially(words)
    expect(options_of(page).last).to_contain_text(f"“{words}”")
    return options_of(page)


def is_active(page: Page, option: Locator) -> None:
    """It alone is active: for the eye, and for those who are read to."""
    name = option.get_attribute("id")
    expect(field_of(page)).to_have_attribute("aria-activedescendant", name)
    expect(page.locator("[aria-selected=true]")).to_have_id(name)
    expect(field_of(page)).to_be_focused()


def test_arrows_walk_through_the_list_and_back_to_the_field(home):
    options = type_in(home, "coal")
    field = field_of(home)
    count = options.count()

    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-controls") == "suggestions"
    assert field.get_attribute("aria-activedescendant") is None
    for number in range(count):
        home.keyboard.press("ArrowDown")
        is_active(home, options.nth(number))
        expect(options.nth(number)).to_be_in_viewport()
    home.keyboard.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", "suggestion-1")
    assert home.locator("[aria-selected=true]").count() == 0
    home.keyboard.press("ArrowUp")
    is_active(home, options.last)
    home.keyboard.press("Home")
    assert home.locator("[aria-selected=true]").count() == 0
    assert field.evaluate("(one) => one.selectionStart") == 0


def test_enter_follows_the_active_option(home):
    options = type_in(home, "coal")
    home.keyboard.press("ArrowDown")
    address = options.first.get_attribute("href")

    home.keyboard.press("Enter")

    home.wait_for_url(f"**{address}")


def test_enter_without_an_active_option_searches(home):
    type_in(home, "coal")

    home.keyboard.press("Enter")

    home.wait_for_url("**/search/?q=coal")


def test_escape_closes_then_clears(home):
    options = type_in(home, "coal")
    field = field_of(home)

    home.keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("coal")
    home.keyboard.press("Escape")
    expect(field).to_have_value("")
    expect(field).to_be_focused()


def test_tab_leaves_the_field_and_closes_the_list(home):
    options = type_in(home, "coal")
    home.keyboard.press("ArrowDown")

    home.keyboard.press("Tab")

    expect(home.get_by_role("button", name="Search", exact=True)).to_be_focused()
    expect(options).to_have_count(0)


def test_the_list_opens_again_by_an_arrow(home):
    options = type_in(home, "coal")
    home.keyboard.press("Escape")

    home.keyboard.press("ArrowDown")

    expect(options.first).to_be_visible()


def test_a_click_opens_the_page_of_an_option(home):
    options = type_in(home, "coal")
    address = options.nth(1).get_attribute("href")

    options.nth(1).click()

    home.wait_for_url(f"**{address}")


def test_the_last_option_searches_everything(visit):
    page = visit("/resources/")
    page.get_by_role("combobox").press_sequentially("coal")
    last = page.get_by_role("option", name="Search for “coal” in everything")

    last.click()

    page.wait_for_url("**/search/?q=coal")


def test_the_number_of_suggestions_is_said_once(home):
    home.evaluate("""() => {
      globalThis.said = [];
      const status = document.querySelector("[role=status]");
      new MutationObserver(() => said.push(status.textContent)).observe(status, { childList: true });
    }""")
    options = type_in(home, "coal")
    count = options.count()
    home.keyboard.type(" r")
    expect(options.last).to_contain_text("“coal r”")
    home.keyboard.press("ArrowDown")
    home.keyboard.press("Escape")

    said = home.evaluate("said")

    assert said[0] == f"{count} suggestions"
    assert said[-1] == ""
    assert all(one != other for one, other in pairwise(said))


def test_who_types_fast_sees_the_list_of_the_last_words_alone(home):
    held: list[Route] = []
    home.route(ENDPOINT, lambda route: held.append(route))
    field = field_of(home)
    field.press_sequentially("coal")
    home.wait_for_timeout(300)
    field.press_sequentially(" min")
    home.wait_for_timeout(300)

    assert [route.request.url.partition("?")[2] for route in held] == ["q=coal", "q=coal%20min"]
    assert "ERR_ABORTED" in (held[0].request.failure or "")
    held[1].continue_()
    expect(options_of(home).last).to_contain_text("“coal min”")
    home.wait_for_timeout(300)
    expect(options_of(home).last).to_contain_text("“coal min”")
    home.unroute(ENDPOINT)


def test_keys_in_a_row_ask_once_and_known_words_not_again(home):
    asked: list[str] = []
    home.on("request", lambda request: asked.append(request.url))
    type_in(home, "coal")
    home.keyboard.press("Backspace")
    expect(options_of(home).last).to_contain_text("“coa”")
    home.keyboard.type("l")
    expect(options_of(home).last).to_contain_text("“coal”")

    assert [url.partition("?")[2] for url in asked if "suggestions" in url] == ["q=coal", "q=coa"]


def test_too_few_letters_and_unknown_words_open_nothing(home):
    options = type_in(home, "coal")
    for _ in range(3):
        home.keyboard.press("Backspace")
    expect(options).to_have_count(0)
    home.keyboard.type("zymurg")
    home.wait_for_timeout(400)

    expect(options).to_have_count(0)
    expect(field_of(home)).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("fault", ["abort", "503"])
def test_a_failure_leaves_the_field_as_it_is(home, fault):
    def fail(route: Route) -> None:
        if fault == "abort":
            route.abort()
        else:
            route.fulfill(status=503, body="<p>Later</p>")

    home.route(ENDPOINT, fail)
    field_of(home).press_sequentially("coal")
    home.wait_for_timeout(400)

    assert home.locator(".suggest").inner_html() == ""
    home.keyboard.press("Enter")
    home.wait_for_url("**/search/?q=coal")
    home.unroute(ENDPOINT)


def test_letters_that_are_being_composed_are_not_asked_for(home):
    asked: list[str] = []
    home.on("request", lambda request: asked.append(request.url))
    field_of(home).focus()
    session = home.context.new_cdp_session(home)
    session.send(
        "Input.imeSetComposition", {"text": "trans", "selectionStart": 5, "selectionEnd": 5}
    )
    home.wait_for_timeout(300)
    before = [url for url in asked if "suggestions" in url]
    session.send("Input.insertText", {"text": "trans"})

    expect(options_of(home).last).to_contain_text("“trans”")
    assert before == []


@pytest.mark.parametrize("name", ["/", "/resources/", "/search/", "missing page"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_list_fits_and_moves_nothing(visit, name, width):
    page = visit(name, width)
    page.evaluate("""() => {
      globalThis.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) globalThis.shift += entry.value;
      }).observe({ type: "layout-shift" });
    }""")
    field = page.get_by_role("combobox")
    height = page.evaluate("document.body.scrollHeight")
    field.press_sequentially("just tr")
    expect(options_of(page).last).to_contain_text("“just tr”")

    found = page.evaluate("""() => {
      const box = document.querySelector(".suggest__list").getBoundingClientRect();
      const row = document.querySelector(".search__row").getBoundingClientRect();
      const button = document.querySelector(".search .button").getBoundingClientRect();
      return {
        shift,
        wide: document.documentElement.scrollWidth - innerWidth,
        isBelow: box.top >= row.bottom && box.top >= button.bottom,
        isAsWide: Math.abs(box.width - row.width) < 1,
        share: box.height / innerHeight,
        low: Math.min(...[...document.querySelectorAll("[role=option]")].map((o) => o.offsetHeight)),
      };
    }""")
    top = page.locator(".suggest__list").bounding_box()
    seen = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y)?.closest('.suggest__list') !== null",
        [top["x"] + 40, top["y"] + 20],
    )

    assert (found["shift"], found["wide"], found["isBelow"], found["isAsWide"]) == (
        0,
        0,
        True,
        True,
    )
    assert found["share"] <= 0.51
    assert found["low"] >= 44
    assert seen
    assert page.evaluate("document.body.scrollHeight") == height


@contextmanager
def opened(browser: Browser, site: str, addresses: dict[str, str], **wishes) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(**wishes)
    page = context.new_page()
    open_page(page, site, addresses, "/")
    yield page
    context.close()


def test_axe_finds_nothing_while_the_list_is_open(browser, site, addresses):
    found = []
    with opened(browser, site, addresses, bypass_csp=True) as page:
        page.evaluate(AXE_SCRIPT)
        type_in(page, "just tr")
        page.keyboard.press("ArrowDown")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            for scheme, options in SCHEMES.items():
                page.emulate_media(color_scheme=scheme)
                found += [f"{width} {scheme}: {one}" for one in violations(page, options)]
        expect(options_of(page).first).to_be_visible()

    assert found == [], "\n".join(found)


def test_the_policy_and_the_console_have_no_complaint(browser, site, addresses):
    # Without transitions between pages: where a machine is slow, Chromium complains that it left one out.
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    complaints = complaints_of(page)
    open_page(page, site, addresses, "/")
    type_in(page, "coal")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    cookies = context.cookies()
    context.close()

    assert (complaints, cookies) == ([], [])


@pytest.mark.parametrize(
    "wishes",
    [{"java_script_enabled": False}, {"extra_http_headers": {"Save-Data": "on"}}],
    ids=["without scripts", "saving data"],
)
def test_the_field_is_a_plain_one(browser, site, addresses, wishes):
    with opened(browser, site, addresses, **wishes) as page:
        field = page.get_by_role("searchbox", name="Search everything")
        field.press_sequentially("coal")
        page.wait_for_timeout(300)
        expect(page.get_by_role("listbox")).to_have_count(0)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search/?q=coal")


@pytest.mark.parametrize("wish", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_the_active_option_is_seen_whatever_the_colours(browser, site, addresses, wish):
    with opened(browser, site, addresses, **wish) as page:
        options = type_in(page, "coal")
        page.keyboard.press("ArrowDown")
        looks = [
            option.evaluate(
                "(one) => { const s = getComputedStyle(one);"
                " return [s.outlineStyle, s.backgroundColor, s.transitionDuration] }"
            )
            for option in (options.first, options.nth(1))
        ]

    assert looks[0][:2] != looks[1][:2]
    assert looks[0][2] == "0s"
