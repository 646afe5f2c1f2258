"""The one writer of a resource's status, of its cover and files, and of its record in the
catalogue. What a work takes over from another is written by ``merging``."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.core.files.base import File as Content
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.catalogue.services import put, remove
from hub.catalogue.sources import ref_of
from hub.pictures import Prepared
from hub.registry import Registry
from hub.slugs import unique_slug
from hub.texts import tidy
from knowledge import uploads
from knowledge.models import Cover, File, Merged, Resource

# Told, in the transaction, of the files whose text is wanted: ``jobs`` listens.
unread: Registry[Callable[[list[int]], None]] = Registry("a reader of files")


@transaction.atomic
def publish(pk: int, *, at: datetime | None = None) -> Resource:
    """Make a draft public, now or from ``at`` on. A published one only gets a new moment while the
    old one is still to come. ``ValidationError`` says what is missing."""
    resource = _locked(pk)
    if resource.status == Resource.Status.WITHDRAWN:
        raise ValidationError(_("It was withdrawn. Restore it first."), code="withdrawn")
    if resource.is_public:
        raise ValidationError(_("It is public already."), code="public")
    if resource.original is None:
        raise ValidationError(_("Add the original edition with its title first."), code="empty")
    resource.status = Resource.Status.PUBLISHED
    resource.publish_at = at or timezone.now()
    resource.unpublished_at = resource.replaced_by = None
    resource.reason = ""
    _save(resource)
    # The text of a draft is kept nowhere: it lies in the catalogue, where drafts are not.
    have_read(resource.files.all())
    return resource


@transaction.atomic
def withdraw(pk: int, *, reason: str, replaced_by: Resource | None = None) -> Resource:
    """Take a published resource off the site. Its address answers 410 Gone with the reason and
    what replaces it."""
    resource = _locked(pk)
    if resource.status != Resource.Status.PUBLISHED:
        raise ValidationError(_("Only what is published can be withdrawn."), code="not-published")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: readers will see it.")}, code="reason")
    if replaced_by and (replaced_by.pk == resource.pk or not replaced_by.is_public):
        raise ValidationError({"replaced_by": _("Choose another resource that is public.")})
    resource.status = Resource.Status.WITHDRAWN
    resource.unpublished_at = timezone.now()
    resource.reason = reason.strip()
    resource.replaced_by = replaced_by
    return _save(resource)


@transaction.atomic
def restore(pk: int) -> Resource:
    """Make a draft of what was withdrawn, to be worked on and published again. Until then its
    address goes on to say why it is gone."""
    resource = _locked(pk)
    if resource.status != Resource.Status.WITHDRAWN:
        raise ValidationError(_("Only what was withdrawn can be restored."), code="not-withdrawn")
    resource.status = Resource.Status.DRAFT
    return _save(resource)


@transaction.atomic
def saved(resource: Resource) -> None:
    """Bring the catalogue up to date after an edit of the resource or of anything below it. Call
    it in the transaction of the edit."""
    Resource.objects.filter(pk=resource.pk).update(updated_at=timezone.now())
    put(resource)


@transaction.atomic
def name_after_title(resource: Resource) -> None:
    """Give a new resource the address that its title makes."""
    others = Resource.objects.exclude(pk=resource.pk)
    kept = Merged.objects.all()
    resource.slug = unique_slug(str(resource), others, kept, otherwise=resource.kind)
    resource.save(update_fields=["slug"])


@uploads.atomic()
def set_cover(pk: int, prepared: Prepared, *, alt: str = "", file: File | None = None) -> Cover:
    """Show this picture as the cover of the resource, in the place of an earlier one; the first page
    of ``file`` goes with it. An act that does more has to do it in ``uploads.atomic``, which deletes
    the files if it fails."""
    resource = _locked(pk)
    small, large = prepared.sizes[0], prepared.sizes[-1]
    cover = Cover(
        resource=resource,
        digest=prepared.digest,
        small_width=small.width,
        small_height=small.height,
        large_width=large.width,
        large_height=large.height,
        alt=tidy(alt),
        file=file,
    )
    for size, picture in zip(cover.sizes, prepared.sizes, strict=True):
        uploads.write(resource, size.file, picture.content)
    Cover.objects.filter(resource=resource).delete()
    cover.save()
    uploads.sweep_on_commit(resource)
    saved(resource)
    return cover


@transaction.atomic
def describe_cover(pk: int, alt: str) -> None:
    """Say what the cover of the resource shows, if it has one."""
    resource = _locked(pk)
    Cover.objects.filter(resource=resource).update(alt=tidy(alt))
    saved(resource)


@transaction.atomic
def remove_cover(pk: int) -> None:
    """Go back to the drawn cover."""
    resource = _locked(pk)
    Cover.objects.filter(resource=resource).delete()
    uploads.sweep_on_commit(resource)
    saved(resource)


@uploads.atomic()
def add_file(
    pk: int, content: Content, *, title: str = "", language: str = "", position: int = 0
) -> File:
    """Keep this PDF with the resource, in its original language if no other is given, and have it
    read. ``ValidationError`` if it is there already; what it is, the form has judged."""
    resource = _locked(pk)
    file = File(
        resource=resource,
        sha256=sha256_of(content),
        size=content.size,
        title=title,
        language=language or resource.languages[0],
        position=position,
    )
    file.full_clean()
    uploads.write(resource, file.path, content)
    file.save()
    saved(resource)
    have_read([file])
    return file


@transaction.atomic
def describe_file(file_pk: int, *, title: str, language: str, position: int) -> File:
    """Say what a file is. Its text is read anew in another language."""
    file = File.objects.select_related("resource").get(pk=file_pk)
    resource = _locked(file.resource_id)
    was_in = file.language
    file.title, file.language, file.position = title, language or was_in, position
    file.full_clean()
    file.save(update_fields=["title", "language", "position"])
    saved(resource)
    if file.language != was_in:
        have_read([file])
    return file


@transaction.atomic
def remove_file(file_pk: int) -> None:
    """Take a file away, with its text and with the cover that shows its first page."""
    file = File.objects.get(pk=file_pk)
    resource = _locked(file.resource_id)
    file.delete()
    uploads.sweep_on_commit(resource)
    saved(resource)


def sha256_of(content: Content) -> str:
    """The checksum by which a file is known."""
    digest = sha256()
    for piece in content.chunks():
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


@transaction.atomic
def discard(pk: int) -> None:
    """Delete a draft. What was public once is left alone: its address has something to say."""
    resource = _locked(pk)
    if resource.status == Resource.Status.DRAFT and resource.unpublished_at is None:
        remove(ref_of(resource))
        uploads.sweep_on_commit(resource)
        resource.delete()


def _locked(pk: int) -> Resource:
    return Resource.objects.select_for_update(of=["self"]).get(pk=pk)


def have_read(files: Iterable[File]) -> None:
    """Have the text of these files read, once the transaction is over."""
    file_ids = [file.pk for file in files]
    for tell in unread:
        tell(file_ids)


def _save(resource: Resource) -> Resource:
    resource.updated_at = timezone.now()
    resource.version += 1
    resource.save()
    put(resource)
    return resource
