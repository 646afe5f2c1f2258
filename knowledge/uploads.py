"""What was uploaded, on the disk: covers and PDFs. A file is written before the row that names it,
and gone when no row does.

Whoever writes or deletes files of a resource holds the lock of its row. So nobody's new file is taken
for an old one, and what a rolled-back act has written is found by looking.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse

from hub.uploading import INERT
from knowledge.models import Cover, Resource

FOLDERS = ("covers", "files")

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


def write(resource: Resource, path: str, content: bytes | File) -> None:
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
    cover = Cover.objects.filter(resource=resource).first()
    pictures = {size.file for size in cover.sizes} if cover else set()
    return pictures | {file.path for file in resource.files.all()}


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
