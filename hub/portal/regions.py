"""Countries and regions as their pages show them: what is written on them, and who is at work."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.catalogue.collection import Collection
from hub.catalogue.models import Record
from hub.links import absolute
from hub.partners.models import Organisation, Person
from hub.portal.likeness import Likeness, regions_like
from hub.portal.maps.drawing import Drawing, country_map
from hub.portal.terms import Counted, TermPage
from hub.vocabulary.labels import Label, labels_of
from hub.vocabulary.models import Term, TermLabel

KINDS = {
    Term.PlaceKind.COAL: gettext_lazy("Coal region"),
    Term.PlaceKind.INDUSTRIAL: gettext_lazy("Industrial region"),
    Term.PlaceKind.SUBNATIONAL: gettext_lazy("State or region"),
}
KINDS_IN = {
    Term.PlaceKind.COAL: gettext_lazy("Coal region in %(country)s"),
    Term.PlaceKind.INDUSTRIAL: gettext_lazy("Industrial region in %(country)s"),
    Term.PlaceKind.SUBNATIONAL: gettext_lazy("State or region in %(country)s"),
}
GOVERNMENTS = (Organisation.Kind.GOVERNMENT, Organisation.Kind.REGIONAL_GOVERNMENT)
SHOWN_ORGANISATIONS = 8
SHOWN_PEOPLE = 12
SHOWN_AUTHORS = 8
MOST_PUBLISHERS = 60  # whom we look up; those who published less on the place come after them


@dataclass(frozen=True)
class AtWork:
    """An organisation that sits in the place, or has published on it ``count`` works."""

    organisation: Organisation
    count: int
    is_seated: bool

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """Governments of the place first, then who has published most on it."""
        governs = self.is_seated and self.organisation.kind in GOVERNMENTS
        return (not governs, -self.count, not self.is_seated)


@dataclass(frozen=True)
class Figures:
    """What there is on a place, in numbers."""

    works: int
    languages: int
    organisations: int


@dataclass(frozen=True)
class Like:
    """A region like the one that the page is about, and what makes it so."""

    region: Counted
    country: Label | None
    shared: list[Label]
    is_curated: bool


class PlacePage(TermPage):
    """What the pages of countries and regions share."""

    PARTS = (*TermPage.PARTS, "map", "figures", "organisations", "people", "authors")

    @cached_property
    def organisations(self) -> list[AtWork]:
        """Those seated in the place, or in a region of it, and those who published on it."""
        published = self._collection.count_by("publisher")
        keys = [key for key, _count in published.most_common(MOST_PUBLISHERS)]
        known = Organisation.objects.public()
        found = known.filter(Q(place_id__in=self._within) | Q(slug__in=keys))
        at_work = [AtWork(one, published[one.slug], one.place_id in self._within) for one in found]
        return sorted(at_work, key=lambda one: one.rank)

    @cached_property
    def people(self) -> list[Person]:
        """Those who agreed to be listed, and work for an organisation of the place or know it."""
        listed = Person.objects.public().select_related("organisation")
        here = Q(organisation__place_id__in=self._within) | Q(expertise__in=self._within)
        return list(listed.filter(here).distinct()[:SHOWN_PEOPLE])

    @property
    def authors(self) -> list[str]:
        """Who wrote most on the place."""
        counts = Record.objects.public().works().about(self.term.pk).count_by_author()
        return [name for name, _count in counts.most_common(SHOWN_AUTHORS)]

    @property
    def figures(self) -> Figures:
        languages = self._collection.count_by("language")
        return Figures(self.total, len(languages), len(self.organisations))

    @property
    def subject(self) -> dict[str, Any]:
        """The place in the words of schema.org, with its point on the map."""
        term, subject = self.term, super().subject
        if term.latitude is not None:
            point = {"latitude": term.latitude, "longitude": term.longitude}
            subject["geo"] = {"@type": "GeoCoordinates", **point}
        return subject

    @property
    def _within(self) -> list[int]:
        """The place and those right below it."""
        below = (label.id for label in self._labels.values() if label.parent_id == self.term.pk)
        return [self.term.pk, *below]

    @property
    def _country_id(self) -> int:
        return self.term.parent_id or self.term.pk

    @cached_property
    def _labels(self) -> dict[int, Label]:
        """Those of the regions of the same country too, for the map."""
        return labels_of(self._named_ids(), self.language, below=self._country_id)

    def _regions(self, counts: Counter[int]) -> list[Counted]:
        """The regions of the country, the most named first; those without works too."""
        labels = self._labels.values()
        below = [label for label in labels if label.parent_id == self._country_id]
        counted = [Counted(label, counts[label.id]) for label in below]
        return sorted(counted, key=lambda one: -one.count)

    def _map(self, counts: Counter[int]) -> Drawing | None:
        country = self._labels.get(self._country_id)
        if country is None:
            return None
        counted = Counted(country, counts[country.id], self._regions(counts))
        return country_map(counted, self.language, here=self.term.pk)


class CountryPage(PlacePage):
    """A country, which gathers its regions."""

    template = "portal/country_detail.html"
    PARTS = (*PlacePage.PARTS, "regions")

    @property
    def tag(self) -> str:
        return _("Focus country") if self.term.is_focus else _("Country")

    @cached_property
    def regions(self) -> list[Counted]:
        return self._regions(self._counts)

    @cached_property
    def map(self) -> Drawing | None:
        return self._map(self._counts)

    def _named_ids(self) -> set[int]:
        return {*super()._named_ids(), self.term.pk}


class RegionPage(PlacePage):
    """A region, with others like it."""

    template = "portal/region_detail.html"
    PARTS = (*PlacePage.PARTS, "likes")

    @property
    def title(self) -> str:
        if self.parent is None:
            return self.label
        names = {"region": self.label, "country": self.parent.label}
        return _("%(region)s, %(country)s") % names

    @property
    def tag(self) -> str:
        kind = self.term.place_kind
        if self.parent is None:
            return str(KINDS[kind])
        return str(KINDS_IN[kind]) % {"country": self.parent.label}

    @property
    def subject(self) -> dict[str, Any]:
        country = self.parent
        if country is None:
            return super().subject
        within = {"@type": "Country", "name": country.label, "url": absolute(country.url)}
        return {**super().subject, "containedInPlace": within}

    @cached_property
    def likes(self) -> list[Like]:
        """The regions that are most like this one."""
        labels = self._labels
        return [
            Like(
                Counted(labels[one.region_id], one.works),
                labels.get(one.country_id),
                [labels[pk] for pk in one.shared_ids if pk in labels],
                one.is_curated,
            )
            for one in self._likenesses
            if one.region_id in labels
        ]

    @cached_property
    def map(self) -> Drawing | None:
        return self._map(Collection.about(self._country_id).terms)

    @cached_property
    def _likenesses(self) -> list[Likeness]:
        return regions_like(self.term)

    def _named_ids(self) -> set[int]:
        """The terms that a likeness shares are named by works on this region, so they are known."""
        alike = {pk for one in self._likenesses for pk in (one.region_id, one.country_id)}
        return super()._named_ids() | alike


def page_of_place(labels: list[TermLabel], language: str) -> PlacePage:
    """The page of a country or of a region, whichever ``labels`` name."""
    is_country = labels[0].term.place_kind == Term.PlaceKind.COUNTRY
    return (CountryPage if is_country else RegionPage)(labels, language)
