"""PDFs in which nothing runs: scripts, starts of programs, forms that send what is typed, links to
files, attached files, moving pictures and sounds are taken out before a file is kept.

They are taken out and not refused, for curators seldom have made the file and have nothing to clean
it with. But not every file is written anew: what has nothing of the kind and no fault stays as its
publisher made it, to the byte, with its signature.

The file is opened in a process of its own (``hub.pdfcleaner``).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryFile
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from hub import children, pdftext

SORTS = ("attachments", "forms", "links", "media", "password", "programs", "rest", "scripts")
LIMITS = pdftext.Limits(cpu_seconds=20, seconds=40)
LONGEST_LINE = 10_000

_CLEANER = Path(__file__).with_name("pdfcleaner.py")


@dataclass(frozen=True)
class Safe:
    """A PDF in which nothing runs, and the ``SORTS`` of what was taken out of it."""

    content: UploadedFile
    taken_out: tuple[str, ...] = ()


def made_safe(file: UploadedFile, limits: pdftext.Limits = LIMITS) -> Safe:
    """This PDF, or a copy of it without what could run. ``ValidationError`` says why the hub does
    not take it, ``OSError`` that there is no room for the copy."""
    pdftext.judge(file)
    with pdftext.turn():
        safe = _cleaned(file, limits)
        # Another reader of PDFs has to find pages in it too.
        pdftext.judge(safe.content)
        pdftext.pages_found(safe.content)
    safe.content.seek(0)
    return safe


def _cleaned(file: UploadedFile, limits: pdftext.Limits) -> Safe:
    is_late, said, copy = False, None, None
    with children.started(_CLEANER, file, asdict(limits)) as child:
        pieces = children.pieces_of(child, limits.seconds)
        try:
            said, first = _first_line(pieces)
            copy = _copy(file, said, first, pieces)
        except (TimeoutError, TimeoutExpired):
            is_late = True
    match said:
        case {"fault": "encrypted" | "damaged" as fault}:
            raise pdftext.refusal(fault)
        case {"taken_out": list() as sorts, "bytes": int(length)} if not is_late:
            if copy is None or copy.size == length:
                return Safe(copy or file, tuple(sort for sort in SORTS if sort in sorts))
    raise pdftext.refusal("slow" if is_late or children.ran_out_of_time(child) else "failed")


def _first_line(pieces: Iterator[bytes]) -> tuple[Any, bytes]:
    """What the child says first, read as JSON, and the bytes behind it. It comes from where a
    hostile file was opened, so that nothing is taken for granted."""
    got = b""
    for piece in pieces:
        got += piece
        if b"\n" in got or len(got) > LONGEST_LINE:
            break
    line, _end, rest = got.partition(b"\n")
    try:
        return json.loads(line), rest
    except (ValueError, RecursionError):
        return None, b""


def _copy(
    file: UploadedFile, said: Any, first: bytes, pieces: Iterator[bytes]
) -> UploadedFile | None:
    """What was written anew, if anything was; cut off where it is longer than a file may be."""
    if not isinstance(said, dict) or not said.get("bytes"):
        for _piece in pieces:
            pass
        return None
    copy = TemporaryFile()  # noqa: SIM115
    size = copy.write(first)
    for piece in pieces:
        size += copy.write(piece)
        if size > pdftext.MAX_BYTES:
            break
    copy.flush()
    return UploadedFile(copy, file.name, pdftext.MIME_TYPE, size)
