"""Questions to the database that may take only so long, so that none can hold a worker."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled


class TookTooLong(Exception):
    """The database was stopped; the reader is told so in words (``ErrorsInWords``)."""


@contextmanager
def bounded(milliseconds: int, *, reads_all: bool = False) -> Iterator[None]:
    """A transaction whose statements each end after this time with ``TookTooLong``. Unless it
    ``reads_all``, they read no whole table where an index serves: PostgreSQL takes reading all
    vectors for cheap, as it does not know that each is kept beside its row and has to be fetched."""
    is_within_another = connection.in_atomic_block
    values = {
        "statement_timeout": str(int(milliseconds)),
        "enable_seqscan": "on" if reads_all else "off",
    }
    try:
        with transaction.atomic():
            before = _settings(values) if is_within_another else {}
            _set(values)
            yield
            if before:
                _set(before)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


def _settings(names: Iterable[str]) -> dict[str, str]:
    columns = ", ".join("current_setting(%s)" for _name in names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", list(names))
        return dict(zip(names, cursor.fetchone(), strict=True))


def _set(values: dict[str, str]) -> None:
    """Give these settings these values until the transaction ends."""
    columns = ", ".join("set_config(%s, %s, true)" for _name in values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [part for pair in values.items() for part in pair])
