from datetime import date, timedelta

import pytest
from django.utils import timezone

from hub.catalogue import misses
from hub.catalogue.models import SearchMiss
from hub.partners.tests.factories import make_editor, make_organisation
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db


def counted() -> dict[str, int]:
    return dict(SearchMiss.objects.values_list("query", "count"))


def test_what_nothing_contains_is_counted_each_time(client):
    make_resource("Coal mines")

    for _ in range(3):  # the second is answered with the page that was kept of the first
        client.get("/resources/?q=Unicorns")
    client.get("/search/?q=unicorns")

    assert counted() == {"unicorns": 4}


@pytest.mark.parametrize(
    "query",
    [
        "q=coal",
        "q=coal&topic=none",
        "kind=news",
        "q=unicorns&page=2",
        "q=-coal",
        "",
    ],
)
def test_what_is_found_or_filtered_away_is_no_miss(client, query):
    make_resource("Coal mines")

    client.get(f"/resources/?{query}")

    assert counted() == {}


def test_a_choice_of_facets_is_no_want_of_works(client):
    make_resource("Coal mines", kind="report")

    client.get("/resources/?q=coal&kind=news")

    assert counted() == {}


def test_a_mistyped_word_is_a_miss_though_it_was_understood(client):
    make_resource("Transition")

    client.get("/resources/?q=transi")

    assert counted() == {"transi": 1}


@pytest.mark.parametrize(
    "words",
    [
        "ana.diaz@example.org",
        "call 0049301234567",
        "https://example.org/x",
        "one two three four five six seven",
        "x" * 81,
    ],
)
def test_what_may_be_personal_is_not_kept(words):
    misses.note(words, "en")

    assert counted() == {}


def test_a_robot_does_not_fill_the_table(monkeypatch):
    monkeypatch.setattr(misses, "MAX_A_DAY", 3)

    for number in range(5):
        misses.note(f"word{number}", "en")
    misses.note("word0", "en")

    assert counted() == {"word0": 2, "word1": 1, "word2": 1}


def test_after_a_year_it_is_forgotten():
    today = timezone.now().date()
    for days in (1, 364, 366):
        SearchMiss.objects.create(day=today - timedelta(days=days), language="en", query=str(days))

    misses.forget_old(today)

    assert set(counted()) == {"1", "364"}


def test_curators_see_what_was_asked_for_most(client):
    for day, query, count in [(1, "hydrogen", 2), (2, "hydrogen", 3), (2, "pit ponies", 4)]:
        SearchMiss.objects.create(day=date(2026, 1, day), language="en", query=query, count=count)
    client.force_login(make_editor(make_organisation()))

    page = client.get("/admin/catalogue/searchmiss/").content.decode()

    assert page.index("hydrogen") < page.index("pit ponies")
    assert 'class="field-times">5</td>' in page
    assert page.count("hydrogen") == 1
