"""The rows that were refused, as a table: to be corrected and brought in once more."""

from collections.abc import Iterable, Iterator
from typing import IO

from django.utils.translation import gettext as _

from hub import tables
from knowledge.bringing_in import cell_values
from knowledge.bringing_in.tables import COLUMNS, REASONS
from knowledge.models import ImportRow


def as_table(rows: Iterable[ImportRow]) -> IO[bytes]:
    """A CSV of what the file said in these rows, under the columns that any of them fills, and why
    each was refused."""
    rows = list(rows)
    filled = {column for row in rows for column, cell in row.cells.items() if cell}
    columns = [column for column in COLUMNS if column in filled | {"title"}]
    return tables.as_csv([*columns, REASONS], _told(rows, columns))


def _told(rows: list[ImportRow], columns: list[str]) -> Iterator[list[str]]:
    for row in rows:
        place = _("Line %(line)d") % {"line": row.line}
        cells = [cell_values.text(row.cells.get(column, "")) for column in columns]
        yield [*cells, f"{place}: {' '.join(row.errors)}"]
