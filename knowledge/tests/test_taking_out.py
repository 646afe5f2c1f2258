"""What somebody chose in the desk's list leaves as a file, and nothing else does."""

import csv
import json
from datetime import date
from io import BytesIO

import bibtexparser
import pytest
import rispy
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from hub.audit.models import Access
from hub.partners.tests.factories import make_editor, make_organisation
from hub.vocabulary.tests.factories import make_term
from knowledge import taking_out
from knowledge.models import Identifier, Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db
LIST = "/admin/knowledge/resource/"


@pytest.fixture
def own():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def editor(client, own):
    client.force_login(make_editor(own))
    return client


def take(client, resources, form="csv", query="", **more):
    chosen = [resource.pk for resource in resources]
    data = {"action": "take_out", "_selected_action": chosen, "confirmed": "1", "format": form}
    return client.post(LIST + query, data | more)


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


def rows_of(response) -> list[dict[str, str]]:
    text = content_of(response).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def test_a_table_tells_what_the_entry_knows(editor, own):
    work = make_resource(
        "=SUM(A1)", owner=own, published_on=date(2023, 5, 1), published_precision="month"
    )
    work.terms.add(make_term("Retraining"), make_term("Reclamation"))
    work.tags.add("miners")
    Identifier.objects.create(resource=work, scheme="doi", value="10.1/x")

    response = take(editor, [work])

    [row] = rows_of(response)
    assert list(row) == list(taking_out.COLUMNS)
    assert row["title"] == "'=SUM(A1)"
    assert row["page"] == f"https://hub.example.org/resources/{work.slug}/"
    assert (row["date"], row["identifiers"], row["tags"]) == ("2023-05", "doi:10.1/x", "miners")
    assert row["topics"] == "Reclamation; Retraining"
    assert row["owner"] == str(own)
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Content-Disposition"].startswith('attachment; filename="resources-')


@pytest.mark.parametrize("form", taking_out.FORMATS)
def test_every_format_is_read_by_what_reads_it(editor, own, form):
    works = [make_resource("One", owner=own), make_draft("Two", owner=own)]

    raw = content_of(take(editor, works, form))

    titles = {
        "csv": lambda: [
            row["title"] for row in csv.DictReader(raw.decode("utf-8-sig").splitlines())
        ],
        "xlsx": lambda: [row[2].value for row in load_workbook(BytesIO(raw)).active][1:],
        "ris": lambda: [entry["title"] for entry in rispy.loads(raw.decode())],
        "bibtex": lambda: [
            entry["title"].strip("{}") for entry in bibtexparser.loads(raw.decode()).entries
        ],
        "csl": lambda: [item["title"] for item in json.loads(raw)],
    }[form]()
    assert sorted(titles) == ["One", "Two"]


def test_one_is_asked_for_the_format_first(editor, own):
    work = make_resource("One", owner=own)

    page = editor.post(LIST, {"action": "take_out", "_selected_action": [work.pk]})

    assert page.status_code == 200
    assert [name in page.content.decode() for name in taking_out.FORMATS] == [True] * 5
    assert not Access.objects.filter(act="exported").exists()


def test_a_format_that_there_is_not_is_asked_for_again(editor, own):
    page = take(editor, [make_resource("One", owner=own)], "docx")

    assert "docx is not one of the available choices" in page.content.decode()


def test_the_whole_filtered_list_leaves_with_one_tick(editor, own):
    works = [make_resource(f"Report {n}", owner=own, kind="report") for n in range(3)]
    make_resource("A tool", owner=own, kind="tool")

    response = take(editor, works[:1], query="?kind__exact=report", select_across="1")

    assert {row["title"] for row in rows_of(response)} == {"Report 0", "Report 1", "Report 2"}


def test_nobody_takes_out_what_is_another_s(editor, own):
    theirs = make_draft("CANARY", owner=make_organisation("Other"))
    mine = make_resource("Mine", owner=own)

    chosen = take(editor, [mine, theirs])
    everything = take(editor, [mine], select_across="1")
    asked = editor.post(LIST, {"action": "take_out", "_selected_action": [mine.pk, theirs.pk]})

    for response in (chosen, everything):
        assert [row["title"] for row in rows_of(response)] == ["Mine"]
    assert "CANARY" not in asked.content.decode()


def test_who_took_what_is_noted(editor, own):
    works = [make_resource("One", owner=own), make_resource("Two", owner=own)]
    take(editor, works, "ris")

    detail = Access.objects.get(act="exported").detail
    assert {*detail.pop("works")} == {work.public_id for work in works}
    assert detail == {"model": "knowledge.resource", "rows": 2, "format": "ris"}


def test_more_works_ask_no_more_of_the_database(own):
    def questions(count: int) -> int:
        for number in range(count):
            make_resource(f"Work {number}", owner=own).terms.add(make_term())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            taking_out.written(Resource.objects.all(), taking_out.FORMATS["csv"])
        return len(asked)

    assert questions(2) == questions(8)
