"""The files and the cover of a work that becomes part of another. Each work has a folder of its own,
so the rows change their work first and the files are copied after them; the folder that is left is
swept once that is certain, and a copy is if it is not.

No reader gets a file by it that they could not get before: embargoes and what was put away come along.
"""

from dataclasses import dataclass, field

from django.core.files.storage import default_storage

from knowledge import uploads
from knowledge.models import Cover, File, Resource, shelves_of


@dataclass
class Carried:
    """What comes along: copies to be made from one path to another, and for each file the one that it
    is now, which may have been there already."""

    copies: list[tuple[str, str]] = field(default_factory=list)
    became: dict[int, File] = field(default_factory=dict)


def take_files(stays: Resource, goes: Resource) -> Carried:
    """Give the files of the one to the other in all their versions, behind its own, but for those
    that it has."""
    carried = Carried()
    own = {file.sha256: file for file in stays.files.all()}
    position = max((file.position for file in own.values()), default=-1) + 1
    theirs = list(goes.files.all())
    for file in theirs:
        if same := own.get(file.sha256):
            carried.became[file.pk] = same
            _unite(stays, same, file)
            continue
        before = file.path
        file.resource, file.position = stays, position
        position += 1
        file.save(update_fields=["resource", "position"])
        carried.became[file.pk] = file
        carried.copies.append((before, file.path))
    _join_versions(stays, theirs, carried)
    return carried


def _unite(stays: Resource, same: File, other: File) -> None:
    """Two rows of one file: what holds it back holds, unless readers have it from here already."""
    same.title, same.note = same.title or other.title, same.note or other.note
    if not (stays.is_public and same.is_out):
        moments = [file.embargo_until for file in (same, other) if file.embargo_until]
        same.embargo_until = max(moments, default=None)
        same.is_put_away = same.is_put_away or other.is_put_away
    same.save(update_fields=["title", "note", "embargo_until", "is_put_away"])


def _join_versions(stays: Resource, theirs: list[File], carried: Carried) -> None:
    """Versions of a file that both works have stand before and behind the one row of it, where
    nothing else does; else they are a file of their own, as readers had it."""
    joined = set()
    for file in theirs:
        if file.succeeded_by_id is None:
            continue
        earlier, later = carried.became[file.pk], carried.became[file.succeeded_by_id]
        came = [earlier.pk == file.pk, later.pk == file.succeeded_by_id]
        if all(came):
            continue  # what leads from one to the other has come with them
        File.objects.filter(pk=file.pk).update(succeeded_by=None)
        if any(came) and _join(stays, earlier.pk, later.pk):
            joined.add(earlier.pk)
    for shelf in shelves_of(stays.files.all()):
        if joined & {file.pk for file in shelf.versions}:
            for number, version in enumerate(reversed(shelf.versions), 1):
                File.objects.filter(pk=version.pk).update(number=number)


def _join(stays: Resource, earlier: int, later: int) -> bool:
    """Let the one be followed by the other, or by the oldest version before it. Answers whether it is:
    not if something else follows it already."""
    after = dict(stays.files.values_list("pk", "succeeded_by"))
    before = {following: pk for pk, following in after.items() if following}
    if after[earlier] is not None:
        return False
    while later in before:
        later = before[later]
    last = later
    while after[last] in after:
        last = after[last]
    if last == earlier:  # it stands before the other already
        return False
    File.objects.filter(pk=earlier).update(succeeded_by=later)
    return True


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
