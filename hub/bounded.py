"""Questions to the database that may take only so long, so that none can hold a worker."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """The database was stopped; the reader is told so in words (``ErrorsInWords``)."""


@contextmanager
def bounded(milliseconds: int) -> Iterator[None]:
    """A transaction whose statements each end after this time with ``TookTooLong``. They read no
    whole table where an index serves: PostgreSQL takes reading all vectors for cheap, as it does
    not know that each is kept beside its row and has to be fetched."""
    is_within_another = connection.in_atomic_block
    try:
        with transaction.atomic():
            _set(statement_timeout=str(int(milliseconds)), enable_seqscan="off")
            yield
            if is_within_another:
                _set(statement_timeout=None, enable_seqscan=None)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


@contextmanager
def unhurried(milliseconds: int) -> Iterator[None]:
    """Within a transaction, another limit for what is done once for many readers and reads all."""
    sql = "SELECT current_setting('statement_timeout'), current_setting('enable_seqscan')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        before, by_index = cursor.fetchone()
    _set(statement_timeout=str(int(milliseconds)), enable_seqscan="on")
    yield
    _set(statement_timeout=before, enable_seqscan=by_index)


def _set(**values: str | None) -> None:
    """Give these settings these values until the transaction ends; ``None`` is what they were
    without it."""
    columns = ", ".join("set_config(%s, %s, true)" for _name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [part for pair in values.items() for part in pair])
