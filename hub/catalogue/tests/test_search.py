import random
from datetime import date

import pytest
from django.db import connections
from django.http import Http404, QueryDict

from hub.bounded import TookTooLong
from hub.catalogue import hits, search, words
from hub.catalogue.filters import RecordFilter
from hub.catalogue.models import Record, Word
from hub.catalogue.related import related
from hub.catalogue.tests.finding import asked, titles
from hub.partners.tests.factories import make_organisation
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge import services
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
    ("typed", "found"),
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
        ("on or lignite or transicion", ["La transición"]),
        ("lignite or of or transicion", ["La transición"]),
        ("<cement>", ["Low-carbon steel/cement"]),
        ("<steel> &amp; cement", []),
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
def test_search_finds_words_as_people_type_them(typed, found):
    make_resource("La transición", language="es")
    make_resource("Chuyển dịch năng lượng", language="vi")
    make_resource("Про вугілля", language="uk")
    make_resource("A miner's story")
    make_resource("Old coal fired plants")
    make_resource("Low-carbon steel/cement")

    results = asked(q=typed)

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

    for word in ("cierre", "closure", "diaz", "andino"):
        assert asked(q=word).total == 1, word


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("renewable", True),
        ("renewables", True),
        ("energy renewable", True),
        ('"renewable energy"', True),
        ('"energy renewable"', False),
        ("energias renovables", True),
        ("newable", False),
        ("พลังงาน", True),
        ("งานพลัง", False),
        ("report -renewable", False),
        ("report -wind", True),
        ("renewable or lignite", True),
        ("energies", True),
    ],
)
def test_works_are_found_by_any_name_of_their_terms(typed, is_found):
    topic = make_term("Renewable energy")
    make_label(topic, "es", "Energías renovables")
    make_label(topic, "th", "ใช้พลังงานหมุนเวียน")
    make_resource("Report", terms=(topic,))

    results = asked(q=typed)

    assert (results.total > 0 and not results.rung) == is_found


def test_who_wants_the_own_words_alone_gets_no_work_for_its_terms():
    topic = make_term("Layoffs")
    make_label(topic, "es", "Despidos")
    make_resource("Report", terms=(topic,))

    assert asked(q="despidos").total == 1
    assert asked(q="despidos", exact="1").total == 0


def test_a_new_name_of_a_term_finds_its_works_at_once():
    topic = make_term("Layoffs")
    make_resource("Report", terms=(topic,))

    make_label(topic, "es", "Despidos")

    assert titles(asked(q="despidos")) == ["Report"]


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

    for word in ("lessons", "brownfields", "labour", "ilo"):
        assert asked(q=word).total == 1, word


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


def test_or_joins_the_words_beside_it():
    for title in ("Coal closure", "Lignite closure", "Coal boom"):
        make_resource(title)

    assert sorted(titles(asked(q="coal or lignite closure"))) == ["Coal closure", "Lignite closure"]


def test_each_word_may_be_of_another_language():
    """By the whole query in one language, or word for word, neither would find it."""
    topic = make_term("Closures")
    make_resource("Las minas", language="es", terms=(topic,))

    assert titles(asked(q="minas closure")) == ["Las minas"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ถ่านหิน", ["การเลิกใช้ถ่านหินที่แม่เมาะ"]),
        ("แม่เมาะ", ["การเลิกใช้ถ่านหินที่แม่เมาะ"]),
        ("น้ำมัน", []),
        ("หินถ่าน", []),
        ('"ถ่านหิน"', ["การเลิกใช้ถ่านหินที่แม่เมาะ"]),
        ("ถ่านหิน -แม่เมาะ", []),
    ],
)
def test_thai_is_found_inside_a_sentence_and_nothing_else(typed, found):
    make_resource("การเลิกใช้ถ่านหินที่แม่เมาะ", language="th")

    results = asked(q=typed)

    assert ([] if results.rung else titles(results)) == found


def test_what_a_topic_is_called_elsewhere_is_looked_for_too():
    topic = make_term("Layoffs")
    make_label(topic, "es", "Despidos", alternatives=["Cesantías"])
    make_resource("Los despidos", language="es")
    make_resource("Cesantías en la mina", language="es")
    make_resource("Other")

    wide, narrow = asked(q="layoffs"), asked(q="layoffs", exact="1")

    assert sorted(titles(wide)) == ["Cesantías en la mina", "Los despidos"]
    assert (narrow.total, wide.rung) == (0, "")
    assert asked(q='"layoffs"').total == 0


def test_a_word_that_is_begun_finds_what_begins_so():
    make_resource("Transformation")

    results = asked(q="transf")

    assert (results.rung, titles(results)) == ("prefix", ["Transformation"])
    assert results.is_miss


def test_a_mistyped_word_finds_what_was_meant():
    make_resource("Hydrogen valleys")
    words.renew()

    results = asked(q="hydrogne valleys")

    assert (results.rung, results.instead) == ("corrected", "hydrogen valleys")
    assert titles(results) == ["Hydrogen valleys"]


def test_a_correction_keeps_what_is_unwanted_and_what_is_a_choice():
    make_resource("Hydrogen valleys")
    make_resource("Hydrogen from coal")
    make_resource("Peat bogs")
    words.renew()

    without, either = asked(q="hydrogne -coal"), asked(q="hydrogne or zymurgists")

    assert (without.instead, titles(without)) == ("hydrogen -coal", ["Hydrogen valleys"])
    assert (either.instead, either.total) == ("hydrogen or zymurgists", 2)


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


def test_signs_that_are_no_words_find_nothing_whatever_is_chosen():
    make_resource("Zinc", kind="report")

    results = asked(q="~~zinkite~~", kind="report")

    assert (results.total, results.elsewhere, results.is_miss) == (0, 0, True)


def test_what_is_not_public_is_not_suggested():
    draft = make_resource("Hydrogen valleys")
    words.renew()
    services.withdraw(draft.pk, reason="Told twice")

    results = asked(q="hydrogne")

    assert (results.total, results.rung) == (0, "")
    words.renew()
    assert Word.objects.count() == 0


def test_where_nothing_has_all_words_some_will_do():
    make_resource("Coal mines")
    make_resource("Wind farms")

    results = asked(q="coal wind")

    assert (results.rung, results.total) == ("any", 2)


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


def test_of_many_hits_the_best_are_ranked_and_all_are_counted(monkeypatch):
    monkeypatch.setattr(hits, "RANKED_ALL", 10)
    monkeypatch.setattr(hits, "RANKED_TITLES", 20)
    monkeypatch.setattr(hits, "RANKED", 25)
    for number in range(30):
        issued = {"published_on": date(2000 + number % 20, 1, 1), "published_precision": "year"}
        make_resource(f"Work {number}", summary="About coal", **issued)
    make_resource("Coal")  # undated, so among the oldest

    results = asked(q="coal")

    assert (results.total, results.pages) == (31, 2)
    assert titles(results)[0] == "Coal"
    assert results.counts["kind"] == {"report": 31}
    with pytest.raises(Http404):
        asked(q="coal", page="3")


@pytest.mark.django_db(transaction=True)
def test_a_search_that_takes_too_long_is_stopped_and_said_so(client, settings):
    make_resource("Coal")
    settings.SEARCH_MILLISECONDS = 100
    with connections["default"].copy().cursor() as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE catalogue_record IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TookTooLong):
            search.search(RecordFilter(QueryDict("q=coal")), "en")
        other.execute("ROLLBACK")
        other.connection.close()

    assert asked(q="coal").total == 1


def test_who_waited_too_long_gets_a_page_in_words(client, monkeypatch):
    def stop(*arguments: object) -> None:
        raise TookTooLong

    monkeypatch.setattr(search.hits, "find", stop)

    response = client.get("/resources/?q=coal")

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "This took too long" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_ten_thousand_strange_questions_are_answered():
    topic = make_term("Coal regions")
    make_resource("Coal mines & <steel>", summary="100 % of “them”", terms=(topic,))
    chance = random.Random(4)
    signs = [
        '"',
        "-",
        " ",
        "or",
        "'",
        "&",
        "|",
        "!",
        "(",
        ")",
        ":*",
        "<->",
        "\\",
        "%",
        "coal",
        "\u0301",
    ]
    for _ in range(10_000):
        letters = (
            chr(chance.choice([chance.randrange(1, 0x250), chance.randrange(0x11000)]))
            for _ in range(6)
        )
        kept = [sign for sign in letters if not "\ud800" <= sign <= "\udfff"]
        text = "".join(chance.sample([*kept, *chance.sample(signs, 5)], len(kept) + 5))
        assert asked(q=text).total in (0, 1), repr(text)
