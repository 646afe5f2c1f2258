from datetime import date, timedelta

import pytest
from django.utils import timezone

from hub.catalogue import desk, misses
from hub.catalogue.models import SearchMiss, SetAside
from hub.partners.models import Membership
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
    assert page.count(">hydrogen</bdi>") == 1


LIST = "/admin/catalogue/searchmiss/"


def asked_for(query: str, *, days_ago: int = 0, language: str = "en", count: int = 1) -> SearchMiss:
    day = timezone.now().date() - timedelta(days=days_ago)
    return SearchMiss.objects.create(day=day, language=language, query=query, count=count)


def tasks_of(user) -> dict[str, tuple[int, str]]:
    return {task.label: (task.count, task.url) for task in desk.tasks(user)}


def listed(client, address: str) -> list[str]:
    return [row.query for row in client.get(address).context["cl"].result_list]


def test_what_was_asked_for_in_vain_is_a_task_that_leads_to_as_many_rows(client):
    asked_for("hydrogen", count=3), asked_for("hydrogen", days_ago=3, count=4)
    asked_for("hydrogen", language="es")
    asked_for("pit ponies", days_ago=31, count=9)
    editor = make_editor(make_organisation())
    client.force_login(editor)

    (count, address) = tasks_of(editor)["Asked for, nothing found"]
    page = client.get(address).content.decode()

    assert (count, listed(client, address)) == (2, ["hydrogen", "hydrogen"])
    assert 'class="field-lately">7</td>' in page
    assert 'href="/search/?q=hydrogen"' in page
    assert "Asked for, nothing found" in client.get("/admin/").content.decode()


def test_words_that_an_editor_sets_aside_are_no_task_until_they_are_taken_up_again(client):
    row = asked_for("unicorns", count=3)
    asked_for("unicorns", days_ago=2), asked_for("hydrogen")
    editor = make_editor(make_organisation())
    client.force_login(editor)

    chosen = {"action": "set_aside", "_selected_action": [row.pk]}
    said = client.post(f"{LIST}?asked=open", chosen, follow=True).content.decode()
    asked_for("unicorns", days_ago=1)
    aside = tasks_of(editor)["Asked for, nothing found"][0]
    panel = client.get("/admin/").content.decode()
    lists = [listed(client, f"{LIST}?asked={state}") for state in ("open", "aside")]
    client.post(LIST, chosen | {"action": "take_up"})

    assert "1 search set aside" in said
    assert (aside, lists) == (1, [["hydrogen"], ["unicorns"]])
    assert ("unicorns" in panel, "hydrogen" in panel) == (False, True)
    assert tasks_of(editor)["Asked for, nothing found"][0] == 2


def test_authors_have_no_such_task_and_set_nothing_aside(client):
    row = asked_for("unicorns")
    author = make_editor(make_organisation(), role=Membership.Role.AUTHOR)
    client.force_login(author)

    client.post(LIST, {"action": "set_aside", "_selected_action": [row.pk]})

    assert (tasks_of(author), SetAside.objects.count()) == ({}, 0)


def test_what_was_set_aside_a_year_ago_is_forgotten_with_the_searches():
    today = timezone.now().date()
    misses.set_aside(SearchMiss.objects.filter(pk=asked_for("old").pk), today - timedelta(366))
    misses.set_aside(SearchMiss.objects.filter(pk=asked_for("new").pk), today)

    misses.forget_old(today)

    assert [row.query for row in SetAside.objects.all()] == ["new"]
