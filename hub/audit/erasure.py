"""The one place that may touch what is recorded: it blanks what a person has a right to have blanked,
lets go of what is old, and notes that it did. Everything else is refused by the database."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hub.audit.access import ERASED, FORGOTTEN
from hub.audit.acts import current
from hub.audit.models import Access
from hub.audit.recording import APPEND_ONLY, Recording, recording_of, recordings

# Changes are kept as long as somebody may ask for them: those who pay for projects check them for up
# to three years after their end, and so long can a wrong be sued for in most places.
EVENTS_KEPT = timedelta(days=3 * 365)
# Who signed in and looked at whom says more about our own people than it proves: as long as it takes
# to find out about a breach.
ACCESS_KEPT = timedelta(days=400)
ACCESS_APPEND_ONLY = f"audit.Access:{APPEND_ONLY}"
# What stands in Django's log of the desk for a name that was erased: its lists make links of it.
NAMELESS = "…"


def forget_what_is_due() -> dict[str, int]:
    """``forget_old`` by the times that hold here."""
    now = timezone.now()
    return forget_old(now - EVENTS_KEPT, access_before=now - ACCESS_KEPT)


@transaction.atomic
def forget_old(before: datetime, *, access_before: datetime | None = None) -> dict[str, int]:
    """Delete events and notes of earlier than ``before`` and answer how many of each kind.

    Of a row that still stands the newest event stays, for it says no more than the row does, and the
    next change is compared with it.
    """
    counts = {}
    for recording in recordings():
        with pgtrigger.ignore(recording.append_only):
            counts[recording.events._meta.label] = _outdated(recording, before).delete()[0]
    with pgtrigger.ignore(ACCESS_APPEND_ONLY):
        old = Access.objects.filter(at__lt=access_before or before)
        counts["audit.Access"] = old.delete()[0]
    counts["admin.LogEntry"] = LogEntry.objects.filter(action_time__lt=before).delete()[0]
    counts = {label: count for label, count in counts.items() if count}
    if counts:
        _note(FORGOTTEN, detail=counts)
    return counts


def _outdated(recording: Recording, before: datetime) -> models.QuerySet:
    events = recording.events._default_manager
    newer = events.filter(id=OuterRef("id"), pgh_id__gt=OuterRef("pgh_id"))
    gone = events.filter(id=OuterRef("id"), pgh_label="delete")
    old = events.filter(pgh_created_at__lt=before)
    return old.filter(Exists(newer) | Exists(gone))


@transaction.atomic
def erase_account(account_id: int) -> int:
    """Blank what the events of an account tell about the person; call it after the account itself
    has been blanked. Its number stays, so that what was done stays one person's doing."""
    _blank_clients([account_id])
    return erase_values(get_user_model(), account_id)


@transaction.atomic
def delete(rows: models.QuerySet) -> int:
    """Delete rows for good: what a person has a right to have blanked goes from their events, and
    what the desk's log calls them. Answers how many rows, not counting what goes along with them."""
    model = rows.model
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return 0
    _total, by_model = model._default_manager.filter(pk__in=keys).delete()
    erase_log(model, keys)
    if model is get_user_model():
        _blank_clients(keys)
    if (recording := recording_of(model)) and recording.personal:
        events = recording.events._default_manager.filter(id__in=keys)
        erased = _blank_events(recording, events, recording.personal)
        _note(ERASED, model, detail={"rows": len(keys), "events": erased})
    return by_model.get(model._meta.label, 0)


@transaction.atomic
def erase_traces(account_id: int, addresses: Collection[str]) -> int:
    """Blank what events tell of somebody whose rows are gone or now say something else: they are
    found by the account or an address of the person. Answers how many events."""
    erased = 0
    for recording in recordings():
        theirs = _naming(recording, account_id, addresses)
        if not (recording.personal and theirs):
            continue
        events = recording.events._default_manager
        named = events.filter(theirs)
        gone = events.filter(pgh_label="delete", id__in=named.values("id"))
        keys = set(gone.values_list("id", flat=True))
        erase_log(recording.model, keys)
        # Of a row that is gone all of its life; of one that still stands only what names them.
        erased += _blank_events(
            recording,
            events.filter(Q(id__in=keys) | Q(pk__in=list(named.values_list("pk", flat=True)))),
            recording.personal,
        )
    return erased


def _naming(recording: Recording, account_id: int, addresses: Collection[str]) -> Q:
    """Those events in which a row belongs to this account or has one of these addresses."""
    theirs = Q()
    for field in recording.events._meta.concrete_fields:
        if isinstance(field, models.EmailField):
            for address in addresses:
                theirs |= Q(**{f"{field.name}__iexact": address})
        elif field.name == "user":
            theirs |= Q(user=account_id)
    return theirs


def erase_log(model: type[models.Model], keys: Iterable[int]) -> int:
    """Blank what the desk's log says of these rows; answers in how many entries."""
    kind = ContentType.objects.get_for_model(model)
    entries = LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])
    return entries.update(object_repr=NAMELESS, change_message="")


def erase_from_log(addresses: Iterable[str], names: Iterable[str]) -> int:
    """Blank the entries of the desk's log that name a person: an address anywhere, a name where the
    log calls a row, or a part of one, by it. Answers how many."""
    theirs = Q()
    for address in addresses:
        theirs |= Q(object_repr__icontains=address)
        theirs |= Q(change_message__icontains=_as_logged(address))
    for name in filter(None, names):
        theirs |= Q(object_repr=name) | Q(object_repr__startswith=f"{name}, ")
        called = f'"object": "{_as_logged(name)}'
        theirs |= Q(change_message__contains=f'{called}"')
        theirs |= Q(change_message__contains=f"{called}, ")
    if not theirs:
        return 0
    return LogEntry.objects.filter(theirs).update(object_repr=NAMELESS, change_message="")


def _as_logged(text: str) -> str:
    """As it stands in the log's messages, which are JSON."""
    return json.dumps(text)[1:-1]


def _blank_clients(account_ids: Iterable[int]) -> None:
    with pgtrigger.ignore(ACCESS_APPEND_ONLY):
        Access.objects.filter(account__in=account_ids).exclude(client="").update(client="")


@transaction.atomic
def erase_values(model: type[models.Model], pk: int, fields: Iterable[str] = ()) -> int:
    """Blank these columns, or all that are declared personal, in every event of one row; answers how
    many events. ``ValueError`` where a column cannot be blank, ``LookupError`` for a model that is
    not recorded."""
    recording = recording_of(model)
    if recording is None:
        raise LookupError(f"{model._meta.label} is not recorded.")
    fields = list(fields or recording.personal)
    erased = _blank_events(recording, recording.of(pk), fields)
    _note(ERASED, recording.model, pk, {"columns": fields, "events": erased})
    return erased


def _blank_events(recording: Recording, events: models.QuerySet, fields: Iterable[str]) -> int:
    blanks = {name: _blank(recording.events._meta.get_field(name)) for name in fields}
    with pgtrigger.ignore(recording.append_only):
        return events.update(**blanks) if blanks else 0


def _blank(field: models.Field) -> Any:
    if field.null:
        return None
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.CharField | models.TextField):
        return ""
    if isinstance(field, models.JSONField):
        return {}
    raise ValueError(f"{field.name} cannot be blank.")


def _note(
    act: str,
    model: type[models.Model] | None = None,
    pk: int | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    here = current()
    Access.objects.create(
        act=act,
        account=here.description().get("account") if here else None,
        model=model._meta.label_lower if model else "",
        object_id=pk,
        detail=detail or {},
        request_id=here.id if here else None,
    )
