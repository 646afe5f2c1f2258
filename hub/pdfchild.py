"""What opens a PDF, in a process of its own that can do no more than that. ``hub.pdftext`` starts it
as a script; it imports nothing of the hub.

The file is its standard input. It answers in lines of JSON, each as soon as it is known, so that
what was read before it is stopped is not lost: ``{"pages": 48}``, then for each page ``{"text": …}``
(``null`` if the page cannot be opened), ``{"done": true}``, and the first page as a picture. Or
``{"fault": …}``.
"""

import base64
import codecs
import ctypes
import json
import math
import resource
import signal
import sys
from contextlib import suppress
from typing import Any

import pypdfium2
from pypdfium2 import raw

PASSWORD_WANTED = 4  # FPDF_ERR_PASSWORD
OPEN_FILES = 3  # input, output and errors
PICTURE_WIDTH = 640
MAX_RATIO = 3


def main(limits: dict[str, Any]) -> None:
    _confine(limits)
    content = sys.stdin.buffer.read()
    try:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", 0) == PASSWORD_WANTED
        return _say(fault="encrypted" if is_locked else "damaged")
    first = _page(document, 0)
    if limits["only_opens"]:
        return _say(pages=pages) if first else _say(fault="damaged")
    _say(pages=pages)
    for number in range(min(pages, limits["pages"])):
        page = _page(document, number)
        _say(text=_text(page, limits["characters"]) if page else None)
        if page:
            page.close()
    _say(done=True)
    picture = _picture(_page(document, 0))
    if picture:
        _say(picture=picture)


def _confine(limits: dict[str, Any]) -> None:
    """Leave this process time, memory and its three open files, and nothing else: it can open no
    file, no connection and no other process, nor write to a file."""
    codecs.lookup("utf-16-le")  # loads now what it could not open later
    signal.alarm(limits["seconds"])  # should nobody be left who waits for us
    seconds = limits["cpu_seconds"]
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)  # at the first it says why, by its signal
    _limit(resource.RLIMIT_AS, limits["megabytes"] * 1024 * 1024)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, most: int, hard: int | None = None) -> None:
    with suppress(ValueError, OSError):  # macOS knows no limit of memory
        resource.setrlimit(kind, (most, most if hard is None else hard))


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage | None:
    try:
        return document[number]
    except (pypdfium2.PdfiumError, IndexError):
        return None


def _text(page: pypdfium2.PdfPage, characters: int) -> str | None:
    try:
        found = page.get_textpage()
        count = min(found.count_chars(), characters)
    except pypdfium2.PdfiumError:
        return None
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(found, 0, count, buffer)
    found.close()
    return bytes(memoryview(buffer)[: max(written - 1, 0)]).decode("utf-16-le", "ignore")


def _picture(page: pypdfium2.PdfPage | None) -> dict[str, Any] | None:
    """The page as rows of red, green and blue, without what fonts of this machine would add."""
    if page is None:
        return None
    width, height = page.get_size()
    if not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0):
        return None
    if max(width, height) > MAX_RATIO * min(width, height):
        return None
    shown = page.render(
        scale=PICTURE_WIDTH / width, may_draw_forms=False, draw_annots=False, rev_byteorder=True
    )
    rows = bytes(shown.buffer)
    starts = range(0, shown.stride * shown.height, shown.stride)
    pixels = b"".join(rows[start : start + 3 * shown.width] for start in starts)
    if shown.n_channels != 3:
        return None
    encoded = base64.b64encode(pixels).decode()
    return {"width": shown.width, "height": shown.height, "pixels": encoded}


def _say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
