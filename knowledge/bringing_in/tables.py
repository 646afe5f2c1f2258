"""Tables (CSV, XLSX) with the columns that ``taking_out`` writes."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from django.utils.translation import gettext as _

from hub import sheets
from hub.tables import FORMULA
from knowledge import taking_out
from knowledge.bringing_in.entries import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    BadFile,
    Entry,
    Reading,
    collected,
    decoded,
)

# What is read, beside what is only looked at.
WRITTEN = (
    *("title", "kind", "languages", "publishers", "authors", "date", "topics", "sectors"),
    *("places", "audiences", "tags", "licence", "url", "identifiers", "summary", "owner"),
    *("co_owners", "review_by", "source_url"),
)
LOOKED_AT = ("public_id", "status", "changed_at")
# Words that may be names of topics or not: what references have.
SORTED = ("keywords",)
COLUMNS = (*LOOKED_AT, *WRITTEN, *SORTED)
REASONS = "reasons"  # why a row was refused, for who corrects it
PASSED_OVER = ("page", REASONS)
# What the columns of the starting content, and of many a list, are called.
ALSO = {
    "type": "kind",
    "publisher": "publishers",
    "language": "languages",
    "year": "date",
    "author": "authors",
    "countries": "places",
    "regions": "places",
    "country": "places",
    "topic": "topics",
    "sector": "sectors",
    "place": "places",
    "audience": "audiences",
    "license": "licence",
    "doi": "identifiers",
    "isbn": "identifiers",
    "link": "url",
}
# Columns that several of a file may fill; of others the first that says something counts.
JOINED = {"places", "identifiers"}
DELIMITERS = ",;\t|"

csv.field_size_limit(2**31 - 1)  # a long cell is a problem of its row, not of the file


def read_csv(content: bytes) -> Reading:
    """The works of a table of text, whichever sign parts its columns."""
    text, notes = decoded(content)
    return _read(_csv_rows(text.lstrip("\ufeff")), notes)


def read_xlsx(content: bytes) -> Reading:
    """The works of the first sheet of a workbook."""
    limits = sheets.Limits(rows=MAX_ROWS + 2, columns=MAX_COLUMNS, characters=MAX_CELL)
    try:
        return _read(enumerate(sheets.rows(content, limits), start=1), [])
    except sheets.BadSheet as error:
        raise BadFile(str(error)) from error


Numbered = tuple[int, list[str]]


def _csv_rows(text: str) -> Iterator[Numbered]:
    """Rows with the line each begins in."""
    head = text.lstrip("\r\n")[:10_000].partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(head), strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        words = _("From line %(line)d on this is no table: %(error)s. Look at its quotation marks.")
        raise BadFile(words % {"line": begins, "error": error}) from error


def _delimiter(head: str) -> str:
    """The sign by which most of the heading's columns are known."""

    def known(delimiter: str) -> int:
        return len([name for name in head.split(delimiter) if _column(name.strip('" \r'))])

    return max(DELIMITERS, key=known)


def _read(rows: Iterable[Numbered], notes: list[str]) -> Reading:
    filled = ((line, row) for line, row in rows if any(map(str.strip, row)))
    _line, heading = next(filled, (0, []))
    columns = _columns_of(heading)
    left_out = [name.strip() for name, column in zip(heading, columns, strict=True) if not column]
    if named := [name[:40] for name in left_out if name and name.lower() not in PASSED_OVER]:
        text = _("Columns that the hub does not know were left out: %(names)s.")
        notes = [*notes, text % {"names": ", ".join(named)}]
    return Reading(collected(_entry(line, row, heading, columns) for line, row in filled), notes)


def _columns_of(heading: list[str]) -> list[str]:
    """What each column is here; empty for what the hub does not know."""
    if len(heading) > MAX_COLUMNS:
        text = _("The table has more than %(most)d columns.")
        raise BadFile(text % {"most": MAX_COLUMNS})
    columns = [_column(name) for name in heading]
    names = [name.strip().lower() for name in heading if _column(name)]
    if double := {name for name in names if names.count(name) > 1}:
        text = _("The first row names a column twice: %(names)s.")
        raise BadFile(text % {"names": ", ".join(sorted(double))})
    if not {"title", "public_id"} & {*columns}:
        text = _(
            "The first row has to name the columns, as the hub does when it takes works out as a "
            "table: there is neither “title” nor “public_id” among them."
        )
        raise BadFile(text)
    return columns


def _column(heading: str) -> str:
    name = "_".join(heading.strip().lower().split())
    name = ALSO.get(name, name)
    return name if name in COLUMNS else ""


def _entry(line: int, row: list[str], heading: list[str], columns: list[str]) -> Entry:
    entry = Entry(line)
    if any(map(str.strip, row[len(columns) :])):
        told = {"cells": len(row), "columns": len(columns)}
        entry.problems.append(_("%(cells)d cells under %(columns)d columns") % told)
    cells: dict[str, str] = {}
    for name, column, cell in zip(heading, columns, row, strict=False):
        if not column:
            continue
        cell = _plain(cell)
        if cell and column == "identifiers":
            cell = _identifiers(name, cell)
        if column in JOINED:
            cells[column] = taking_out.BETWEEN.join(filter(None, [cells.get(column), cell]))
        else:
            cells[column] = cells.get(column) or cell
    for column, cell in cells.items():
        entry.put(column, cell)
    return entry


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from taking a text for a formula."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell[1:]) else cell


def _identifiers(heading: str, cell: str) -> str:
    """In a column for one scheme each value gets its name before it."""
    scheme = heading.strip().lower()
    if scheme not in ("doi", "isbn"):
        return cell
    return taking_out.BETWEEN.join(f"{scheme}:{one.strip()}" for one in cell.split(";"))
