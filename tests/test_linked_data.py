"""What every public page says of itself to programs: JSON-LD that parses, with the type of its kind."""

import json
import re

import pytest
from django.test import Client

from hub.catalogue.kinds import kinds
from hub.catalogue.models import Record
from hub.partners.models import Organisation, Person
from hub.partners.tests.factories import make_person
from hub.vocabulary.models import Term
from tests.pages import sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content")]
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
TYPE = re.compile(r"[A-Z][A-Za-z]+")


def graph_of(client: Client, path: str) -> list[dict]:
    """The nodes of the page at this path; none of what is no page."""
    response = client.get(path)
    if not response.get("Content-Type", "").startswith("text/html"):
        return []
    blocks = BLOCK.findall(response.content.decode())
    if not blocks:
        return []
    [block] = blocks
    told = json.loads(block)
    assert told["@context"] == "https://schema.org"
    return told["@graph"]


def nodes_in(value: object) -> list[dict]:
    """All nodes of a graph, also those within others."""
    if isinstance(value, list):
        return [node for one in value for node in nodes_in(one)]
    if isinstance(value, dict):
        return [value, *(node for one in value.values() for node in nodes_in(one))]
    return []


def subject_at(client: Client, path: str) -> dict:
    graph = graph_of(client, path)
    [page] = [node for node in graph if "mainEntity" in node]
    [subject] = [node for node in graph if node["@id"] == page["mainEntity"]["@id"]]
    return subject


def test_every_sort_of_page_tells_programs_what_it_is(client):
    told = {path: graph_of(client, path) for path in sample()}

    pages = {path: graph for path, graph in told.items() if graph}
    assert len(pages) > 25
    for path, graph in pages.items():
        known = {node["@id"] for node in graph}
        for node in nodes_in(graph):
            assert "@type" not in node or TYPE.fullmatch(node["@type"]), path
            assert all(value not in ("", None, [], {}) for value in node.values()), (path, node)
            if set(node) == {"@id"}:
                assert node["@id"] in known, (path, node)
        crumbs = [node for node in graph if node["@type"] == "BreadcrumbList"]
        assert len(crumbs) == (0 if path == "/" else 1), path
        for list_of in crumbs:
            items = list_of["itemListElement"]
            assert [item["position"] for item in items] == list(range(1, len(items) + 1))
            assert all(item["name"] and item["item"].startswith("https://") for item in items)


def test_a_record_of_each_kind_is_what_its_kind_says(client):
    seen = set()
    for kind in kinds:
        record = Record.objects.public().filter(kind=kind.value).first()
        if record is None or not kind.is_work:
            continue
        subject = subject_at(client, record.path)
        assert subject["@type"] == kind.schema_type, record.path
        assert subject["name"], record.path
        seen.add(subject["@type"])

    assert {"Report", "ScholarlyArticle", "NewsArticle", "Dataset", "VideoObject"} <= seen
    assert {"PodcastEpisode", "Course", "OpinionNewsArticle"} <= seen


def test_events_organisations_people_places_and_terms_are_what_they_are(client):
    event = Record.objects.public().happenings().first()
    paths = {
        "Event": event.path,
        "Organization": Organisation.objects.implementing().first().get_absolute_url(),
        "Person": make_person("Ana Ríos").get_absolute_url(),
        "DefinedTerm": Term.objects.topics().first().get_absolute_url(),
        "Country": Term.objects.countries().first().get_absolute_url(),
        "Dataset": "/data/",
    }

    assert {subject_at(client, one)["@type"]: one for one in paths.values()} == paths
    assert "startDate" in subject_at(client, event.path)
    assert Person.objects.public().exists()
