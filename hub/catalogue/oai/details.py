"""What the app that a record comes from knows of it, and other libraries want to know."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hub.registry import Registry


@dataclass(frozen=True)
class Details:
    """``address`` is the full one that lasts, ``work_url`` that of the work itself; ``identifiers`` are
    pairs such as ``("doi", "10.1787/1")``; ``licence`` is as its publisher states it."""

    address: str = ""
    work_url: str = ""
    licence: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()


# Each answers what it knows of these refs, by ref.
describers: Registry[Callable[[list[str]], dict[str, Details]]] = Registry(
    "a describer for libraries"
)


def details_of(refs: Iterable[str]) -> dict[str, Details]:
    """The details of those records of which an app knows more than the catalogue."""
    asked, known = list(refs), {}
    for describe in describers:
        known |= describe(asked)
    return known
