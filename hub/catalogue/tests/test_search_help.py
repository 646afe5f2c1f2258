"""What is done for want of hits, and where a search takes too long."""

import pytest
from django.db import connections
from django.http import QueryDict

from hub.bounded import TookTooLong
from hub.catalogue import search, words
from hub.catalogue.filters import RecordFilter
from hub.catalogue.models import Word
from hub.catalogue.tests.finding import asked, titles
from hub.vocabulary.tests.factories import make_label, make_term
from knowledge import services
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db


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
