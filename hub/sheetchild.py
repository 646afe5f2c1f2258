"""What opens a workbook, in a process of its own that can do no more than that. ``hub.sheets`` starts
it as a script; it imports nothing of the hub.

The file is its standard input. It answers in lines of JSON: each row of the first sheet as a list of
texts, then ``{"done": true}``. Or ``{"fault": …}``.
"""

import codecs
import json
import resource
import signal
import sys
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

# All of it before the process is confined: later it can open no file to import from.
import openpyxl
import openpyxl.reader.excel
import openpyxl.worksheet._read_only

OPEN_FILES = 3  # input, output and errors


def main(limits: dict[str, Any]) -> None:
    _confine(limits)
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


def _confine(limits: dict[str, Any]) -> None:
    """Leave this process time, memory and its three open files, and nothing else."""
    for encoding in ("cp437", "utf-8", "utf-16-le", "latin-1"):
        codecs.lookup(encoding)
    signal.alarm(limits["seconds"])
    _limit(resource.RLIMIT_CPU, limits["cpu_seconds"])
    _limit(resource.RLIMIT_AS, limits["megabytes"] * 1024 * 1024)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, most: int) -> None:
    with suppress(ValueError, OSError):  # macOS knows no limit of memory
        resource.setrlimit(kind, (most, most))


def _say(what: Any) -> None:
    print(json.dumps(what), flush=False)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
    sys.stdout.flush()
