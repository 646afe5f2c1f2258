"""A government's own page: one page for each round with all that it does there.

It is made of parts. Each app module that has something to show registers a function that answers its
part, or ``None`` where there is nothing to say.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hub.registry import Registry
from taskforce.models import Participation, ParticipationContact


@dataclass(frozen=True)
class Part:
    """A section of the page: ``template`` is shown with ``part`` (whose ``context`` it reads), ``participation``,
    ``contact`` and ``token``. ``position`` orders them; ``anchor`` is its address on the page."""

    anchor: str
    title: str
    template: str
    position: int = 50
    context: dict[str, Any] = field(default_factory=dict)
    # Whether it is shown, too, to who has still to confirm the registration: what it does there
    # confirms the address by the way (``registering.prove``).
    is_for_new: bool = False


Source = Callable[[Participation, ParticipationContact], Part | None]
sources: Registry[Source] = Registry("a part of a government's own page")


def parts_of(participation: Participation, contact: ParticipationContact) -> list[Part]:
    """What the page of this contact shows, in order. For those who may speak, and for who is about to
    confirm the first registration of their government."""
    found = (source(participation, contact) for source in sources)
    return sorted(filter(None, found), key=lambda part: part.position)
