"""Workbooks (XLSX) read with care, row by row.

A workbook is a zip of XML, and small ones can be made that unfold to gigabytes. What its list of
contents says is looked at first; then it is opened in a process of its own (``hub.sheetchild``) whose
time and memory are limited.
"""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from hub import children

MAX_PARTS = 1000
MAX_UNFOLDED = 100 * 1024 * 1024
OLD_EXCEL = b"\xd0\xcf\x11\xe0"  # also what encrypts the new one


@dataclass(frozen=True)
class Limits:
    """How much is read, and what that may take: ``cpu_seconds`` of work, ``seconds`` by the clock."""

    rows: int
    columns: int
    characters: int
    cpu_seconds: int = 30
    seconds: int = 60
    megabytes: int = 300


_CHILD = Path(__file__).with_name("sheetchild.py")


class BadSheet(Exception):
    """A workbook that the hub does not read, with the reason in words."""


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK\x03\x04")


def judge(content: bytes) -> None:
    """``BadSheet`` for what is no workbook, or would unfold to too much; quick, opens nothing."""
    if content.startswith(OLD_EXCEL):
        raise BadSheet(
            _("This is an old Excel file, or one with a password. Save it as XLSX without one.")
        )
    try:
        with ZipFile(BytesIO(content)) as parts:
            listed = parts.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        raise BadSheet(_("This is no workbook that can be opened (XLSX).")) from None
    if not any(part.filename.startswith("xl/") for part in listed):
        raise BadSheet(_("This is no workbook that can be opened (XLSX)."))
    if len(listed) > MAX_PARTS or sum(part.file_size for part in listed) > MAX_UNFOLDED:
        raise BadSheet(_("The workbook unfolds to too much. Save the sheet alone, or as CSV."))


def rows(content: bytes, limits: Limits) -> Iterator[list[str]]:
    """The rows of the first sheet as texts, one row, one column and one character more than asked
    for where there is more. ``BadSheet`` says why there is none, or no further one."""
    judge(content)
    with children.started(_CHILD, BytesIO(content), asdict(limits)) as child:
        yield from _rows_said(child)


def _rows_said(child: subprocess.Popen) -> Iterator[list[str]]:
    """It ends by itself, or its own alarm ends it: nobody waits here for ever."""
    fault = "heavy"
    for line in child.stdout:
        try:
            said = json.loads(line)
        except ValueError:  # cut off in the middle
            break
        if isinstance(said, list):
            yield said
        else:
            fault = said.get("fault", "")
    if fault == "heavy":
        raise BadSheet(
            _("The workbook takes too much time or memory to be opened. Save it as CSV.")
        )
    if fault:
        raise BadSheet(_("The workbook is damaged: it cannot be opened."))
