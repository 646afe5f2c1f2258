import json
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from hub.catalogue.models import Record, UsageDay
from hub.catalogue.reindexing import differences
from hub.vocabulary.tests.factories import make_term
from knowledge import reading_lists, services
from knowledge.listed import entries_of, found_by, lists_with
from knowledge.models import MOST_FOUND, Collection, CollectionText
from knowledge.tests.factories import make_draft, make_list, make_list_draft, make_resource
from tests.pages import Page

pytestmark = pytest.mark.django_db


def titles_in(collection: Collection) -> list[str]:
    return [entry.record.texts["en"]["title"] for entry in entries_of(collection)]


def test_works_picked_by_hand_stand_in_their_order():
    first, second, third = (make_resource(name) for name in ("Pits", "Mills", "Kilns"))

    assert titles_in(make_list("Read these", second, third, first)) == ["Mills", "Kilns", "Pits"]


def test_a_search_adds_the_first_works_it_finds_and_none_twice():
    old, middle, new = (
        make_resource(
            f"Retraining in {year}", published_on=f"{year}-01-01", published_precision="year"
        )
        for year in (2019, 2021, 2023)
    )
    picked = make_resource("Pits")

    by_age = make_list("By age", picked, new, query="q=retraining&sort=oldest", query_size=2)

    assert titles_in(by_age) == [
        "Pits",
        "Retraining in 2023",
        "Retraining in 2019",
        "Retraining in 2021",
    ]
    assert [record.ref for record in found_by(by_age)] == [
        f"knowledge.resource:{work.pk}" for work in (old, middle)
    ]


def test_a_search_goes_on_over_pages_of_results():
    for number in range(45):
        make_resource(f"Lignite {number}")

    assert len(found_by(make_list(query="q=lignite", query_size=MOST_FOUND))) == 45
    assert len(found_by(make_list(query="q=lignite", query_size=41))) == 41


def test_what_comes_only_near_to_the_words_of_a_search_is_not_in_the_list():
    make_resource("Retraining")

    assert found_by(make_list(query="q=retrainings+zymurgist", query_size=5)) == []


def test_reading_lists_are_found_in_no_reading_list():
    work = make_resource("Lignite")
    make_list("Lignite for all", work)

    assert [one.path for one in found_by(make_list("Lignite", query="q=lignite"))] == [
        work.get_absolute_url()
    ]


def test_what_is_not_public_is_left_out():
    gone, coming = make_resource("Gone"), make_resource("Coming", at=timezone.now() + timedelta(1))
    collection = make_list("Read these", make_resource("Pits"), gone, coming, make_draft("Draft"))

    services.withdraw(gone.pk, reason="Wrong")

    assert titles_in(collection) == ["Pits"]


def test_a_list_is_a_record_with_its_topics_and_its_curator():
    topic = make_term("Finance")
    collection = make_list("Where the money comes from", make_resource(), terms=(topic,))

    record = Record.objects.public().get(kind="collection")

    assert record.path == collection.get_absolute_url()
    assert (record.own_term_ids, record.publisher_names) == ([topic.pk], [collection.owner.name])
    assert list(differences()) == []
    call_command("reindex", "--check")


def test_a_list_goes_public_is_withdrawn_and_restored():
    collection = make_list_draft("Read these", make_resource())

    assert not Collection.objects.public().exists()
    assert not Record.objects.filter(kind="collection").exists()
    reading_lists.publish(collection.pk)
    assert Collection.objects.public().get() == collection
    reading_lists.withdraw(collection.pk, reason="Too old")
    assert Record.objects.get(kind="collection").withdrawn_at is not None
    reading_lists.restore(collection.pk)
    assert Collection.objects.unpublished().get() == Collection.objects.withdrawn().get()
    reading_lists.publish(collection.pk)

    assert Collection.objects.public().get() == collection
    assert list(differences()) == []


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda pk: reading_lists.withdraw(pk, reason="Old"), "Only what is published"),
        (reading_lists.restore, "Only what was withdrawn"),
    ],
)
def test_a_draft_is_neither_withdrawn_nor_restored(act, said):
    with pytest.raises(ValidationError, match=said):
        act(make_list_draft("Read these", make_resource()).pk)


def test_a_list_of_nothing_is_not_published():
    with pytest.raises(ValidationError, match="Pick a work"):
        reading_lists.publish(make_list_draft("Read these").pk)


@pytest.mark.parametrize(
    "broken",
    [
        {"publish_at": None},
        {"status": "withdrawn"},
        {"reason": "Old"},
        {"query_size": 0},
        {"query_size": MOST_FOUND + 1},
    ],
)
def test_the_database_keeps_a_list_whole(broken):
    collection = make_list("Read these", make_resource())

    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.filter(pk=collection.pk).update(**broken)


def test_only_a_draft_that_nobody_saw_is_discarded():
    seen, unseen = make_list("Seen", make_resource()), make_list_draft("Unseen", make_resource())

    reading_lists.discard(seen.pk)
    reading_lists.discard(unseen.pk)

    assert Collection.objects.get() == seen


# Pages


def test_the_page_tells_works_notes_search_and_curator(client):
    collection = make_list(
        "Where the money comes from",
        make_resource("Pits"),
        make_resource("Mills"),
        notes=("Begin with this.",),
        query="q=kilns",
        slug="money",
    )
    make_resource("Kilns")

    answer = client.get("/collections/money/")
    page = answer.content.decode()

    assert [pick.card.title for pick in answer.context["picks"]] == ["Pits", "Mills", "Kilns"]
    assert "Begin with this." in page
    assert "/resources/?q=kilns" in page
    assert collection.owner.get_absolute_url() in page
    assert (dict(answer.cookies), answer["Cache-Control"]) == (
        {},
        "public, max-age=0, s-maxage=60",
    )


def test_a_title_in_the_readers_language_comes_first(client):
    collection = make_list("Antes de leer", make_resource(), language="es", slug="leer")
    CollectionText.objects.create(collection=collection, language="en", title="Read first")
    reading_lists.saved(collection)

    assert client.get("/collections/leer/").context["title"] == "Read first"


def test_a_list_changes_with_what_it_shows(client):
    work = make_resource("Pits")
    make_list("Read these", work, query="q=lignite", slug="list")
    before = [pick.card.title for pick in client.get("/collections/list/").context["picks"]]

    make_resource("Lignite")
    added = [pick.card.title for pick in client.get("/collections/list/").context["picks"]]
    services.withdraw(work.pk, reason="Wrong")
    taken = [pick.card.title for pick in client.get("/collections/list/").context["picks"]]

    assert (before, added, taken) == (["Pits"], ["Pits", "Lignite"], ["Lignite"])


def test_a_page_is_kept_until_an_item_or_a_text_changes(client):
    collection = make_list("Read these", make_resource("Pits"), notes=("Old",), slug="list")
    first, again = client.get("/collections/list/"), client.get("/collections/list/")

    collection.items.update(note="New")

    assert first["ETag"] == again["ETag"]
    assert "New" in client.get("/collections/list/").content.decode()
    collection.texts.update(title="Read those")
    assert "Read those" in client.get("/collections/list/").content.decode()


def test_a_kept_page_costs_few_questions_however_long_the_list(client, django_assert_num_queries):
    make_list("Read these", *(make_resource() for _number in range(12)), slug="list")
    client.get("/collections/list/")

    with django_assert_num_queries(4):  # the list, the version, what is kept, counting the reader
        client.get("/collections/list/")


def test_readers_of_a_list_are_counted(client):
    make_list("Read these", make_resource(), slug="list")

    client.get("/collections/list/")

    assert list(UsageDay.objects.values_list("metric", "count")) == [("view", 1)]


def test_drafts_are_missing_and_withdrawn_lists_are_gone(client):
    make_list_draft("Draft", make_resource(), slug="draft")
    make_list("Later", make_resource(), slug="later", at=timezone.now() + timedelta(hours=1))
    gone = make_list("Gone", make_resource(), slug="gone")
    reading_lists.withdraw(gone.pk, reason="Said twice")

    for slug in ("draft", "later", "nothing"):
        assert client.get(f"/collections/{slug}/").status_code == 404
        assert client.get(f"/collections/{slug}/works.ris").status_code == 404
    answer = client.get("/collections/gone/")
    assert (answer.status_code, "Said twice" in answer.content.decode()) == (410, True)
    assert client.get("/collections/gone/works.csv").status_code == 410


def test_the_title_of_a_restored_draft_is_not_told(client):
    collection = make_list("Old name", make_resource(), slug="gone")
    reading_lists.withdraw(collection.pk, reason="Wrong")
    reading_lists.restore(collection.pk)
    collection.texts.update(title="New name")

    page = client.get("/collections/gone/").content.decode()

    assert "New name" not in page


def test_the_list_of_lists_shows_what_is_public_and_filters_by_topic(client):
    topic = make_term("Finance")
    make_list("Money", make_resource(), terms=(topic,))
    make_list("Work", make_resource())
    make_list_draft("Draft", make_resource())

    def titles(query=""):
        return {card.title for card in client.get(f"/collections/{query}").context["cards"]}

    assert (titles(), titles(f"?topic={topic.slug}")) == ({"Money", "Work"}, {"Money"})


def test_lists_are_in_the_library_and_in_search(client):
    make_list("Where the money comes from", make_resource("Pits"))

    for path in ("/resources/?q=money", "/search/?q=money", "/resources/?kind=collection"):
        cards = client.get(path).context["cards"]
        assert [card.title for card in cards] == ["Where the money comes from"], path


def test_a_work_tells_in_which_lists_it_is(client):
    work = make_resource("Lignite and after", slug="work")
    make_list("By hand", work)
    make_list("By search", make_resource(), query="q=lignite")
    make_list_draft("Draft", work)
    make_list("Without it", make_resource())

    assert {card.title for card in client.get("/resources/work/").context["lists"]} == {
        "By hand",
        "By search",
    }


def test_which_lists_find_a_work_is_asked_once_for_all_pages(django_assert_max_num_queries):
    work = make_resource("Lignite")
    make_list("By search", make_resource(), query="q=lignite")
    lists_with(work)

    with django_assert_max_num_queries(4):  # picked, the version, what is kept, the records
        assert len(lists_with(work)) == 1


# Files


@pytest.fixture
def taken(client):
    note = "=cmd|' /C calc'!A0\nSecond line"
    work = make_resource("Pits & pumps", curator_note="For us alone", publishers=("GIZ",))
    make_list("Read these", work, make_resource("Mills"), notes=(note,), slug="list")

    def take(ending):
        return client.get(f"/collections/list/works.{ending}")

    return take


def test_a_table_has_the_works_in_order_with_notes_that_run_nothing(taken):
    answer = taken("csv")
    text = answer.content.decode("utf-8-sig")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="list.csv"' in answer["Content-Disposition"]
    assert text.startswith("position,note,public_id,")
    assert "\"'=cmd|" in text
    assert text.index("Pits") < text.index("Mills")
    assert not {"For us alone", "owner", "status", "review_by"} & {
        *text.replace("\r\n", ",").split(",")
    }


@pytest.mark.parametrize(
    ("ending", "has"),
    [
        ("ris", "N1  - =cmd|' /C calc'!A0 Second line"),
        ("bib", "annote = {=cmd|' /C calc'!A0 Second line}"),
        ("json", '"note": "=cmd|\' /C calc\'!A0 Second line"'),
    ],
)
def test_references_have_the_notes_in_one_line(taken, ending, has):
    assert has in taken(ending).content.decode()


def test_references_come_in_the_order_of_the_list(taken):
    told = json.loads(taken("json").content)

    assert [one["title"] for one in told] == ["Pits & pumps", "Mills"]


def test_files_are_kept_like_pages(taken):
    assert [taken("ris").status_code, taken("ris")["ETag"] == taken("ris")["ETag"]] == [200, True]


@pytest.mark.parametrize("ending", ["xlsx", "exe", "RIS"])
def test_there_is_no_other_format(taken, ending):
    assert taken(ending).status_code == 404


def test_what_was_withdrawn_is_in_no_file(taken):
    collection = Collection.objects.get()
    services.withdraw(collection.items.order_by(F("position").desc())[0].resource_id, reason="Old")

    assert [one["title"] for one in json.loads(taken("json").content)] == ["Pits & pumps"]


# The feed

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_list_is_followed_in_its_order_with_its_notes(client):
    pits, mills = make_resource("Pits", summary="Of pits."), make_resource("Mills & kilns")
    collection = make_list("Read these", mills, pits)
    collection.items.filter(resource=pits).update(note="Begin here")
    address = f"/collections/{collection.slug}.atom"

    page = Page(client.get(collection.get_absolute_url()).content.decode())
    answer = client.get(address)
    feed = ElementTree.fromstring(answer.content)

    heads = [one["href"] for one in page.all("link") if one.get("rel") == "alternate"]
    assert address in heads
    assert address in {one.get("href") for one in page.all("a")}
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.findtext(f"{ATOM}title") == "Read these – Just Transition Hub"
    entries = feed.findall(f"{ATOM}entry")
    assert [one.findtext(f"{ATOM}title") for one in entries] == ["Mills & kilns", "Pits"]
    assert entries[1].findtext(f"{ATOM}summary") == "Begin here\n\nOf pits."
    again = client.get(address, headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_a_feed_has_changed_when_a_work_has_joined_its_list(client):
    old, late = make_resource("Pits"), make_resource("Mills")
    Record.objects.update(published_at=F("published_at") - timedelta(days=9))
    collection = make_list("Read these", old)
    address = f"/collections/{collection.slug}.atom"
    before = ElementTree.fromstring(client.get(address).content).findtext(f"{ATOM}updated")

    collection.items.create(resource=late, position=2)
    Collection.objects.update(updated_at=timezone.now() + timedelta(seconds=2))
    after = ElementTree.fromstring(client.get(address).content)

    assert len(after.findall(f"{ATOM}entry")) == 2
    assert before < after.findtext(f"{ATOM}updated")


def test_only_what_is_public_has_a_feed(client):
    work, gone = make_resource("Pits"), make_resource("Mills")
    collection = make_list("Read these", work, gone)
    services.withdraw(gone.pk, reason="Old")
    address = f"/collections/{collection.slug}.atom"

    assert b"Mills" not in client.get(address).content
    reading_lists.withdraw(collection.pk, reason="Old")
    assert client.get(address).status_code == 410
    draft = make_list_draft("Not yet", work)
    assert client.get(f"/collections/{draft.slug}.atom").status_code == 404
