"""PDFs read with care: how many pages, what they say, how the first one looks.

The file is opened in a process of its own (``hub.pdfchild``) whose time and memory are limited and
which can open nothing else. Whatever the file is, the caller goes on.
"""

import base64
import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hub import children, pictures
from hub.texts import tidy

MIME_TYPE = "application/pdf"
MAX_BYTES = 50 * 1024 * 1024
HEAD_BYTES = 1024  # within which every reader looks for the mark of a PDF
# How files begin that people take for documents: what is packed, old Office, RTF; and pictures.
OFFICE_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
PICTURE_MARKS = (b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"RIFF", b"<svg")
MAX_OUTPUT = 128 * 1024 * 1024
MAX_COUNT = 2**31 - 1  # that a file may claim of pages, and a column holds


@dataclass(frozen=True)
class Limits:
    """How much of a file is read, and what that may take: ``cpu_seconds`` of work, ``seconds`` by
    the clock."""

    pages: int = 2000
    characters: int = 40_000  # of a page; the vector of a longer one might not fit
    cpu_seconds: int = 60
    seconds: int = 120
    megabytes: int = 512
    only_opens: bool = False


OPENING = Limits(cpu_seconds=10, seconds=15, only_opens=True)


@dataclass
class Reading:
    """What was found: ``pages`` in all, ``texts`` of those that were read, in their order, and the
    first one as it looks, ready to be a cover. ``is_tagged`` says whether any of them has the tags
    that screen readers go by, if that is known. ``fault`` says why there is no more: ``encrypted``,
    ``damaged``, ``slow``, or ``failed``. Pages read before a fault are kept."""

    pages: int = 0
    texts: list[str] = field(default_factory=list)
    fault: str = ""
    is_tagged: bool | None = None
    picture: pictures.Prepared | None = None

    @property
    def has_text(self) -> bool:
        """Whether there is a letter anywhere; scanned pages may have numbers stamped on them."""
        return any(sign.isalpha() for text in self.texts for sign in text)


# Opening a file takes up to half a gigabyte; all threads at once would be too many. Nor may those that
# wait for their turn be so many that no thread is left for readers.
_one_at_a_time = Lock()
_seats = BoundedSemaphore(2)
LONGEST_WAIT = 30


@contextmanager
def turn() -> Iterator[None]:
    """The only one in this process that opens a file for a form, while this lasts. ``ValidationError``
    if others wait already, or it takes too long."""
    if not _seats.acquire(blocking=False):
        raise _busy()
    try:
        if not _one_at_a_time.acquire(timeout=LONGEST_WAIT):
            raise _busy()
        try:
            yield
        finally:
            _one_at_a_time.release()
    finally:
        _seats.release()


def _busy() -> ValidationError:
    text = _("The hub is busy with other files now. Choose the file again in a minute.")
    return ValidationError(text, code="busy")


def pages_in(file: BinaryIO) -> int:
    """How many pages this PDF has. ``ValidationError`` says why the hub does not take the file."""
    judge(file)
    with turn():
        return pages_found(file)


def pages_found(file: BinaryIO) -> int:
    """``pages_in`` for who has judged the file and whose ``turn`` it is."""
    reading = read(file, OPENING)
    if reading.fault or not reading.pages:
        raise refusal(reading.fault)
    return reading.pages


def judge(file: BinaryIO) -> None:
    """Refuse in a ``ValidationError`` what is too long, and what does not begin as a PDF does."""
    file.seek(0, os.SEEK_END)
    if file.tell() > MAX_BYTES:
        raise ValidationError(_("The file has more than 50 MB."), code="bytes")
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if b"%PDF-" in head:
        return
    text = _("This is no PDF. Choose a file that a PDF reader can open.")
    if head.startswith(PICTURE_MARKS) or head[4:12] in (b"ftypavif", b"ftypheic"):
        text = _("This is a picture, and here goes a PDF. The cover of the work has its own field.")
    elif head.startswith(OFFICE_MARKS):
        text = _(
            "This is a document of an office program, a book file or an archive. Save the document "
            "as a PDF and choose that."
        )
    raise ValidationError(text, code="kind")


def refusal(fault: str) -> ValidationError:
    """Why a file is not taken, in words."""
    texts = {
        "encrypted": _("This PDF asks for a password. Choose a copy that everybody can open."),
        "heavy": _("This PDF takes too much time or memory to be opened. Choose a simpler copy."),
        "damaged": _("This PDF is damaged: it cannot be opened. Choose another copy."),
    }
    code = {"encrypted": "encrypted", "slow": "heavy", "failed": "heavy"}.get(fault, "damaged")
    return ValidationError(texts[code], code=code)


def read(file: BinaryIO, limits: Limits | None = None) -> Reading:
    """Read a PDF, as much of it as the limits allow. Never raises for what the file holds."""
    limits = limits or Limits()
    reading, is_whole, is_late = Reading(), limits.only_opens, False
    with children.started(_CHILD, file, asdict(limits)) as child:
        try:
            for said in _lines(child, limits.seconds):
                is_whole = _note(said, reading, limits) or is_whole
        except (TimeoutError, subprocess.TimeoutExpired):
            is_late = True
    is_known = reading.fault or (is_whole and reading.pages)
    if not is_known:
        is_late = is_late or children.ran_out_of_time(child)
        reading.fault = "slow" if is_late else "failed"
    if is_whole and not limits.only_opens and all(text is None for text in reading.texts):
        reading.fault = "damaged"
    reading.texts = _rejoined([_cleaned(text or "") for text in reading.texts])
    return reading


_CHILD = Path(__file__).with_name("pdfchild.py")


def _lines(child: subprocess.Popen, seconds: float) -> Iterator[Any]:
    """What the child says, line by line, until it ends or talks nonsense or too much.
    ``TimeoutError`` or ``TimeoutExpired`` once its time is over."""
    rest, length = b"", 0
    for part in children.pieces_of(child, seconds):
        length += len(part)
        *lines, rest = (rest + part).split(b"\n")
        for line in lines:
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                return
        if length > MAX_OUTPUT:
            return


def _note(said: Any, reading: Reading, limits: Limits) -> bool:
    """Take over one line of the child, and tell whether it was the last of the text. It comes from
    where a hostile file was opened, so that nothing is taken for granted."""
    match said:
        case {"fault": "encrypted" | "damaged" as fault}:
            reading.fault = fault
        case {"pages": int(pages)} if pages >= 0:
            reading.pages = min(pages, MAX_COUNT)
        case {"text": str() | None as text} if len(reading.texts) < limits.pages:
            reading.texts.append(text and text[: limits.characters])
        case {"done": True, "tagged": bool(is_tagged)}:
            reading.is_tagged = is_tagged
            return True
        case {"picture": {"width": int(width), "height": int(height), "pixels": str(pixels)}}:
            from hub import pdfcover  # with it Pillow: as seldom as a PDF comes

            with suppress(ValueError):  # not as many pixels as it says
                reading.picture = pdfcover.prepared(width, height, base64.b64decode(pixels))
    return False


# Words as they were before they were set

# How PDFium marks a hyphen at the end of a line, and that end with it.
BROKEN = "\ufffe"
AT_THE_END = re.compile(r"(?<=\w)[-\u2010\u00ad][ \t]*\n(?=\w)")
IN_TWO = re.compile(rf"(\w+){BROKEN}(\w+)")
COMPOUND = re.compile(r"(?<!\w)(?=(\w+-\w+))")
SPACES = re.compile(r"[^\S\n]+")
BLANK_LINES = re.compile(r" ?\n ?(?:\n ?)+")
# Letters drawn as one, and the bullet of the Symbol font, by which nobody would seek.
ONE_BY_ONE = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | {"\uf0b7": "•", "\r": "\n", "\0": " "}
    | {chr(code): None for code in range(0xE000, 0xF900) if code != 0xF0B7}  # of one font alone
)


def _cleaned(text: str) -> str:
    """The text of a page in lines, without what cannot be stored or seen."""
    text = text.replace("\r\n", "\n").translate(ONE_BY_ONE)
    text = tidy(text.encode("utf-8", "ignore").decode())
    text = AT_THE_END.sub(BROKEN, text).replace("\u00ad", "")
    lines = (SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return BLANK_LINES.sub("\n\n", "\n".join(lines))


def _rejoined(texts: list[str]) -> list[str]:
    """The texts with the words whole that were broken at the end of a line. Whether the hyphen was
    their own, as in coal-fired, the rest of the document tells."""
    words, compounds = set(), set()
    for text in texts:
        whole = IN_TWO.sub(" ", text).casefold()
        words.update(re.findall(r"\w+", whole))
        compounds.update(COMPOUND.findall(whole))

    def joined(match: re.Match) -> str:
        first, second = match.groups()
        one, other = first.casefold(), second.casefold()
        if f"{one}-{other}" in compounds:
            return f"{first}-{second}"
        if one + other in words:
            return first + second
        is_name = not second[0].islower() and second[0].isalnum() and second[0].upper() == second[0]
        are_words = min(len(one), len(other)) > 2 and {one, other} <= words
        return f"{first}-{second}" if is_name or are_words else first + second

    return [IN_TWO.sub(joined, text).replace(BROKEN, "-") for text in texts]
