from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.tests.factories import make_draft, make_resource
from tests.pages import Page

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(response) -> list[ElementTree.Element]:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content).findall(f"{ATOM}entry")


def titles(response) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(response)]


def make_at(title: str, hours_ago: int, **fields):
    draft = make_draft(title, **fields)
    services.publish(draft.pk, at=timezone.now() - timedelta(hours=hours_ago))
    return draft


def test_a_search_is_followed_by_what_came_to_the_hub_last(client):
    finance = make_term("Finance", slug="finance")
    make_at(
        "Coal & <coke>",
        3,
        terms=(finance,),
        published_on=date(2024, 1, 1),
        published_precision="day",
    )
    make_at(
        "Old coal", 1, terms=(finance,), published_on=date(1999, 1, 1), published_precision="day"
    )
    make_at("Coal elsewhere", 2)
    make_at("Wind", 2, terms=(finance,))

    assert titles(client.get("/resources.atom?q=coal&topic=finance&sort=title&page=7")) == [
        "Old coal",
        "Coal & <coke>",
    ]
    assert titles(client.get("/search.atom")) == [
        "Old coal",
        *["Wind", "Coal elsewhere"],
        "Coal & <coke>",
    ]


def test_an_entry_says_what_and_where_the_work_is(client):
    finance = make_term("Finance", slug="finance")
    resource = make_at(
        "Coal", 1, terms=(finance,), publishers=("ILO",), summary="Told <briefly>.", slug="coal"
    )

    (entry,) = entries(client.get("/resources.atom"))

    assert entry.find(f"{ATOM}link").get("href") == "https://hub.example.org/resources/coal/"
    assert entry.findtext(f"{ATOM}id") == (
        f"tag:hub.example.org,2026-11-01:knowledge.resource:{resource.pk}"
    )
    assert entry.findtext(f"{ATOM}summary") == "Told <briefly>."
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "ILO"
    assert [one.get("term") for one in entry.findall(f"{ATOM}category")] == ["Report", "Finance"]
    moments = [entry.findtext(f"{ATOM}{name}") for name in ("published", "updated")]
    assert all(datetime.fromisoformat(moment).tzinfo for moment in moments)


def test_a_feed_is_named_after_its_search_and_leads_back(client):
    make_term("Finance", slug="finance")
    feed = ElementTree.fromstring(client.get("/resources.atom?topic=finance&q=coal").content)

    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert feed.findtext(f"{ATOM}title") == "Library: “coal”, Finance – Just Transition Hub"
    address = "https://hub.example.org/resources.atom?q=coal&topic=finance"
    assert links["self"] == address == feed.findtext(f"{ATOM}id")
    assert links["alternate"] == "https://hub.example.org/resources/?q=coal&topic=finance"


def test_lists_lead_to_their_feed(client):
    make_term("Finance", slug="finance")
    make_resource("Coal")

    page = Page(client.get("/resources/?q=coal&sort=title&page=1").content.decode())

    feeds = {link["href"] for link in page.all("link") if link.get("rel") == "alternate"}
    assert feeds == {"/resources.atom?q=coal"}
    assert "/resources.atom?q=coal" in {link.get("href") for link in page.all("a")}


def test_whoever_has_the_feed_is_told_so(client):
    make_resource("Coal")
    feed = client.get("/resources.atom?q=coal")

    again = client.get("/resources.atom?q=coal", headers={"if-none-match": feed["ETag"]})

    assert again.status_code == 304
    assert feed["Cache-Control"] == "public, max-age=0, s-maxage=60"


@pytest.mark.parametrize("query", ["page=0", "page=abc", "q=%00", "sort=evil"])
def test_odd_addresses_have_a_feed_too(client, query):
    assert entries(client.get(f"/resources.atom?{query}")) == []


def test_a_feed_has_what_was_asked_for_and_nothing_near_it(client):
    make_resource("Transformation")

    assert client.get("/resources/?q=transf").content.count(b'<article class="card"') == 1
    assert b"<entry>" not in client.get("/resources.atom?q=transf").content


def test_a_feed_of_what_there_is_not_is_no_feed_of_everything(client):
    make_resource("Coal")

    for query in ("topic=dragons", "topic=x" * 50, "from=soon"):
        assert entries(client.get(f"/resources.atom?{query}")) == []
    assert len(entries(client.get("/resources.atom"))) == 1


def test_a_feed_is_well_formed_whatever_is_asked(client):
    make_resource("A \ufffe coal \x0b title", summary="\uffff")

    (entry,) = entries(client.get("/resources.atom?q=coal%EF%BF%BF%EF%BF%BE"))

    assert entry.find(f"{ATOM}title").text == "A  coal  title"
