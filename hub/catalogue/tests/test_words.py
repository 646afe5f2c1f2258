import pytest

from hub.catalogue import words
from hub.catalogue.models import Word
from hub.slugs import fold
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge.services import withdraw
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db


def make_words(**counts: int) -> None:
    Word.objects.bulk_create(
        Word(word=word, plain=fold(word), count=count) for word, count in counts.items()
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("transitoin", "transition"),
        ("tranzition", "transition"),
        ("transiition", "transition"),
        ("TRANSITON", "transition"),
        ("transición", None),
        ("mining", None),
        ("tra", None),
        ("trasition 2030", "transition 2030"),
    ],
)
def test_corrected_counts_mistakes(typed, meant):
    make_words(transition=5, transit=5, transicion=1, mining=9, trans=1)

    assert words.corrected(typed) == meant


def test_corrected_takes_the_more_usual_of_two_words():
    make_words(miners=2, minors=200)

    assert words.corrected("minrs") == "minors"


def test_corrected_leaves_alone_an_inflected_word():
    make_resource("What happened here")
    words.renew()

    assert words.corrected("happens") is None


def test_corrected_knows_names_of_terms_that_are_in_use():
    lusatia = make_term("Lusatia", Scheme.PLACE)
    make_term("Glamorgan", Scheme.PLACE)
    make_resource("A study", terms=[lusatia])
    words.renew()

    assert words.corrected("Lusatai Glamorgn") == "lusatia Glamorgn"


def test_corrected_does_not_leave_its_threshold_behind():
    make_words(transition=5)
    words.corrected("transitoin")

    assert Word.objects.filter(plain__trigram_similar="transi").exists()


def test_renew_leaves_out_what_was_withdrawn():
    withdraw(make_resource("Subsidence").pk, reason="Wrong")
    words.renew()

    assert not Word.objects.filter(word="subsidence").exists()
