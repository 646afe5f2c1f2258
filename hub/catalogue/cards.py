"""Records as pages show them: in the reader's language, with the names of their terms."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import cached_property

from hub.catalogue.highlights import PageHit, Sought, Text, marked, pages
from hub.catalogue.kinds import Kind, kind_of
from hub.catalogue.models import Record
from hub.catalogue.sources import Picture
from hub.languages import autonym
from hub.vocabulary.labels import Label, labels_of


@dataclass(frozen=True)
class Language:
    code: str
    name: str


@dataclass(frozen=True)
class Dated:
    """The date of a work as exactly as it is known: "30 April 2023", "April 2023" or "2023"."""

    iso: str
    text: str

    @classmethod
    def of(cls, day: date | None, precision: str) -> "Dated | None":
        if day is None:
            return None
        if precision == "year":
            return cls(f"{day:%Y}", f"{day:%Y}")
        if precision == "month":
            return cls(f"{day:%Y-%m}", date_format(day, "F Y"))
        return cls(day.isoformat(), date_format(day, "j F Y"))


@dataclass(frozen=True)
class Card:
    """One record for one reader. Titles stay in the language of the work; summaries follow in the
    reader's. ``labels`` are those of the record's own terms."""

    record: Record
    language: str
    labels: tuple[Label, ...]
    # Where the words of a search are in it, if it was searched for.
    found_title: str = ""
    found_summary: str = ""
    page_hit: PageHit | None = None

    @property
    def url(self) -> str:
        return self.record.path

    @property
    def kind(self) -> Kind:
        return kind_of(self.record.kind)

    @cached_property
    def title_lang(self) -> str:
        titled = [code for code in self.record.languages if self._text(code).get("title")]
        others = [code for code in self.record.texts if self._text(code).get("title")]
        return next(iter([*titled, *others]), self.language)

    @property
    def title(self) -> str:
        return self._text(self.title_lang).get("title", "")

    @cached_property
    def summary_lang(self) -> str:
        order = (self.language, "en", *self.record.languages, *self.record.texts)
        return next((code for code in order if self._text(code).get("summary")), self.language)

    @property
    def summary(self) -> str:
        return self._text(self.summary_lang).get("summary", "")

    @property
    def publishers(self) -> list[str]:
        return self.record.publisher_names

    @property
    def dated(self) -> Dated | None:
        return Dated.of(self.record.issued_on, self.record.issued_precision)

    @property
    def languages(self) -> list[Language]:
        return [Language(code, autonym(code)) for code in self.record.languages]

    @property
    def places(self) -> list[Label]:
        """The places of the work; a country is left out where a region of it is named."""
        places = self._labels_in("place")
        above = {place.parent_id for place in places}
        return [place for place in places if place.id not in above]

    @property
    def topics(self) -> list[Label]:
        return self._labels_in("topic")

    @property
    def picture(self) -> Picture | None:
        """The picture of the work, if it has one whose time has come."""
        picture = Picture.from_json(self.record.picture) if self.record.picture else None
        return picture if picture and picture.is_out else None

    @property
    def is_featured(self) -> bool:
        return self.record.is_featured

    @property
    def shown_title(self) -> str:
        """The title, with marks around what was found in it."""
        return self.found_title or self.title

    @property
    def shown_summary(self) -> str:
        return self.found_summary or self.summary

    def _labels_in(self, scheme: str) -> list[Label]:
        return [label for label in self.labels if label.scheme == scheme]

    def _text(self, language: str) -> dict[str, str]:
        return self.record.texts.get(language, {})


def cards_for(records: Iterable[Record], language: str) -> list[Card]:
    """Cards for these records, with one query for the names of all their terms."""
    records = list(records)
    labels = labels_of({pk for record in records for pk in record.own_term_ids}, language)
    return [card_of(record, labels, language) for record in records]


def card_of(record: Record, labels: dict[int, Label], language: str) -> Card:
    """A card with labels fetched before, for pages that show several lists."""
    own = tuple(labels[pk] for pk in record.own_term_ids if pk in labels)
    return Card(record, language, own)


def with_what_was_found(cards: list[Card], sought: Sought) -> list[Card]:
    """The cards with the words marked in them, and the page of a file that has them."""
    texts = [Text(card.title_lang, card.title) for card in cards]
    texts += [Text(card.summary_lang, card.summary) for card in cards]
    shown = marked(texts, sought)
    found = pages([card.record.pk for card in cards], sought)
    return [
        replace(card, found_title=title, found_summary=summary, page_hit=found.get(card.record.pk))
        for card, title, summary in zip(
            cards, shown[: len(cards)], shown[len(cards) :], strict=True
        )
    ]
