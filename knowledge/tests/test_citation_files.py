"""Works as files of references: one, and all of a list."""

import gc
import json
import tracemalloc

import pytest

from hub.catalogue import services
from hub.catalogue.sources import ref_of
from knowledge import citation_views, citing_lists
from knowledge.kinds import KINDS
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db
ENDINGS = ["bib", "ris", "json"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_one_work_is_one_file_of_its_type(client, ending, django_assert_max_num_queries):
    make_resource("Leaving coal", slug="leaving-coal")
    make_resource("Another")

    with django_assert_max_num_queries(10):
        response = client.get(f"/resources/leaving-coal.{ending}")

    assert response.content.decode().count("Leaving coal") == 1
    assert "Another" not in response.content.decode()
    assert response["Content-Type"] == citing_lists.FORMS[ending].mime_type
    assert response["Content-Disposition"] == f'attachment; filename="leaving-coal.{ending}"'
    assert "sessionid" not in response.cookies


def test_what_is_not_public_is_in_no_file(client):
    make_draft("A secret draft", slug="secret-draft")
    gone = make_resource("A withdrawn work", slug="withdrawn-work")
    gone.status, gone.unpublished_at, gone.reason = "withdrawn", gone.publish_at, "No longer true"
    gone.save()
    services.put(gone)
    make_resource("Public work", slug="public-work")

    for ending in ENDINGS:
        everything = client.get(f"/resources.{ending}").content.decode()
        assert "Public work" in everything
        assert "secret draft" not in everything
        assert "withdrawn" not in everything
        assert client.get(f"/resources/secret-draft.{ending}").status_code == 404
        assert client.get(f"/resources/withdrawn-work.{ending}").status_code == 410


def test_an_empty_list_is_an_empty_file(client):
    assert client.get("/resources.json").content == b"[]\n"
    assert client.get("/resources.bib").content == b""
    assert client.get("/resources.ris").content == b""


def test_a_long_list_is_cut_and_the_page_says_so(client, monkeypatch):
    monkeypatch.setattr(citing_lists, "MOST", 3)
    for number in range(5):
        make_resource(f"Work {number}")

    page = client.get("/resources/").content.decode()

    assert "The files have the first 3 works of this list" in page
    assert len(json.loads(client.get("/resources.json").content)) == 3
    assert "The files have" not in client.get("/resources/?q=%22Work+1%22").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/resources.exe",
        "/resources.bib?page=abc",
        "/resources.ris?topic=%00",
        "/resources.json?q=" + "a" * 5000,
        "/resources.json?kind=%F0%9F%91%A9&from=x&sort=%ff",
        "/resources/none.bib",
        "/resources/%00.bib",
        "/resources/leaving-coal.atom",
        "/resources/leaving-coal.BIB",
    ],
)
def test_odd_addresses_are_answered(client, address):
    make_resource("Leaving coal", slug="leaving-coal")

    assert client.get(address).status_code in (200, 400, 404, 414)


def test_only_so_many_whole_lists_for_a_client(client, monkeypatch):
    few = citation_views.limits.Limit("references", 2, citation_views.LISTS_FROM_CLIENT.within)
    monkeypatch.setattr(citation_views, "LISTS_FROM_CLIENT", few)
    kinds = [kind.value for kind in KINDS[:3]]

    codes = [client.get(f"/resources.bib?kind={kind}").status_code for kind in kinds]
    again = client.get(f"/resources.bib?kind={kinds[0]}")

    assert codes == [200, 200, 429]
    assert again.status_code == 200  # what is kept costs nothing


def test_a_long_list_takes_little_memory(monkeypatch):
    monkeypatch.setattr(citing_lists, "CHUNK", 10)
    for number in range(150):
        make_resource(f"Work {number}")
    refs = [ref_of(work) for work in Resource.objects.all()]
    peaks = []
    for many in (refs[:10], refs[:30], refs):
        gc.collect()
        tracemalloc.start()
        for _piece in citing_lists.written(citing_lists.works_of(many), "ris"):
            gc.collect()
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[2] < peaks[1] * 1.3
