from datetime import date, timedelta

import pytest
from django.utils import timezone

from hub.catalogue.collection import Collection
from hub.catalogue.scope import Scope
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge import services
from knowledge.tests.factories import make_draft, make_resource

pytestmark = pytest.mark.django_db


def test_a_collection_counts_its_works_by_everything():
    spain = make_term("Spain", Scheme.PLACE)
    asturias = make_term("Asturias", Scheme.PLACE, parent=spain)
    make_resource(terms=(asturias,), kind="tool", publishers=("GIZ",))
    make_resource(terms=(spain,), language="es", kind="report", publishers=("GIZ", "ILO"))
    make_resource(kind="report")

    found = Collection.about(spain.pk)

    assert (found.total, dict(found.terms)) == (2, {spain.pk: 2, asturias.pk: 1})
    assert found.count_by("kind") == {"tool": 1, "report": 1}
    assert found.count_by("language") == {"en": 1, "es": 1}
    assert found.count_by("publisher") == {"giz": 2, "ilo": 1}
    assert Collection().total == 3
    assert Collection(Scope(kinds=("report",))).total == 2
    assert Collection.having("publisher", "giz").total == 2


def test_what_nobody_has_is_an_empty_collection():
    make_resource()

    found = Collection.having("publisher", "nobody")

    assert (found.total, found.newest(5), dict(found.count_by("kind"))) == (0, [], {})


def test_a_collection_holds_what_is_public_now():
    topic = make_term("Finance")
    withdrawn = make_resource(terms=(topic,))
    services.withdraw(withdrawn.pk, reason="Told twice")
    make_draft(terms=(topic,))
    make_resource(terms=(topic,), at=timezone.now() + timedelta(hours=1))

    assert (Collection.about(topic.pk).total, Collection.about(topic.pk).newest(5)) == (0, [])


def test_the_newest_come_first_and_the_undated_last():
    for year in (None, 2020, 2024):
        dated = {"published_on": date(year, 1, 1), "published_precision": "year"} if year else {}
        make_resource(str(year), **dated)

    found = [one.texts["en"]["title"] for one in Collection().newest(2)]

    assert found == ["2024", "2020"]
