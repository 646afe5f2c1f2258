"""What was uploaded, on the disk: covers and PDFs. A file is written before the row that names it,
and gone when neither a row nor a revision that may still be taken up does.

Whoever writes or deletes files of a resource holds the lock of its row. So nobody's new file is taken
for an old one, and what a rolled-back act has written is found by looking.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.base import File as Content
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone

from hub.uploading import INERT
from knowledge.models import Cover, File, Resource, Revision

FOLDERS = ("covers", "files")
# So long a revision is taken up again with its files.
KEPT = timedelta(days=30)

# The permanent names of the resources for which the current act has written files.
_written: ContextVar[set[str] | None] = ContextVar("written", default=None)


class NoRoom(Exception):
    """The disk is full, or cannot be written to. What the act has done has to be taken back."""


@contextmanager
def atomic() -> Iterator[None]:
    """``transaction.atomic`` for acts that write files: rolled back, it takes them along."""
    outer, own = _written.get(), set()
    token = _written.set(own)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for public_id in own:
            sweep(public_id)
        raise
    finally:
        _written.reset(token)
    if outer is not None:
        outer |= own


def write(resource: Resource, path: str, content: bytes | Content) -> None:
    """Write a file of the resource whose row is to be saved next, inside ``atomic``. ``NoRoom`` if it
    cannot be written."""
    _written.get().add(resource.public_id)
    try:
        default_storage.delete(path)  # else the storage would choose another name
        default_storage.save(path, ContentFile(content) if isinstance(content, bytes) else content)
    except OSError as error:
        raise NoRoom from error


def sweep_on_commit(resource: Resource) -> None:
    """Delete the files that the resource no longer needs, once that is certain."""
    transaction.on_commit(partial(sweep, resource.public_id))


@transaction.atomic
def sweep(public_id: str) -> None:
    """Delete the files of this resource that no row of its names; all if there is none."""
    resources = Resource.objects.select_for_update(of=["self"])
    named = _named_by(resources.filter(public_id=public_id).first())
    for folder in (f"{name}/{public_id}" for name in FOLDERS):
        for file in files_in(folder):
            if file not in named:
                default_storage.delete(file)
        if not files_in(folder):
            default_storage.delete(folder)


def _named_by(resource: Resource | None) -> set[str]:
    if resource is None:
        return set()
    covers = list(Cover.objects.filter(resource=resource))
    files = list(resource.files.all())
    for snapshot in _recent(resource).values_list("snapshot", flat=True):
        covers += [_cover_of(resource, row) for row in snapshot["cover"]]
        files += [File(resource=resource, sha256=row["sha256"]) for row in snapshot["files"]]
    return {size.file for cover in covers for size in cover.sizes} | {file.path for file in files}


def _recent(resource: Resource) -> QuerySet[Revision]:
    is_recent = Q(created_at__gte=timezone.now() - KEPT)
    return resource.revisions.filter(is_recent | Q(pk=resource.pending_id))


def _cover_of(resource: Resource, row: dict[str, Any]) -> Cover:
    measures = ("digest", "small_width", "small_height", "large_width", "large_height")
    return Cover(resource=resource, **{name: row[name] for name in measures})


def sweep_outdated() -> int:
    """Delete the files of revisions that have just become too old to be taken up; answers of how many
    resources it looked. Run it every day: what was missed for a few is caught up."""
    latest = timezone.now() - KEPT
    rows = Revision.objects.filter(created_at__range=(latest - timedelta(days=7), latest))
    public_ids = set(rows.values_list("resource__public_id", flat=True))
    for public_id in public_ids:
        sweep(public_id)
    return len(public_ids)


def answer(cover: Cover, name: str) -> HttpResponse:
    """The cover in the size of this name; ``Http404`` if it has none or is another by now."""
    files = {size.name: size.file for size in cover.sizes}
    try:
        with default_storage.open(files[name]) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
            response["Content-Security-Policy"] = INERT
            return response
    except (KeyError, FileNotFoundError) as error:
        raise Http404 from error


def files_in(folder: str) -> list[str]:
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]
