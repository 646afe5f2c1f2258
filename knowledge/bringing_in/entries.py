"""What all formats are read into: entries, plain words by the columns of ``taking_out``."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

Cell = str | list[str]

MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 20_000  # characters; a summary has 2,000
SHOWN_OF_LONG = 80
MAX_VALUES = 200  # of one cell that holds a list
# What no column of the database takes: NUL, and halves of signs.
NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class BadFile(Exception):
    """A file that cannot be read at all, with the reason in words."""


@dataclass
class Entry:
    """One work as a file tells it: ``cells`` by column, only those that the file has; ``line`` is
    where it begins; ``problems`` say in words what could not be read."""

    line: int
    cells: dict[str, Cell] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def put(self, column: str, value: Cell) -> None:
        """Keep a value, as far as a database can; what it cannot is a problem of the entry."""
        if isinstance(value, list):
            if len(value) > MAX_VALUES:
                self._say(column, _("more than %(most)d values") % {"most": MAX_VALUES})
            value = value[: MAX_VALUES + 1]  # too many still
            self.cells[column] = [self._fit(column, one) for one in value]
        else:
            self.cells[column] = self._fit(column, value)

    def _fit(self, column: str, text: str) -> str:
        if len(text) > MAX_CELL:
            told = {"count": len(text), "most": MAX_CELL}
            self._say(column, _("%(count)d characters, and at most %(most)d can be read") % told)
            text = f"{text[:SHOWN_OF_LONG]}…"
        if NO_TEXT.search(text):
            self._say(column, _("holds signs that are no text"))
            text = NO_TEXT.sub("", text)
        return text

    def _say(self, column: str, words: str) -> None:
        self.problems.append(f"{column}: {words}")


@dataclass
class Reading:
    """The entries of a file in their order, and what is to be said of the file as a whole."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Format:
    """A kind of file: how people call it, its endings, and what reads it."""

    label: str
    endings: tuple[str, ...]
    read: Callable[[bytes], Reading]


def collected(entries: Iterable[Entry]) -> list[Entry]:
    """All of them; ``BadFile`` for more than the hub reads at once, or none."""
    found = []
    for entry in entries:
        if len(found) == MAX_ROWS:
            text = _("The file holds more than %(most)d works. Bring it in in parts.")
            raise BadFile(text % {"most": MAX_ROWS})
        found.append(entry)
    if not found:
        raise BadFile(_("The file holds no work."))
    return found


def decoded(content: bytes) -> tuple[str, list[str]]:
    """The text of a file, with what is to be said of how it was read."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return _strictly(content, encoding), []
    half = len(content[:1000]) // 2
    for encoding, zeros in (("utf-16-le", content[1:1000:2]), ("utf-16-be", content[:1000:2])):
        if half > 4 and zeros.count(0) > half * 0.7:  # Latin letters, each with a NUL beside it
            return _strictly(content, encoding), []
    try:
        return content.decode(), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
        note = _(
            "The file is not in UTF-8; it was read as Windows-1252 (Western European). "
            "Look whether accents are right."
        )
        return text, [note]


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise BadFile(_("The file says that it is in Unicode, and is not.")) from None
