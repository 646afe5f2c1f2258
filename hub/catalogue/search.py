"""One search for all pages: words and facets in, a page of records with honest counts out.

The words are matched once. What meets all chosen facets, or all but one, is counted in one pass: the
first for every facet, the second for the one it misses, by whose other values it could be chosen.
What has no words and at most one facet is counted once for all readers (``tallies``).

Of very many hits not all are ranked: those with the words in their title and the newest are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil

from django.conf import settings
from django.http import Http404

from hub.bounded import bounded
from hub.catalogue import hits, words
from hub.catalogue.facets import Known, by_facet
from hub.catalogue.filters import TICKED, RecordFilter
from hub.catalogue.highlights import Sought
from hub.catalogue.hits import Condition, Found, Question
from hub.catalogue.models import Record
from hub.catalogue.query import Query, parse
from hub.catalogue.scope import EVERYTHING, Scope
from hub.catalogue.tallies import tally
from hub.catalogue.tsqueries import NO_WORDS, Words, words_of

PAGE_SIZE = 20
# How deep one can page: further down nobody reads, and the way there is long for the database.
DEEPEST = 500


@dataclass(frozen=True)
class Results:
    """A page of hits. ``counts`` has for each facet how many hits each value would leave, chosen
    values of that facet aside: terms by their id, other values by themselves.

    ``ranked`` hits are in the list, ``total`` there are. ``sought`` is what was looked for, other
    words for the same included. Where nothing contained the words, ``rung`` says what was looked
    for instead: "prefix", "corrected" or "any"; ``instead`` are those words.
    ``elsewhere`` counts what the words alone would find where the facets leave nothing. ``as_typed``
    are the words before anything was looked for instead.
    """

    records: list[Record]
    total: int
    page: int
    pages: int
    counts: dict[str, Counter]
    query: Query = field(default_factory=Query)
    ranked: int = 0
    sought: Sought | None = None
    rung: str = ""
    instead: str = ""
    elsewhere: int = 0
    as_typed: Words = NO_WORDS

    @property
    def is_miss(self) -> bool:
        """Whether nothing has the words as they were typed."""
        return bool(self.query) and (bool(self.rung) or not self.total) and not self.elsewhere


def search(
    filters: RecordFilter,
    language: str,
    scope: Scope = EVERYTHING,
    order: str = "",
) -> Results:
    """The page of hits that ``filters`` ask for, in a scope, in their order or another one.
    ``Http404`` for a page that there is not; ``TookTooLong`` where the database was stopped."""
    if filters.page is None or filters.page > DEEPEST:
        raise Http404
    with bounded(settings.SEARCH_MILLISECONDS):
        asked = _Search(filters, language, scope, order or filters.sort)
        results = asked.results()
    if results.page > results.pages:
        raise Http404
    return results


def came(
    filters: RecordFilter, language: str, scope: Scope, shown: int
) -> tuple[int, list[Record]]:
    """How many of a scope, which is of some stretch of time, meet what ``filters`` ask for as it was
    typed, and those that came last. ``TookTooLong`` as ``search``."""
    with bounded(settings.SEARCH_MILLISECONDS):
        found = _Search(filters, language, scope, "added").came(shown)
        return found.total, Record.objects.in_order(found.ids)


def first_refs(filters: RecordFilter, language: str, scope: Scope, most: int) -> list[str]:
    """The refs of the first hits of a list, ``most`` at the most. ``TookTooLong`` as ``search``."""
    with bounded(settings.SEARCH_MILLISECONDS):
        results = _Search(filters, language, scope, filters.sort, size=most).results()
    return [record.ref for record in results.records]


def beside(
    results: Results, filters: RecordFilter, scopes: Iterable[Scope], shown: int
) -> list[list[Record]]:
    """The few of each other scope that answer best what was searched for, as it was typed; nothing
    is counted. ``TookTooLong`` as ``search``."""
    scopes = list(scopes)
    if not results.as_typed:
        return [[] for _scope in scopes]
    conditions = tuple(_conditions(filters))
    with bounded(settings.SEARCH_MILLISECONDS):
        return [
            Record.objects.in_order(
                hits.best(Question(scope, results.as_typed, conditions, "relevance", size=shown))
            )
            for scope in scopes
        ]


def walk(
    filters: RecordFilter,
    language: str,
    scope: Scope,
    order: str,
    place: Sequence[object] | None,
    size: int,
) -> list[tuple]:
    """The next rows of what ``filters`` ask for behind a place in an order (``hits.behind``), for who
    takes all of them: only what has the words, not what comes near. By relevance a place is a number
    and the id of the row before it, for rows may come and go meanwhile. ``TookTooLong`` as
    ``search``."""
    query = filters.asked(language)
    others = () if filters.is_exact else tuple(query.others(filters.known.terms))
    asked = words_of(query, language, others) if query else NO_WORDS
    if query and not asked:  # signs that no configuration takes for a word
        return []
    question = Question(scope, asked, tuple(_conditions(filters)), order, size=size)
    with bounded(settings.SEARCH_MILLISECONDS):
        if order != "relevance":
            return hits.behind(question, place)
        ranked = hits.best(replace(question, size=hits.RANKED_ALL))
    start, last = place or (0, None)
    if last in ranked:
        start = ranked.index(last) + 1
    return [(number, pk) for number, pk in enumerate(ranked, 1)][start : start + size]


class _Search:
    def __init__(
        self,
        filters: RecordFilter,
        language: str,
        scope: Scope,
        order: str,
        size: int = PAGE_SIZE,
    ) -> None:
        self.filters, self.language, self.scope, self.order = filters, language, scope, order
        self.size = size
        self.known: Known = filters.known
        self.query = filters.asked(language)
        self.conditions = tuple(_conditions(filters))
        # Where somebody follows what comes, the nearest to it is no answer.
        self.is_followed = order == "added"
        self.asked = NO_WORDS

    def results(self) -> Results:
        if not self.query:
            return self._page_of(self._browsed())
        others = () if self.filters.is_exact else tuple(self.query.others(self.known.terms))
        asked = self.asked = words_of(self.query, self.language, others)
        found = self._found(asked)
        sought = Sought(asked, self.query, others)
        if found.total or self.is_followed:
            return self._page_of(found, sought=sought)
        if self.conditions and asked:
            everywhere = replace(self._question(asked), conditions=(), start=0)
            if elsewhere := hits.find(everywhere).total:
                return self._page_of(found, sought=sought, elsewhere=elsewhere)
        for rung, instead, asked in self._ladder():
            found = self._found(asked)
            if found.total:
                sought = Sought(asked, instead)
                return self._page_of(found, sought=sought, rung=rung, instead=str(instead))
        return self._page_of(found, sought=sought)

    def came(self, shown: int) -> Found:
        """The last of what meets all. No tally is made: that of a stretch of time serves nobody else."""
        if not self.query:
            return hits.find(replace(self._question(), size=shown))
        others = () if self.filters.is_exact else tuple(self.query.others(self.known.terms))
        asked = words_of(self.query, self.language, others)
        return hits.find(replace(self._question(asked), size=shown)) if asked else Found(0, [])

    def _ladder(self) -> Iterator[tuple[str, Query, Words]]:
        """What to look for where nothing contains all words: the nearest to it first."""
        if not self.query.is_telling:
            return
        query = self.query
        yield "prefix", query, words_of(query, self.language, is_begun=True)
        if better := query.corrected(words.corrected):
            terms = None if self.filters.is_exact else self.known.terms
            query = parse(str(better), self.language, terms)
            yield "corrected", query, words_of(query, self.language)
        if len(query.wanted) > 1:
            yield "any", query, words_of(query, self.language, is_any=True)

    def _question(self, asked: Words = NO_WORDS) -> Question:
        order = "newest" if self.order == "relevance" and not asked else self.order
        start = (self.filters.page - 1) * self.size
        return Question(self.scope, asked, self.conditions, order, start, self.size)

    def _found(self, asked: Words) -> Found:
        # Signs that no configuration takes for a word: nothing contains them.
        return hits.find(self._question(asked)) if asked else Found(0, [])

    def _browsed(self) -> Found:
        """What a list without words shows."""
        question = self._question()
        if len(self.conditions) > 1:
            return hits.find(question)
        everything = tally(self.scope, self.known.version)
        if not self.conditions:
            counts = {0: everything.counts}
            ids = hits.newest_of_all(question)
            return Found(everything.total, ids, counts, everything.total)
        # What misses the one condition is all the rest: its values are those of everything.
        found = hits.find(question)
        return replace(found, counts={**found.counts, 1: everything.counts})

    def _page_of(self, found: Found, **said: object) -> Results:
        reachable = min(found.ranked, DEEPEST * self.size)
        page, pages = self.filters.page, max(1, ceil(reachable / self.size))
        records = Record.objects.in_order(found.ids)
        counts = self._counts(found)
        return Results(
            *(records, found.total, page, pages, counts, self.query, found.ranked),
            **{"as_typed": self.asked, **said},
        )

    def _counts(self, found: Found) -> dict[str, Counter]:
        meeting = found.counts.get(0, Counter())
        counts = by_facet(meeting, self.known)
        for number, condition in enumerate(self.conditions, 1):
            missing = by_facet(found.counts.get(number, Counter()), self.known)
            is_all = not self.query and len(self.conditions) == 1
            own = Counter() if is_all else counts[condition.facet]
            counts[condition.facet] = own + missing[condition.facet]
        if not found.total:
            everything = by_facet(tally(self.scope, self.known.version).counts, self.known)
            for name, values in everything.items():
                counts[name] = counts[name] or Counter(dict.fromkeys(values, 0))
        return counts


def _conditions(filters: RecordFilter) -> Iterator[Condition]:
    for name in TICKED:
        if ids := filters.ids[name]:
            sql = f"(record.facet_ids && %({name})s::int[])"
            yield Condition(name, sql, {name: sorted(ids.values())})
    first, last = filters.years
    if first or last:
        sql = "coalesce(record.year BETWEEN %(first)s AND %(last)s, false)"
        yield Condition("year", sql, {"first": first or 0, "last": last or 9999})
