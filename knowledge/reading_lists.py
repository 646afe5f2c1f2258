"""The one writer of a reading list's status and of its record in the catalogue."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.catalogue.services import put, remove
from hub.catalogue.sources import ref_of
from hub.slugs import unique_slug
from knowledge.models import Collection


@transaction.atomic
def publish(pk: int, *, at: datetime | None = None) -> Collection:
    """Make a draft public, now or from ``at`` on. A published one only gets a new moment while the
    old one is still to come. ``ValidationError`` says what is missing."""
    collection = locked(pk)
    if collection.status == Collection.Status.WITHDRAWN:
        raise ValidationError(_("It was withdrawn. Restore it first."), code="withdrawn")
    if collection.is_public:
        raise ValidationError(_("It is public already."), code="public")
    if collection.original is None:
        raise ValidationError(_("Give the list a title first."), code="empty")
    if not collection.query and not collection.items.exists():
        raise ValidationError(_("Pick a work or give a search first."), code="empty")
    collection.status = Collection.Status.PUBLISHED
    collection.publish_at = at or timezone.now()
    collection.unpublished_at = None
    collection.reason = ""
    return _save(collection)


@transaction.atomic
def withdraw(pk: int, *, reason: str) -> Collection:
    """Take a published list off the site. Its address answers 410 Gone with the reason."""
    collection = locked(pk)
    if collection.status != Collection.Status.PUBLISHED:
        raise ValidationError(_("Only what is published can be withdrawn."), code="not-published")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: readers will see it.")}, code="reason")
    collection.status = Collection.Status.WITHDRAWN
    collection.unpublished_at = timezone.now()
    collection.reason = reason.strip()
    return _save(collection)


@transaction.atomic
def restore(pk: int) -> Collection:
    """Make a draft of what was withdrawn. Until it is published again its address goes on to say why
    it is gone."""
    collection = locked(pk)
    if collection.status != Collection.Status.WITHDRAWN:
        raise ValidationError(_("Only what was withdrawn can be restored."), code="not-withdrawn")
    collection.status = Collection.Status.DRAFT
    return _save(collection)


@transaction.atomic
def saved(collection: Collection) -> None:
    """Count an edit of the list or of anything below it, and bring the catalogue up to date. Call
    it in the transaction of the edit."""
    rows = Collection.objects.filter(pk=collection.pk)
    rows.update(updated_at=timezone.now(), version=F("version") + 1)
    put(collection)


@transaction.atomic
def name_after_title(collection: Collection) -> None:
    """Give a new list the address that its title makes."""
    others = Collection.objects.exclude(pk=collection.pk)
    collection.slug = unique_slug(str(collection), others, otherwise="list")
    collection.save(update_fields=["slug"])


@transaction.atomic
def discard(pk: int) -> None:
    """Delete a draft. What was public once is left alone: its address has something to say."""
    collection = locked(pk)
    if not collection.was_public:
        remove(ref_of(collection))
        collection.delete()


def locked(pk: int) -> Collection:
    """The list as it is stored, held until the transaction ends."""
    return Collection.objects.select_for_update(of=["self"]).get(pk=pk)


def _save(collection: Collection) -> Collection:
    collection.updated_at = timezone.now()
    collection.version += 1
    collection.save()
    put(collection)
    return collection
