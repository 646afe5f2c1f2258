"""A cell of a file as the value that a work has: read by the rules of the desk's form."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, URLField
from django.forms import Field as FormField
from django.utils.translation import gettext as _
from taggit.models import Tag

from hub.slugs import fold
from hub.texts import tidy
from knowledge import taking_out
from knowledge.bringing_in.entries import MAX_VALUES, Cell
from knowledge.bringing_in.shelf import Shelf
from knowledge.models import Credit, Edition, Identifier, Link, Resource

SCHEMES = taking_out.SCHEMES
DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T.*)?")
PRECISIONS = (Resource.Precision.YEAR, Resource.Precision.MONTH, Resource.Precision.DAY)


@dataclass
class CellReader:
    """Reads cells; ``likely`` are the terms that a work has now, taken where a name is that of
    several."""

    shelf: Shelf
    likely: Iterable[int] = ()

    def value(self, column: str, cell: Cell) -> Any:
        """What a cell says, ``None`` or empty where it is. ``ValidationError`` says what is wrong."""
        if column in SCHEMES:
            return sorted(
                {self.shelf.term(SCHEMES[column], name, self.likely) for name in names(cell)}
            )
        return getattr(self, f"_{column}")(cell)

    def _title(self, cell: Cell) -> str:
        return checked(Edition, "title", line(cell))

    def _summary(self, cell: Cell) -> str:
        return checked(Edition, "summary", tidy(text(cell)))

    def _kind(self, cell: Cell) -> str:
        return _one_of(self.shelf.kinds, line(cell)) if line(cell) else ""

    def _languages(self, cell: Cell) -> list[str]:
        return list(dict.fromkeys(_one_of(self.shelf.languages, name) for name in names(cell)))

    def _publishers(self, cell: Cell) -> list[str]:
        return _distinct(checked(Credit, "name", line(name)) for name in names(cell))

    _authors = _publishers

    def _date(self, cell: Cell) -> tuple[date | None, str]:
        if not line(cell):
            return None, ""
        found = DATE.fullmatch(line(cell))
        if not found:
            raise ValidationError(_("Write a date as 2026, 2026-03 or 2026-03-31."))
        known = [int(part) for part in found.groups() if part]
        try:
            day = date(*[*known, 1, 1][:3])
        except ValueError:
            raise ValidationError(_("There is no such day.")) from None
        return day, PRECISIONS[len(known) - 1].value

    def _review_by(self, cell: Cell) -> date | None:
        day, precision = self._date(cell)
        if day and precision != Resource.Precision.DAY:
            raise ValidationError(_("Write a day as 2026-03-31."))
        return day

    def _tags(self, cell: Cell) -> list[str]:
        return _distinct(checked(Tag, "name", line(name)) for name in names(cell))

    def _keywords(self, cell: Cell) -> list[str]:
        return self._tags(cell)

    def _licence(self, cell: Cell) -> str:
        return checked(Resource, "licence", line(cell))

    def _url(self, cell: Cell) -> str:
        return checked(Link, "url", line(cell)) if line(cell) else ""

    def _source_url(self, cell: Cell) -> str:
        return checked(Resource, "source_url", line(cell))

    def _identifiers(self, cell: Cell) -> list[tuple[str, str]]:
        found = set()
        for one in names(cell):
            scheme, colon, value = one.partition(":")
            if not colon or scheme.strip().lower() not in Identifier.Scheme.values:
                said = _("Write identifiers as doi:10.1000/x, isbn:9789221234567 or handle:10/x.")
                raise ValidationError(said)
            identifier = Identifier(scheme=scheme.strip().lower(), value=line(value))
            identifier.clean()
            found.add((identifier.scheme, checked(Identifier, "value", identifier.value)))
        return sorted(found)


def told(column: str, value: Any, shelf: Shelf) -> str:
    """A value as ``taking_out`` writes it."""
    if column in SCHEMES:
        value = sorted(shelf.term_labels[pk] for pk in value)
    elif column == "identifiers":
        value = [f"{scheme}:{number}" for scheme, number in value]
    elif column == "tags":
        value = sorted(value)
    elif column == "date":
        day, precision = value
        return day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)] if day else ""
    elif column == "review_by":
        return value.isoformat() if value else ""
    return taking_out.BETWEEN.join(value) if isinstance(value, list) else str(value)


def names(cell: Cell) -> list[str]:
    """The values of a cell that holds a list."""
    found = cell if isinstance(cell, list) else cell.split(";")
    found = [one.strip() for one in found if one.strip()]
    if len(found) > MAX_VALUES:
        raise ValidationError(_("more than %(most)d values"), params={"most": MAX_VALUES})
    return found


def text(cell: Cell) -> str:
    return taking_out.BETWEEN.join(cell) if isinstance(cell, list) else cell


def line(cell: Cell) -> str:
    return " ".join(tidy(text(cell)).split())


def checked(model: type[Model], name: str, value: str) -> Any:
    """The value as the form of the desk would take it, by the field's own rules."""
    field, form_field = _rules(model, name)
    return field.clean(form_field.clean(value), None)


@cache
def _rules(model: type[Model], name: str) -> tuple[Field, FormField]:
    field = model._meta.get_field(name)
    is_address = isinstance(field, URLField)
    form_field = field.formfield(assume_scheme="https") if is_address else field.formfield()
    form_field.required = False  # what has to be there is asked of the work as a whole
    return field, form_field


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _one_of(named: dict[str, str], name: str) -> str:
    try:
        return named[fold(name)]
    except KeyError:
        raise ValidationError(_("“%(name)s” is not known."), params={"name": name}) from None
