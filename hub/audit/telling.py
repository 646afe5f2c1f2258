"""A history in words, as a page shows it: names instead of numbers, and of long texts what changed."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, DateField, DateTimeField, Field, Model, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext

from hub.audit.histories import Deed, FieldChange, RowChange
from hub.audit.recording import recording_of

AROUND = 120  # letters of a long text on both sides of what changed
LONG = 400
Shown = Callable[[QuerySet], QuerySet]


@dataclass(frozen=True)
class Line:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Piece:
    """What happened to one row: "Edition added", with its lines."""

    title: str
    kind: str
    lines: list[Line]


@dataclass(frozen=True)
class Entry:
    """One act: when, who, from where, why, and what it changed."""

    deed: Deed
    who: str
    whence: str
    reason: str
    pieces: list[Piece]


class Teller:
    """Tells deeds in words. ``shown`` narrows rows to those whose names the reader may know; any
    other is a number, as is one that is gone. ``name_of`` says what the reader may know of an
    account."""

    def __init__(
        self, deeds: Iterable[Deed], whole: Model, *, shown: Shown, name_of: Callable[[Model], str]
    ) -> None:
        self.deeds, self.whole, self.name_of = list(deeds), whole, name_of
        self.names = self._names(shown)
        self.accounts = get_user_model()._default_manager.in_bulk(
            {deed.context["account"] for deed in self.deeds if "account" in deed.context}
        )

    def entries(self) -> list[Entry]:
        return [
            Entry(
                deed,
                self._who(deed),
                whence_of(deed),
                deed.context.get("reason", ""),
                [self._piece(change) for change in deed.rows],
            )
            for deed in self.deeds
        ]

    def _who(self, deed: Deed) -> str:
        context = deed.context
        if "account" in context:
            account = self.accounts.get(context["account"])
            if account is None:
                return gettext("Account no. %(number)s") % {"number": context["account"]}
            return self.name_of(account)
        if "job" in context:
            return gettext("The hub itself, in the background")
        if "command" in context:
            return gettext("The hub's keepers, by a command")
        return gettext("Nobody who was signed in")

    def _piece(self, change: RowChange) -> Piece:
        lines = [self._line(one) for one in change.fields if not self._is_the_whole(one)]
        return Piece(self._title(change), change.kind, lines)

    def _title(self, change: RowChange) -> str:
        name = capfirst(str(change.model._meta.verbose_name))
        titles = {
            "insert": gettext("%(name)s added"),
            "update": gettext("%(name)s changed"),
            "delete": gettext("%(name)s taken away"),
        }
        return titles[change.kind] % {"name": name}

    def _is_the_whole(self, change: FieldChange) -> bool:
        """A part says of which whole it is, where one is looking at the whole."""
        if change.field.is_relation and isinstance(self.whole, change.field.related_model):
            return self.whole.pk in (change.before, change.after)
        recording = recording_of(change.field.model)
        whole = recording.model._meta.get_field(recording.whole) if recording.whole else None
        return change.field.name in (
            getattr(whole, "ct_field", None),
            getattr(whole, "fk_field", None),
        )

    def _line(self, change: FieldChange) -> Line:
        before = self._told(change.field, change.before)
        after = self._told(change.field, change.after)
        return Line(capfirst(str(change.field.verbose_name)), *shortened(before, after))

    def _told(self, column: Field, value: Any) -> str:
        if value in (None, "", []):
            return ""
        if column.is_relation:
            number = gettext("no. %(number)s") % {"number": value}
            return self.names[column.related_model].get(value, number)
        if isinstance(column, BooleanField):
            return gettext("yes") if value else gettext("no")
        if isinstance(column, DateTimeField):
            # What clocks show somewhere is told as it stands.
            local = value if timezone.is_naive(value) else timezone.localtime(value)
            return date_format(local, "j F Y, H:i")
        if isinstance(column, DateField):
            return date_format(value, "j F Y")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if isinstance(value, dict):
            told = (f"{key}: {one}" for key, one in value.items() if one not in (None, "", []))
            return ", ".join(told)
        return str(dict(column.flatchoices).get(value, value))

    def _names(self, shown: Shown) -> dict[type[Model], dict[int, str]]:
        """What the rows are called that changes refer to: one question for each kind."""
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for change in (one for deed in self.deeds for row in deed.rows for one in row.fields):
            if change.field.is_relation:
                wanted[change.field.related_model] |= {change.before, change.after} - {None}
        names: dict[type[Model], dict[int, str]] = defaultdict(dict)
        for model, keys in wanted.items():
            rows = shown(model._default_manager.filter(pk__in=keys))
            names[model] = {row.pk: str(row) for row in rows}
        return names


def whence_of(deed: Deed) -> str:
    """From where it was done: a page of the hub, a job or a command, by its name."""
    context = deed.context
    return context.get("route") or context.get("job") or context.get("command") or ""


def shortened(before: str, after: str) -> tuple[str, str]:
    """Of two long texts what lies around their difference."""
    if len(before) <= LONG and len(after) <= LONG:
        return before, after
    start = _in_common(before, after)
    end = min(_in_common(before[::-1], after[::-1]), min(len(before), len(after)) - start)
    return _cut(before, start, end), _cut(after, start, end)


def _in_common(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, end: int) -> str:
    first, last = max(start - AROUND, 0), min(len(text) - end + AROUND, len(text))
    middle = text[first:last]
    if len(middle) > 4 * LONG:
        middle = f"{middle[: 2 * LONG]} … {middle[-2 * LONG :]}"
    return f"{'… ' if first else ''}{middle}{' …' if last < len(text) else ''}"
