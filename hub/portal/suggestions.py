"""What a search field suggests while one types: pages of terms and organisations, titles of works."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import islice
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hub.bounded import bounded
from hub.catalogue import hits
from hub.catalogue.cards import Card
from hub.catalogue.facets import Known
from hub.catalogue.kinds import Kind
from hub.catalogue.models import Record
from hub.catalogue.query import parse
from hub.catalogue.textsearch import UNSPACED
from hub.catalogue.tsqueries import words_of
from hub.partners.models import Organisation
from hub.slugs import fold
from hub.vocabulary.labels import Label, matching

LEAST_LETTERS = 2
# In all, with the search itself at the end. Works take what terms and organisations leave.
MOST = 8
MOST_PAGES, MOST_TERMS, MOST_ORGANISATIONS = 4, 3, 2
# One types on meanwhile: what takes longer comes too late.
MILLISECONDS = 300
# Terms that have the letters somewhere; those in which no word begins with them are left out.
MATCHED = 40
# Of titles that more works have than so many, those among the newest works are looked through:
# what is begun with two letters can be in half of all.
FEW, NEWEST = 300, 2_000


@dataclass(frozen=True)
class Suggestion:
    """A page that may be meant. What it is stands beside it: a kind of work, or other words;
    ``also`` is another name of it, by which it was found."""

    url: str
    text: str
    lang: str = ""
    also: str = ""
    also_lang: str = ""
    kind: Kind | None = None
    what: str | Promise = ""


class Suggestions:
    """What may be meant by ``words``, whose last one may be only begun."""

    def __init__(self, words: str, language: str, known: Known) -> None:
        self.words, self.language, self.known = words, language, known

    @cached_property
    def found(self) -> list[Suggestion]:
        """Pages of the hub before works. ``TookTooLong`` where the database was stopped."""
        pages = [*islice(self._terms(), MOST_TERMS), *self._organisations()][:MOST_PAGES]
        return [*pages, *self._works(MOST - 1 - len(pages))]

    @property
    def count(self) -> int:
        """How many options the list has."""
        return len(self.found) + 1

    @property
    def search_url(self) -> str:
        return f"{reverse('portal:search')}?{urlencode({'q': self.words})}"

    def _terms(self) -> Iterator[Suggestion]:
        """Terms of which a name in some language has a word that begins so."""
        for term in matching(self._plain, self.language, MATCHED):
            lang = term.language if term.language != self.language else ""
            found = Suggestion(term.url, term.label, lang, what=term.scheme_label)
            if self._begins_in(term.label):
                yield found
            elif also := self._name_of(term):
                words, lang = also
                yield replace(found, also=words, also_lang=lang if lang != self.language else "")

    def _name_of(self, term: Label) -> tuple[str, str] | None:
        """The first other name of the term in which a word begins so, and its language."""
        names = self.known.terms.names.get(term.id, {}).values()
        found = ((words, name.language) for name in names for words in name.words)
        return next((one for one in found if self._begins_in(one[0])), None)

    def _begins_in(self, name: str) -> bool:
        if UNSPACED.search(self._plain):
            return self._plain.casefold() in name.casefold()
        return f" {_spaced(self._plain)}" in f" {_spaced(name)}"

    def _organisations(self) -> list[Suggestion]:
        text = _spaced(self._plain)
        among = _organisations(self.known.version) if text else []
        # Those whose name or short name begins so, then those in which a later word does.
        named = sorted(
            (not any(name.startswith(f" {text}") for name in names), names, organisation.pk)
            for names, organisation in among
            if any(f" {text}" in name for name in names)
        )
        by_pk = {organisation.pk: organisation for _names, organisation in among}
        return [
            Suggestion(one.get_absolute_url(), one.name, what=_("Organisation"))
            for one in (by_pk[pk] for *_order, pk in named[:MOST_ORGANISATIONS])
        ]

    def _works(self, most: int) -> Iterator[Suggestion]:
        for record in self._records(most):
            card = Card(record, self.language, ())
            lang = self._title_lang(card)
            title = record.texts.get(lang, {}).get("title", "")
            yield Suggestion(card.url, title, lang if lang != self.language else "", kind=card.kind)

    def _records(self, most: int) -> list[Record]:
        query = parse(self.words, self.language)
        if not query:
            return []
        with bounded(MILLISECONDS):
            begun = words_of(query, self.language, is_begun=True).in_titles_alone
            ids = _titled(begun, most) if begun else []
        columns = ("kind", "path", "languages", "texts")
        found = Record.objects.public().only(*columns).in_bulk(ids) if ids else {}
        return [found[pk] for pk in ids if pk in found]

    def _title_lang(self, card: Card) -> str:
        """The language of the title that has the words: a translation may, and the original not."""
        begun = fold(self._plain).split()
        for lang in (card.title_lang, *card.record.texts):
            title = fold(card.record.texts.get(lang, {}).get("title", ""))
            if all(word in title for word in begun):
                return lang
        return card.title_lang

    @cached_property
    def _plain(self) -> str:
        """The words without quotation marks."""
        return " ".join(self.words.replace('"', " ").split())


def is_enough(words: str) -> bool:
    """Whether these are letters enough to suggest anything."""
    letters = [sign for sign in words if unicodedata.category(sign)[0] in "LMN"]
    return len(letters) >= LEAST_LETTERS


def _titled(query: str, most: int) -> list[int]:
    """Public records with such a title: featured ones first, then the newest."""
    public = "record.published_at <= statement_timestamp() AND record.withdrawn_at IS NULL"
    order = hits.ORDERS["newest"]
    columns = "id, is_featured, issued_on, published_at"
    sql = f"""
        WITH few AS MATERIALIZED (
            SELECT {columns} FROM catalogue_record record
            WHERE title_vector @@ %(query)s::tsquery AND {public} LIMIT {FEW}
        ),
        newest AS (
            SELECT {columns}, title_vector FROM catalogue_record record
            WHERE {public} AND (SELECT count(*) FROM few) = {FEW}
            ORDER BY {order} LIMIT {NEWEST}
        )
        SELECT id FROM (
            SELECT * FROM few
            UNION
            (SELECT {columns} FROM newest WHERE title_vector @@ %(query)s::tsquery
            ORDER BY {order} LIMIT {MOST})
        ) found
        ORDER BY is_featured DESC, {order} LIMIT %(most)s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"query": query, "most": most})
        return [row[0] for row in cursor.fetchall()]


@lru_cache(maxsize=1)
def _organisations(version: str) -> list[tuple[list[str], Organisation]]:
    """All with a page, with their names as they are compared, as they were at this version."""
    found = Organisation.objects.public().only("slug", "name", "acronym")
    return [
        ([f" {_spaced(name)}" for name in (one.acronym, one.name) if name], one) for one in found
    ]


def _spaced(text: str) -> str:
    """Folded, and nothing but words with single spaces between them."""
    return " ".join(re.findall(r"\w+", fold(text)))
