"""Events on the other pages of the hub: home, topics, places, partners, people, search; and that they
are no works there."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from events import publishing, release
from events.models import Event
from events.tests.factories import local, make_appearance, make_event, make_material, make_session
from hub.catalogue import reindexing
from hub.catalogue.collection import Collection
from hub.catalogue.models import SearchMiss
from hub.partners.tests.factories import make_organisation, make_person
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance():
    return make_term("Finance")


@pytest.fixture
def spain():
    return make_term("Spain", Scheme.PLACE)


@pytest.fixture
def union():
    return make_organisation("Miners' Union")


@pytest.fixture
def events(finance, spain, union) -> list[Event]:
    """One that comes, with a speaker, and one that was."""
    person = make_person("Ana Ruiz", slug="ana-ruiz")
    made = []
    for title, fields in (
        ("Zymurgy of tomorrow", {}),
        ("Zymurgy of yesterday", {"starts_local": local("2022-10-24 14:30"), "ends_local": None}),
    ):
        event = make_event(title=title, country=spain, **fields)
        event.terms.set([finance])
        event.organisers.create(name="Miners' Union", organisation=union)
        session = make_session(event, title=f"Panel: {title}")
        make_appearance(session, "Ana Ruiz", person=person)
        release.release(event)
        made.append(event)
    return made


def on(client, address):
    shown = client.get(address).context["what_is_on"]
    return [one.title for one in shown.coming], [one.title for one in shown.past]


BOTH = (["Zymurgy of tomorrow"], ["Zymurgy of yesterday"])


def test_pages_say_what_is_on(client, events, finance, spain, union):
    make_resource("A work", terms=[finance, spain])
    for address in ("/", finance.get_absolute_url(), spain.get_absolute_url()):
        assert on(client, address) == BOTH, address
    assert on(client, union.get_absolute_url()) == BOTH
    assert on(client, "/people/ana-ruiz/") == (
        ["Panel: Zymurgy of tomorrow"],
        ["Panel: Zymurgy of yesterday"],
    )


def test_pages_say_nothing_where_nothing_is(client, finance):
    for address in ("/", finance.get_absolute_url()):
        response = client.get(address)
        assert not response.context["what_is_on"]
        assert "What is on" not in response.content.decode()


def test_events_are_no_works(client, events, finance):
    make_resource("A work", terms=[finance])

    assert Collection().total == Collection.about(finance.pk).total == 1
    assert client.get("/").context["stats"].works == 1
    assert client.get("/resources/").context["total"] == 1
    assert client.get("/search/?q=finance").context["total"] == 1
    assert client.get("/people/ana-ruiz/").context["cards"] == []


def test_search_finds_events_and_sessions_apart_from_works(client, events):
    make_resource("Zymurgy for beginners")

    found = client.get("/search/?q=zymurgy").context

    assert [card.title for card in found["cards"]] == ["Zymurgy for beginners"]
    assert len(found["events"]) == 3
    assert {one.title for one in client.get("/search/?q=tomorrow").context["events"]} == {
        "Zymurgy of tomorrow",
        "Panel: Zymurgy of tomorrow",
    }


def test_search_finds_an_event_by_who_speaks_and_who_holds_it(client, events):
    for words in ("Ana+Ruiz", "Miners+Union"):
        titles = [one.title for one in client.get(f"/search/?q={words}").context["events"]]
        assert "Zymurgy of tomorrow" in titles or "Panel: Zymurgy of tomorrow" in titles


def test_what_was_kept_of_home_is_made_anew_when_an_event_is_over(client, events):
    assert on(client, "/") == BOTH
    event = events[0]
    event.starts_local -= timedelta(days=60)
    event.ends_local -= timedelta(days=60)
    event.save()
    publishing.saved(event)

    assert "Nothing is announced" in client.get("/").content.decode()


def test_catalogue_agrees_with_events(events):
    publishing.cancel(events[0].pk, "No room.")
    publishing.withdraw(events[1].pk, "Told twice.")

    assert list(reindexing.differences()) == []
    call_command("reindex")
    assert list(reindexing.differences()) == []


def test_a_search_that_finds_events_alone_is_no_miss(client, events):
    found = client.get("/search/?q=tomorrow")
    again = client.get("/search/?q=tomorrow")

    assert not found.context["cards"]
    assert found.context["events"]
    assert b"Zymurgy of tomorrow" in again.content
    assert not SearchMiss.objects.exists()
    client.get("/search/?q=nothingofthatsort")
    assert [miss.query for miss in SearchMiss.objects.all()] == ["nothingofthatsort"]


def test_what_was_said_at_an_event_is_found_at_its_part(client, events):
    event = events[0]
    padding = "\n\n".join(["We speak of other things here. " * 20] * 5)
    material = make_material(
        event, kind="transcript", transcript=f"{padding}\n\nThe quokka sleeps.", language="en"
    )
    publishing.saved(event)

    found = client.get("/search/?q=quokka")

    (one,) = found.context["events"]
    assert one.title == event.title
    assert one.said.number > 1
    path = f"/events/{event.slug}/outcomes/transcripts/{material.pk}/#part-{one.said.number}"
    text = " ".join(found.content.decode().split())
    assert f'href="{one.said.path}"' in text
    assert one.said.path.partition("#")[2] == path.partition("#")[2]
    assert f"At part {one.said.number} in the transcript" in text
    assert "Page " not in text.partition('class="pagehit"')[2].partition("</p>")[0]
    page = client.get(one.said.path).content.decode()
    assert "quokka" in page.partition(f'id="part-{one.said.number}"')[2]
    # The list of events finds it too.
    assert event.title in client.get("/events/?q=quokka").content.decode()
