"""The partner desk in a real browser, under the Content Security Policy of production."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hub.partners.models import Organisation, User
from hub.partners.tests.factories import make_editor, make_organisation
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.bringing_in import course
from knowledge.models import Import, Resource
from knowledge.tests.factories import make_draft, make_list_draft, make_resource
from tests.chromium import complaints_of, launched, served
from tests.isolation import make_contribution, make_problem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(published_files: Path) -> Iterator[str]:
    """The address of a running hub."""
    with served() as address:
        yield address


@pytest.fixture
def own() -> Organisation:
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def context(browser: Browser, own: Organisation) -> Iterator[BrowserContext]:
    editor = make_editor(own, email="ana@example.org", name="Ana")
    EmailAddress.objects.create(user=editor, email=editor.email, verified=True, primary=True)
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: str) -> Page:
    """A page of an editor who has signed in; ``page.complaints`` is all that was wrong."""
    # In a page of its own: on the way from there to the desk Chromium may note that a transition
    # between the two was broken off, and at a moment of its own.
    door = context.new_page()
    door.goto(f"{site}/admin/")
    door.get_by_label("E-mail address").fill("ana@example.org")
    door.get_by_label("Password").fill("a long password")
    door.get_by_role("button", name="Sign in", exact=True).click()
    door.wait_for_url(f"{site}/admin/")
    door.close()
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.complaints = complaints_of(page)
    return page


def make_import(own: Organisation, *, read: bool = True) -> Import:
    """One of our editor's, of two rows."""
    known = {"file_name": "works.csv", "form": "csv", "kind": "report", "language": "en"}
    content = b"title,kind\nOn pits,report\nOn mines,novel\n"
    batch = course.begin(User.objects.get(name="Ana"), owner=own, content=content, **known)
    if read:
        course.read(batch.pk)
    return batch


def test_no_page_of_the_desk_breaks_the_policy(page, site, own):
    draft = make_draft("On pits", owner=own)
    public, withdrawn = make_resource(owner=own), make_resource(owner=own)
    services.withdraw(withdrawn.pk, reason="Old")
    reading_list = make_list_draft("Read these", public, draft, owner=own, query="q=pits")
    proposal, problem = make_contribution(own), make_problem(public)
    waiting, read = make_import(own, read=False), make_import(own)
    paths = [
        "",
        "catalogue/usageday/",
        "knowledge/",
        "knowledge/import/",
        "knowledge/import/add/",
        f"knowledge/import/{waiting.pk}/change/",
        f"knowledge/import/{read.pk}/change/",
        "knowledge/resource/",
        "knowledge/resource/?status__exact=draft",
        "knowledge/resource/add/",
        "knowledge/resource/languages/",
        f"knowledge/resource/{draft.pk}/translate/",
        f"knowledge/resource/{draft.pk}/translate/?language=th",
        f"knowledge/resource/{draft.pk}/change/",
        f"knowledge/resource/{draft.pk}/history/",
        f"knowledge/resource/{draft.pk}/delete/",
        f"knowledge/resource/{draft.pk}/publish/",
        f"knowledge/resource/{public.pk}/withdraw/",
        f"knowledge/resource/{withdrawn.pk}/restore/",
        "knowledge/collection/add/",
        f"knowledge/collection/{reading_list.pk}/change/",
        f"knowledge/collection/{reading_list.pk}/publish/",
        "knowledge/contribution/",
        f"knowledge/contribution/{proposal.pk}/change/",
        f"knowledge/contribution/{proposal.pk}/accept/",
        f"knowledge/contribution/{proposal.pk}/decline/",
        f"knowledge/problemreport/{problem.pk}/change/",
        f"knowledge/problemreport/{problem.pk}/close/",
        "partners/organisation/",
        f"partners/organisation/{own.pk}/change/",
        "partners/person/add/",
    ]

    answers = {path: page.goto(f"{site}/admin/{path}").status for path in paths}

    assert answers == dict.fromkeys(paths, 200)
    assert page.complaints == []


def test_the_policy_is_watched_at_all(page, site):
    page.goto(f"{site}/admin/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color: red\">')")
    page.wait_for_timeout(100)

    assert [complaint.count("CSP style-src") for complaint in page.complaints][-1:] == [1]


def test_writing_keeps_the_desk_open(page, site):
    page.clock.install()
    page.goto(f"{site}/admin/knowledge/resource/add/")
    title = page.locator("#id_editions-0-title")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "HEAD" else 0)

    title.type("After")
    page.clock.fast_forward("11:00")
    with page.expect_response(f"{site}/admin/") as answer:
        title.type(" coal")

    assert answer.value.status == 200
    assert asked == [f"{site}/admin/"]
    assert page.complaints == []


def test_a_resource_is_written_and_published_by_hand(page, site, own):
    term = make_term("Retraining")
    make_term("Wind power")
    page.goto(f"{site}/admin/knowledge/resource/add/")

    page.get_by_label("Kind:", exact=True).first.select_option("report")
    page.get_by_label("Original language").select_option("en")
    page.locator("#id_editions-0-language").select_option("en")
    page.locator("#id_editions-0-title").fill("After coal")
    page.locator("#id_editions-0-summary").fill("What became of the miners.")
    page.locator("#editions-0 .tiptap").press_sequentially("What miners did")
    page.keyboard.press("Control+b")
    page.keyboard.type(" next")
    page.locator("#id_credits-0-role").select_option("publisher")
    page.locator("#id_credits-0-name").fill("Miners' Union")
    page.locator(".field-terms .select2-selection").click()
    page.locator(".field-terms .select2-search__field").press_sequentially("Retr")
    page.get_by_role("option", name="Retraining").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="After coal").first.click()
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("link", name="Today").click()
    page.locator("#id_at_0").fill("")
    page.locator("#id_at_1").fill("")
    page.get_by_role("button", name="Publish").click()

    expect(page.locator(".messagelist")).to_contain_text("After coal: Published.")
    resource = Resource.objects.get(slug="after-coal")
    assert (resource.status, list(resource.terms.all())) == ("published", [term])
    assert resource.original.body == "<p>What miners did<strong> next</strong></p>"
    assert page.complaints == []
