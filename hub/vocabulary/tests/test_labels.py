import pytest

from hub.vocabulary.labels import labels_in, labels_of, matching
from hub.vocabulary.tests.factories import make_label, make_term

pytestmark = pytest.mark.django_db


def test_labels_of_answers_in_the_readers_language_else_in_english(django_assert_num_queries):
    finance, youth = make_term("Finance"), make_term("Youth")
    make_label(finance, "es", "Financiamiento")

    labels_of([], "es")  # reads the vocabulary

    with django_assert_num_queries(1):
        labels = labels_of([finance.pk, youth.pk], "es")

    assert [(labels[pk].label, labels[pk].language) for pk in (finance.pk, youth.pk)] == [
        ("Financiamiento", "es"),
        ("Youth", "en"),
    ]


def test_label_leads_to_the_page_of_its_term():
    term = make_term(scheme="place", slug="colombia")

    assert labels_of([term.pk], "en")[term.pk].url == term.get_absolute_url() == "/places/colombia/"


def test_labels_in_lists_a_scheme_by_name():
    make_term("Youth")
    make_term("finance")
    make_term("Cesar", "place")

    assert [label.label for label in labels_in("topic", "en").values()] == ["finance", "Youth"]


@pytest.mark.parametrize("words", ["cierre", "CIERRE DE", "land", "rehabil", "แม่", "shutdown"])
def test_matching_finds_terms_by_any_of_their_names(words):
    term = make_term("Mine closure and land rehabilitation")
    make_label(term, "es", "Cierre de minas", alternatives=["shutdown"])
    make_label(term, "th", "แม่เมาะ")
    make_term("Finance")

    assert [label.id for label in matching(words, "en")] == [term.pk]


def test_matching_puts_the_closest_first():
    labels = [make_term(name).pk for name in ("Coal phase-out", "Coal", "Charcoal")]

    assert [label.id for label in matching("coal", "en")] == [labels[1], labels[0], labels[2]]


@pytest.mark.parametrize("words", ["", " ", "x", "%", "100%", "_", "\\"])
def test_matching_takes_signs_for_themselves(words):
    make_term("Finance")

    assert matching(words, "en") == []


def test_labels_of_falls_back_to_any_language():
    term = make_term("Finance")
    term.labels.update(language="mn", label="Санхүү")

    label = labels_of([term.pk], "es")[term.pk]

    assert (label.label, label.language) == ("Санхүү", "mn")
