import pytest
from django.db import connection, transaction

from hub.bounded import TookTooLong, bounded

pytestmark = pytest.mark.django_db


def run(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_what_takes_too_long_is_stopped():
    with pytest.raises(TookTooLong), bounded(50):
        run("SELECT pg_sleep(5)")

    assert run("SELECT 1") == 1


def test_other_failures_are_what_they_are():
    with pytest.raises(ZeroDivisionError), bounded(50):
        raise ZeroDivisionError


def test_the_limit_ends_with_the_block():
    with transaction.atomic():
        with bounded(50):
            assert run("SHOW statement_timeout") == "50ms"
        assert run("SHOW statement_timeout") == "0"


def test_what_is_done_for_many_may_take_longer():
    with bounded(50):
        with bounded(5_000, reads_all=True):
            run("SELECT pg_sleep(0.1)")
            assert run("SHOW enable_seqscan") == "on"
        assert (run("SHOW statement_timeout"), run("SHOW enable_seqscan")) == ("50ms", "off")
