"""How a page hands what it shows to its template."""

from typing import Any, ClassVar


class Parts:
    """A page whose template asks for ``PARTS``: attributes by name, worked out when asked for."""

    PARTS: ClassVar[tuple[str, ...]] = ()

    def context(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.PARTS}
