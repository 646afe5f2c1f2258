"""What of an issue one reader gets: in which language, which sections, what first."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from hub.newsletter.models import Group, Issue


@dataclass(frozen=True)
class Told:
    """An item of an issue that is public now, with the terms that it is about."""

    ref: str
    group: str
    term_ids: frozenset[int]


@dataclass(frozen=True)
class Share:
    """What of an issue somebody gets: in each section the items in their order."""

    sections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(ref for _group, refs in self.sections for ref in refs)


def language_for(wanted: Sequence[str], issue: Issue) -> tuple[str, bool]:
    """The first of the reader's languages that the issue has, and whether it is one of theirs: else
    it is that for all others."""
    return chosen(wanted, issue.languages, issue.language)


def chosen(wanted: Sequence[str], has: Collection[str], otherwise: str) -> tuple[str, bool]:
    found = next((code for code in wanted if code in has), None)
    return (found, True) if found else (otherwise, not wanted)


def share_of(told: Iterable[Told], groups: Collection[str], terms: Collection[int]) -> Share:
    """The sections that somebody asked for, all of them if they named none; in each what is about
    their topics and places comes first, the rest as the editor has it. Nobody misses what is new for
    having named a topic."""
    terms = frozenset(terms)
    by_group: dict[str, list[Told]] = {group: [] for group in Group.values}
    for one in told:
        by_group[one.group].append(one)
    return Share(
        tuple(
            (group, tuple(one.ref for one in _theirs_first(items, terms)))
            for group, items in by_group.items()
            if items and (not groups or group in groups)
        )
    )


def _theirs_first(items: list[Told], terms: frozenset[int]) -> list[Told]:
    return sorted(items, key=lambda one: not (one.term_ids & terms))
