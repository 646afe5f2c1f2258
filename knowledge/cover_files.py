"""The files of covers: written before the row that names them, gone when no row does.

Whoever writes or deletes files of a resource holds the lock of its row. So nobody's new file is taken
for an old one, and what a rolled-back act has written is found by looking.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404, HttpResponse

from hub.pictures import Prepared
from knowledge.models import Cover, Resource

# The permanent names of the resources for which the current act has written files.
_written: ContextVar[set[str] | None] = ContextVar("written", default=None)


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


def write(cover: Cover, prepared: Prepared) -> None:
    """Write the files of a cover that is to be saved next, inside ``atomic``."""
    _written.get().add(cover.resource.public_id)
    for size, content in zip(cover.sizes, prepared.sizes, strict=True):
        default_storage.delete(size.file)  # else the storage would choose another name
        default_storage.save(size.file, ContentFile(content.content))


def sweep_on_commit(resource: Resource) -> None:
    """Delete the files that the resource no longer needs, once that is certain."""
    transaction.on_commit(partial(sweep, resource.public_id))


@transaction.atomic
def sweep(public_id: str) -> None:
    """Delete the files of this resource that its cover does not name; all if there is none."""
    resources = Resource.objects.select_for_update(of=["self"])
    resource = resources.filter(public_id=public_id).first()
    cover = Cover.objects.filter(resource=resource).first() if resource else None
    named = {size.file for size in cover.sizes} if cover else set()
    folder = f"covers/{public_id}"
    for file in files_in(folder):
        if file not in named:
            default_storage.delete(file)
    if not named:
        default_storage.delete(folder)


def answer(cover: Cover, name: str) -> HttpResponse:
    """The file of this name, for a browser; ``Http404`` if the cover has none or another by now."""
    files = {size.name: size.file for size in cover.sizes}
    try:
        with default_storage.open(files[name]) as file:
            return HttpResponse(file.read(), content_type="image/webp")
    except (KeyError, FileNotFoundError) as error:
        raise Http404 from error


def files_in(folder: str) -> list[str]:
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]
