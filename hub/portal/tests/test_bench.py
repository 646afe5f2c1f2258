"""The benchmark measures what it says: the same works each time, questions that find what they
promise, a floor without queries, and a report that tells a missed goal."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import RequestFactory

from hub.catalogue import services, words
from hub.catalogue.kinds import kinds
from hub.portal.bench import classes, corpus, floor, measure, report
from hub.portal.bench.classes import QueryClass
from hub.portal.bench.corpus import Corpus, Subjects
from hub.portal.bench.drive import Cell
from hub.portal.bench.load import Built
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term

RECORDS = 200


def make_subjects() -> Subjects:
    numbers = {Scheme.TOPIC: 6, Scheme.SECTOR: 3, Scheme.PLACE: 5, Scheme.AUDIENCE: 2}
    terms = {
        scheme: [make_term(f"{scheme} number {number}", scheme) for number in range(count)]
        for scheme, count in numbers.items()
    }
    return Subjects(
        kinds=tuple(kind.value for kind in kinds)[:4],
        terms={scheme: {term.slug: term.pk for term in found} for scheme, found in terms.items()},
    )


def nobody() -> Subjects:
    return Subjects(kinds=("report", "guide"), terms={"topic": {"one": 1, "two": 2}})


@pytest.fixture(scope="module")
def works(django_db_setup, django_db_blocker):
    """The works, in the database until the last test of the module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        made = Corpus(RECORDS, make_subjects())
        services.put_drafts(made.pairs())
        yield made
        transaction.set_rollback(True)


def asked(works: Corpus, name: str) -> QueryClass:
    [found] = classes.make(works, [name])
    return found


def test_a_work_is_the_same_in_every_run_of_any_size():
    first, second = Corpus(RECORDS, nobody()), Corpus(RECORDS * 2, nobody())

    assert [first.draft(number) for number in (0, 7)] == [second.draft(number) for number in (0, 7)]
    assert first.draft(0) != first.draft(1)


def test_of_very_many_works_there_are_titles_and_summaries_alone():
    few, many = Corpus(RECORDS, nobody()), Corpus(corpus.MOST_WITH_BODIES + 1, nobody())

    pairs = [(few.draft(number), many.draft(number)) for number in range(60)]

    bodies = [next(iter(draft.texts.values())).body for draft, _other in pairs]
    assert 10 < sum(map(bool, bodies)) < 30
    for draft, other in pairs:
        [text], [short] = draft.texts.values(), other.texts.values()
        assert (short.title, short.summary, short.body) == (text.title, text.summary, "")
        assert (draft.term_ids, draft.issued_on) == (other.term_ids, other.issued_on)


def test_thai_stands_without_spaces():
    titles = [Corpus(RECORDS, nobody())._text(corpus.Random(n), "th").title for n in range(5)]

    assert [title for title in titles if " " in title] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["rare", "common", "two", "phrase", "accented"])
def test_words_are_in_as_many_records_as_their_class_promises(works, name):
    found = asked(works, name)

    hits = [classes.count_records(query["q"]) for query in map(query_of, found.addresses[:20])]

    assert hits
    assert [number for number in hits if not found.promises(number)] == []


@pytest.mark.django_db
def test_nothing_has_a_mistyped_word_and_the_page_shows_what_was_meant(works, client):
    words.renew()
    found = asked(works, "typo")

    pages = {one: client.get(one).content.decode() for one in found.addresses[:20]}

    assert {classes.count_records(query_of(one)["q"]) for one in pages} == {0}
    meant = [measure.suggests(page, found.meant[one]) for one, page in pages.items()]
    # Of so few works most slips are nearer to another word.
    assert any(meant)


@pytest.mark.django_db
def test_names_of_terms_are_asked_where_they_stand_in_texts(works):
    for name in ("Transition", "Workers", "Zymurgy"):
        make_term(name)

    found = {query_of(address)["q"] for address in asked(works, "named").addresses}

    assert found == {"transition", "workers"}
    assert not found & {query_of(address)["q"] for address in asked(works, "common").addresses}


def query_of(address: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["browse", "facet", "facets", "deep", "late"])
def test_lists_have_as_many_works_as_their_class_promises(works, client, name):
    found = asked(works, name)

    pages = [client.get(address).content.decode() for address in found.addresses[:5]]

    hits = [measure.hits_of(page) for page in pages]
    assert [number for number in hits if number is None or not found.promises(number)] == []


@pytest.mark.django_db
def test_no_address_comes_twice(works):
    for name in ("Transition", "Workers"):
        make_term(name)

    for found in classes.make(works):
        assert len(found.addresses) > 1, found.name
        assert len(set(found.addresses)) == len(found.addresses), found.name


@pytest.mark.django_db
def test_thai_words_stand_in_thai_texts(works):
    texts = [text for _ref, draft in works.pairs() for text in draft.texts.values()]

    for address in asked(works, "thai").addresses[:10]:
        word = query_of(address)["q"]
        assert any(word in f"{text.title} {text.summary}" for text in texts)


@pytest.mark.django_db
def test_the_floor_is_the_page_without_the_database(works, client, django_assert_num_queries):
    address = asked(works, "common").addresses[0]

    constants = floor.capture(address)
    with django_assert_num_queries(0):
        page = constants.render(RequestFactory().get(floor.ADDRESS)).content

    assert page == client.get(address).content
    assert page.count(b"<article") > 0


def test_a_cell_is_told_by_request():
    cell = Cell(1, seconds=2, cpu_web=0.3, cpu_database=0.1, answers=[0.01] * 19 + [0.5])

    short = cell.in_short()

    assert (short["requests_per_second"], short["cpu_ms"]) == (10, 20)
    assert (short["median_ms"], short["p95_ms"]) == (10, 500)


def test_among_a_million_works_most_classes_have_no_goal():
    goals = {name: QueryClass(name, name, 3, []) for name in ("common", "typo")}

    assert [goals["common"].goal_among(records) for records in (100_000, 1_000_000)] == [3, 25]
    assert goals["typo"].goal_among(1_000_000) is None


def test_a_class_without_a_goal_misses_none():
    cell = Cell(1, seconds=1, cpu_web=0.9, answers=[0.01] * 10).in_short()
    rows = [{"asked": report.FIRST, **report.row(cell, 10, goal=None)}]

    lines = [line for line in report.table(make_result(rows)) if report.FIRST in line]

    assert [line.split()[-1] for line in lines] == ["9.00"]


def test_a_missed_goal_is_told():
    cells = [Cell(1, seconds=1, cpu_web=cpu, answers=[0.01] * 10).in_short() for cpu in (0.2, 0.4)]
    rows = [{"asked": report.FIRST, **report.row(cell, 10, goal=3)} for cell in cells]
    result = make_result(rows)

    lines = list(report.table(result))

    assert [row["is_met"] for row in rows] == [True, False]
    assert [line.split()[-1] for line in lines if report.FIRST in line] == ["ok", "OVER"]
    assert [line.count("OVER") for line in lines if line.startswith("searchable")] == [1]


def make_result(rows: list[dict], records: int = 100_000) -> dict:
    return {
        "records": records,
        "has_bodies": True,
        "machine": {"processors": 2, "load_before": 0.1},
        "built": report.built(records, Built("", making=50, writing=301), is_kept=False),
        "floor": [Cell(1, seconds=1, cpu_web=0.1, answers=[0.01] * 10).in_short()],
        "classes": [{"name": "rare", "title": "rare word", "hits": 107, "cells": rows}],
        "faults": [],
        "memory": report.memory([40.0, 60.0, 60.0]),
        "sizes": {"database_mb": 700, "indexes_mb": 200, "largest_mb": {}},
    }


def test_growth_is_told_cell_by_cell():
    cells = [Cell(1, seconds=1, cpu_web=cpu, answers=[0.01] * 10).in_short() for cpu in (0.1, 0.5)]
    rows = [{"asked": report.FIRST, **report.row(cell, 10, goal=3)} for cell in cells]
    small, large = make_result(rows[:1], records=10_000), make_result(rows[1:])

    [grown] = report.growth(small, large)

    assert (grown["factor"], grown["is_met"]) == (5, False)
