"""The one writer of an event's status, of the moments that go with it, of its sequence in calendars,
its version and its record in the catalogue. Whom a change concerns tells ``events.telling``; the
desk calls both in one transaction."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import records
from events.models import Event
from hub.catalogue.services import remove
from hub.catalogue.sources import ref_of

Status = Event.Status
# What calendars show of an event: with each of these that changes, its sequence rises.
IN_CALENDARS = (
    *("starts_at", "ends_at", "timezone", "precision"),
    *("mode", "venue", "city", "country_id", "status"),
)


@transaction.atomic
def publish(pk: int) -> Event:
    """Announce a draft; or say of what was postponed, called off or withdrawn that it takes place.
    ``ValidationError`` for what is announced already."""
    event = locked(pk)
    if event.status == Status.PUBLISHED:
        raise ValidationError(_("It is announced already."), code="published")
    is_first = event.published_at is None

    def announce() -> None:
        event.status, event.reason = Status.PUBLISHED, ""
        event.published_at = event.published_at or now()
        event.cancelled_at = event.unpublished_at = None

    return _change(event, announce, rises=not is_first)


@transaction.atomic
def postpone(pk: int, reason: str) -> Event:
    """Say that an event takes place at another time, which is not known yet; ``publish`` ends that."""
    event = locked(pk)
    if event.status != Status.PUBLISHED:
        raise ValidationError(_("Only what is announced can be postponed."), code="status")

    def postpone() -> None:
        event.status, event.reason = Status.POSTPONED, _given(reason)

    return _change(event, postpone)


@transaction.atomic
def cancel(pk: int, reason: str) -> Event:
    """Call off an event. Its page stays and says so."""
    event = locked(pk)
    if event.status not in (Status.PUBLISHED, Status.POSTPONED):
        raise ValidationError(
            _("Only what is announced or postponed can be cancelled."), code="status"
        )

    def cancel() -> None:
        event.status, event.reason, event.cancelled_at = Status.CANCELLED, _given(reason), now()

    return _change(event, cancel)


@transaction.atomic
def withdraw(pk: int, reason: str) -> Event:
    """Take an event off the site: its address answers 410 Gone with the reason. For what should not
    have been there; what does not take place is cancelled."""
    event = locked(pk)
    if event.status not in Event.SHOWN:
        raise ValidationError(_("Only what is on the site can be withdrawn."), code="status")

    def withdraw() -> None:
        event.status, event.reason, event.unpublished_at = Status.WITHDRAWN, _given(reason), now()

    return _change(event, withdraw)


@transaction.atomic
def saved(event: Event, before: Event | None = None) -> bool:
    """Bring everything up to date after an edit of the event or of anything below it; call it in the
    transaction of the edit. ``before`` is the event as it was stored before; where it is not given,
    nothing that calendars show has changed. Whether the sequence has risen."""
    rises = before is not None and event.status in Event.SHOWN and is_moved(before, event)
    stored = locked(event.pk)
    event.sequence, event.version = stored.sequence + rises, stored.version
    _keep(event, "sequence")
    return rises


@transaction.atomic
def discard(pk: int) -> bool:
    """Delete a draft that nobody has seen, with all that belongs to it; whether it was one."""
    event = locked(pk)
    if event.status != Status.DRAFT or event.published_at is not None:
        return False
    remove(ref_of(event))
    event.delete()
    return True


def is_moved(before: Event, event: Event) -> bool:
    """Whether calendars have to hear of the change."""
    return any(getattr(before, name) != getattr(event, name) for name in IN_CALENDARS)


def locked(pk: int) -> Event:
    """The event, of which all others who would change it or its seats wait for this transaction."""
    return Event.objects.select_for_update(of=["self"]).get(pk=pk)


def _change(event: Event, act: Callable[[], None], *, rises: bool = True) -> Event:
    act()
    event.sequence += rises
    _keep(
        event,
        *("status", "reason", "published_at", "cancelled_at", "unpublished_at", "sequence"),
    )
    return event


def _given(reason: str) -> str:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: readers will see it.")}, code="reason")
    return reason.strip()


def _keep(event: Event, *columns: str) -> None:
    event.version += 1
    event.updated_at = now()
    event.save(update_fields=[*columns, "version", "updated_at"])
    records.put(event)
