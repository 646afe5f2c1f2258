import pytest
from django.db import DatabaseError, connection

from hub.catalogue.models import SearchMiss
from hub.portal import warming
from hub.vocabulary.tests.factories import make_term
from hub.wsgi import application
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_kind_of_page_is_answered_and_no_connection_stays():
    make_resource("What is a fair transition in Asturias?", terms=(make_term("Finance"),))

    assert warming.warm_up(application) == [200] * 6
    assert connection.connection is None
    assert not SearchMiss.objects.exists()


def test_an_empty_hub_can_be_warmed_up():
    assert warming.warm_up(application) == [200] * 3


def test_without_a_database_the_server_starts_all_the_same():
    def refuse(*_: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        assert warming.warm_up(application) == []
