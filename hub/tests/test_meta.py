"""What pages say of themselves to search engines and to those who share them."""

import json
import re

import pytest
from django.urls import reverse

from hub.meta import MAX_DESCRIPTION, Crumb, Meta
from tests.pages import Page, sample

HUB = "https://hub.example.org"
DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def graph(meta: Meta) -> dict[str, dict]:
    """The nodes of a page's linked data by their type."""
    data = json.loads(meta.linked_data)
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def test_home_introduces_site_and_publisher(published_files):
    nodes = graph(Meta("Coal regions share", "/", is_home=True))

    assert set(nodes) == {"WebPage", "WebSite", "Organization"}
    action = nodes["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{HUB}/search/?q={{search_term_string}}"
    assert nodes["WebSite"]["publisher"]["@id"] == nodes["Organization"]["@id"]


def test_a_page_names_what_is_above_it(published_files):
    meta = Meta("Cesar", "/places/cesar/", crumbs=(Crumb("Places", "/places/"),))

    assert [
        (item["position"], item["name"], item["item"])
        for item in graph(meta)["BreadcrumbList"]["itemListElement"]
    ] == [
        (1, "Home", f"{HUB}/"),
        (2, "Places", f"{HUB}/places/"),
        (3, "Cesar", f"{HUB}/places/cesar/"),
    ]


def test_titles_cannot_leave_the_script_element(published_files):
    title = '</script><script>alert("&amp;")</script><!--'
    meta = Meta(title, "/x/", subject={"@type": "Report", "name": title})

    assert not set("<>&") & set(meta.linked_data)
    assert graph(meta)["Report"]["name"] == title


def test_a_description_is_cut_and_never_empty(published_files):
    assert len(Meta("A", "/", "word " * 100).summary) == MAX_DESCRIPTION
    assert Meta("A", "/").summary.startswith("Reports, tools, guides")


@pytest.mark.django_db
@pytest.mark.usefixtures("starting_content")
def test_every_page_type_is_ready_to_be_shared_and_indexed(client):
    faults = {}
    parts_of_pages = (reverse("portal:suggestions"), "/embed/")
    for path in sample():
        response = client.get(path)
        if path.startswith(parts_of_pages):
            continue
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        html = response.content.decode()
        page = Page(html)
        shared = {meta.get("property"): meta.get("content") for meta in page.all("meta")}
        nodes = [node for text in DATA.findall(html) for node in json.loads(text)["@graph"]]
        found = {
            "address": page.canonical == shared["og:url"] == nodes[0]["url"],
            "title": shared["og:title"] in page.title and nodes[0]["name"] == shared["og:title"],
            "description": page.description == shared["og:description"],
            "picture": shared["og:image"].startswith(f"{HUB}/static/img/share."),
            "site": {"WebSite", "Organization"} <= {node["@type"] for node in nodes},
            "place": path == "/" or "BreadcrumbList" in {node["@type"] for node in nodes},
            "names": len({node["@id"] for node in nodes}) == len(nodes),
        }
        wrong = [name for name, is_right in found.items() if not is_right]
        if wrong:
            faults[path] = wrong

    assert faults == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("starting_content")
def test_a_work_says_its_kind(client):
    types = {}
    for kind in ("report", "op-ed", "dataset", "course", "video", "news"):
        listing = client.get(reverse("knowledge:resource_list"), {"kind": kind})
        path = listing.context["cards"][0].url
        nodes = json.loads(DATA.search(client.get(path).content.decode())[1])["@graph"]
        types[kind] = next(node["@type"] for node in nodes if node["@id"].endswith("#subject"))

    assert types == {
        "report": "Report",
        "op-ed": "OpinionNewsArticle",
        "dataset": "Dataset",
        "course": "Course",
        "video": "VideoObject",
        "news": "NewsArticle",
    }
