"""Questions to the database that may take only so long, so that none can hold a worker."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """The database was stopped; the reader is told so in words (``ErrorsInWords``)."""


@contextmanager
def bounded(milliseconds: int) -> Iterator[None]:
    """A transaction whose statements each end after this time with ``TookTooLong``."""
    is_within_another = connection.in_atomic_block
    try:
        with transaction.atomic():
            _limit(str(int(milliseconds)))
            yield
            if is_within_another:
                _limit("DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


@contextmanager
def unhurried(milliseconds: int) -> Iterator[None]:
    """Within a transaction, another limit for what is done once for many readers."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        before = cursor.fetchone()[0]
    _limit(str(int(milliseconds)))
    yield
    _limit(f"'{before}'")


def _limit(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout TO {value}")
