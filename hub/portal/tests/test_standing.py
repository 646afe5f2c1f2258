"""Feeds of what stands on a page, and lists for frames on other sites."""

import re
from datetime import timedelta

import feedparser
import pytest
from django.test import override_settings
from django.utils import timezone

from hub.partners.tests.factories import make_organisation, make_person
from hub.vocabulary.models import FormerAddress, Term
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Credit
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import Page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
PARTNER = "https://partner.example"
HOSTILE = "Coal & <script>alert(1)</script> ]]> “ok” \x0b"


@pytest.fixture
def content():
    """Works on one of each scheme by one partner, with a draft and one to come."""
    terms = tuple(
        make_term(f"{scheme} name", slug=f"some-{scheme}", scheme=scheme)
        for scheme in ("topic", "sector", "audience", "place")
    )
    own = make_organisation("Carbon Centre", slug="centre")
    make_person("Ana Lee", slug="ana-lee")

    def draft(title):
        made = make_draft(title, terms=terms, summary="Told <briefly> & well.")
        roles = Credit.Role
        Credit.objects.create(resource=made, role=roles.PUBLISHER, name=own.name, organisation=own)
        Credit.objects.create(resource=made, role=roles.AUTHOR, name="Ana Lee")
        return made.pk

    now = timezone.now()
    for number in range(3):
        services.publish(draft(f"Work {number} {HOSTILE}"), at=now - timedelta(hours=3 - number))
    draft("CANARY draft")
    services.publish(draft("CANARY later"), at=now + timedelta(days=1))
    services.withdraw(services.publish(draft("CANARY gone")).pk, reason="A mistake.")
    make_resource("Elsewhere")


SUBJECTS = [
    *("topics/some-topic", "sectors/some-sector", "audiences/some-audience", "places/some-place"),
    "partners/centre",
]
FEEDS = [
    *SUBJECTS,
    "people/ana-lee",
    "resources",
    "search",
    "taskforce",
    "taskforce/groups",
    "events",
]


@pytest.mark.parametrize("subject", FEEDS)
def test_feeds_are_valid(client, content, subject):
    response = client.get(f"/{subject}.atom")
    feed = feedparser.parse(response.content)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.bozo == 0, feed.get("bozo_exception")
    assert feed.version == "atom10"
    # RFC 4287, 4.1.1: what a feed must have; and an author in each entry, as it has none itself.
    assert feed.feed.id
    assert feed.feed.title
    assert feed.feed.updated_parsed
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"] == f"https://hub.example.org/{subject}.atom"
    assert links["alternate"] == f"https://hub.example.org/{subject}/"
    ids = [entry.id for entry in feed.entries]
    assert len(set(ids)) == len(ids)
    for entry in feed.entries:
        assert entry.id.startswith("tag:hub.example.org,2026-11-01:")
        assert entry.updated_parsed >= entry.published_parsed
        assert entry.author
        assert entry.link.startswith("https://hub.example.org/")
    assert b"CANARY" not in response.content
    assert b"<script" not in response.content


@pytest.mark.parametrize("subject", [*SUBJECTS, "people/ana-lee"])
def test_a_feed_has_what_its_page_is_about(client, content, subject):
    response = client.get(f"/{subject}.atom")
    titles = [entry.title for entry in feedparser.parse(response.content).entries]

    assert [title[:6] for title in titles] == ["Work 2", "Work 1", "Work 0"]
    page = Page(client.get(f"/{subject}/").content.decode())
    alternates = [link for link in page.all("link") if link.get("rel") == "alternate"]
    assert [link["href"] for link in alternates] == [f"/{subject}.atom"]
    again = client.get(f"/{subject}.atom", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_ids_outlast_a_new_address_and_a_new_title(client, content):
    def ids():
        return {
            entry.id for entry in feedparser.parse(client.get("/resources.atom").content).entries
        }

    before = ids()
    Term.objects.filter(slug="some-topic").update(slug="other-topic")
    assert ids() == before


@pytest.mark.parametrize(
    "path", ["topics/dragons", "partners/dragons", "people/dragons", "places/some-topic"]
)
def test_what_has_no_page_has_no_feed_and_no_frame(client, content, path):
    assert client.get(f"/{path}.atom").status_code == 404
    assert client.get(f"/embed/{path}/").status_code == 404


def test_who_is_not_listed_has_no_feed(client):
    make_person("Bo Doe", slug="bo-doe", is_listed=False, consented_at=None)
    assert client.get("/people/bo-doe.atom").status_code == 404


def test_a_merged_term_leads_on(client, content):
    term = Term.objects.get(slug="some-topic")
    FormerAddress.objects.create(scheme="topic", slug="old", term=term)
    assert client.get("/topics/old.atom")["Location"] == "/topics/some-topic.atom"
    assert client.get("/embed/topics/old/")["Location"] == "/embed/topics/some-topic/"


@pytest.mark.parametrize("subject", SUBJECTS)
class TestFrames:
    def test_it_shows_the_last_and_leads_out_of_the_frame(self, client, content, subject):
        response = client.get(f"/embed/{subject}/")
        html = response.content.decode()

        assert "CANARY" not in html
        assert "<script" not in html
        assert not response.cookies
        main = html.partition("<main")[2]
        assert main.count("<li>") == 3
        assert main.index("Work 2") < main.index("Work 0")
        for link in main.split("<a ")[1:]:
            assert 'target="_blank"' in link.partition(">")[0]
            assert 'rel="noopener"' in link.partition(">")[0]
        assert f'href="https://hub.example.org/{subject}/"' in html

    def test_nobody_may_frame_it_unless_named(self, client, content, subject):
        assert (
            "frame-ancestors 'none'" in client.get(f"/embed/{subject}/")["Content-Security-Policy"]
        )
        with override_settings(EMBED_ORIGINS=[PARTNER]):
            response = client.get(f"/embed/{subject}/")
            own = client.get(f"/{subject}/")
        assert f"frame-ancestors {PARTNER};" in response["Content-Security-Policy"] + ";"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert "X-Frame-Options" not in response
        assert own["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in own["Content-Security-Policy"]

    def test_the_page_says_what_to_copy(self, client, content, subject):
        html = client.get(f"/{subject}/").content.decode()
        assert f'&lt;iframe src="https://hub.example.org/embed/{subject}/"' in html.replace(
            "&quot;", '"'
        )


def test_a_frame_with_its_styles_is_small(client, content):
    for number in range(20):
        make_resource(
            f"A long title of a work on regions, workers and their coal mines, part {number} " * 2,
            terms=(Term.objects.get(slug="some-topic"),),
            publishers=("International Organisation of Very Long Names",),
        )
    html = client.get("/embed/topics/some-topic/").content
    (sheet,) = re.findall(r'rel="stylesheet" href="([^"]+)"', html.decode())
    styles = b"".join(client.get(sheet).streaming_content)

    assert html.count(b"<li>") == 8
    assert html.count(b"src=") == 0
    assert len(html) + len(styles) < 20_000
    assert b"url(" not in styles


def test_a_frame_keeps_to_the_languages_that_are_asked_for(client, content):
    topic = Term.objects.get(slug="some-topic")
    make_resource("Carbón", terms=(topic,), language="es")

    html = client.get("/embed/topics/some-topic/?language=es").content.decode()

    assert "Carbón" in html
    assert "Work" not in html


@pytest.mark.parametrize(
    "query", ["language=xx", "language=%00", "page=x", "q=%00&topic=x", "language=" + "x" * 5000]
)
def test_odd_addresses_of_frames_are_answered(client, content, query):
    response = client.get(f"/embed/topics/some-topic/?{query}")
    assert response.status_code == 200
    assert client.get(f"/topics/some-topic.atom?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/topics/some-topic.atom", "/embed/topics/some-topic/"])
def test_they_cost_few_questions_however_much_there_is(client, content, path):
    few = queries_of(client, path)
    for number in range(10):
        make_resource(f"More {number}", terms=(Term.objects.get(slug="some-topic"),))
    assert queries_of(client, path) <= few <= 25
