"""What opens a workbook, in a process of its own that can do no more than that. ``hub.sheets`` starts
it as a script; of the hub it imports nothing but ``confined``.

The file is its standard input. It answers in lines of JSON: each row of the first sheet as a list of
texts, then ``{"done": true}``. Or ``{"fault": …}``.
"""

import codecs
import json
import sys
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

# All of it before the process is confined: later it can open no file to import from.
import openpyxl
import openpyxl.reader.excel
import openpyxl.worksheet._read_only

sys.path.append(str(Path(__file__).parent))
from confined import confine

ENCODINGS = ("cp437", "utf-8", "latin-1")  # of names in a zip, and of what is in it


def main(limits: dict[str, Any]) -> None:
    for encoding in ENCODINGS:
        codecs.lookup(encoding)  # loads now what it could not open later
    confine(limits)
    try:
        book = openpyxl.load_workbook(
            BytesIO(sys.stdin.buffer.read()), read_only=True, data_only=True, keep_links=False
        )
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # a file may claim a million columns
        for number, row in enumerate(sheet.iter_rows(values_only=True)):
            if number > limits["rows"]:
                break
            _say([_text(cell, limits["characters"]) for cell in row[: limits["columns"] + 1]])
    except MemoryError:
        return _say({"fault": "heavy"})
    except Exception:  # whatever a made-up file makes the library stumble over
        return _say({"fault": "damaged"})
    _say({"done": True})


def _text(cell: Any, characters: int) -> str:
    """A cell as somebody would have typed it: days as 2026-03-31, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    return str(cell)[: characters + 1]


def _say(what: Any) -> None:
    print(json.dumps(what))  # rows are many: they go when the pipe is full


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
    sys.stdout.flush()
