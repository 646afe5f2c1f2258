"""Tables as files that a spreadsheet opens."""

import csv
from collections.abc import Iterable
from io import StringIO

from django.http import HttpResponse

# What a spreadsheet takes a cell for a formula by, and runs it. An apostrophe makes it text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"  # without it Excel reads the letters of another alphabet


def csv_answer(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """The rows, headings first, as a CSV file of this name to be saved."""
    text = StringIO(newline="")
    text.write(MARK)
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def cell(value: object) -> object:
    """A value as no spreadsheet runs it: numbers stay numbers."""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
