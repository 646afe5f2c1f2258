"""A reading list as its own page shows it, and as a file that other programs read."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import IO

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from hub import tables
from hub.catalogue.cards import Card, cards_for
from hub.catalogue.filters import SORTS, RecordFilter
from hub.catalogue.listing import Chip, Listing
from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.links import absolute
from hub.meta import Crumb, Meta
from hub.parts import Parts
from hub.vocabulary.labels import Label
from knowledge import citing, taking_out
from knowledge.kinds import LIBRARY
from knowledge.listed import RESOURCE, Entry, entries_of
from knowledge.models import Collection, Resource

SUMMARY_LENGTH = 240
# What the desk keeps for itself stays there.
DESK_ONLY = {"status", "owner", "co_owners", "review_by", "changed_at"}
COLUMNS = ("position", "note", *(one for one in taking_out.COLUMNS if one not in DESK_ONLY))


@dataclass(frozen=True)
class Pick:
    """A work of the list: its card, and what is said of it here."""

    card: Card
    note: str

    @property
    def summary(self) -> str:
        return Truncator(self.card.summary).chars(SUMMARY_LENGTH, "…")


@dataclass(frozen=True)
class Search:
    """The query of a list in words: what it asks for, its order, and where it leads in the library."""

    chips: list[Chip]
    sort: str | Promise
    url: str


class CollectionPage(Parts):
    """What the page of ``collection`` shows to a reader of ``language``."""

    PARTS = (
        *("title", "title_lang", "intro", "intro_lang", "picks", "topics", "places", "search"),
        *("owner_name", "owner_url", "exports", "feed_url", "list_lang"),
    )

    def __init__(self, collection: Collection, record: Record, language: str) -> None:
        self.collection, self.language = collection, language
        [self._card] = cards_for([record], language)
        self._texts = {text.language: text for text in collection.texts.all()}

    @property
    def title(self) -> str:
        """In the reader's language, if the list has a title in it."""
        own = self._texts.get(self.language)
        return own.title if own else self._card.title

    @property
    def title_lang(self) -> str:
        return self.language if self.language in self._texts else self._card.title_lang

    @property
    def intro(self) -> str:
        return self._card.summary

    @property
    def intro_lang(self) -> str:
        return self._card.summary_lang

    @property
    def list_lang(self) -> str:
        """The language of the notes."""
        return self.collection.language

    @cached_property
    def entries(self) -> list[Entry]:
        return entries_of(self.collection)

    @cached_property
    def picks(self) -> list[Pick]:
        cards = cards_for([entry.record for entry in self.entries], self.language)
        return [Pick(card, entry.note) for card, entry in zip(cards, self.entries, strict=True)]

    @property
    def topics(self) -> list[Label]:
        return self._card.topics

    @property
    def places(self) -> list[Label]:
        return self._card.places

    @cached_property
    def search(self) -> Search | None:
        return search_of(self.collection)

    @property
    def owner_name(self) -> str:
        return self.collection.owner.name

    @property
    def owner_url(self) -> str:
        owner = self.collection.owner
        return owner.get_absolute_url() if owner.has_page else ""

    @property
    def exports(self) -> list[tuple[str, str | Promise]]:
        """Where the files are, and what they are called."""
        slug = self.collection.slug
        return [
            (reverse("knowledge:collection_export", args=[slug, ending]), label)
            for ending, label in EXPORTS.items()
        ]

    @property
    def feed_url(self) -> str:
        return reverse("knowledge:collection_feed", args=[self.collection.slug])

    def meta(self, path: str) -> Meta:
        elements = [
            {"@type": "ListItem", "position": number, "url": absolute(pick.card.url)}
            for number, pick in enumerate(self.picks, 1)
        ]
        subject = {
            "@type": "ItemList",
            "name": self.title,
            "numberOfItems": len(elements),
            "itemListElement": elements,
        }
        return Meta(self.title, path, self.intro, crumbs(), subject, kind="CollectionPage")


def crumbs() -> tuple[Crumb, ...]:
    """The pages above every reading list."""
    return (Crumb(_("Reading lists"), reverse("knowledge:collection_list")),)


def search_of(collection: Collection) -> Search | None:
    """The query of the list in words; ``None`` for a list without one."""
    if not collection.query:
        return None
    filters = RecordFilter(QueryDict(collection.query))
    listing = Listing(filters, reverse("knowledge:resource_list"), LIBRARY)
    return Search(listing.chips, SORTS[filters.sort], listing.url())


# The files

EXPORTS = {
    "csv": taking_out.FORMATS["csv"].label,
    "ris": taking_out.FORMATS["ris"].label,
    "bib": taking_out.FORMATS["bibtex"].label,
    "json": taking_out.FORMATS["csl"].label,
}
WRITERS = {"ris": citing.as_ris, "bib": citing.as_bibtex, "json": citing.as_csl_json}
MIME_TYPES = {form.ending: form.mime_type for form in taking_out.FORMATS.values()}


def exported(collection: Collection, ending: str) -> IO[bytes]:
    """All works of the list in its order, with the notes, as a file of ``EXPORTS``."""
    works = _works_of(collection)
    if ending == "csv":
        return tables.as_csv(COLUMNS, _rows(works))
    notes = {resource.pk: note for resource, note in works}
    return BytesIO(WRITERS[ending]([resource for resource, _note in works], notes).encode())


def _works_of(collection: Collection) -> list[tuple[Resource, str]]:
    entries = entries_of(collection)
    keys = [int(entry.record.ref.removeprefix(f"{RESOURCE}:")) for entry in entries]
    # A work may have been withdrawn between the two questions.
    public = Resource.objects.public().for_citing().filter(pk__in=keys)
    found = {ref_of(resource): resource for resource in public}
    return [(found[entry.record.ref], entry.note) for entry in entries if entry.record.ref in found]


def _rows(works: list[tuple[Resource, str]]) -> list[list[str]]:
    rows = taking_out.rows_of(resource for resource, _note in works)
    told = (dict(zip(taking_out.COLUMNS, row, strict=True)) for row in rows)
    return [
        [{**row, "position": str(number), "note": note}[name] for name in COLUMNS]
        for number, (row, (_resource, note)) in enumerate(zip(told, works, strict=True), 1)
    ]
