"""What facets leave and count, in which orders lists stand, and what is related."""

from datetime import date

import pytest
from django.http import Http404

from hub.catalogue import words
from hub.catalogue.models import Record
from hub.catalogue.related import related
from hub.catalogue.tests.finding import asked, titles
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.tests.factories import make_term
from knowledge.models import Credit, Edition
from knowledge.services import saved
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db


def test_facets_join_by_or_inside_and_by_and_across():
    finance, youth = make_term(slug="finance"), make_term(slug="youth")
    make_resource("A", terms=(finance,), kind="report")
    make_resource("B", terms=(youth,), kind="report")
    make_resource("C", terms=(finance, youth), kind="tool")
    make_resource("D", kind="report")

    either = asked("topic=finance&topic=youth&sort=title")
    both = asked("topic=finance&topic=youth&kind=tool")

    assert titles(either) == ["A", "B", "C"]
    assert titles(both) == ["C"]


def test_counts_of_a_facet_ignore_its_own_choice_and_follow_the_others():
    finance, youth = make_term(slug="finance"), make_term(slug="youth")
    make_resource("A", terms=(finance,), kind="report")
    make_resource("B", terms=(youth,), kind="report")
    make_resource("C", terms=(finance,), kind="tool")

    results = asked("topic=finance&kind=report")

    assert results.total == 1
    assert dict(results.counts["topic"]) == {finance.pk: 1, youth.pk: 1}
    assert dict(results.counts["kind"]) == {"report": 1, "tool": 1}


def test_country_finds_what_names_its_regions():
    country = make_term(scheme="place", slug="colombia")
    region = make_term(scheme="place", slug="cesar", parent=country)
    make_resource("In Cesar", terms=(region,))
    make_resource("Elsewhere")

    assert titles(asked("place=colombia")) == ["In Cesar"]


def test_language_means_that_of_the_work_not_of_its_summary():
    resource = make_resource("Opinión", language="es")
    Edition.objects.create(resource=resource, language="en", summary="An opinion")
    saved(resource)

    assert asked("language=es").total == 1
    assert asked("language=en").total == 0


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", ["May 2023", "Year 2023", "1999", "Undated"]),
        ("oldest", ["1999", "Year 2023", "May 2023", "Undated"]),
        ("title", ["1999", "May 2023", "Undated", "Year 2023"]),
        ("", ["May 2023", "Year 2023", "1999", "Undated"]),
    ],
)
def test_sort_orders_put_the_undated_last(sort, order):
    make_resource("Undated")
    make_resource("Year 2023", published_on=date(2023, 1, 1), published_precision="year")
    make_resource("1999", published_on=date(1999, 12, 31), published_precision="day")
    make_resource("May 2023", published_on=date(2023, 5, 1), published_precision="month")

    assert titles(asked(f"sort={sort}")) == order


def test_pages_hold_twenty_and_end():
    for _ in range(21):
        make_resource()

    first, second = asked(""), asked("page=2")

    assert (len(first.records), first.pages, first.total) == (20, 2, 21)
    assert len(second.records) == 1
    assert {*first.records}.isdisjoint(second.records)
    with pytest.raises(Http404):
        asked("page=3")


def test_search_costs_few_statements_whatever_is_asked(django_assert_num_queries):
    finance = make_term(slug="finance")
    for _ in range(21):
        make_resource("Lignite", terms=(finance,))
    asked()  # reads the vocabulary and counts everything

    # The version; begin, limit before and now, the query worked out, matching, the page, limit, end.
    with django_assert_num_queries(9):
        asked("q=lignite&topic=finance&kind=report&sort=title")
    with django_assert_num_queries(9):
        asked("q=lignite&page=2")
    # The version; begin, limit before and now, the kept counts, the order, the page, limit, end.
    with django_assert_num_queries(9):
        asked("page=2")


def test_related_weighs_a_rare_term_more_than_a_common_one():
    common, rare = make_term("Governance"), make_term("Peat")
    for number in range(5):
        make_resource(f"Common {number}", terms=(common,))
    make_resource("Rare", terms=(rare,))
    resource = make_resource("Own", terms=(common, rare))
    record = Record.objects.get(ref=f"knowledge.resource:{resource.pk}")

    assert related(record)[0].texts["en"]["title"] == "Rare"
    assert record not in related(record)


def test_related_compares_the_newest_of_very_many(monkeypatch):
    monkeypatch.setattr("hub.catalogue.related.COMPARED", 2)
    topic = make_term("Common")
    day = {"published_precision": "day", "terms": (topic,)}
    for year in range(2010, 2015):
        make_resource(f"From {year}", published_on=date(year, 1, 1), **day)
    record = Record.objects.get(texts__en__title="From 2010")

    found = [one.texts["en"]["title"] for one in related(record)]

    assert found == ["From 2014", "From 2013"]


def test_related_of_a_record_without_terms_is_empty():
    make_resource()
    make_resource()

    assert related(Record.objects.first()) == []


def test_a_publisher_credited_by_two_names_counts_once():
    organisation = make_organisation("GIZ", slug="giz")
    resource = make_resource("Report")
    for name in ("GIZ", "GIZ Chile"):
        Credit.objects.create(
            resource=resource, role="publisher", name=name, organisation=organisation
        )
    saved(resource)

    assert dict(asked("").counts["publisher"]) == {"giz": 1}


def test_facets_stay_at_zero_where_words_fit_nothing():
    topic = make_term("Finance")
    make_resource("Lignite", terms=(topic,))

    results = asked("q=zymurgy&kind=report")

    assert (results.total, dict(results.counts["topic"])) == (0, {topic.pk: 0})


def test_a_mistyped_word_beside_a_facet_is_corrected_too():
    make_resource("Hydrogen valleys", kind="tool")
    words.renew()

    results = asked("q=hydrogne&kind=tool")

    assert (results.rung, titles(results)) == ("corrected", ["Hydrogen valleys"])


def test_every_facet_stays_where_another_leaves_nothing():
    topic = make_term("Finance")
    make_resource("Lignite", terms=(topic,), kind="report")
    make_resource("Peat", kind="news")

    results = asked("q=lignite&kind=news")

    assert (results.total, results.elsewhere) == (0, 1)
    assert results.counts["kind"]["report"] == 1
    assert dict(results.counts["topic"]) == {topic.pk: 0}
    assert dict(results.counts["language"]) == {"en": 0}


def test_where_the_facets_leave_nothing_the_words_alone_are_counted():
    make_resource("Coal", kind="report")

    results = asked(q="coal", kind="news")

    assert (results.total, results.elsewhere, results.is_miss) == (0, 1, False)


def test_years_are_chosen_as_a_range():
    for year in (1999, 2020, 2023):
        issued = {"published_on": date(year, 1, 1), "published_precision": "year"}
        make_resource(str(year), kind="tool" if year == 2023 else "report", **issued)
    make_resource("Undated")

    assert titles(asked("from=2020&sort=title")) == ["2020", "2023"]
    assert titles(asked("from=2000&to=2020")) == ["2020"]
    assert titles(asked("to=2020&sort=title")) == ["1999", "2020"]
    assert asked("from=2020&kind=report").counts["year"] == {"1999": 1, "2020": 1}
    assert asked("from=2020&kind=report").counts["kind"] == {"report": 1, "tool": 1}


def test_three_facets_are_counted_each_without_its_own():
    finance, youth = make_term(slug="finance"), make_term(slug="youth")
    spain = make_term(scheme="place", slug="spain")
    for kind in ("report", "tool"):
        for topic in (finance, youth):
            for places in ((spain,), ()):
                make_resource(kind=kind, terms=(topic, *places))

    results = asked("kind=tool&topic=youth&place=spain")

    assert results.total == 1
    assert results.counts["kind"] == {"report": 1, "tool": 1}
    assert results.counts["topic"] == {finance.pk: 1, youth.pk: 1}
    assert results.counts["place"] == {spain.pk: 1}
    assert results.counts["language"] == {"en": 1}
