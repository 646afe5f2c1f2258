"""What words find, and in which order."""

import random
from datetime import date

import pytest
from django.http import Http404, QueryDict

from hub.catalogue import hits
from hub.catalogue.filters import RecordFilter
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


def test_ten_thousand_strange_questions_are_answered():
    resource = make_resource("Coal mines & <steel>", summary="100 % of “them”")
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
    for number in range(10_000):
        if number == 9_000:  # the last ones may name a topic too, which takes longer
            resource.terms.add(make_term("Coal regions"))
            saved(resource)
        letters = (
            chr(chance.choice([chance.randrange(1, 0x250), chance.randrange(0x11000)]))
            for _ in range(6)
        )
        kept = [sign for sign in letters if not "\ud800" <= sign <= "\udfff"]
        text = "".join(chance.sample([*kept, *chance.sample(signs, 5)], len(kept) + 5))
        assert asked(q=text).total in (0, 1), repr(text)
