from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from hub.catalogue import covers, rocks
from hub.catalogue.glyphs import GLYPHS
from hub.catalogue.kinds import kinds
from hub.catalogue.typography import own_type


def make_card(kind="report", *, topics=("finance", "youth"), dated=None, **fields):
    values = {"title": "Life after coal", "title_lang": "en", "publishers": ["GIZ"], **fields}
    return SimpleNamespace(
        kind=SimpleNamespace(value=kind),
        topics=[SimpleNamespace(slug=slug) for slug in topics],
        dated=SimpleNamespace(iso=dated) if dated else None,
        **values,
    )


def rendered(source, **context):
    return Template("{% load catalogue_tags %}" + source).render(Context(context))


def test_each_declared_kind_has_a_glyph_and_a_cover():
    works = {kind.value for kind in kinds if kind.is_work}

    assert works == set(covers.DRAWINGS)
    assert {kind.glyph for kind in kinds} <= set(GLYPHS)


@pytest.mark.parametrize("kind", covers.DRAWINGS)
@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("topics", [(), ("finance",), ("finance",) * 9])
def test_cover_is_whole_svg(kind, big, topics):
    drawn = covers.cover(make_card(kind, topics=topics), big=big)

    root = ElementTree.fromstring(drawn)
    assert root.tag == ("span" if big else "svg")
    assert "style" not in {name for element in root.iter() for name in element.attrib}


def test_cover_of_equal_works_is_equal():
    assert covers.cover(make_card()) == covers.cover(make_card())


def test_cover_of_another_title_differs():
    assert covers.cover(make_card()) != covers.cover(make_card(title="Life before coal"))


def test_silhouettes_differ_by_kind():
    shapes = {covers.cover(make_card(kind)) for kind in covers.DRAWINGS}

    assert len(shapes) == len(covers.DRAWINGS)


def test_layers_are_the_topics():
    card = make_card(topics=["finance", "coal-phase-out"])

    assert [layer.rock for layer in covers.layers_of(card)] == ["gold", "coal"]


def test_layer_of_an_unnamed_topic_stays_the_same():
    assert rocks.layer_of("something-new") == rocks.layer_of("something-new")


def test_big_cover_escapes_what_it_shows():
    drawn = covers.cover(make_card(title="<b>Coal</b>", publishers=["A & B"]), big=True)

    spans = ElementTree.fromstring(drawn).findall("span")
    assert [span.text for span in spans] == ["A & B", "<b>Coal</b>"]


@pytest.mark.parametrize(
    ("dated", "words"),
    [
        (None, ["undated"]),
        ("2022", ["2022", "news"]),
        ("2022-04", ["2022", "April"]),
        ("2023-04-30", ["30", "Apr 2023"]),
    ],
)
def test_cover_of_news_is_its_date(dated, words):
    drawn = covers.cover(make_card("news", dated=dated))

    assert [text.text for text in ElementTree.fromstring(drawn).findall("text")] == words


def test_cover_of_news_speaks_the_language_of_the_reader():
    with translation.override("es"):
        drawn = covers.cover(make_card("news", dated="2023-04-30"))

    assert [text.text for text in ElementTree.fromstring(drawn).findall("text")] == [
        "30",
        "Abr 2023",
    ]


def test_seam_is_as_long_as_its_share():
    topic = SimpleNamespace(count=20, term=SimpleNamespace(slug="finance"))
    most = SimpleNamespace(count=80, term=SimpleNamespace(slug="youth"))

    drawn = ElementTree.fromstring(rendered("{% seam topic all %}", topic=topic, all=[topic, most]))

    assert {rect.get("width") for rect in drawn} == {"25%"}


def test_own_type_leaves_plain_words():
    assert own_type("Cesar & La Guajira") == "Cesar &amp; La Guajira"


def test_own_type_marks_a_name_as_a_whole():
    assert own_type("Lower Silesia (Wałbrzych)") == (
        '<span class="own-type">Lower Silesia (Wałbrzych)</span>'
    )


def test_own_type_marks_the_words_of_a_sentence():
    sentence = "Speakers call the transition of Перник и Бобов дол a process that needs management."

    assert own_type(sentence) == sentence.replace(
        "Перник и Бобов дол", '<span class="own-type">Перник и Бобов дол</span>'
    )


@pytest.mark.parametrize(
    ("words", "time"),
    [(3, "10 seconds"), (100, "30 seconds"), (400, "2 minutes")],
)
def test_reading_time(words, time):
    assert rendered("{{ text|reading_time }}", text="word " * words) == time


@pytest.mark.parametrize(
    ("path", "current"), [("/resources/", "page"), ("/resources/toolbox/", "true"), ("/", "")]
)
def test_main_pages_know_where_the_reader_is(path, current):
    request = RequestFactory().get(path)

    shown = rendered(
        "{% main_pages as pages %}{% for page in pages %}{{ page.current }};{% endfor %}",
        request=request,
    )

    assert shown == f"{current};" + ";" * 7


def test_main_pages_need_no_request():
    assert rendered("{% main_pages as pages %}{{ pages|length }}") == "8"


def test_stylesheet_that_is_unknown_is_nothing(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "hub.storage.BundledManifestStorage"},
    }

    assert rendered("{% stylesheet 'css/never.css' %}") == ""


def test_host_is_what_people_say():
    assert rendered("{{ url|host }}", url="https://www.sei.org/about/") == "sei.org"
