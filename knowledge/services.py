"""The one writer of a resource's status and stage, of its cover and files, and of its record in the
catalogue. Who may ask for what, and when, says ``knowledge.workflow``; what a work takes over from
another is written by ``merging``."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.files.base import File as Content
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.audit.recording import APPEND_ONLY
from hub.catalogue.services import put, remove
from hub.catalogue.sources import ref_of
from hub.pictures import Prepared
from hub.registry import Registry
from hub.slugs import unique_slug
from hub.texts import tidy
from knowledge import revisions, uploads
from knowledge.models import (
    Cover,
    Edition,
    File,
    Merged,
    Resource,
    Revision,
    WorkflowEvent,
    windows_of,
)

# The steps by which people say what they think of a work.
JUDGED = ("approve", "request_changes", "comment")
STEPS_APPEND_ONLY = f"{WorkflowEvent._meta.label}:{APPEND_ONLY}"

# Told, in the transaction, of the files whose text is wanted: ``jobs`` listens.
unread: Registry[Callable[[list[int]], None]] = Registry("a reader of files")


@transaction.atomic
def publish(pk: int, *, at: datetime | None = None) -> Resource:
    """Make a draft public, now or from ``at`` on; the draft of what is public takes its place at once.
    What is still to come gets a new moment. ``ValidationError`` says what is missing."""
    resource = _locked(pk)
    if resource.status == Resource.Status.WITHDRAWN:
        raise ValidationError(_("It was withdrawn. Restore it first."), code="withdrawn")
    was_public = resource.is_public
    if was_public and resource.pending is None:
        raise ValidationError(_("It is public already."), code="public")
    if was_public and at is not None:
        text = _("Changes of what is public go out at once: leave the moment empty.")
        raise ValidationError(text, code="at-once")
    if resource.pending is not None:
        revisions.put_pending(resource)
    if resource.original is None:
        raise ValidationError(_("Add the original edition with its title first."), code="empty")
    resource.status, resource.stage = Resource.Status.PUBLISHED, Resource.Stage.NONE
    resource.pending = None
    if not was_public:
        resource.publish_at = at or timezone.now()
    resource.unpublished_at = resource.replaced_by = None
    resource.reason = ""
    _save(resource)
    resource.review_links.revoke()
    # The text of a draft is kept nowhere: it lies in the catalogue, where drafts are not.
    waiting = File.TextStatus.WAITING
    files = windows_of(resource.files.all())
    _have_read(file for file in files if not was_public or file.text_status == waiting)
    uploads.sweep_on_commit(resource)
    return resource


@transaction.atomic
def withdraw(pk: int, *, reason: str, replaced_by: Resource | None = None) -> Resource:
    """Take a published resource off the site. Its address answers 410 Gone with the reason and
    what replaces it. A draft beside it stays among its revisions."""
    resource = _locked(pk)
    if resource.status != Resource.Status.PUBLISHED:
        raise ValidationError(_("Only what is published can be withdrawn."), code="not-published")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: readers will see it.")}, code="reason")
    if replaced_by and (replaced_by.pk == resource.pk or not replaced_by.is_public):
        raise ValidationError({"replaced_by": _("Choose another resource that is public.")})
    resource.status, resource.stage = Resource.Status.WITHDRAWN, Resource.Stage.NONE
    resource.pending = None
    resource.unpublished_at = timezone.now()
    resource.reason = reason.strip()
    resource.replaced_by = replaced_by
    resource.review_links.revoke()
    return _save(resource)


@transaction.atomic
def restore(pk: int) -> Resource:
    """Make a draft of what was withdrawn, to be worked on and published again. Until then its
    address goes on to say why it is gone."""
    resource = _locked(pk)
    if resource.status != Resource.Status.WITHDRAWN:
        raise ValidationError(_("Only what was withdrawn can be restored."), code="not-withdrawn")
    resource.status, resource.stage = Resource.Status.DRAFT, Resource.Stage.DRAFT
    return _save(resource)


@transaction.atomic
def set_stage(pk: int, stage: Resource.Stage, *, pending: Revision | None = None) -> Resource:
    """Say how far the work in hand is; with ``pending`` that this is the draft now. Nothing in hand
    means to let go of the draft beside a public work, which stays among its revisions."""
    resource = _locked(pk)
    resource.stage = stage
    resource.pending = pending or resource.pending
    if stage == Resource.Stage.NONE:
        resource.pending = None
        resource.review_links.revoke()
    resource.save(update_fields=["stage", "pending"])
    return resource


@transaction.atomic
def saved(resource: Resource) -> None:
    """Bring the catalogue up to date after an edit of the resource or of anything below it. Call
    it in the transaction of the edit."""
    Resource.objects.filter(pk=resource.pk).update(updated_at=timezone.now())
    Edition.objects.filter(resource=resource).unplaced().place()
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
    pk: int,
    content: Content,
    *,
    title: str = "",
    language: str = "",
    position: int = 0,
    replaces: int | None = None,
    **told: Any,
) -> File:
    """Keep this PDF with the resource, in its original language if no other is given, and have it
    read; ``replaces`` is the key of the file of which it is the next version. ``told`` is what else
    a file says of itself. ``ValidationError`` if it is there already, or ``replaces`` no newest
    version of the resource; what it is, the form has judged."""
    resource = _locked(pk)
    before = with_text(resource)
    earlier = _newest_version(resource, replaces) if replaces else None
    file = File(
        resource=resource,
        sha256=sha256_of(content),
        size=content.size,
        title=title,
        language=language or (earlier.language if earlier else resource.languages[0]),
        position=position,
        number=earlier.number + 1 if earlier else 1,
        **told,
    )
    file.full_clean()
    uploads.write(resource, file.path, content)
    file.save()
    if earlier:
        File.objects.filter(pk=earlier.pk).update(succeeded_by=file)
    shelved(resource, before)
    return file


@transaction.atomic
def describe_file(file_pk: int, **told: Any) -> File:
    """Say what a file is, when it comes, and whether it is put away, each by the name of its column.
    Its text is read anew in another language, and when readers may have it again."""
    file = File.objects.select_related("resource").get(pk=file_pk)
    resource = _locked(file.resource_id)
    before = with_text(resource)
    was_in = file.language
    told["language"] = told.get("language") or was_in
    for name, value in told.items():
        setattr(file, name, value)
    file.full_clean()
    file.save(update_fields=[*told])
    shelved(resource, before - {file.pk} if file.language != was_in else before)
    return file


@transaction.atomic
def remove_file(file_pk: int) -> None:
    """Take a version of a file away, with its text and with the cover that shows its first page.
    The one before it is then followed by the one behind it, or is the newest again."""
    file = File.objects.get(pk=file_pk)
    resource = _locked(file.resource_id)
    before = with_text(resource)
    earlier, later = File.objects.filter(succeeded_by=file).first(), file.succeeded_by_id
    file.delete()
    if earlier:
        File.objects.filter(pk=earlier.pk).update(succeeded_by=later)
    uploads.sweep_on_commit(resource)
    shelved(resource, before)


def _newest_version(resource: Resource, file_pk: int) -> File:
    file = resource.files.filter(pk=file_pk, succeeded_by__isnull=True).first()
    if file is None:
        text = _("Choose a file of this work that has no newer version yet.")
        raise ValidationError({"replaces": text}, code="replaces")
    return file


def with_text(resource: Resource) -> set[int]:
    """The files whose text belongs to the work, in some time."""
    return {file.pk for file in windows_of(resource.files.all())}


def shelved(resource: Resource, before: set[int]) -> None:
    """Bring the catalogue up to date after a change of the files; those whose text did not belong
    to the work ``before`` are read."""
    resource = _locked(resource.pk)
    saved(resource)
    _have_read(file for file in windows_of(resource.files.all()) if file.pk not in before)


def sha256_of(content: Content) -> str:
    """The checksum by which a file is known."""
    digest = sha256()
    for piece in content.chunks():
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


@transaction.atomic
def discard(pk: int) -> None:
    """Delete a draft. What was public once is left alone: its address has something to say.
    ``ValidationError`` for what has been reviewed: the words of those who were asked are kept."""
    resource = _locked(pk)
    if was_reviewed(resource):
        text = _("It has been reviewed: what was said of it is kept, so it cannot be deleted.")
        raise ValidationError(text, code="reviewed")
    if resource.status == Resource.Status.DRAFT and resource.unpublished_at is None:
        remove(ref_of(resource))
        uploads.sweep_on_commit(resource)
        with pgtrigger.ignore(STEPS_APPEND_ONLY):
            resource.delete()


def was_reviewed(resource: Resource) -> bool:
    """Whether somebody has said what they think of it, in a step of the workflow."""
    return resource.workflow_events.filter(act__in=JUDGED).exists()


def _locked(pk: int) -> Resource:
    return Resource.objects.select_for_update(of=["self"]).get(pk=pk)


def _have_read(files: Iterable[File]) -> None:
    file_ids = [file.pk for file in files]
    for tell in unread if file_ids else ():
        tell(file_ids)


def _save(resource: Resource) -> Resource:
    resource.updated_at = timezone.now()
    resource.save()
    Edition.objects.filter(resource=resource).unplaced().place()
    put(resource)
    return resource
