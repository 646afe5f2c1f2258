"""What became of a row, from the events: each change with what stood there before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Field, Model, QuerySet

from hub.audit.recording import Recording, parts_of, recording_of

# More than this of one kind nobody reads through; older events are found by the command.
EVENTS_READ = 2000


@dataclass(frozen=True)
class FieldChange:
    """One column: ``before`` is ``None`` for a new row, ``after`` for one that is gone."""

    field: Field
    before: Any
    after: Any


@dataclass(frozen=True)
class RowChange:
    """One row was made, changed or deleted (``kind``: insert, update, delete)."""

    model: type[Model]
    pk: int
    kind: str
    at: datetime
    number: int
    context: dict[str, Any]
    context_id: UUID | None
    fields: list[FieldChange]


@dataclass(frozen=True)
class Deed:
    """What one act changed at one moment: in one transaction, by one request, job or command."""

    at: datetime
    context: dict[str, Any]
    context_id: UUID | None
    rows: list[RowChange] = field(default_factory=list)


def history_of(row: Model) -> list[Deed]:
    """What was done to a row and to its parts, the newest first."""
    changes: list[RowChange] = []
    if own := recording_of(type(row)):
        changes += changes_in(own, own.of(row.pk))
    for part in parts_of(type(row)):
        changes += changes_in(part, part.of_whole(row))
    return deeds(changes)


def deeds(changes: Iterable[RowChange]) -> list[Deed]:
    """Changes by the act and the transaction that they belong to, the newest first."""
    acts: dict[tuple, list[RowChange]] = {}
    for change in changes:
        acts.setdefault((change.at, change.context_id), []).append(change)
    # Transactions begin at different moments; events count on where acts share one.
    newest_first = sorted(acts.values(), key=lambda rows: (rows[0].at, _last(rows)), reverse=True)
    return [
        Deed(rows[0].at, rows[0].context, rows[0].context_id, sorted(rows, key=_order))
        for rows in newest_first
    ]


def _last(rows: list[RowChange]) -> int:
    """The newest event of the whole, if it was changed: each table counts its own."""
    whole = [row.number for row in rows if not recording_of(row.model).whole]
    return max(whole or [row.number for row in rows])


def _order(change: RowChange) -> tuple:
    """The whole before its parts, and those by their kind."""
    recording = recording_of(change.model)
    return bool(recording.whole), change.model._meta.label, change.number


def changes_in(
    recording: Recording, events: QuerySet, *, limit: int | None = EVENTS_READ
) -> list[RowChange]:
    """What the newest of these events changed. Each is compared with the one before it, so hand over
    all events of a row or all later than some moment."""
    newest = list(events.order_by("-pgh_id")[:limit])
    newest.sort(key=lambda event: (event.id, event.pgh_id))
    return [
        change
        for _pk, of_row in groupby(newest, lambda event: event.id)
        for change in _of_row(recording, list(of_row))
    ]


def _of_row(recording: Recording, events: list[Model]) -> Iterator[RowChange]:
    before = _before(recording, events[0])
    for event in events:
        fields = _compared(recording, before, event)
        # A change of columns that were blanked since says nothing any more.
        if fields or event.pgh_label != "update":
            yield RowChange(
                recording.model,
                event.id,
                event.pgh_label,
                event.pgh_created_at,
                event.pgh_id,
                event.pgh_context or {},
                event.pgh_context_id,
                fields,
            )
        before = event


def _before(recording: Recording, event: Model) -> Model | None:
    """The event that the oldest one at hand is compared with."""
    if event.pgh_label == "insert":
        return None
    return recording.of(event.id).filter(pgh_id__lt=event.pgh_id).order_by("pgh_id").last()


def _compared(recording: Recording, before: Model | None, event: Model) -> list[FieldChange]:
    changes = []
    for column in columns_of(recording):
        was = getattr(before, column.attname) if before is not None else None
        now = getattr(event, column.attname)
        if event.pgh_label == "insert":
            was = None
        elif event.pgh_label == "delete":
            was, now = now, None
        if was != now and not (_is_blank(was) and _is_blank(now)):
            changes.append(FieldChange(column, was, now))
    return changes


def columns_of(recording: Recording) -> list[Field]:
    """The columns that events keep, as the recorded model has them."""
    kept = {column.name for column in recording.events._meta.concrete_fields}
    columns = recording.model._meta.concrete_fields
    return [column for column in columns if column.name in kept and not column.primary_key]


def _is_blank(value: Any) -> bool:
    return value in (None, "", [], {})
