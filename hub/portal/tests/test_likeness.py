"""Regions like one another: rare topics in common count, places that are written of together not."""

from datetime import timedelta
from math import isclose, log, sqrt

import pytest
from django.utils import timezone

from hub.portal.likeness import Likeness, regions_like
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def spain() -> Term:
    return make_term("Spain", Scheme.PLACE)


@pytest.fixture
def chile() -> Term:
    return make_term("Chile", Scheme.PLACE)


@pytest.fixture
def common() -> Term:
    return make_term("Coal mining", Scheme.SECTOR)


@pytest.fixture
def rare() -> Term:
    return make_term("Gender equality")


def make_region(label: str, country: Term, *works: list[Term]) -> Term:
    """A region with a work for each list of terms."""
    region = make_term(label, Scheme.PLACE, parent=country)
    for terms in works:
        make_resource(terms=[region, *terms])
    return region


def names(found: list[Likeness]) -> list[str]:
    return [str(Term.objects.get(pk=one.region_id)) for one in found]


def reasons(one: Likeness) -> list[str]:
    return [str(Term.objects.get(pk=pk)) for pk in one.shared_ids]


def test_a_rare_topic_in_common_weighs_more_than_a_frequent_one(spain, chile, common, rare):
    youth = make_term("Youth")
    own = make_region("Own", spain, [common], [common], [rare])
    make_region("Often coal", chile, *[[common, youth]] * 5)
    make_region("Rarely else", chile, [rare, common], [common, youth])
    make_region("Elsewhere", chile, *[[common]] * 5)

    found = regions_like(own)

    assert names(found)[0] == "Rarely else"
    assert reasons(found[0]) == ["Gender equality", "Coal mining"]


def test_likeness_is_the_cosine_of_weighted_topics(spain, chile, common, rare):
    own = make_region("Own", spain, [common, rare], [common])
    make_region("Other", chile, [rare], [rare, common])
    make_region("Third", chile, [], [common])

    other = regions_like(own)[0]

    coal, gender = log(6 / 4), log(6 / 3)
    mine = (coal * (1 + log(2)), gender)
    theirs = (coal, gender * (1 + log(2)))
    dot = sum(a * b for a, b in zip(mine, theirs, strict=True))
    expected = dot / sqrt(sum(a * a for a in mine)) / sqrt(sum(b * b for b in theirs))
    assert isclose(other.score, expected, rel_tol=1e-9)


def test_a_region_of_which_much_is_written_is_not_like_all_others(spain, chile, common, rare):
    topics = [make_term(f"Topic {number}") for number in range(6)]
    own = make_region("Own", spain, [rare, topics[0]], [rare])
    make_region("Of everything", chile, *[[rare, *topics, common]] * 9)
    make_region("Of the same", chile, [rare, topics[0]], [rare])
    make_region("Of coal", chile, [common], [common])

    assert names(regions_like(own)) == ["Of the same", "Of everything"]


def test_works_on_both_do_not_make_neighbours_alike(spain, chile, common, rare):
    own = make_region("Own", spain, [rare], [rare])
    neighbour = make_term("Neighbour", Scheme.PLACE, parent=spain)
    for _number in range(4):
        make_resource(terms=[own, neighbour, rare])
    make_region("Far", chile, [rare], [rare])
    make_region("Of coal", chile, [common], [common])

    assert names(regions_like(own)) == ["Far"]


def test_a_region_of_the_same_country_is_like_for_what_is_written_on_it_alone(
    spain, chile, common, rare
):
    own = make_region("Own", spain, [rare], [rare])
    make_region("Sibling", spain, [rare], [rare])
    make_region("Of coal", chile, [common], [common])

    found = regions_like(own)

    assert names(found) == ["Sibling"]
    assert (found[0].country_id, found[0].works) == (spain.pk, 2)


def test_what_the_secretariat_relates_comes_first_even_without_works(spain, chile, common, rare):
    own = make_region("Own", spain, [rare], [rare])
    make_region("Alike", chile, [rare], [rare])
    make_region("Of coal", chile, [common], [common])
    curated = make_region("Curated", chile)
    own.related.add(curated, rare)

    found = regions_like(own)

    assert names(found) == ["Curated", "Alike"]
    assert [(one.is_curated, one.works, one.shared_ids) for one in found] == [
        (True, 0, []),
        (False, 2, [rare.pk]),
    ]
    assert names(regions_like(curated)) == ["Own"]


@pytest.mark.parametrize("own_works", [0, 1])
def test_a_work_alone_says_too_little(spain, chile, common, rare, own_works):
    own = make_region("Own", spain, *[[rare]] * own_works)
    make_region("Other", chile, [rare], [rare])
    make_region("Single", chile, [rare])
    make_region("Of coal", chile, [common])

    assert regions_like(own) == []
    assert "Single" not in names(regions_like(make_region("Full", spain, [rare], [rare])))


def test_reasons_are_the_rarest_topics_in_common(spain, chile):
    topics = [make_term(f"In {number}") for number in range(2, 7)]
    own = make_region("Own", spain, topics, topics)
    make_region("Other", chile, topics, topics)
    for number in range(1, 5):
        make_region(f"More {number}", chile, topics[number:])
    make_region("None", chile, [])

    other = regions_like(own)[0]

    assert reasons(other) == ["In 2", "In 3", "In 4"]


def test_what_is_not_public_says_nothing(spain, chile, common, rare):
    own = make_region("Own", spain, [rare], [rare])
    make_region("Of coal", chile, [common], [common])
    other = make_region("Other", chile, [rare])
    make_draft(terms=[other, rare])
    make_resource(terms=[other, rare], at=timezone.now() + timedelta(hours=1))
    withdrawn = make_resource(terms=[other, rare])
    services.withdraw(withdrawn.pk, reason="Told twice")

    assert Resource.objects.filter(terms=other).count() == 4
    assert regions_like(own) == []


def test_no_region_of_many_costs_more(spain, chile, common, rare, django_assert_num_queries):
    own = make_region("Own", spain, [rare], [rare])
    make_region("Of coal", chile, [common], [common])
    for number in range(6):
        make_region(f"Like {number}", chile, [rare], [rare])

    with django_assert_num_queries(1):
        found = regions_like(own)

    assert len(found) == 4
