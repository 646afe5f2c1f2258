"""What opens a PDF, in a process of its own that can do no more than that. ``hub.pdftext`` starts it
as a script; of the hub it imports nothing but ``confined``.

The file is its standard input. It answers in lines of JSON, each as soon as it is known, so that
what was read before it is stopped is not lost: ``{"pages": 48}``, then for each page ``{"text": …}``
(``null`` if the page cannot be opened), ``{"done": true, "tagged": …}``, and the first page as a
picture. Or
``{"fault": …}``.
"""

import base64
import ctypes
import json
import math
import sys
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

sys.path.append(str(Path(__file__).parent))
from confined import confine, say

PASSWORD_WANTED = 4  # FPDF_ERR_PASSWORD
PICTURE_WIDTH = 640
MAX_RATIO = 3


def main(limits: dict[str, Any]) -> None:
    confine(limits)
    content = sys.stdin.buffer.read()
    try:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", 0) == PASSWORD_WANTED
        return say(fault="encrypted" if is_locked else "damaged")
    first = _page(document, 0)
    if limits["only_opens"]:
        return say(pages=pages) if first else say(fault="damaged")
    say(pages=pages)
    claims_tags, has_tags = bool(raw.FPDFCatalog_IsTagged(document)), False
    for number in range(min(pages, limits["pages"])):
        page = _page(document, number)
        say(text=_text(page, limits["characters"]) if page else None)
        if page:
            has_tags = has_tags or (claims_tags and _is_tagged(page))
            page.close()
    say(done=True, tagged=has_tags)
    picture = _picture(_page(document, 0))
    if picture:
        say(picture=picture)


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage | None:
    try:
        return document[number]
    except (pypdfium2.PdfiumError, IndexError):
        return None


def _is_tagged(page: pypdfium2.PdfPage) -> bool:
    """Whether the page has a structure: what is a heading, a list, a table, and what comes first."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return False
    try:
        return raw.FPDF_StructTree_CountChildren(tree) > 0
    finally:
        raw.FPDF_StructTree_Close(tree)


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


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
