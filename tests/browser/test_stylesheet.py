"""The stylesheet of the public pages: small, by our rules, and without what no page uses.

It is read by the browser from the published css/main.css, with all that it imports. The desk's sheets
(admin.css, editor.css and theirs) are left out: they go against Django's own, which are in no layer
and go by ids, so they must do so too.
"""

from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from hub.catalogue.kinds import kinds
from tests.browser.itinerary import SPECIMENS
from tests.pages import Page

pytestmark = pytest.mark.django_db

MOST_BYTES = 18_000
# Every kind of cover has a class of its own; only those that are laid out otherwise have rules.
WITHOUT_RULES = {f"sleeve--{kind.value}" for kind in kinds}


@pytest.fixture(scope="package")
def classes(browser, site, addresses) -> set[str]:
    """Every class on the specimens, and on one of each real page."""
    context = browser.new_context()
    asked = [context.request.get(site + path) for path in addresses.values()]
    asked.append(context.request.get(site, headers={"Save-Data": "on"}))
    pages = [Page(answer.text()) for answer in asked]
    context.close()
    named = [attributes.get("class", "") for page in pages for _, attributes in page.elements]
    return {name for names in named for name in names.split()}


@pytest.fixture
def stylesheet(visit) -> dict[str, list[str]]:
    return visit(SPECIMENS).evaluate("probe.stylesheet()")


def test_stylesheet_is_small(published_files):
    name = staticfiles_storage.stored_name("css/main.css")

    assert Path(published_files / f"{name}.br").stat().st_size <= MOST_BYTES


def test_stylesheet_keeps_our_rules(stylesheet):
    assert stylesheet["faults"] == [], "\n".join(stylesheet["faults"])


def test_every_class_of_the_stylesheet_is_on_a_page(stylesheet, classes):
    dead = sorted(set(stylesheet["classes"]) - classes)

    assert dead == [], f"On no page and no specimen: {', '.join(dead)}"


def test_every_class_of_the_pages_is_in_the_stylesheet(stylesheet, classes):
    unknown = sorted(classes - {*stylesheet["classes"], *stylesheet["onPaper"]} - WITHOUT_RULES)

    assert unknown == [], f"Without a rule: {', '.join(unknown)}"
