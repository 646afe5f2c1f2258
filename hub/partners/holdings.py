"""What the hub keeps about a person, as each app declares it: read by a person's own page, data
export, erasure, retention and the privacy register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hub.registry import Registry


@dataclass(frozen=True)
class Holding:
    """``rows(email)`` are the rows kept about the person with this verified address.

    ``panel(rows)`` lists what their own page shows (label, address); ``export(row)`` is a row as
    plain data; ``erase(rows)`` makes them anonymous in place; ``retain(rows)`` deletes what is
    older than its purpose allows and answers how many.
    """

    label: str
    rows: Callable[[str], QuerySet]
    panel: Callable[[QuerySet], Iterable[tuple[str, str]]]
    export: Callable[[Any], dict[str, Any]]
    erase: Callable[[QuerySet], None]
    retain: Callable[[QuerySet], int]


holdings: Registry[Holding] = Registry("a holding of personal data")


def register(holding: Holding) -> None:
    """Declare what an app keeps about people; call it in ``AppConfig.ready()``."""
    holdings.register(holding)
