"""Topics, sectors and audiences as their pages show them, and what the pages of places share."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from hub.catalogue.cards import Card, card_of
from hub.catalogue.charts import YearChart, streams_by_year
from hub.catalogue.collection import Collection
from hub.catalogue.kinds import Kind, kinds
from hub.catalogue.models import Record
from hub.languages import language_name
from hub.parts import Parts
from hub.portal.coming import WhatIsOn, events_url, what_is_on
from hub.portal.models import ReadFirst
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
SHOWN_FIRST = 5
SHOWN_NEWEST = 6
SHOWN_BESIDE = 8
SHOWN_COUNTRIES = 12


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


def years_url(year: int, **choice: str) -> str:
    """The library filtered to a choice of one year."""
    return library_url(**choice, **{"from": str(year), "to": str(year)})


def term_index(scheme: str, language: str) -> list[Counted]:
    """All terms of a scheme that works name, the most named first."""
    counts = Collection().terms
    labels = labels_in(scheme, language).values()
    counted = [Counted(label, counts[label.id]) for label in labels if counts[label.id]]
    return sorted(counted, key=lambda term: -term.count)


def kind_counts(
    collection: Collection, among: Iterable[Kind] = kinds, **choice: str
) -> list[KindCount]:
    """How many works there are of each of these kinds, the largest first."""
    counts = collection.count_by("kind")
    found = [
        KindCount(kind, counts[kind.value], library_url(**choice, kind=kind.value))
        for kind in among
        if counts[kind.value]
    ]
    return sorted(found, key=lambda one: -one.count)


class TermPage(Parts):
    """What the pages of all terms share: one topic, sector, audience or place, who names it, what
    to read of it. ``labels`` are the names of one term in all languages, at least one, each with
    the term. ``PARTS`` are what the template asks for."""

    template: str
    PARTS = (
        *("tag", "label", "description", "source_url", "names", "parent", "list_label", "list_url"),
        *("total", "all_url", "kinds", "read_first", "cards", "topics", "sectors", "what_is_on"),
    )

    def __init__(self, labels: list[TermLabel], language: str) -> None:
        self.term = labels[0].term
        self.language = language
        self._names = {label.language: label for label in labels}
        self._collection = Collection.about(self.term.pk)

    @cached_property
    def shown(self) -> TermLabel:
        """The label in the reader's language, else in English."""
        names = self._names
        return names.get(self.language) or names.get("en") or next(iter(names.values()))

    @property
    def label(self) -> str:
        return self.shown.label

    @property
    def title(self) -> str:
        """The name with what tells it from others of the same name."""
        return self.label

    @property
    def description(self) -> str:
        return self.shown.description

    @property
    def tag(self) -> str:
        """What the term is, in words."""
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
        known = {"name": self.label, "description": self.description}
        return {
            "@type": SCHEMA_TYPES[self.term.place_kind],
            **{name: value for name, value in known.items() if value},
        }

    @property
    def names(self) -> list[Name]:
        """What the term is called in the other languages, once each."""
        others = [label for label in self._names.values() if label.label != self.label]
        return [
            Name(language_name(label.language, self.language), label.language, label.label)
            for label in others
        ]

    @property
    def parent(self) -> Label | None:
        return self._labels.get(self.term.parent_id)

    @property
    def total(self) -> int:
        return self._collection.total

    @property
    def all_url(self) -> str:
        return library_url(**self._choice)

    @cached_property
    def kinds(self) -> list[KindCount]:
        """How many works there are of each kind, the largest first."""
        return kind_counts(self._collection, **self._choice)

    @cached_property
    def read_first(self) -> list[Card]:
        """What the secretariat puts at the head, in its order."""
        return self._cards(self._chosen)

    @cached_property
    def cards(self) -> list[Card]:
        """The newest works, without those that stand above them to be read first."""
        chosen = {record.pk for record in self._chosen}
        newest = self._collection.newest(SHOWN_NEWEST + len(chosen))
        rest = [record for record in newest if record.pk not in chosen]
        return self._cards(rest[:SHOWN_NEWEST])

    @cached_property
    def what_is_on(self) -> WhatIsOn:
        events = Record.objects.public().happenings().about(self.term.pk)
        return what_is_on(events, events_url(**self._choice))

    @property
    def topics(self) -> list[Counted]:
        """The topics that the same works name."""
        return self._beside(Scheme.TOPIC)[:SHOWN_BESIDE]

    @property
    def sectors(self) -> list[Counted]:
        return self._beside(Scheme.SECTOR)[:SHOWN_BESIDE]

    @property
    def _choice(self) -> dict[str, str]:
        return {self.term.scheme: self.term.slug}

    @cached_property
    def _counts(self) -> Counter[int]:
        return self._collection.terms

    @cached_property
    def _chosen(self) -> list[Record]:
        chosen = ReadFirst.objects.shown_on(self.term.pk)[:SHOWN_FIRST]
        return [one.record for one in chosen]

    @cached_property
    def _labels(self) -> dict[int, Label]:
        """The labels of all terms that the page names, and of those right below its own."""
        return labels_of(self._named_ids(), self.language, below=self.term.pk)

    def _named_ids(self) -> set[int]:
        chosen = {pk for record in self._chosen for pk in record.own_term_ids}
        return {*self._counts, *chosen} | {self.term.parent_id} - {None}

    def _cards(self, records: list[Record]) -> list[Card]:
        return [card_of(record, self._labels, self.language) for record in records]

    def _beside(self, scheme: str) -> list[Counted]:
        """The terms of a scheme that the same works name, the most named first."""
        labels = [
            label
            for label in self._labels.values()
            if label.scheme == scheme and label.id != self.term.pk and self._counts[label.id]
        ]
        return self._counted(labels)

    def _counted(self, labels: list[Label]) -> list[Counted]:
        counted = [Counted(label, self._counts[label.id]) for label in labels]
        return sorted(counted, key=lambda one: (-one.count, sort_key(one.label)))


class ThemePage(TermPage):
    """A topic, sector or audience: over the years, and where."""

    template = "portal/term_detail.html"
    PARTS = (*TermPage.PARTS, "children", "chart", "places", "places_count")

    @property
    def children(self) -> list[Counted]:
        """The terms right below, those without works too."""
        labels = self._labels.values()
        return self._counted([label for label in labels if label.parent_id == self.term.pk])

    @cached_property
    def chart(self) -> YearChart | None:
        """Its works by year and stream; none where they are too few to draw."""
        records = Record.objects.public().works().about(self.term.pk)
        return streams_by_year(
            records.count_by_year_and_kind(), lambda year: years_url(year, **self._choice)
        )

    @property
    def places(self) -> list[Counted]:
        """The countries that the same works name most, each with its regions."""
        return self._places[:SHOWN_COUNTRIES]

    @property
    def places_count(self) -> int:
        """How many countries the same works name."""
        return len(self._places)

    @cached_property
    def _places(self) -> list[Counted]:
        named = self._beside(Scheme.PLACE)
        regions: dict[int, list[Counted]] = {}
        for one in named:
            if one.term.parent_id:
                regions.setdefault(one.term.parent_id, []).append(one)
        return [
            Counted(one.term, one.count, regions.get(one.term.id, []))
            for one in named
            if not one.term.parent_id
        ]
