"""Lists of governments to invite, as a table: read with care, and told row by row what would become of
each before anything is written."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from io import StringIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub import sheets, tables
from hub.addresses import validate_address
from hub.guarded import plain_name
from hub.languages import work_language_choices
from hub.partners.models import Organisation
from hub.texts import tidy
from knowledge.bringing_in.entries import BadFile, decoded
from taskforce.governments import governments
from taskforce.invitations import Guest
from taskforce.models import Round

MOST_ROWS = 1000
LONGEST = 500  # characters of a cell
COLUMNS = ("government", "email", "name", "language")
ALSO = {"e-mail": "email", "e_mail": "email", "mail": "email", "address": "email"}
DELIMITERS = ",;\t|"


class State(Enum):
    NEW = "new"
    THERE = "there"
    WRONG = "wrong"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    State.NEW: gettext_lazy("New"),
    State.THERE: gettext_lazy("There already"),
    State.WRONG: gettext_lazy("Not understood"),
}


@dataclass(frozen=True)
class Line:
    """One row of the list: what it says, and what would become of it."""

    number: int
    cells: dict[str, str]
    state: State
    reason: str = ""
    guest: Guest | None = None


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV or XLSX by the names of their columns; ``ValidationError`` in words for what
    is no such table."""
    try:
        rows = list(_xlsx(content) if sheets.is_zip(content) else _csv(content))
    except (BadFile, sheets.BadSheet) as error:
        raise ValidationError(str(error), code="table") from error
    except csv.Error as error:
        raise ValidationError(
            _("This is no table. Look at its quotation marks."), "table"
        ) from error
    filled = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise ValidationError(_("The list is empty."), code="empty")
    if len(filled) > MOST_ROWS + 1:
        raise ValidationError(
            _("The list has more than %(most)d rows. Bring it in in parts."),
            code="long",
            params={"most": MOST_ROWS},
        )
    names = _columns(filled[0][1])
    return [
        (number, {name: _plain(cell) for name, cell in zip(names, row, strict=False) if name})
        for number, row in filled[1:]
    ]


def look(round: Round, rows: Iterable[tuple[int, dict[str, str]]]) -> list[Line]:
    """What would become of each row; three questions to the database, however long the list."""
    known = {
        name.casefold(): one for one in governments() for name in (one.name, one.acronym) if name
    }
    invited = {one.lower() for one in round.invitations.values_list("email", flat=True)}
    active = round.participations.active().values_list("government", "proposed_name")
    taking_part = {name.casefold() for _key, name in active if name} | {key for key, _n in active}
    lines: list[Line] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        try:
            guest = _guest(cells, known)
        except ValidationError as error:
            lines.append(Line(number, cells, State.WRONG, " ".join(error.messages)))
            continue
        mailbox = guest.email.lower()
        if mailbox in seen:
            why = _("The same address as in row %(row)d.") % {"row": seen[mailbox]}
            lines.append(Line(number, cells, State.WRONG, why))
            continue
        seen[mailbox] = number
        state, why = State.NEW, ""
        if mailbox in invited:
            state, why = State.THERE, _("This address is invited already.")
        elif _key_of(guest) in taking_part:
            state, why = State.THERE, _("This government takes part already.")
        lines.append(Line(number, cells, state, why, guest))
    return lines


def as_text(lines: Iterable[Line]) -> str:
    """The new ones of the list as a table once more, for the step after looking at it."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(
        [tables.harmless(one.cells.get(name, "")) for name in COLUMNS]
        for one in lines
        if one.state == State.NEW
    )
    return text.getvalue()


def _key_of(guest: Guest) -> int | str:
    return guest.government.pk if guest.government else guest.government_name.casefold()


def _guest(cells: dict[str, str], known: dict[str, Organisation]) -> Guest:
    name = " ".join(cells.get("government", "").split())
    email = cells.get("email", "").strip()
    if not name:
        raise ValidationError(_("It names no government."))
    if any(tables.FORMULA.match(cells.get(one, "")) for one in COLUMNS):
        raise ValidationError(_("A cell begins like a formula."))
    if len(name) > 200 or len(cells.get("name", "")) > 150:
        raise ValidationError(_("A name is too long."))
    validate_address(email)
    return Guest(
        email=email,
        government=known.get(name.casefold()),
        government_name=plain_name(name),
        name=plain_name(cells.get("name", "")),
        language=_language(cells.get("language", "")),
    )


def _language(text: str) -> str:
    """The code of a language that is named by its code or its name."""
    wanted = text.strip().casefold()
    if not wanted:
        return "en"
    for code, label in work_language_choices():
        if wanted in (code.casefold(), label.casefold(), *_names(label)):
            return code
    raise ValidationError(_("The hub does not know this language: %(name)s.") % {"name": text[:40]})


def _names(label: str) -> tuple[str, str]:
    english, _sign, own = label.casefold().partition(" (")
    return english, own.removesuffix(")")


def _columns(heading: list[str]) -> list[str]:
    names = [ALSO.get(name, name) for name in ("_".join(one.lower().split()) for one in heading)]
    found = [name if name in COLUMNS else "" for name in (_plain(one) for one in names)]
    missing = {"government", "email"} - set(found)
    if missing or len([one for one in found if one]) != len({one for one in found if one}):
        raise ValidationError(
            _("The first row has to name the columns, each once: %(columns)s."),
            code="columns",
            params={"columns": ", ".join(COLUMNS)},
        )
    return found


def _plain(cell: str) -> str:
    """What a cell says, without the apostrophe that keeps spreadsheets from running it."""
    cell = tidy(cell)[:LONGEST]
    inner = cell.removeprefix("'")
    return inner if inner != cell and tables.FORMULA.match(inner) else cell


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text, _notes = decoded(content)
    text = text.lstrip("\ufeff")
    head = text.lstrip("\r\n").partition("\n")[0]
    sign = max(DELIMITERS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=sign, strict=True)
    for row in reader:
        yield reader.line_num, row


def _xlsx(content: bytes) -> Iterator[tuple[int, list[str]]]:
    limits = sheets.Limits(rows=MOST_ROWS + 2, columns=20, characters=LONGEST)
    yield from enumerate(sheets.rows(content, limits), start=1)
