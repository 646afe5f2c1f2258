"""Tables to take along, as CSV or XLSX, in which nothing is run by the program that opens them."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO

Cell = str | int | float | None
Table = Iterable[Sequence[Cell]]

IN_MEMORY = 1_000_000  # bytes; what is longer goes to the disk
# What spreadsheets take for the beginning of a formula, even in quotes (OWASP, CSV injection).
FORMULA = re.compile(r"[\s\x00]*[=+\-@\t\r]")
# What XML cannot hold.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BOM = "\ufeff"  # so that spreadsheets read UTF-8
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_IN_XLSX = 32_767


def harmless(cell: Cell) -> Cell:
    """A cell that is shown as it stands: what would be a formula gets an apostrophe before it, by
    which spreadsheets know a text."""
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if FORMULA.match(cell) else cell


def as_csv(header: Sequence[str], rows: Table) -> IO[bytes]:
    """A file of lines as RFC 4180 has them, open at its beginning."""
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever asked for it closes it
    text = TextIOWrapper(file, "utf-8", newline="", write_through=True)
    text.write(BOM)
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    text.detach()
    file.seek(0)
    return file


def as_xlsx(header: Sequence[str], rows: Table, title: str = "") -> IO[bytes]:
    """A workbook of one sheet whose first row stays in sight, open at its beginning."""
    from openpyxl import Workbook  # heavy, and seldom needed

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title[:31] or None)
    sheet.freeze_panes = "A2"
    sheet.append(header)
    for row in rows:
        sheet.append([_fit(harmless(cell)) for cell in row])
    file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - whoever asked for it closes it
    workbook.save(file)
    file.seek(0)
    return file


def _fit(cell: Cell) -> Cell:
    return CONTROL.sub("", cell)[:LONGEST_IN_XLSX] if isinstance(cell, str) else cell
