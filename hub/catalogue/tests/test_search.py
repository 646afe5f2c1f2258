from datetime import date

import pytest
from django.http import Http404, QueryDict

from hub.catalogue.filters import RecordFilter
from hub.catalogue.models import Record
from hub.catalogue.search import related
from hub.catalogue.tests.finding import asked, titles
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge.models import Credit, Edition
from knowledge.services import saved
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db


def test_search_does_not_take_a_just_transition_for_public_transit():
    make_resource("Public transit timetable")
    make_resource("A just transition")

    results = asked('q="just transition"')

    assert titles(results) == ["A just transition"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("transicion", ["La transición"]),
        ("transición", ["La transición"]),
        ("TRANSICION", ["La transición"]),
        ("chuyen dich", ["Chuyển dịch năng lượng"]),
        ("ВУГІЛЛЯ", ["Про вугілля"]),
        ("miners", ["A miner's story"]),
        ("story -miner", []),
        ("story -miners", []),
        ("vugillya or transicion", ["La transición"]),
        ("lignite or transicion", ["La transición"]),
        ('"la transición"', ["La transición"]),
        ('"transición la"', []),
        ("what is the story of a miner", ["A miner's story"]),
        ("the of a", []),
        ("coal-fired", ["Old coal fired plants"]),
        ("coal fired", ["Old coal fired plants"]),
        ('"old coal-fired plants"', ["Old coal fired plants"]),
        ("low carbon", ["Low-carbon steel/cement"]),
        ('"carbon steel"', ["Low-carbon steel/cement"]),
        ("cement", ["Low-carbon steel/cement"]),
        ("steel -carbon", []),
        ("steel -plants", ["Low-carbon steel/cement"]),
        ("plants -stories -carbons", ["Old coal fired plants"]),
        ('plants -"coal fired"', []),
        ('plants -"fired coal"', ["Old coal fired plants"]),
    ],
)
def test_search_finds_words_as_people_type_them(words, found):
    make_resource("La transición", language="es")
    make_resource("Chuyển dịch năng lượng", language="vi")
    make_resource("Про вугілля", language="uk")
    make_resource("A miner's story")
    make_resource("Old coal fired plants")
    make_resource("Low-carbon steel/cement")

    results = asked(q=words)

    assert ([] if results.rung else titles(results)) == found


def test_search_finds_stems_in_the_language_of_the_text():
    make_resource("Las minas cerradas", language="es")

    assert titles(asked("q=mina", "es")) == ["Las minas cerradas"]


def test_search_finds_labels_in_every_language_people_and_publishers():
    topic = make_term("Mine closure")
    make_label(topic, "es", "Cierre de minas")
    resource = make_resource("Report", terms=(topic,), publishers=("Diario Andino",))
    Credit.objects.create(resource=resource, role="author", name="Ana Díaz")
    saved(resource)

    for words in ("cierre", "closure", "diaz", "andino"):
        assert asked(f"q={words}").total == 1, words


def test_search_ranks_the_title_before_the_summary():
    make_resource("Other", summary="All about lignite")
    make_resource("Lignite", summary="All about other things")

    assert titles(asked("q=lignite")) == ["Lignite", "Other"]


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

    # The version; begin, limit, the query worked out, matching, the page, end of limit, end.
    with django_assert_num_queries(8):
        asked("q=lignite&topic=finance&kind=report&sort=title")
    with django_assert_num_queries(8):
        asked("q=lignite&page=2")
    # The version; begin, limit, the kept counts, the order, the page, end of limit, end.
    with django_assert_num_queries(8):
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


def test_related_of_a_record_without_terms_is_empty():
    make_resource()
    make_resource()

    assert related(Record.objects.first()) == []


def test_what_has_no_letter_is_no_query():
    make_resource("Lignite")

    assert asked("q=%3F%3F%3F").total == 1


def test_words_past_the_sixteenth_are_left_out_and_said():
    filters = RecordFilter(QueryDict("q=" + "coal+" * 17))

    assert filters.notices == ["We searched for the first 16 words of your text."]


def test_search_finds_subtitles_tags_and_the_full_names_of_publishers():
    organisation = make_organisation("International Labour Organization", acronym="ILO")
    resource = make_resource("Report")
    Edition.objects.update(subtitle="Lessons learned")
    resource.tags.add("brownfields")
    Credit.objects.create(
        resource=resource, role="publisher", name="ILO", organisation=organisation
    )
    saved(resource)

    for words in ("lessons", "brownfields", "labour", "ilo"):
        assert asked(f"q={words}").total == 1, words


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
