"""What an account read and changed, or what became of one row: for whoever has to find out."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from hub.audit.histories import RowChange, changes_in
from hub.audit.models import Access
from hub.audit.recording import Recording, recording_of, recordings


@dataclass(frozen=True)
class Finding:
    """One change or one look. ``what`` is a row (``partners.person:12``), ``detail`` the columns that
    changed or what the note says."""

    at: datetime
    who: str
    act: str
    what: str
    detail: str
    whence: str
    request: str

    def as_data(self) -> dict[str, Any]:
        return asdict(self) | {"at": self.at.isoformat()}


def findings(
    *,
    account: int | None = None,
    model: type | None = None,
    pk: int | None = None,
    since: datetime | None = None,
) -> list[Finding]:
    """What an account did, what was done to a row, or both; the oldest first."""
    found = [*_changes(account, model, pk, since), *_accesses(account, model, pk, since)]
    return sorted(found, key=lambda finding: finding.at)


def _changes(
    account: int | None, model: type | None, pk: int | None, since: datetime | None
) -> Iterator[Finding]:
    chosen = recordings() if model is None else [recording_of(model)]
    for recording in filter(None, chosen):
        events = recording.events._default_manager.all()
        if since:
            events = events.filter(pgh_created_at__gte=since)
        if account is not None:
            events = events.filter(pgh_context__account=account)
        if pk is not None:
            events = events.filter(id=pk)
        yield from map(_change, _exactly(recording, events))


def _exactly(recording: Recording, events: Any) -> Iterator[RowChange]:
    """Between two changes of one account somebody else may have changed the row: so all events of
    the rows are compared, and those that were asked for are told."""
    wanted = dict(events.values_list("pgh_id", "id"))
    if not wanted:
        return
    of_rows = recording.events._default_manager.filter(
        id__in=set(wanted.values()), pgh_id__gte=min(wanted)
    )
    for change in changes_in(recording, of_rows, limit=None):
        if change.number in wanted:
            yield change


def _change(change: RowChange) -> Finding:
    context = change.context
    account = context.get("account")
    who = f"account {account}" if account else context.get("job") or context.get("command") or "-"
    return Finding(
        at=change.at,
        who=who,
        act=change.kind,
        what=f"{change.model._meta.label_lower}:{change.pk}",
        detail=", ".join(one.field.name for one in change.fields)
        if change.kind == "update"
        else "",
        whence=context.get("route", ""),
        request=str(change.context_id or ""),
    )


def _accesses(
    account: int | None, model: type | None, pk: int | None, since: datetime | None
) -> Iterator[Finding]:
    notes = Access.objects.all()
    if since:
        notes = notes.filter(at__gte=since)
    if account is not None:
        notes = notes.filter(account=account)
    if model is not None:
        notes = notes.filter(model=model._meta.label_lower, object_id=pk)
    for one in notes.order_by("at", "id"):
        yield Finding(
            at=one.at,
            who=f"account {one.account}" if one.account else "-",
            act=one.act,
            what=f"{one.model}:{one.object_id}" if one.model else "",
            detail=" ".join(f"{name}={_plain(value)}" for name, value in one.detail.items()),
            whence=one.route,
            request=str(one.request_id or ""),
        )


def _plain(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
