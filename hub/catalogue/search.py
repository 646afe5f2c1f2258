"""One search for all pages: words and facets in, a page of records with honest counts out.

Two statements whatever the number of hits: one matches once and counts every facet with all
conditions but its own, the other fetches the page. Where the words fit nothing the second counts
the facets without them, so that the filters stay.
"""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.http import Http404

from hub.catalogue.filters import FACETS, RecordFilter
from hub.catalogue.models import Record

PAGE_SIZE = 20

# Hits by facet and value, and the names of the publishers behind their keys.
Counts = tuple[dict[str, Counter], dict[str, str]]


@dataclass(frozen=True)
class Results:
    """A page of hits. ``counts`` has for each facet how many hits each value would leave, chosen
    values of that facet aside; ``publishers`` names the publishers behind their keys."""

    records: list[Record]
    total: int
    page: int
    pages: int
    counts: dict[str, Counter]
    publishers: dict[str, str] = field(default_factory=dict)


def search(filters: RecordFilter, language: str, records: QuerySet | None = None) -> Results:
    """The page of hits that ``filters`` ask for, among ``records`` or all public ones. A page
    that there is not raises ``Http404``."""
    base = (Record.objects.public() if records is None else records).matching(
        filters.words, language
    )
    counts, publishers = _count(base, filters)
    if filters.words and not any(counts[name] for name in FACETS):
        counts, publishers = _all_at_zero(records, filters)
    total = counts.pop("total")[None]
    pages = max(1, ceil(total / PAGE_SIZE))
    if filters.page is None or filters.page > pages:
        raise Http404
    hits = _ordered(base.filter(*filters.conditions.values()), filters.sort)
    start = (filters.page - 1) * PAGE_SIZE
    found = list(hits[start : start + PAGE_SIZE].defer("vector")) if total else []
    return Results(found, total, filters.page, pages, counts, publishers)


def _all_at_zero(records: QuerySet | None, filters: RecordFilter) -> Counts:
    """Where the words fit nothing, what the facets hold without them, at zero: the filters stay."""
    everything = Record.objects.public() if records is None else records
    counts, publishers = _count(everything, filters)
    zeros = {name: Counter(dict.fromkeys(counter, 0)) for name, counter in counts.items()}
    return zeros, publishers


def _ordered(hits: QuerySet, sort: str) -> QuerySet:
    if sort == "oldest":
        return hits.order_by(F("issued_on").asc(nulls_last=True), "published_at", "id")
    if sort == "title":
        return hits.order_by("sort_title", "id")
    newest = (F("issued_on").desc(nulls_last=True), "-published_at", "-id")
    if sort == "relevance":
        return hits.order_by("-rank", *newest)
    return hits.order_by(*newest)


def _count(base: QuerySet, filters: RecordFilter) -> Counts:
    """The counts of all facets and the total, in one statement that matches the words once."""
    flags = {
        f"in_{name}": ExpressionWrapper(
            filters.conditions.get(name, Q(Value(True))), output_field=BooleanField()
        )
        for name in FACETS
    }
    columns = ["kind", "year", "languages", "publisher_keys", "publisher_names", "term_ids"]
    hits, parameters = base.order_by().values(*columns).annotate(**flags).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"WITH hits AS MATERIALIZED ({hits}) {_FACETS_SQL}", parameters)
        rows = cursor.fetchall()
    counts: dict[str, Counter] = {name: Counter() for name in [*FACETS, "total"]}
    publishers = {}
    for facet, value, name, count in rows:
        if facet in RecordFilter.TERM_FACETS:
            value = int(value)
        if facet == "publisher":
            publishers[value] = name
        counts[facet][value] = count
    return counts, publishers


def _all_but(*names: str) -> str:
    """SQL: a hit meets the conditions of all facets except these."""
    return " AND ".join(f"in_{name}" for name in FACETS if name not in names)


def _facets_sql() -> str:
    parts = [
        f"SELECT 'total', NULL, NULL, count(*) FROM hits WHERE {_all_but()}",
        f"SELECT 'kind', kind, NULL, count(*) FROM hits WHERE {_all_but('kind')} GROUP BY kind",
        f"SELECT 'year', year::text, NULL, count(*) FROM hits"
        f" WHERE year IS NOT NULL AND {_all_but('year')} GROUP BY year",
        f"SELECT 'language', language, NULL, count(*) FROM hits, unnest(languages) language"
        f" WHERE {_all_but('language')} GROUP BY language",
        f"SELECT 'publisher', key, min(name), count(*)"
        f" FROM hits, unnest(publisher_keys, publisher_names) AS publisher(key, name)"
        f" WHERE {_all_but('publisher')} GROUP BY key",
    ]
    parts += [
        f"SELECT '{scheme}', term.id::text, NULL, count(*)"
        f" FROM hits, unnest(term_ids) term_id JOIN vocabulary_term term ON term.id = term_id"
        f" WHERE term.scheme = '{scheme}' AND {_all_but(scheme)} GROUP BY term.id"
        for scheme in RecordFilter.TERM_FACETS
    ]
    return " UNION ALL ".join(parts)


_FACETS_SQL = _facets_sql()


def related(record: Record, limit: int = 4) -> list[Record]:
    """Public records that share terms with this one; a rare term in common weighs more than one
    that half the library bears. One statement."""
    sql = """
        WITH own AS MATERIALIZED (
            SELECT term_id, 1.0 / count(*) AS weight
            FROM catalogue_record record, unnest(record.term_ids) term_id
            WHERE term_id = ANY(%(terms)s) AND record.withdrawn_at IS NULL
              AND record.published_at <= statement_timestamp()
            GROUP BY term_id
        )
        SELECT record.id
        FROM catalogue_record record
        CROSS JOIN LATERAL (
            SELECT sum(weight) AS score FROM own WHERE own.term_id = ANY(record.term_ids)
        ) shared
        WHERE record.term_ids && %(terms)s::int[] AND record.id <> %(id)s
          AND record.published_at <= statement_timestamp() AND record.withdrawn_at IS NULL
        ORDER BY score DESC, record.issued_on DESC NULLS LAST, record.id
        LIMIT %(limit)s
    """
    parameters = {"terms": record.term_ids, "id": record.pk, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        ids = [row[0] for row in cursor.fetchall()]
    found = Record.objects.public().defer("vector").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
