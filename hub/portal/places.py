"""Places: countries with their regions, by part of the world, in a list and on maps."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.catalogue.collection import Collection
from hub.parts import Parts
from hub.portal.maps import atlas
from hub.portal.maps.drawing import Drawing, part_map, world_map
from hub.portal.terms import Counted
from hub.slugs import sort_key
from hub.vocabulary.labels import Label, labels_in
from hub.vocabulary.models import Scheme

PARTS_OF_THE_WORLD = {
    "africa": _("Africa"),
    "asia": _("Asia"),
    "europe": _("Europe"),
    "latin-america": _("Latin America"),
    "north-america": _("North America"),
    "oceania": _("Oceania"),
}
ELSEWHERE = _("Elsewhere")


@dataclass(frozen=True)
class Part:
    """A part of the world with the countries that the hub knows there."""

    name: str
    label: str | Promise
    countries: list[Counted]
    map: Drawing | None

    @property
    def regions_count(self) -> int:
        return sum(country.regions_count for country in self.countries)


class PlaceIndex(Parts):
    """All places for a reader of ``language``; ``PARTS`` are what its template asks for."""

    PARTS = ("countries", "world", "parts", "regions_count", "settled_count")

    def __init__(self, language: str) -> None:
        counts = Collection().terms
        self.countries = countries_among(labels_in(Scheme.PLACE, language).values(), counts)

    @property
    def regions_count(self) -> int:
        return sum(country.regions_count for country in self.countries)

    @property
    def settled_count(self) -> int:
        """How many countries have regions here."""
        return sum(bool(country.regions_count) for country in self.countries)

    @property
    def world(self) -> Drawing:
        return world_map(self.countries)

    @property
    def parts(self) -> list[Part]:
        """By name; what is in no part of the world comes last."""
        by_part: dict[str, list[Counted]] = {}
        for country in self.countries:
            by_part.setdefault(atlas.part_of(country.term.code), []).append(country)
        names = sorted(
            by_part, key=lambda name: (not name, sort_key(str(PARTS_OF_THE_WORLD.get(name, ""))))
        )
        labels = {name: PARTS_OF_THE_WORLD.get(name, ELSEWHERE) for name in names}
        return [
            Part(name, label, by_part[name], part_map(name, str(label), by_part[name]))
            for name, label in labels.items()
        ]


def countries_among(labels: Iterable[Label], counts: dict[int, int]) -> list[Counted]:
    """Countries with all places below them, both in the order of ``labels``; those without works
    too. ``labels`` are all places, ``counts`` how many works name each."""
    labels = {label.id: label for label in labels}
    below: dict[int, list[Counted]] = {}
    for label in labels.values():
        top = label
        while top.parent_id in labels:
            top = labels[top.parent_id]
        if top is not label:
            below.setdefault(top.id, []).append(Counted(label, counts.get(label.id, 0)))
    return [
        Counted(label, counts.get(label.id, 0), below.get(label.id, []))
        for label in labels.values()
        if label.parent_id not in labels
    ]
