"""What anybody ever stored is text, wherever it is shown: nothing of it runs, in the desk of an
administrator or on the site, and no policy has to hold it back."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from playwright.sync_api import Browser, Page

from conftest import Browser as Visitor
from hub.catalogue.reindexing import reindex
from hub.partners.models import Person
from hub.partners.tests.factories import make_person
from knowledge import reading, revisions, richtext
from knowledge.models import (
    Contribution,
    Import,
    ImportRow,
    Merged,
    Resource,
    Revision,
)
from knowledge.models.contributions import OUTLINE
from knowledge.tests.factories import make_broken_link, make_file
from tests import vectors
from tests.chromium import complaints_of, launched, served
from tests.isolation import House, addresses_without_rows, below, filled, model_of, routes
from tests.pages import Page as ReadPage
from tests.pages import addresses, is_data, shape_of

pytestmark = pytest.mark.django_db(transaction=True)

WATCH = """
window.canary = () => console.error("canary ran");
addEventListener("DOMContentLoaded", () => {
  for (const data of document.querySelectorAll('script[type="application/ld+json"]'))
    JSON.parse(data.textContent);
  for (const link of document.querySelectorAll("[href], [action], [src]"))
    for (const name of ["href", "action", "src"])
      if (/^\\s*(javascript|data|vbscript):/i.test(link.getAttribute(name) ?? ""))
        console.error(`leads to ${link.getAttribute(name)}`);
});
"""
# Nothing of what a page is made of comes from there, and nobody is led there.
LISTS = ["/resources/?q=script", "/search/?q=canary", "/people/?q=script"]
PARTS = ("/search/suggestions/",)


@pytest.fixture
def seeded(house: House) -> set[str]:
    """Every sort of row there is, all with vectors in place of words."""
    public = next(one for one in house.rows[Resource] if one.is_public)
    reading.read(make_file(public, "Words").pk)
    make_broken_link(public)
    Person.objects.filter(pk=house.rows[Person][0].pk).delete()
    house.rows[Person] = [make_person("Ana", slug="ana", organisation=public.owner)]
    add_data(house, public)
    written, untouched = vectors.write_everywhere()
    assert {*written} == {*vectors.VECTORS}
    reindex()
    return untouched


def add_data(house: House, public: Resource) -> None:
    """Rows that hold what people wrote as data: drafts, outlines, rows of imports, merged works."""
    snapshot = revisions.take(public)
    Merged.objects.update(before={"stays": snapshot, "goes": snapshot})
    Contribution.objects.update(sort="case", outline=dict.fromkeys(OUTLINE, "Words"))
    (batch,) = house.rows[Import]
    told = {"batch": batch, "line": 3, "cells": {"title": "Words", "doi": "Words"}}
    told |= {"warnings": ["Words"], "title": "Words"}
    rows = [
        {"outcome": "error", "errors": ["Words", "More words"]},
        {"outcome": "changed", "is_held": True, "changes": [["title", "Old", "New"]]},
        {"outcome": "like", "resource": public},
    ]
    for number, row in enumerate(rows, start=2):
        ImportRow.objects.create(number=number, **told, **row)


def test_data_with_words_in_it_are_seeded_too(seeded):
    """Each column of data of the library, with other words in each place."""
    for model, column in (
        (Revision, "snapshot"),
        (Contribution, "outline"),
        (Merged, "before"),
        *((ImportRow, name) for name in ("cells", "errors", "warnings", "changes")),
    ):
        assert f"{model._meta.label}.{column}" not in seeded
        stored = [json.dumps(data) for data in model.objects.values_list(column, flat=True)]
        assert any("canary" in data for data in stored), (model, column)
    edition = Revision.objects.filter(snapshot__editions__0__has_key="title").first()
    assert "canary" in json.dumps(edition.snapshot["editions"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


@pytest.fixture
def site(published_files: Path) -> Iterator[str]:
    with served() as address:
        yield address


def public_pages() -> list[str]:
    """One address of each route, another where it is a work, and lists of what is found."""
    found: dict[str, str] = {}
    for path in addresses():
        found.setdefault(shape_of(path), path)
    # Suggestions are a part of a page, which the search is.
    paths = [path for path in found.values() if not is_data(path)]
    return [path for path in [*paths, *LISTS] if not path.startswith(PARTS)]


def pages_of_the_desk(house: House) -> Iterator[str]:
    """Each page of the desk, of one row where it is of a row."""
    for route in routes():
        if route.endswith("/letter/"):  # markup of ours in a sandbox, where not even our watch runs
            continue
        if "<path:object_id>" in route and (model := model_of(route)):
            rows = model._base_manager.filter(pk__in=[one.pk for one in house.rows[model]])
            # Of works also the one beside which a draft lies.
            drafted = rows.exclude(pending=None) if model is Resource else ()
            for row in dict.fromkeys([*drafted, rows.last()]) if rows else ():
                kind = ContentType.objects.get_for_model(model).pk
                yield filled(route, object_id=row.pk, content_type_id=kind, **below(row))
    yield from addresses_without_rows()


def watched(page: Page) -> list[str]:
    """All that goes wrong or runs in the page from now on."""
    complaints = complaints_of(page)
    page.add_init_script(WATCH)

    def dialog(shown) -> None:
        complaints.append(f"{page.url}: a dialog: {shown.message}")
        shown.dismiss()

    page.on("dialog", dialog)
    page.on(
        "request",
        lambda asked: (
            complaints.append(f"{page.url}: asks {asked.url}")
            if vectors.HOST in asked.url.split("?")[0].split("/")[2]
            else None
        ),
    )
    return complaints


def is_page(client: Client, path: str) -> bool:
    answer = client.get(path)
    kind = answer.get("Content-Type", "")
    answer.close()
    return answer.status_code == 200 and kind.startswith("text/html")


def test_nothing_that_was_stored_runs(browser, site, house, seeded):
    client, reader = (Visitor(HTTP_HOST="localhost") for _ in range(2))
    client.force_login(house.people["administrator"])
    desk = [path for path in dict.fromkeys(pages_of_the_desk(house)) if is_page(client, path)]
    visited = [path for path in public_pages() if is_page(reader, path)]
    assert len(desk) > 60
    assert len(visited) > 12

    complaints: list[str] = []
    context = browser.new_context()
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    for paths, is_signed_in in ((visited, False), (desk, True)):
        if is_signed_in:
            context.add_cookies([{"name": "session", "value": cookie, "url": site}])
        page = context.new_page()
        found = watched(page)
        for path in paths:
            answer = page.goto(site + path, wait_until="load")
            assert answer.status == 200, path
            assert page.url == site + path, path  # nothing leads away
        page.wait_for_timeout(200)
        page.close()
        # Pages of others name no picture of theirs, so that browsers ask for one that is not there.
        complaints += [one for one in found if "Failed to load resource" not in one]
    context.close()

    assert complaints == [], "\n".join(complaints)


def test_what_other_programs_read_is_well_formed(seeded, house, client):
    for path in ("/resources.atom", "/search.atom?q=canary", "/sitemap.xml"):
        answer = Visitor().get(path)
        if answer.status_code == 200:
            ElementTree.fromstring(answer.content)
    client.force_login(house.people["administrator"])
    chosen = {"action": "take_out", "_selected_action": [one.pk for one in house.rows[Resource]]}
    taken = client.post(
        "/admin/knowledge/resource/", chosen | {"confirmed": "yes", "format": "csv"}
    )
    rows = list(csv.reader(io.StringIO(taken.getvalue().decode("utf-8-sig"))))
    references = client.post(
        "/admin/knowledge/resource/", chosen | {"confirmed": "yes", "format": "csl"}
    )

    assert {len(row) for row in rows} == {len(rows[0])}
    assert len(rows) == 1 + len(house.rows[Resource])
    assert [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r"))] == []
    assert len(json.loads(references.getvalue())) == len(house.rows[Resource])


def test_rich_text_keeps_no_markup_that_runs():
    kept = ReadPage(richtext.clean(" ".join(vectors.VECTORS)))

    assert {tag for tag, _attributes in kept.elements} <= richtext.TAGS
    assert (kept.inline_code, kept.foreign) == ([], set())
