"""What the library holds: how many works of each kind, on each topic and place, and the newest."""

from collections import Counter
from functools import cached_property
from typing import Self

from hub.catalogue import facets, hits
from hub.catalogue.facets import Known
from hub.catalogue.hits import Question
from hub.catalogue.models import Record
from hub.catalogue.scope import WORKS, Scope
from hub.catalogue.tallies import NOTHING, Tally, tally


class Collection:
    """The public works, or records of another scope, as they are now; ``None`` stands for a scope
    without any."""

    def __init__(self, scope: Scope | None = WORKS, known: Known | None = None) -> None:
        self._scope, self._known = scope, known or facets.known()

    @classmethod
    def about(cls, term_id: int) -> Self:
        """What bears a term, or one below it."""
        return cls(Scope(facet_ids=(term_id,), is_of_works=True))

    @classmethod
    def having(cls, facet: str, value: str) -> Self:
        """What has a value of a facet that has no terms."""
        known = facets.known()
        facet_id = known.values.ids.get((facet, value))
        return cls(Scope(facet_ids=(facet_id,), is_of_works=True) if facet_id else None, known)

    @property
    def total(self) -> int:
        return self._tally.total

    @cached_property
    def terms(self) -> Counter[int]:
        """How many works bear each term, or one below it."""
        return Counter({pk: count for pk, count in self._tally.counts.items() if pk > 0})

    def count_by(self, facet: str) -> Counter[str]:
        """How many works have each value of a facet that has no terms, such as "kind"."""
        return self._by_facet[facet]

    def newest(self, number: int) -> list[Record]:
        """By the date of the work; undated ones last, then by when they came to the hub."""
        if self._scope is None:
            return []
        return Record.objects.in_order(hits.newest_of_all(Question(self._scope, size=number)))

    @cached_property
    def _tally(self) -> Tally:
        return tally(self._scope, self._known.version) if self._scope else NOTHING

    @cached_property
    def _by_facet(self) -> dict[str, Counter]:
        return facets.by_facet(self._tally.counts, self._known)
