"""What the home page shows. Each part is empty while there is nothing for it."""

from collections import Counter
from dataclasses import dataclass
from itertools import chain

from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode

from hub.catalogue.cards import Card, card_of
from hub.catalogue.collection import Collection
from hub.catalogue.kinds import Stream, kinds_in
from hub.catalogue.models import Record
from hub.partners.models import Organisation
from hub.parts import Parts
from hub.portal.coming import WhatIsOn, events_url, what_is_on
from hub.portal.maps.drawing import Drawing, world_map
from hub.portal.places import countries_among
from hub.portal.terms import Counted, KindCount, kind_counts, library_url, years_url
from hub.vocabulary.labels import Label, labels_in
from hub.vocabulary.models import Scheme, TermLabel

SHOWN_FEATURED = 5
SHOWN_NEWEST = 8
SHOWN_TOPICS = 12
SHOWN_YEARS = 5
HINT_LANGUAGES = ("en", "es", "id", "vi")
PIXELS_PER_WORK = 1.36
THINNEST_LAYER = 48
THICKEST_LAYER = 160


@dataclass(frozen=True)
class YearCount:
    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Layer:
    """A stream of the library in the drawing of the ground. A stream of one kind names the years
    instead."""

    stream: Stream
    count: int
    height: int
    kinds: list[KindCount]
    years: list[YearCount]

    @property
    def earlier(self) -> int:
        """How many works of the layer are older than the years it names, or undated."""
        return self.count - sum(year.count for year in self.years) if self.years else 0

    @property
    def label(self) -> str | Promise:
        return self.stream.label

    @property
    def url(self) -> str:
        return library_url(kind=[kind.value for kind in kinds_in(self.stream)])


@dataclass(frozen=True)
class Hint:
    """Words to try in the search field."""

    label: str
    url: str
    lang: str


@dataclass(frozen=True)
class Stats:
    works: int
    languages: int
    regions: int


class Front(Parts):
    """The home page for a reader of ``language``; ``PARTS`` are what its template asks for."""

    PARTS = (
        *("stats", "strata", "featured", "newest"),
        *("topics", "world", "places", "partners", "hints", "what_is_on"),
    )

    def __init__(self, language: str) -> None:
        self.language = language
        self._collection = Collection()

    @cached_property
    def stats(self) -> Stats:
        places = self._places.values()
        regions = [label for label in places if label.parent_id and self._counts[label.id]]
        return Stats(
            self._collection.total, len(self._collection.count_by("language")), len(regions)
        )

    @cached_property
    def strata(self) -> list[Layer]:
        """The streams from the surface down, their heights true to the number of works."""
        layers = [(stream, self._kinds_of(stream)) for stream in Stream]
        totals = {stream: sum(kind.count for kind in counted) for stream, counted in layers}
        scale = min(PIXELS_PER_WORK, THICKEST_LAYER / max(1, *totals.values()))
        return [
            Layer(
                stream,
                totals[stream],
                max(THINNEST_LAYER, round(totals[stream] * scale)),
                counted,
                self._years_of(counted[0]) if len(counted) == 1 else [],
            )
            for stream, counted in layers
            if counted
        ]

    @cached_property
    def featured(self) -> list[Card]:
        return self._cards(self._featured)

    @cached_property
    def newest(self) -> list[Card]:
        return self._cards(self._newest)

    @cached_property
    def topics(self) -> list[Counted]:
        """The topics that most works name."""
        topics = [label for label in self._topics.values() if self._counts[label.id]]
        counted = [Counted(label, self._counts[label.id]) for label in topics]
        return sorted(counted, key=lambda one: -one.count)[:SHOWN_TOPICS]

    @cached_property
    def world(self) -> Drawing:
        """The map of all countries and regions."""
        return world_map(self._countries)

    @property
    def places(self) -> list[Counted]:
        """The focus countries with their regions, by name."""
        return [country for country in self._countries if country.is_focus]

    @cached_property
    def hints(self) -> list[Hint]:
        """What one could look for: the leading topics, each in another language, to show that any
        of them will do."""
        by_language = zip([topic.term.id for topic in self.topics], HINT_LANGUAGES, strict=False)
        wanted = {(pk, language) for pk, language in by_language}
        labels = TermLabel.objects.filter(
            term_id__in=[pk for pk, _ in wanted], language__in=HINT_LANGUAGES
        )
        return [
            Hint(
                label.label,
                f"{reverse('portal:search')}?{urlencode({'q': label.label})}",
                label.language,
            )
            for label in labels
            if (label.term_id, label.language) in wanted
        ]

    @cached_property
    def what_is_on(self) -> WhatIsOn:
        return what_is_on(Record.objects.public().happenings(), events_url())

    @cached_property
    def partners(self) -> list[Organisation]:
        return list(Organisation.objects.public().implementing())

    @cached_property
    def _counts(self) -> Counter[int]:
        return self._collection.terms

    @cached_property
    def _topics(self) -> dict[int, Label]:
        return labels_in(Scheme.TOPIC, self.language)

    @cached_property
    def _places(self) -> dict[int, Label]:
        return labels_in(Scheme.PLACE, self.language)

    @cached_property
    def _countries(self) -> list[Counted]:
        return countries_among(self._places.values(), self._counts)

    @cached_property
    def _featured(self) -> list[Record]:
        featured = Record.objects.public().filter(is_featured=True)
        return list(featured.newest().shown()[:SHOWN_FEATURED])

    @cached_property
    def _newest(self) -> list[Record]:
        """Without those that stand beside them as read first."""
        chosen = {record.pk for record in self._featured}
        newest = self._collection.newest(SHOWN_NEWEST + SHOWN_FEATURED)
        return [record for record in newest if record.pk not in chosen][:SHOWN_NEWEST]

    def _cards(self, records: list[Record]) -> list[Card]:
        labels = dict(chain(self._topics.items(), self._places.items()))
        return [card_of(record, labels, self.language) for record in records]

    def _kinds_of(self, stream: Stream) -> list[KindCount]:
        return kind_counts(self._collection, kinds_in(stream))

    def _years_of(self, one: KindCount) -> list[YearCount]:
        """How many works of a kind are from each of the last years."""
        counts = Collection.having("kind", one.kind.value).count_by("year")
        return [
            YearCount(year, counts[year], years_url(int(year), kind=one.kind.value))
            for year in sorted(counts, reverse=True)[:SHOWN_YEARS]
        ]
