"""Topics, sectors and places as their pages show them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from hub.catalogue.cards import Card, cards_for
from hub.catalogue.kinds import Kind, kinds
from hub.catalogue.models import Record, RecordQuerySet
from hub.languages import language_name
from hub.partners.models import Organisation
from hub.slugs import sort_key
from hub.vocabulary.labels import Label, labels_in, labels_of
from hub.vocabulary.models import Scheme, Term, TermLabel

LISTS = {
    Scheme.TOPIC: _("Topics"),
    Scheme.SECTOR: _("Sectors"),
    Scheme.PLACE: _("Places"),
    Scheme.AUDIENCE: _("Audiences"),
}
SCHEMA_TYPES = {
    "": "DefinedTerm",
    Term.PlaceKind.COUNTRY: "Country",
    Term.PlaceKind.COAL: "Place",
    Term.PlaceKind.INDUSTRIAL: "Place",
    Term.PlaceKind.SUBNATIONAL: "AdministrativeArea",
}
SHOWN_CARDS = 12
SHOWN_BESIDE = 8


@dataclass(frozen=True)
class Counted:
    """A term with the number of works that name it."""

    term: Label
    count: int
    children: list["Counted"] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.term.label

    @property
    def lang(self) -> str:
        return self.term.language

    @property
    def description(self) -> str:
        return self.term.description

    @property
    def url(self) -> str:
        return self.term.url

    @property
    def is_focus(self) -> bool:
        return self.term.is_focus

    @property
    def regions_count(self) -> int:
        return len(self.children)


@dataclass(frozen=True)
class KindCount:
    kind: Kind
    count: int
    url: str


@dataclass(frozen=True)
class Name:
    """What a term is called in another language."""

    language: str
    lang: str
    label: str


def library_url(**choice: str | list[str]) -> str:
    """The library filtered to a choice: ``library_url(topic="finance", kind=["tool", "guide"])``."""
    return f"{reverse('knowledge:resource_list')}?{urlencode(choice, doseq=True)}"


def term_index(scheme: str, language: str) -> list[Counted]:
    """All terms of a scheme that works name, the most named first."""
    counts = Record.objects.public().count_by_term()
    labels = labels_in(scheme, language).values()
    counted = [Counted(label, counts[label.id]) for label in labels if counts[label.id]]
    return sorted(counted, key=lambda term: -term.count)


def country_index(language: str) -> list[Counted]:
    """All countries by name, each with its regions; those without works too."""
    counts = Record.objects.public().count_by_term()
    labels = labels_in(Scheme.PLACE, language).values()
    regions: dict[int, list[Counted]] = {}
    for label in labels:
        if label.parent_id:
            regions.setdefault(label.parent_id, []).append(Counted(label, counts[label.id]))
    return [
        Counted(label, counts[label.id], regions.get(label.id, []))
        for label in labels
        if not label.parent_id
    ]


def kind_counts(records: RecordQuerySet, **choice: str) -> list[KindCount]:
    """How many of ``records`` there are of each kind, the largest first."""
    counts = records.count_by_kind()
    found = [
        KindCount(kind, counts[kind.value], library_url(**choice, kind=kind.value))
        for kind in kinds
        if counts[kind.value]
    ]
    return sorted(found, key=lambda one: -one.count)


def subject_of(term: Term, label: str, description: str) -> dict[str, Any]:
    """A term in the words of schema.org: a place with its point, anything else a defined term."""
    subject: dict[str, Any] = {"@type": SCHEMA_TYPES[term.place_kind]}
    subject["name"] = label
    if description:
        subject["description"] = description
    if term.latitude is not None:
        point = {"latitude": term.latitude, "longitude": term.longitude}
        subject["geo"] = {"@type": "GeoCoordinates", **point}
    return subject


class TermPage:
    """One topic, sector or place: who names it, since when, what is read beside it. ``term`` comes
    with its labels. ``PARTS`` are what its templates ask for."""

    PARTS = (
        *("term", "label", "description", "names", "parent", "children", "kinds", "cards"),
        *(
            "scheme_label",
            "list_label",
            "list_url",
            "total",
            "all_url",
            "places",
            "topics",
            "sectors",
            "organisations",
            "source_url",
        ),
    )

    def __init__(self, term: Term, language: str) -> None:
        self.term = term
        self.language = language
        self._records = Record.objects.public().about(term.pk)

    @cached_property
    def shown(self) -> TermLabel:
        """The label in the reader's language, else in English."""
        labels = {label.language: label for label in self.term.labels.all()}
        return labels.get(self.language) or labels.get("en") or next(iter(labels.values()))

    @property
    def label(self) -> str:
        return self.shown.label

    @property
    def description(self) -> str:
        return self.shown.description

    @property
    def scheme_label(self) -> str:
        return str(Scheme(self.term.scheme).label)

    @property
    def list_label(self) -> str:
        return str(LISTS[self.term.scheme])

    @property
    def list_url(self) -> str:
        return reverse(f"portal:{self.term.scheme}_list")

    @property
    def source_url(self) -> str:
        return self.term.source_url

    @property
    def subject(self) -> dict[str, Any]:
        """The term in the words of schema.org."""
        return subject_of(self.term, self.label, self.description)

    @property
    def names(self) -> list[Name]:
        """What the term is called in the other languages, once each."""
        others = [label for label in self.term.labels.all() if label.label != self.label]
        return [
            Name(language_name(label.language, self.language), label.language, label.label)
            for label in others
        ]

    @cached_property
    def _counts(self) -> Counter[int]:
        return self._records.count_by_term()

    @property
    def total(self) -> int:
        return self._counts[self.term.pk]

    @cached_property
    def cards(self) -> list[Card]:
        return cards_for(self._records.newest().defer("vector")[:SHOWN_CARDS], self.language)

    @cached_property
    def kinds(self) -> list[KindCount]:
        return kind_counts(self._records, **self._choice)

    @property
    def all_url(self) -> str:
        return library_url(**self._choice)

    @property
    def _choice(self) -> dict[str, str]:
        return {self.term.scheme: self.term.slug}

    @cached_property
    def _labels(self) -> dict[int, Label]:
        below = self.term.children.values_list("pk", flat=True)
        above = [self.term.parent_id] if self.term.parent_id else []
        return labels_of({*self._counts, *below, *above}, self.language)

    @property
    def parent(self) -> Label | None:
        return self._labels.get(self.term.parent_id)

    @property
    def children(self) -> list[Counted]:
        """The terms right below, those without works too."""
        below = [label for label in self._labels.values() if label.parent_id == self.term.pk]
        return self._counted(below, limit=len(below))

    @property
    def places(self) -> list[Counted]:
        """The countries that the same works name."""
        return self._beside(Scheme.PLACE)

    @property
    def topics(self) -> list[Counted]:
        return self._beside(Scheme.TOPIC)

    @property
    def sectors(self) -> list[Counted]:
        return self._beside(Scheme.SECTOR)

    @cached_property
    def organisations(self) -> list[Organisation]:
        """Those seated in the place or in a region of it."""
        places = [self.term.pk, *(child.term.id for child in self.children)]
        return list(Organisation.objects.public().filter(place_id__in=places))

    def _beside(self, scheme: str) -> list[Counted]:
        labels = [
            label
            for label in self._labels.values()
            if label.scheme == scheme
            and label.id not in (self.term.pk, self.term.parent_id)
            and not (scheme == Scheme.PLACE and label.parent_id)
        ]
        return self._counted(labels, limit=SHOWN_BESIDE)

    def _counted(self, labels: list[Label], limit: int) -> list[Counted]:
        counted = [Counted(label, self._counts[label.id]) for label in labels]
        return sorted(counted, key=lambda one: (-one.count, sort_key(one.label)))[:limit]
