"""The one place that may touch what is recorded: it blanks what a person has a right to have blanked,
lets go of what is old, and notes that it did. Everything else is refused by the database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pgtrigger
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Exists, OuterRef
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
    model = get_user_model()
    with pgtrigger.ignore(ACCESS_APPEND_ONLY):
        Access.objects.filter(account=account_id).exclude(client="").update(client="")
    return erase_values(model, account_id)


@transaction.atomic
def erase_values(model: type[models.Model], pk: int, fields: Iterable[str] = ()) -> int:
    """Blank these columns, or all that are declared personal, in every event of one row; answers how
    many events. ``ValueError`` where a column cannot be blank, ``LookupError`` for a model that is
    not recorded."""
    recording = recording_of(model)
    if recording is None:
        raise LookupError(f"{model._meta.label} is not recorded.")
    fields = list(fields or recording.personal)
    blanks = {name: _blank(recording.events._meta.get_field(name)) for name in fields}
    with pgtrigger.ignore(recording.append_only):
        erased = recording.of(pk).update(**blanks) if blanks else 0
    _note(ERASED, recording.model, pk, {"columns": fields, "events": erased})
    return erased


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
