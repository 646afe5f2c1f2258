"""The PDFs that come with proposals: under random names, for the desk alone, and gone once a proposal
is decided or forgotten."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from hub import uploading
from knowledge.models import Contribution
from knowledge.models.contributions import FOLDER
from knowledge.uploads import files_in

MOST_BYTES = 10 * 1024 * 1024
# A file is there a moment before its row is.
FRESH_FOR = timedelta(hours=1)


@contextmanager
def kept(content: File | None) -> Iterator[str]:
    """Write this file and answer its name for the row that the block saves, in a transaction; gone if
    the block fails. No file, no name. ``ValidationError`` if there is no room for it."""
    if content is None:
        with transaction.atomic():
            yield ""
        return
    name = f"{secrets.token_hex(16)}.pdf"
    try:
        default_storage.save(f"{FOLDER}/{name}", content)
    except OSError as error:
        with suppress(OSError):  # there may be a beginning of it
            default_storage.delete(f"{FOLDER}/{name}")
        raise uploading.no_room() from error
    try:
        with transaction.atomic():
            yield name
    except BaseException:
        default_storage.delete(f"{FOLDER}/{name}")
        raise


def let_go(contribution: Contribution) -> None:
    """Take the file off a proposal that needs it no more; the caller saves the row, and the file goes
    once that is certain."""
    if path := contribution.file_path:
        contribution.file_name, contribution.file_size = "", 0
        transaction.on_commit(lambda: default_storage.delete(path))


def sweep() -> int:
    """Delete the files that no proposal names, once the transaction is over; answers how many."""
    names = Contribution.objects.exclude(file_name="").values_list("file_name", flat=True)
    needed = {f"{FOLDER}/{name}" for name in names}
    limit = timezone.now() - FRESH_FOR
    lost = [
        path
        for path in files_in(FOLDER)
        if path not in needed and default_storage.get_modified_time(path) < limit
    ]
    transaction.on_commit(lambda: [default_storage.delete(path) for path in lost])
    return len(lost)
