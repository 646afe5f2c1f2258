"""What is on: records of things at a time, as the pages of the hub show them.

A record knows the moments alone. How they are told, and where it is, says the app that they come from.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from hub.catalogue.highlights import PageHit
from hub.catalogue.kinds import Kind
from hub.catalogue.models import Record, RecordQuerySet
from hub.registry import Registry


@dataclass(frozen=True)
class Happening:
    """Something at a time. ``days`` and ``month`` stand in a block beside the title, ``when`` tells
    the time in full with its zone; ``state`` says that it does not take place as announced."""

    url: str
    title: str
    lang: str
    kind: Kind
    days: str
    month: str
    when: SafeString
    place: str = ""
    mode: str = ""
    mode_label: str | Promise = ""
    state: str | Promise = ""
    summary: str = ""
    summary_lang: str = ""
    is_example: bool = False
    # Where in its transcript the words of a search are.
    said: PageHit | None = None


# Each answers what it knows of these refs, by ref.
describers: Registry[Callable[[list[str]], dict[str, Happening]]] = Registry(
    "a describer of what is on"
)
SHOWN = 4


def events_url(**choice: str) -> str:
    """The list of events, filtered to a choice: ``events_url(topic="finance")``."""
    query = urlencode(choice)
    return reverse("events:event_list") + (f"?{query}" if query else "")


@dataclass(frozen=True)
class WhatIsOn:
    """What comes next, and where that is little what was last."""

    coming: list[Happening]
    past: list[Happening]
    url: str

    def __bool__(self) -> bool:
        return bool(self.coming or self.past)


def what_is_on(records: RecordQuerySet, url: str, shown: int = SHOWN) -> WhatIsOn:
    """What of these records comes, the next first; the rest of the ``shown`` are those that were.
    ``url`` is where all of them are."""
    found = list(records.nearest_in_time().shown()[:shown])
    known = described(found)
    told = [(record.is_over, known[record.ref]) for record in found if record.ref in known]
    return WhatIsOn(
        [one for is_over, one in told if not is_over],
        [one for is_over, one in told if is_over],
        url,
    )


def described(records: Iterable[Record]) -> dict[str, Happening]:
    """What there is to say of these records, by ref."""
    refs = [record.ref for record in records]
    known: dict[str, Happening] = {}
    for describe in describers if refs else ():
        known |= describe(refs)
    return known
