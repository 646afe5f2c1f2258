"""The one writer of an import's state: begun, read, looked at, written or cancelled.

Reading commits a batch at a time, so that a page can show how far it is. Writing is one transaction,
and tells how far it is by a connection of its own.
"""

import logging
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError, connections, transaction
from django.utils.translation import gettext as _

from hub.audit import access as audit
from hub.audit.acts import acting, because
from hub.partners.models import Organisation, User
from knowledge.bringing_in import formats
from knowledge.bringing_in.applying import Writer
from knowledge.bringing_in.entries import BadFile, Entry
from knowledge.bringing_in.planning import Plan, Planner
from knowledge.models import Import, ImportRow, Resource

logger = logging.getLogger(__name__)
State = Import.State
Outcome = ImportRow.Outcome

BATCH = 200
MOST_OPEN = 5  # of one person
BROUGHT_IN = "imported"


class _Over(Exception):
    """Somebody cancelled it, or another worker does it."""


class _Stale(Exception):
    """What a person has seen is no more."""


class _Refused(Exception):
    """The database does not take what was planned. ``row`` is whose work that is, where it is known."""

    def __init__(self, row: ImportRow | None = None) -> None:
        self.row = row


@transaction.atomic
def begin(
    user: User,
    *,
    owner: Organisation,
    file_name: str,
    form: str,
    kind: str,
    language: str,
    content: bytes,
) -> Import:
    """Take a file in, to be read. ``ValidationError`` for who has too many open ones."""
    User.objects.select_for_update().get(pk=user.pk)  # two at once count one after the other
    if Import.objects.open().filter(user=user).count() >= MOST_OPEN:
        text = _("You have %(most)d open imports. Bring them in or cancel them first.")
        raise ValidationError(text, params={"most": MOST_OPEN})
    return Import.objects.create(
        user=user,
        owner=owner,
        file_name=file_name,
        form=form,
        kind=kind,
        language=language,
        content=content,
    )


@transaction.atomic
def agree(pk: int) -> None:
    """Have what was looked at written. ``ValidationError`` if there is nothing to write, or no more."""
    batch = Import.objects.select_for_update().get(pk=pk)
    if batch.state != State.READY:
        raise ValidationError(_("It is not ready to be brought in."))
    if not batch.rows.to_write().exists():
        raise ValidationError(_("There is nothing to bring in."))
    _move(batch, State.APPLYING, rows_done=0, rows_in_all=batch.rows.to_write().count(), problem="")


@transaction.atomic
def choose(pk: int, shown: Collection[int], chosen: Collection[int]) -> None:
    """Of the rows ``shown``, by their numbers, bring in those that are ``chosen`` though they are
    perhaps there already, and the others not. ``ValidationError`` if it is too late for that."""
    batch = Import.objects.select_for_update().get(pk=pk)
    if batch.state != State.READY:
        raise ValidationError(_("It is not ready to be brought in."))
    rows = batch.rows.filter(outcome=Outcome.LIKE, number__in=shown)
    rows.update(is_chosen=False)
    rows.filter(number__in=chosen).update(is_chosen=True)


@transaction.atomic
def cancel(pk: int) -> None:
    """Have nothing of it be left. What is being written is undone by the worker that writes it.
    ``ValidationError`` for what is done."""
    batch = Import.objects.select_for_update().filter(pk=pk).first()
    if batch is None:
        return
    if batch.state == State.DONE:
        raise ValidationError(_("It was brought in already."))
    if batch.state in (State.APPLYING, State.CANCELLING):
        _move(batch, State.CANCELLING)
    else:
        batch.delete()


def read(pk: int) -> None:
    """Read the file and plan its rows. Run twice, it begins anew; nothing for what is read."""
    try:
        attempt = _take(pk)
        with _in_words(pk):
            _read(pk, attempt)
    except _Over:
        return


def apply(pk: int) -> None:
    """Write the plans that a person agreed to, all or none. Run twice, it writes once."""
    try:
        try:
            with _in_words(pk):
                _apply(pk)
        except _Stale:
            _look_again(pk)
        except (_Refused, IntegrityError, ValidationError) as error:
            _look_again(pk, error if isinstance(error, _Refused) else _Refused())
    except _Over:
        Import.objects.filter(pk=pk, state=State.CANCELLING).delete()


# Reading


def _take(pk: int) -> int:
    """Make the reading ours, and answer which attempt it is."""
    with transaction.atomic():
        batch = Import.objects.select_for_update().filter(pk=pk).first()
        if batch is None or batch.state not in (State.WAITING, State.READING):
            raise _Over
        batch.rows.all().delete()
        _move(batch, State.READING, attempt=batch.attempt + 1, rows_done=0, rows_in_all=0)
        return batch.attempt


def _read(pk: int, attempt: int) -> None:
    batch = Import.objects.select_related("user", "owner").get(pk=pk)
    found = formats.read(batch.form, bytes(batch.content))
    batch.content = None  # or it would stay in memory
    with _ours(pk, attempt) as held:
        _move(held, State.READING, rows_in_all=len(found.entries), notes=found.notes)
    planner, done = Planner(batch), 0
    for entries in batches(iter(found.entries)):
        plans = planner.plans(entries)
        with _ours(pk, attempt) as held:
            rows = [_row(held, done + number, plan) for number, plan in enumerate(plans, start=1)]
            ImportRow.objects.bulk_create(rows)
            done += len(rows)
            _move(held, State.READING, rows_done=done)
    with _ours(pk, attempt) as held:
        _move(held, State.READY, content=None)


@contextmanager
def _ours(pk: int, attempt: int) -> Iterator[Import]:
    """A transaction with the import locked, as long as nobody ended it or took it over."""
    with transaction.atomic():
        rows = Import.objects.select_for_update().defer("content")
        batch = rows.filter(pk=pk, state=State.READING, attempt=attempt).first()
        if batch is None:
            raise _Over
        yield batch


def _row(batch: Import, number: int, plan: Plan) -> ImportRow:
    return _told(
        ImportRow(batch=batch, number=number, line=plan.entry.line, cells=plan.entry.cells), plan
    )


def _told(row: ImportRow, plan: Plan) -> ImportRow:
    row.outcome, row.is_held, row.title = plan.outcome, plan.is_held, plan.title
    row.resource = plan.resource
    row.errors, row.warnings, row.changes = plan.errors, plan.warnings, plan.changes
    if plan.outcome == Outcome.SAME:
        row.cells = {}  # nothing that will be asked for
    return row


# Writing


def _apply(pk: int) -> None:
    with transaction.atomic():
        batch = Import.objects.select_related("user", "owner").filter(pk=pk).first()
        if batch is None or not _is_to_be_written(pk):
            raise _Over
        note = _("Brought in from %(file)s") % {"file": batch.file_name}
        with acting(account=batch.user_id):
            because(note)
            _lock_works(batch)
            _write(batch, note)


def _lock_works(batch: Import) -> None:
    """Hold the works that change, those with the lower keys first, as everybody does."""
    pks = batch.rows.to_write().filter(resource__isnull=False).values("resource")
    rows = Resource.objects.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk")
    list(rows.values_list("pk", flat=True))


def _write(batch: Import, note: str) -> None:
    planner = Planner(batch)
    writer, done, added = Writer(planner.shelf, batch.user, note), 0, []
    with _told_beside(batch.pk) as tell:
        for rows in batches(batch.rows.to_write().iterator(chunk_size=BATCH)):
            if not _is_to_be_written(batch.pk):
                raise _Over
            plans = planner.plans([Entry(row.line, row.cells) for row in rows])
            if any(plan.told != _seen(row) for row, plan in zip(rows, plans, strict=True)):
                raise _Stale
            written = _write_batch(writer, rows, plans)
            planner.wrote(row.resource_id for row in written)
            added += written
            done += len(rows)
            tell(done)
    _finish(batch, added)


def _write_batch(writer: Writer, rows: list[ImportRow], plans: list[Plan]) -> list[ImportRow]:
    """Write these; answers the rows of new works, each with its work. Where the database refuses some
    of it, they are written one by one: then it is known which."""
    try:
        with transaction.atomic():
            return _write_at_once(writer, rows, plans)
    except (IntegrityError, ValidationError):
        added = []
    for row, plan in zip(rows, plans, strict=True):
        try:
            with transaction.atomic():
                added += _write_at_once(writer, [row], [plan])
        except (IntegrityError, ValidationError) as error:
            raise _Refused(row) from error
    return added


def _write_at_once(writer: Writer, rows: list[ImportRow], plans: list[Plan]) -> list[ImportRow]:
    both = zip(rows, plans, strict=True)
    new = [(row, plan) for row, plan in both if plan.outcome in (Outcome.NEW, Outcome.LIKE)]
    for (row, _plan), resource in zip(new, writer.add([plan for _row, plan in new]), strict=True):
        row.resource, row.cells = resource, {}
    for plan in plans:
        if plan.outcome == Outcome.CHANGED:
            writer.change(plan)
    return [row for row, _plan in new]


def _finish(batch: Import, added: list[ImportRow]) -> None:
    """The last step, after which nobody can cancel it any more."""
    held = Import.objects.select_for_update().filter(pk=batch.pk, state=State.APPLYING).first()
    if held is None:
        raise _Over
    ImportRow.objects.bulk_update(added, ["resource", "cells"], batch_size=500)
    held.rows.exclude(outcome=Outcome.ERROR).exclude(cells={}).update(cells={})
    _move(held, State.DONE, rows_done=held.rows_in_all)
    audit.note(
        batch.user, BROUGHT_IN, detail={"model": "knowledge.resource", "rows": held.rows_in_all}
    )


def _seen(row: ImportRow) -> tuple:
    return row.outcome, row.resource_id, row.is_held, row.errors, row.changes


def _is_to_be_written(pk: int) -> bool:
    """Whether nobody has cancelled it, as committed by now."""
    return Import.objects.filter(pk=pk, state=State.APPLYING).exists()


@contextmanager
def _told_beside(pk: int) -> Iterator[Callable[[int], None]]:
    """Tells how far the writing is, while its own transaction shows nothing to anybody."""
    beside = connections["default"].copy()

    def tell(done: int) -> None:
        with beside.cursor() as cursor:
            table = Import._meta.db_table
            cursor.execute(f"UPDATE {table} SET rows_done = %s WHERE id = %s", [done, pk])

    try:
        yield tell
    finally:
        beside.close()


def _look_again(pk: int, refused: _Refused | None = None) -> None:
    """Plan the rows anew and ask the person again, since works have changed meanwhile. What was
    refused though all is as it was would be so again: its row is left out, or all fails, in words."""
    with transaction.atomic():
        batch = Import.objects.select_related("user", "owner").filter(pk=pk).first()
        if batch is None:
            raise _Over
        has_changed = _plan_again(batch)
        held = Import.objects.select_for_update().filter(pk=pk).first()
        if held is None or held.state != State.APPLYING:
            raise _Over
        words = _("Works have changed since you looked, so nothing was written. Look again.")
        if refused is None or has_changed:
            return _move(held, State.READY, problem=words)
        if refused.row:
            return _move(held, State.READY, problem=_leave_out(refused.row))
    logger.error("import %s was refused as a whole", pk)
    _fail(pk, _("The database refused it, and nothing was written. Tell the secretariat."))


def _plan_again(batch: Import) -> bool:
    """Whether anything would come otherwise than the person has seen."""
    planner, has_changed = Planner(batch), False
    asked_for = batch.rows.exclude(cells={}).exclude(outcome=Outcome.ERROR)
    for rows in batches(asked_for.iterator(chunk_size=BATCH)):
        plans = planner.plans([Entry(row.line, row.cells) for row in rows])
        for row, plan in zip(rows, plans, strict=True):
            if plan.told != _seen(row):
                has_changed, row.is_chosen = True, False
            _told(row, plan)
        names = ["outcome", "is_held", "is_chosen", "title", "resource", "errors", "warnings"]
        ImportRow.objects.bulk_update(rows, [*names, "changes", "cells"])
    return has_changed


def _leave_out(row: ImportRow) -> str:
    """Make an error of a row that the database refused; answers what is to be said."""
    reason = _("The database refused this row, though the hub sees nothing wrong with it.")
    row.outcome, row.is_chosen, row.errors = Outcome.ERROR, False, [reason]
    row.save(update_fields=["outcome", "is_chosen", "errors"])
    told = {"line": row.line, "title": row}
    return (
        _(
            "Line %(line)d, “%(title)s”, was refused by the database, so nothing was written. It is "
            "left out now: you may bring in the others."
        )
        % told
    )


# Both


def batches(found: Iterator) -> Iterator[list]:
    """As many as are read or written between two looks at whether somebody cancelled it."""
    while some := list(islice(found, BATCH)):
        yield some


def _move(batch: Import, state: str, **columns: object) -> None:
    batch.state = state
    for name, value in columns.items():
        setattr(batch, name, value)
    batch.save(update_fields=["state", *columns])


@contextmanager
def _in_words(pk: int) -> Iterator[None]:
    """Whatever the file is: the import says what became of it. A database that is away is not the
    file's fault; the job is tried again."""
    try:
        yield
    except (
        _Over,
        _Stale,
        _Refused,
        IntegrityError,
        ValidationError,
        OperationalError,
        InterfaceError,
    ):
        raise
    except BadFile as error:
        _fail(pk, str(error))
    except Exception:
        logger.exception("import %s failed", pk)
        _fail(
            pk, _("The hub could not go on with it, and nothing was written. Tell the secretariat.")
        )


@transaction.atomic
def _fail(pk: int, words: str) -> None:
    batch = Import.objects.select_for_update().filter(pk=pk).first()
    if batch is None:
        return
    if batch.state == State.CANCELLING:
        batch.delete()
        return
    batch.rows.all().delete()
    _move(batch, State.FAILED, content=None, problem=words, rows_done=0, rows_in_all=0)
