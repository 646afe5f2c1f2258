"""What programs find at fixed addresses, and the maps of all pages."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from hub.partners.tests.factories import make_organisation, make_person
from hub.portal import sitemaps
from hub.vocabulary.tests.factories import make_term
from knowledge.services import publish, withdraw
from knowledge.tests.factories import make_draft, make_resource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
BASE = "https://hub.example.org"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def tree(client, path: str) -> ElementTree.Element:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, sitemaps.TYPE)
    return ElementTree.fromstring(answer.content)


def addresses(client, path: str) -> list[str]:
    found = [one.text for one in tree(client, path).iter(f"{MAP}loc")]
    assert all(address.startswith(f"{BASE}/") for address in found)
    return [address.removeprefix(BASE) for address in found]


def test_robots_are_told_what_is_for_nobody_and_where_the_maps_are(client):
    text = client.get("/robots.txt").content.decode()

    assert text.splitlines() == [
        "User-agent: *",
        *("Disallow: /admin/", "Disallow: /account/", "Disallow: /search/"),
        "",
        f"Sitemap: {BASE}/sitemap.xml",
    ]


def test_who_finds_a_weakness_reads_whom_to_tell(client):
    answer = client.get("/.well-known/security.txt")

    told = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(r"mailto:\S+@\S+", told["Contact"])
    assert told["Canonical"] == f"{BASE}/.well-known/security.txt"
    expires = datetime.fromisoformat(told["Expires"]) - timezone.now()
    assert timedelta(days=140) < expires < timedelta(days=365)


def test_a_phone_can_keep_the_hub_on_its_screen(client):
    answer = client.get("/app.webmanifest")
    told = json.loads(answer.content)

    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["start_url"], told["display"]) == ("/", "minimal-ui")
    for icon in told["icons"]:
        assert client.get(icon["src"]).status_code == 200
    assert 'rel="manifest" href="/app.webmanifest"' in client.get("/about/").content.decode()


def test_every_page_is_on_a_map_and_nothing_else(client):
    coal, unnamed = make_term("Coal", slug="coal"), make_term("Unnamed", slug="unnamed")
    unnamed.labels.all().delete()
    work, gone = make_resource("Mine closure"), make_resource("Gone")
    make_draft("Draft")
    publish(make_draft("Coming").pk, at=timezone.now() + timedelta(hours=1))
    withdraw(gone.pk, reason="Wrong")
    union = make_organisation("Union of Miners")
    listed, unlisted = make_person("Ana Ruiz"), make_person("Bo Li", is_listed=False)

    maps = addresses(client, "/sitemap.xml")
    found = [path for one in maps for path in addresses(client, one)]

    assert maps == [f"/sitemap-{name}.xml" for name in sitemaps.PARTS]
    assert len(found) == len(set(found))
    for shown in (work, coal, union, listed):
        assert shown.get_absolute_url() in found
    for hidden in (gone, unnamed, unlisted):
        assert hidden.get_absolute_url() not in found
    assert not [path for path in found if "draft" in path or "coming" in path]
    for path in found:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert b'name="robots" content="noindex"' not in answer.content, path


def test_a_change_shows_on_the_map(client):
    work = make_resource("Mine closure")
    [entry] = [
        one
        for one in tree(client, "/sitemap-records.xml").iter(f"{MAP}url")
        if one.findtext(f"{MAP}loc").endswith(work.get_absolute_url())
    ]

    assert entry.findtext(f"{MAP}lastmod") == f"{timezone.now():%Y-%m-%d}"


def test_pages_of_several_languages_name_each_other(client, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    work = make_resource("Mine closure")

    entries = {
        one.findtext(f"{MAP}loc"): {
            link.get("hreflang"): link.get("href") for link in one.iter(LINK)
        }
        for one in tree(client, "/sitemap-records.xml").iter(f"{MAP}url")
    }

    path = work.get_absolute_url()
    other = {"en": f"{BASE}{path}", "es": f"{BASE}/es{path}", "x-default": f"{BASE}{path}"}
    assert entries[other["en"]] == entries[other["es"]] == other
    page = client.get(path).content.decode()
    for code, url in other.items():
        assert f'<link rel="alternate" hreflang="{code}" href="{url}">' in page


def test_long_maps_are_parted(client, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(sitemaps.Pages, "limit", 2)
    for number in range(5):
        make_resource(f"Work {number}")

    maps = addresses(client, "/sitemap.xml")
    parts = [path for path in maps if path.startswith("/sitemap-records.xml")]

    assert parts == ["/sitemap-records.xml", "/sitemap-records.xml?p=2", "/sitemap-records.xml?p=3"]
    assert [len(addresses(client, path)) for path in parts] == [2, 2, 1]
    with django_assert_max_num_queries(4):
        client.get(parts[1])


@pytest.mark.parametrize(
    "path", ["nothing.xml", "records.xml?p=9", "records.xml?p=x", "records.xml?p=-1"]
)
def test_what_is_on_no_map_is_not_found(client, path):
    assert client.get(f"/sitemap-{path}").status_code == 404
