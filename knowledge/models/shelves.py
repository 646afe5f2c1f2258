"""Which version of each file of a work readers get, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.catalogue.sources import Window

if TYPE_CHECKING:
    from knowledge.models.files import File


@dataclass(frozen=True)
class Shelf:
    """One file of a work in all its ``versions``, the newest first."""

    versions: tuple["File", ...]

    @property
    def current(self) -> "File | None":
        """What readers get now: the newest version that is out."""
        return next((file for file in self.versions if file.is_out), None)

    @property
    def coming(self) -> "File | None":
        """The next version that will take the place of the current one, after its embargo."""
        newer = [file for file in self.versions[: self._place] if not file.is_put_away]
        return min(newer, key=lambda file: file.embargo_until, default=None)

    @property
    def earlier(self) -> list["File"]:
        """What readers may have besides the current version."""
        return [file for file in self.versions[self._place + 1 :] if file.is_out]

    def windows(self) -> dict["File", Window]:
        """When the text of each version is that of the file. One that was succeeded at once has
        no such time; one whose successor waits for its embargo has it until then."""
        found, closes = {}, None
        for file in self.versions:
            if file.is_put_away:
                continue
            opens = file.embargo_until
            if not opens or not closes or opens < closes:
                found[file] = Window(opens, closes)
            if not opens:
                break
            closes = min(opens, closes or opens)
        return found

    @property
    def _place(self) -> int:
        """Where the current version stands, behind all where there is none."""
        current = self.current
        return self.versions.index(current) if current else len(self.versions)


def shelves_of(files: Iterable["File"]) -> list[Shelf]:
    """The files of one work, each with its versions, in the order of the newest ones."""
    files = list(files)
    known = {file.pk for file in files}
    earlier = {file.succeeded_by_id: file for file in files if file.succeeded_by_id in known}
    found = []
    for file in files:
        if file.succeeded_by_id in known:
            continue
        versions = [file]
        while versions[-1].pk in earlier:
            versions.append(earlier.pop(versions[-1].pk))
        found.append(Shelf(tuple(versions)))
    return found


def windows_of(files: Iterable["File"]) -> dict["File", Window]:
    """When the text of each file of a work is to be read and found; a file without such a time is
    left out."""
    found = {}
    for shelf in shelves_of(files):
        found |= shelf.windows()
    return found
