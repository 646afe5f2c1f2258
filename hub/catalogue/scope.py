"""Which of all records a list is about."""

from dataclasses import dataclass
from datetime import datetime

from hub.catalogue.kinds import no_works


@dataclass(frozen=True)
class Scope:
    """Records of these kinds, or of all, that have all of these values of facets; of works alone if
    one says so, and of what became public after one moment and no later than another."""

    kinds: tuple[str, ...] = ()
    facet_ids: tuple[int, ...] = ()
    is_of_works: bool = False
    came_between: tuple[datetime, datetime] | None = None

    def sql(self) -> tuple[str, dict[str, object]]:
        """What a public record of this scope meets, for the alias ``record``."""
        met = "record.published_at <= statement_timestamp() AND record.withdrawn_at IS NULL"
        parameters: dict[str, object] = {}
        if self.kinds:
            met += " AND record.kind = ANY(%(kinds)s)"
            parameters["kinds"] = list(self.kinds)
        if self.is_of_works:
            met += " AND record.kind <> ALL(%(no_works)s)"
            parameters["no_works"] = no_works()
        if self.facet_ids:
            met += " AND record.facet_ids @> %(all_of)s::int[]"
            parameters["all_of"] = list(self.facet_ids)
        if self.came_between:
            met += " AND record.published_at > %(after)s AND record.published_at <= %(until)s"
            parameters["after"], parameters["until"] = self.came_between
        return met, parameters


EVERYTHING = Scope()
WORKS = Scope(is_of_works=True)
