"""Readers may do without scripts and without motion."""

import pytest
from playwright.sync_api import expect

from tests.browser.itinerary import every_page

pytestmark = pytest.mark.django_db

# How the next page came: with a transition or without.
ARRIVAL = """
addEventListener("pagereveal", (event) => { globalThis.isMoving = event.viewTransition !== null; });
"""


def test_one_finds_a_work_without_scripts(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)

    page.get_by_role("searchbox").fill("coal")
    page.get_by_role("button", name="Search", exact=True).click()
    everything = page.get_by_role("article").count()
    page.locator("label", has=page.locator("[name=language][value=es]")).click()
    page.get_by_role("button", name="Apply filters").click()
    address = page.url
    titles = page.get_by_role("article").get_by_role("heading")
    expect(titles.first).to_be_visible()
    title = titles.first.inner_text()
    titles.first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.go_back()

    expect(page).to_have_url(address)
    expect(page.get_by_role("list", name="Chosen filters")).to_contain_text("Español")
    expect(page.get_by_role("searchbox")).to_have_value("coal")
    expect(titles.first).to_have_text(title)
    assert "language=es" in address
    assert everything > 1
    context.close()


@every_page
def test_nothing_moves_for_those_who_do_not_want_it(visit, name):
    page = visit(name)
    page.emulate_media(reduced_motion="reduce")

    moving = page.evaluate("probe.moving()")

    assert moving == [], "\n".join(moving)


@pytest.mark.parametrize(("wish", "is_moving"), [("no-preference", True), ("reduce", False)])
def test_pages_come_without_a_transition(browser, site, wish, is_moving):
    context = browser.new_context(reduced_motion=wish)
    context.add_init_script(ARRIVAL)
    page = context.new_page()
    page.goto(site)
    page.get_by_role("link", name="Topics").first.click()
    page.wait_for_url("**/topics/")
    # A page is revealed with its first frame, on a busy machine some time after it has loaded.
    page.wait_for_function("globalThis.isMoving !== undefined")

    assert page.evaluate("isMoving") is is_moving
    context.close()


def test_the_probe_sees_motion(visit):
    page = visit("/topics/")
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("""probe.adopt(`
      @keyframes turn { to { rotate: 1turn } }
      h1 { animation: turn 1s infinite }
      .footer { transition: color 1s }
      html { scroll-behavior: smooth }
    `)""")

    assert len(page.evaluate("probe.moving()")) == 3
