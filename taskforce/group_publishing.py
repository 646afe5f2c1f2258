"""The one writer of when a working group became public and when it was withdrawn, and of its record."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub.catalogue import services
from taskforce.models import WorkingGroup


@transaction.atomic
def publish(pk: int) -> WorkingGroup:
    """Show a group to everybody, once more if it was withdrawn. ``ValidationError`` if it is public."""
    group = locked(pk)
    if group.is_public:
        raise ValidationError(_("It is public already."), code="published")
    group.published_at = group.published_at or now()
    group.withdrawn_at, group.reason = None, ""
    return _keep(group)


@transaction.atomic
def withdraw(pk: int, reason: str) -> WorkingGroup:
    """Take a group off the site: its address answers 410 Gone with the reason. For what should not have
    been there; a group whose work is done has concluded."""
    group = locked(pk)
    if not group.is_public:
        raise ValidationError(_("Only what is public can be withdrawn."), code="status")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: readers will see it.")}, code="reason")
    group.withdrawn_at, group.reason = now(), reason.strip()
    return _keep(group)


@transaction.atomic
def saved(group: WorkingGroup) -> None:
    """Bring the catalogue up to date after an edit of the group or of who sits in it; call it in the
    transaction of the edit."""
    WorkingGroup.objects.filter(pk=group.pk).update(updated_at=now())
    services.put(group)


def locked(pk: int) -> WorkingGroup:
    """The group, which nobody else changes until this transaction ends."""
    return WorkingGroup.objects.select_for_update(of=["self"]).get(pk=pk)


def _keep(group: WorkingGroup) -> WorkingGroup:
    group.updated_at = now()
    group.save(update_fields=["published_at", "withdrawn_at", "reason", "updated_at"])
    services.put(group)
    return group
