"""Which of all records a list is about."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Records of these kinds, or of all. The name tells scopes apart in what is kept."""

    name: str
    kinds: tuple[str, ...] = ()

    def sql(self) -> tuple[str, dict[str, object]]:
        """What a public record of this scope meets, for the alias ``record``."""
        public = "record.published_at <= statement_timestamp() AND record.withdrawn_at IS NULL"
        if not self.kinds:
            return public, {}
        return f"{public} AND record.kind = ANY(%(kinds)s)", {"kinds": list(self.kinds)}


EVERYTHING = Scope("everything")
