"""The starting content: which loader reads which file of ``starter/``, and in which order.

Apps register their loaders in ``AppConfig.ready()``; ``manage.py load_starter`` runs them. A file
is loaded whole or not at all. ``LoadedRow`` remembers each row, so a second run leaves alone what
people have edited since, and does not bring back what they deleted.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from graphlib import TopologicalSorter
from typing import TypeVar

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from hub.models import LoadedRow
from hub.registry import Registry


class Row(dict[str, str]):
    """A row by column; ``line`` is where in its file it begins."""

    line = 0

    def __missing__(self, column: str) -> str:
        raise RowError(f"the column “{column}” is missing")

    def number(self, column: str) -> float:
        """The number in a column; ``RowError`` for what is none."""
        try:
            return float(self[column])
        except ValueError:
            raise RowError(f"{column} “{self[column]}” is not a number") from None

    def day(self, column: str) -> date:
        """The day in a column, written 2026-03-31; ``RowError`` for what is none."""
        try:
            return date.fromisoformat(self[column])
        except ValueError:
            raise RowError(f"{column} “{self[column]}” is not a day") from None


Item = TypeVar("Item")


class RowError(Exception):
    """A row that cannot be loaded, with the reason in words."""


class BadFile(Exception):
    """A file with rows that cannot be loaded: nothing of it was kept."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class Tally:
    """What loading one file did, in numbers of rows."""

    added: int = 0
    present: int = 0
    problems: list[str] = field(default_factory=list)


Load = Callable[[Row], Model]


@dataclass(frozen=True)
class Loader:
    """``begin()`` makes the ``load`` for one run, so that what it looks up before the first row it
    need not look up for each. ``load(row)`` saves one row and answers it; it raises ``RowError`` or
    ``ValidationError`` for a row that does not fit. ``key`` names the columns that tell rows apart.
    """

    filename: str
    begin: Callable[[], Load]
    key: tuple[str, ...]
    after: tuple[str, ...] = ()

    def key_of(self, row: Row) -> str:
        return KEY_JOINT.join(row[column] for column in self.key)


KEY_JOINT = " / "
loaders: Registry[Loader] = Registry("a starter file's loader")


def register(
    filename: str, begin: Callable[[], Load], *, key: Iterable[str], after: Iterable[str] = ()
) -> None:
    """Let ``begin`` load ``starter/<filename>`` once the files in ``after`` are loaded."""
    loaders.register(Loader(filename, begin, tuple(key), tuple(after)))


def in_order() -> list[Loader]:
    """All loaders, each behind those whose rows it refers to."""
    by_name = {loader.filename: loader for loader in loaders}
    graph = {name: loader.after for name, loader in by_name.items()}
    return [by_name[name] for name in TopologicalSorter(graph).static_order()]


def read(filename: str) -> list[Row]:
    """The rows of a starter file. A file that is not CSV in UTF-8 raises ``BadFile``."""
    try:
        with (settings.STARTER_DIR / filename).open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            rows, begins = [], 2
            for columns in reader:
                rows.append(Row(columns))
                rows[-1].line, begins = begins, reader.line_num + 1
            return rows
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile([f"{filename}: {error}"]) from error


def loaded(filename: str) -> dict[str, int]:
    """Which row of the database each row of a file became: by key, the columns joined with " / "."""
    rows = LoadedRow.objects.filter(filename=filename)
    return dict(rows.values_list("key", "object_id"))


def moved(filename: str, old: int, new: int) -> None:
    """What a row of a file became is another row of the database now."""
    LoadedRow.objects.filter(filename=filename, object_id=old).update(object_id=new)


def load_file(loader: Loader, rows: Iterable[Row]) -> Tally:
    """Load what was never loaded before, all in one transaction, and count. If any row does not
    fit, nothing is kept and ``BadFile`` names each such row by file, line and reason."""
    tally = Tally()
    with transaction.atomic():
        known = loaded(loader.filename)
        load = loader.begin()
        for row in rows:
            try:
                _load_row(loader, load, row, known, tally)
            except (RowError, ValidationError, ObjectDoesNotExist, DatabaseError) as error:
                tally.problems.append(f"{loader.filename}:{row.line}: {_reason(error)}")
        if tally.problems:
            raise BadFile(tally.problems)
    return tally


def _load_row(loader: Loader, load: Load, row: Row, known: dict[str, int], tally: Tally) -> None:
    if None in row or None in row.values():
        raise RowError("the number of columns differs from the header's")
    key = loader.key_of(row)
    if key in known:
        tally.present += 1
        return
    with transaction.atomic():
        saved = load(row)
        LoadedRow.objects.create(filename=loader.filename, key=key, object_id=saved.pk)
        # References are checked now, while we know which row they are in, not at the commit.
        connection.check_constraints()
    known[key] = saved.pk
    tally.added += 1


def save(row: Model) -> None:
    """Check and save a new row. Its constraints are left to the database, which saves a query for
    each; ``_reason`` finds their sentences."""
    row.clean_fields()
    row.clean()
    row.save(force_insert=True)


def _reason(error: Exception) -> str:
    if isinstance(error, ObjectDoesNotExist):
        return "what it refers to is no longer there"
    if isinstance(error, DatabaseError) and error.__cause__ is not None:
        said = error.__cause__.diag
        return _sentences().get(said.constraint_name, said.message_primary)
    if not isinstance(error, ValidationError):
        return str(error)
    if hasattr(error, "message_dict"):
        return "; ".join(
            f"{name}: {' '.join(texts)}" if name != "__all__" else " ".join(texts)
            for name, texts in error.message_dict.items()
        )
    return " ".join(error.messages)


def _sentences() -> dict[str, str]:
    """What each constraint of the database says to people."""
    return {
        constraint.name: str(constraint.get_violation_error_message())
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }


def values(text: str) -> list[str]:
    """The values of a list field: separated by ``;``, without blanks."""
    return [value.strip() for value in text.split(";") if value.strip()]


def one_of(mapping: dict[str, Item], value: str, what: str) -> Item:
    """``mapping[value]``, or a ``RowError`` that names the column and the value."""
    try:
        return mapping[value]
    except KeyError:
        raise RowError(f"{what} “{value}” is not known") from None
