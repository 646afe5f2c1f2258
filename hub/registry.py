"""The plain lists through which the ground shows what the apps above it hold."""

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

Entry = TypeVar("Entry", bound=Hashable)


class Registry(Generic[Entry]):
    """A list in order of registration that apps fill in ``AppConfig.ready()``."""

    def __init__(self, of: str) -> None:
        self._of = of
        self._entries: list[Entry] = []

    def register(self, entry: Entry) -> Entry:
        """Add ``entry`` and return it, so that it serves as a decorator; a second time is a
        mistake in the code and raises ``ValueError``."""
        if entry in self._entries:
            raise ValueError(f"{entry!r} is registered twice as {self._of}.")
        self._entries.append(entry)
        return entry

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
