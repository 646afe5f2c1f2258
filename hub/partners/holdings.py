"""What the hub keeps about a person, as each app declares it: read by a person's own page, data
export, erasure, retention and the privacy register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from hub.registry import Registry


def _no_panel(_rows: QuerySet) -> Iterable[tuple[str, str]]:
    return ()


def _none_too_old(_rows: QuerySet) -> int:
    return 0


@dataclass(frozen=True)
class Holding:
    """``rows(email)`` are the rows kept about the person with this verified address.

    ``export(row)`` is a row as plain data; ``erase(rows)`` makes them anonymous in place, or deletes
    what serves nobody else; ``panel(rows)`` lists what their own page shows (label, address);
    ``retain(rows)`` deletes, of the rows of everybody, what is older than its purpose allows and
    answers how many. ``is_of_earlier_addresses`` says that rows under an address that the account had
    before are its doing too, as letters and invitations are, and are erased with it.
    """

    label: str
    model: type[Model]
    rows: Callable[[str], QuerySet]
    export: Callable[[Any], dict[str, Any]]
    erase: Callable[[QuerySet], None]
    panel: Callable[[QuerySet], Iterable[tuple[str, str]]] = _no_panel
    retain: Callable[[QuerySet], int] = _none_too_old
    is_of_earlier_addresses: bool = False


@dataclass(frozen=True)
class Passing:
    """What is let go of in time and is no holding by itself: ``let_go()`` answers how many rows."""

    label: str
    let_go: Callable[[], int]


holdings: Registry[Holding] = Registry("a holding of personal data")
passing: Registry[Passing] = Registry("something that is let go of in time")


def register(holding: Holding) -> None:
    """Declare what an app keeps about people; call it in ``AppConfig.ready()``."""
    holdings.register(holding)


def plain(*fields: str) -> Callable[[Model], dict[str, Any]]:
    """An ``export`` that tells these fields, each by its name for people, choices in words."""

    def export(row: Model) -> dict[str, Any]:
        told = {}
        for name in fields:
            field = row._meta.get_field(name)
            value = getattr(row, name)
            if field.many_to_many:
                value = [str(one) for one in value.all()]
            elif field.is_relation:
                value = None if value is None else str(value)
            elif field.choices:
                value = str(getattr(row, f"get_{name}_display")())
            told[str(field.verbose_name)] = value
        return told

    return export
