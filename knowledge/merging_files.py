"""The files and the cover of a work that becomes part of another. Each work has a folder of its own,
so the rows change their work first and the files are copied after them; the folder that is left is
swept once that is certain, and a copy is if it is not."""

from dataclasses import dataclass, field

from django.core.files.storage import default_storage

from knowledge import uploads
from knowledge.models import Cover, File, Resource


@dataclass
class Carried:
    """What comes along: files that have to be read again, copies to be made from one path to another,
    and for each file the one that it is now, which may have been there already."""

    files: list[File] = field(default_factory=list)
    copies: list[tuple[str, str]] = field(default_factory=list)
    became: dict[int, File] = field(default_factory=dict)


def take_files(stays: Resource, goes: Resource) -> Carried:
    """Give the files of the one to the other, behind its own, but for those that it has."""
    carried = Carried()
    own = {file.sha256: file for file in stays.files.all()}
    position = max((file.position for file in own.values()), default=-1) + 1
    for file in goes.files.all():
        if same := own.get(file.sha256):
            carried.became[file.pk] = same
            same.title = same.title or file.title
            same.save(update_fields=["title"])
            continue
        before = file.path
        file.resource, file.position = stays, position
        position += 1
        file.save(update_fields=["resource", "position"])
        carried.files.append(file)
        carried.became[file.pk] = file
        carried.copies.append((before, file.path))
    return carried


def take_cover(stays: Resource, goes: Resource, carried: Carried, *, is_taken: bool) -> None:
    """Give the cover of the one to the other, if that has none or ``is_taken``. Call it after
    ``take_files``: it may show the first page of a file."""
    theirs = Cover.objects.select_related("resource").filter(resource=goes).first()
    ours = Cover.objects.filter(resource=stays)
    if theirs is None or (ours.exists() and not is_taken):
        # It must not go with a file that stays.
        Cover.objects.filter(resource=goes).delete()
        return
    ours.delete()
    before = [size.file for size in theirs.sizes]
    theirs.resource = stays
    theirs.file = carried.became.get(theirs.file_id)
    theirs.save(update_fields=["resource", "file"])
    carried.copies += zip(before, (size.file for size in theirs.sizes), strict=True)


def carry(stays: Resource, carried: Carried) -> None:
    """Copy the files into the folder of the work that stays, inside ``uploads.atomic``."""
    for before, after in carried.copies:
        try:
            with default_storage.open(before) as content:
                uploads.write(stays, after, content)
        except FileNotFoundError:
            continue  # somebody has taken it from the disk: there is nothing to keep
