"""Whether readers find what they mean in the real starting content (``starter/relevance.csv``)."""

import csv

import pytest
from django.conf import settings

from hub.catalogue import words
from hub.catalogue.management.commands.relevance import Judged, judged, mean_reciprocal_rank, wanted
from hub.catalogue.query import parse
from hub.partners.tests.factories import make_user
from hub.vocabulary.snapshot import vocabulary
from knowledge import duplicates
from knowledge.models import Link, Resource

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content")]

# What search does not answer well, with the reason. Whoever mends one takes it out.
WEAK = {
    "what is a just transition": "the words are in nearly every text; only what they mean tells",
    "who pays for the transition in South Africa": "the works say “paid” and “grants”",
}
TYPOS = {
    "transitoin": "transition",
    "rehabiltation": "rehabilitation",
    "goverment": "government",
    "Mpumalnga": "mpumalanga",
    "Wupertal": "wuppertal",
    "Kolumbien": "kolombia",
    "particpación": "participación",
    "descarbonizasión": "descarbonización",
    "berkeadlian": "berkeadilan",
    "Strukturwandl": "strukturwandel",
    "sprawiedlwa": "sprawiedliwa",
    "сэргээгдх": "сэргээгдэх",
}


@pytest.fixture
def found() -> list[Judged]:
    words.renew()
    return list(judged(wanted()))


def test_relevance_of_the_starting_content_is_good(found):
    assert len(found) >= 40
    failing = [
        f"{one.wanted.query} ({one.wanted.language}): {one.rank or 'not found'}, first {one.first}"
        for one in found
        if not one.is_in_top and one.wanted.query not in WEAK
    ]
    assert not failing, "\n".join(failing)
    assert mean_reciprocal_rank(found) >= 0.9


def test_relevance_lists_as_weak_only_what_is(found):
    queries = {one.wanted.query: one for one in found}

    assert [query for query in WEAK if queries[query].is_in_top] == []


def test_relevance_expects_only_works_that_there_are():
    with (settings.STARTER_DIR / "resources.csv").open(encoding="utf-8", newline="") as handle:
        there_are = {row["title"] for row in csv.DictReader(handle)}

    rows = wanted()

    assert [row for row in rows if not row.expected or set(row.expected) - there_are] == []
    assert len({(row.query, row.language) for row in rows}) == len(rows)


def test_corrected_finds_what_was_meant():
    words.renew()

    wrong = {
        typed: suggested
        for typed, meant in TYPOS.items()
        if (suggested := words.corrected(typed) or "").lower() != meant
    }

    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize(
    "right", ["happens", "Colombia", "retraining", "นโยบาย", "Agora", "carbón"]
)
def test_corrected_leaves_alone_what_is_right(right):
    words.renew()

    assert words.corrected(right) is None


@pytest.mark.parametrize(
    ("asked", "language", "other"),
    [
        ("oil and gas", "en", "migas"),
        ("La Guajira", "es", "ลากวาฆิรา"),
        ("trade union", "en", "công đoàn"),
        ("sindicatos", "es", "trade unions"),
        ("retraining", "en", "capacitación"),
        ("layoffs", "en", "despidos"),
        ("нүүрс", "mn", "coal"),
    ],
)
def test_others_are_found_for_what_people_type(asked, language, other):
    others = parse(asked, language).others(vocabulary())

    assert other in [text for one in others for _code, text in one.words]


# "air" is water in Indonesian, "us" in Mongolian; a port is no transport, nor is carbon coal.
@pytest.mark.parametrize("asked", ["air", "US", "von", "Port Talbot", "carbon", "than", "storage"])
def test_others_are_none_for_words_that_only_look_like_a_name(asked):
    assert parse(asked, "en").others(vocabulary()) == []


@pytest.mark.parametrize(
    ("asked", "telling"),
    [
        ("WHO guidelines", ("WHO", "guidelines")),
        ("who wrote guidelines", ("wrote", "guidelines")),
        ("WHAT IS A MINE", ("MINE",)),
    ],
)
def test_fillers_in_capitals_are_acronyms_among_small_letters(asked, telling):
    assert parse(asked, "en").telling == telling


# What it takes for doubles


def test_few_works_of_the_starting_content_look_alike():
    found = duplicates.likely_among(make_user(is_superuser=True), Resource.objects.all())

    assert {frozenset((str(pair.one), str(pair.other))) for pair in found} == {
        # One plan, told by two pages.
        frozenset(("Collie's Just Transition Plan", "Collie Just Transition Plan")),
        # A page, and the news of it.
        frozenset(
            (
                "Just Transition Platform Working Groups Outputs",
                "Just Transition Platform Working Groups share outputs from their work",
            )
        ),
        # Two works.
        frozenset(
            (
                "Just transition towards environmentally sustainable economies and societies for "
                "all (ILO ACTRAV Policy Brief)",
                "Draft policy guidelines for a just transition towards environmentally sustainable "
                "economies and societies for all",
            )
        ),
    }


def test_pages_that_list_several_works_are_known_as_such():
    shared = Link.objects.filter(canonical="ec.europa.eu/newsroom/ener/items/678083")

    assert {link.kind for link in shared} == {Link.Kind.LISTED}
    assert shared.count() == 3
