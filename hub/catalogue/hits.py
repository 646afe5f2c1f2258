"""The SQL of search: what matches, how the facets of it are counted, which hits come first."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from django.db import connection

from hub.catalogue.models import OPEN
from hub.catalogue.scope import Scope
from hub.catalogue.tsqueries import NO_WORDS, Part, Words

# Up to so many hits all are ranked. Of more, those are that have the words in their title, and the
# newest: a rank costs some 10 µs, and a common word has tens of thousands of hits.
RANKED_ALL = 2_000
RANKED, RANKED_TITLES = 600, 400

# What a word weighs in file text, bodies, summaries and labels, titles. The length of a text does
# not count against it: a work with two titles or many topics is no worse an answer.
WEIGHTS = "'{0.05, 0.15, 0.4, 1.0}'"
# Besides what was typed, as PostgreSQL ranks it, counts which share of the parts of a query a title
# has, in these or other words, and which share the terms. Whether, not how often: there are thirty
# other words for each that was typed, over which PostgreSQL spreads a rank until nothing is left.
IN_TITLE = 0.4
IN_TERMS = 0.15
# Where any part will do, which share of them a work has at all.
IN_ANYTHING = 0.5
# The same for pages of files, by a logarithm: fifty pages with the words weigh what one word of a
# summary does.
IN_PASSAGES = 0.06
# Works grow old slowly: after eight years a hit weighs a sixteenth less than on its first day. More
# would put what is new before what is meant.
FRESHNESS = """(0.9 + 0.1 * exp(
    -greatest(coalesce(current_date - one.issued_on, 2000), 0) / 2922.0::float8
))"""  # in floating point: the powers of exact numbers cost as much as all the rest of a rank
FEATURED = "(CASE WHEN one.is_featured THEN 1.15 ELSE 1 END)"
Parameters = dict[str, object]
ORDERS = {
    "newest": "issued_on DESC NULLS LAST, published_at DESC, id DESC",
    "oldest": "issued_on ASC NULLS LAST, published_at, id",
    "title": "sort_title, id",
    "added": "published_at DESC, id DESC",
}


# What stands behind a place in an order, whose parts are the values of ``PLACES``.
PLACES = {
    "newest": ("issued_on", "published_at", "id"),
    "oldest": ("issued_on", "published_at", "id"),
    "title": ("sort_title", "id"),
    "added": ("published_at", "id"),
}
_DATED = """(record.issued_on {sign} %(issued_on)s::date
    OR record.issued_on = %(issued_on)s::date AND {rest}
    OR record.issued_on IS NULL AND %(issued_on)s::date IS NOT NULL
    OR record.issued_on IS NULL AND %(issued_on)s::date IS NULL AND {rest})"""
_LATER = "(record.published_at, record.id) > (%(published_at)s::timestamptz, %(id)s::bigint)"
_EARLIER = "(record.published_at, record.id) < (%(published_at)s::timestamptz, %(id)s::bigint)"
BEHIND = {
    "newest": _DATED.format(sign="<", rest=_EARLIER),
    "oldest": _DATED.format(sign=">", rest=_LATER),
    "title": "(record.sort_title, record.id) > (%(sort_title)s, %(id)s::bigint)",
    "added": _EARLIER,
}


@dataclass(frozen=True)
class Condition:
    """What a chosen facet demands of the alias ``record``; never unknown."""

    facet: str
    sql: str
    parameters: dict[str, object]


@dataclass(frozen=True)
class Question:
    """A page of what has the words, if any, and meets all conditions."""

    scope: Scope
    words: Words = NO_WORDS
    conditions: tuple[Condition, ...] = ()
    order: str = "newest"
    start: int = 0
    size: int = 20


@dataclass(frozen=True)
class Found:
    """``counts[0]`` are those of what meets every condition, by the number of the value;
    ``counts[n]`` those of what misses the n-th condition alone. ``ids`` are one page of hits.
    ``ranked`` is how many of the hits are in the order that was asked for."""

    total: int
    ids: list[int]
    counts: dict[int, Counter[int]] = field(default_factory=dict)
    ranked: int = 0


def newest_of_all(question: Question) -> list[int]:
    """A page of a whole scope. The index holds the order, so that no more is read than shown."""
    condition, parameters = question.scope.sql()
    order = ORDERS[question.order]
    sql = f"""
        SELECT id FROM catalogue_record record WHERE {condition}
        ORDER BY {order} LIMIT %(size)s OFFSET %(start)s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | {"size": question.size, "start": question.start})
        return [row[0] for row in cursor.fetchall()]


def behind(question: Question, place: Sequence[object] | None) -> list[tuple]:
    """The next rows of an order other than relevance behind a place in it, or the first: their
    ``PLACES``, of which the last is the id. Nothing is counted, so that one can walk through all."""
    parameters: Parameters = {"size": question.size}
    names = PLACES[question.order]
    met = ["true"]
    if place is not None:
        parameters |= dict(zip(names, place, strict=True))
        met = [BEHIND[question.order]]
    if question.words:
        matched = f"WITH {_matched(question, parameters)}"
        table, met = "matched", [*met, "missed = 0"]
    else:
        matched, table = "", "catalogue_record"
        where, of_scope = question.scope.sql()
        parameters |= of_scope
        met += [where, *(condition.sql for condition in question.conditions)]
        for condition in question.conditions:
            parameters |= condition.parameters
    sql = f"""
        {matched} SELECT {", ".join(names)} FROM {table} record WHERE {" AND ".join(met)}
        ORDER BY {ORDERS[question.order]} LIMIT %(size)s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def find(question: Question) -> Found:
    """Match, count and order in one statement."""
    parameters: Parameters = {"size": question.size, "start": question.start}
    matched = _matched(question, parameters)
    if question.order == "relevance":
        best, page = _best(_rank(question.words, parameters)), "SELECT id FROM best"
        ranked = "SELECT count(*) FROM chosen"
    else:
        best, page, ranked = "", _page(question.order), "SELECT n FROM sized"
    sql = f"""
        WITH {matched},
        sized AS MATERIALIZED (SELECT count(*) AS n FROM matched WHERE missed = 0)
        {best}
        SELECT 'total', 0, '{{}}', ARRAY[n] FROM sized
        UNION ALL
        SELECT 'count', missed, array_agg(value), array_agg(number) FROM ({_counted(question)}) each
        GROUP BY missed
        UNION ALL
        SELECT 'ranked', 0, '{{}}', ARRAY[({ranked})]
        UNION ALL
        SELECT 'hits', 0, '{{}}', ARRAY(SELECT id FROM ({page}) page)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    counts = {
        missed: Counter(dict(zip(values, numbers, strict=True)))
        for what, missed, values, numbers in rows
        if what == "count"
    }
    told = {what: numbers for what, *_facets, numbers in rows if what != "count"}
    [total], [ranked] = told["total"], told["ranked"]
    return Found(total, told["hits"], counts, ranked)


def best(question: Question) -> list[int]:
    """The page of those that answer the words best, with nothing counted beside it."""
    parameters: Parameters = {"size": question.size, "start": question.start}
    matched = _matched(question, parameters)
    sql = f"""
        WITH {matched},
        sized AS MATERIALIZED (SELECT count(*) AS n FROM matched WHERE missed = 0)
        {_best(_rank(question.words, parameters))}
        SELECT id FROM best
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def _matched(question: Question, parameters: Parameters) -> str:
    """The tables ``matched`` and, for words, ``pages``: how many passages of a record have them."""
    where, of_scope = question.scope.sql()
    tests = [condition.sql for condition in question.conditions]
    parameters |= of_scope
    for condition in question.conditions:
        parameters |= condition.parameters
    pages = ""
    if question.words:
        pages = f"""pages AS MATERIALIZED (
            SELECT record_id, count(*) AS number,
                bool_or(vector @@ %(in_pages)s::tsquery) AS have_all
            FROM catalogue_passage
            WHERE vector @@ %(in_some_pages)s::tsquery AND {OPEN} GROUP BY record_id
        ),"""
        where += f" AND {_has(question.words, parameters)}"
    if question.words.unwanted:
        where += f" AND NOT {_has_unwanted(question.words.unwanted, parameters)}"
    if len(tests) > 1:
        where += f" AND ({_all_but_one(tests)})"
    elif tests and not question.words:
        where += f" AND {tests[0]}"
    missed = " + ".join(f"{n} * (NOT {test})::int" for n, test in enumerate(tests, 1)) or "0"
    title = ", sort_title" if question.order == "title" else ""
    return f"""{pages}
        matched AS MATERIALIZED (
            SELECT id, facet_ids, issued_on, published_at, is_featured{title}, {missed} AS missed
            FROM catalogue_record record WHERE {where}
        )"""


def _has(words: Words, parameters: Parameters) -> str:
    """SQL: a record has the words, or bears terms that are called so, or a page of a file does."""
    parameters |= {"in_titles": words.in_titles, "in_pages": words.in_pages}
    parameters["in_some_pages"] = words.in_pages_beside_terms or words.in_pages
    tests = []
    # What stands in texts alone one look at an index answers.
    plain = () if words.is_any else tuple(part for part in words.parts if part.is_plain)
    beside = Words(plain).in_texts
    if beside:
        tests.append(_test("vector", "plain", beside, parameters))
    is_alone = words.is_any or len(words.parts) == 1
    in_texts = _test if is_alone else partial(_among, beside=beside)
    tests += [
        _has_part(number, part, parameters, in_texts)
        for number, part in enumerate(words.parts)
        if part not in plain
    ]
    parts = (" OR " if words.is_any else " AND ").join(tests)
    in_pages = "record.id = ANY(ARRAY(SELECT record_id FROM pages WHERE have_all))"
    if words.in_pages_beside_terms:
        bears = " AND ".join(
            _bears(f"terms_{number}", part.terms, parameters) if part.terms else "false"
            for number, part in enumerate(words.parts)
            if not part.is_plain
        )
        # As a list of records too: of a mixed condition PostgreSQL would look at all rows again.
        in_pages += f""" OR record.id = ANY(ARRAY(
            SELECT id FROM catalogue_record record JOIN pages ON record_id = id WHERE {bears}
        ))"""
    return f"(({parts}) OR {in_pages})"


def _has_part(number: int, part: Part, parameters: Parameters, in_texts: Callable) -> str:
    """Of a phrase an index tells only which rows have its words, and PostgreSQL looks at all rows
    again that share a page with one of those. So phrases are looked for by themselves where there
    are other ways to be found, and terms, which are in the row, come before what is kept beside it.
    So are words that are not alone, lest it fetches the vector of all that has the others."""
    ways = []
    if part.terms:
        ways.append(_bears(f"terms_{number}", part.terms, parameters))
    if part.typed and part.words and part.is_phrase:
        ways.append(_among("vector", f"typed_{number}", part.typed, parameters))
        ways.append(in_texts("vector", f"words_{number}", part.words, parameters))
    elif part.in_texts:
        ways.append(in_texts("vector", f"texts_{number}", part.in_texts, parameters))
    if part.phrases:
        ways.append(_among("title_vector", f"phrases_{number}", part.phrases, parameters))
    return f"({' OR '.join(ways)})"


def _test(vector: str, name: str, words: str, parameters: Parameters) -> str:
    parameters[name] = words
    return f"record.{vector} @@ %({name})s::tsquery"


def _among(vector: str, name: str, words: str, parameters: Parameters, *, beside: str = "") -> str:
    """The same as a list of records, no longer than need be: of those that have what is ``beside``."""
    both = f"({beside}) & ({words})" if beside else words
    test = _test(vector, name, both, parameters)
    return f"record.id = ANY(ARRAY(SELECT id FROM catalogue_record record WHERE {test}))"


def _bears(name: str, groups: tuple[tuple[int, ...], ...], parameters: Parameters) -> str:
    parameters |= {f"{name}_{n}": list(ids) for n, ids in enumerate(groups)}
    tests = [f"record.facet_ids && %({name}_{n})s::int[]" for n in range(len(groups))]
    return f"({' AND '.join(tests)})"


def _has_unwanted(part: Part, parameters: Parameters) -> str:
    parameters["unwanted"] = part.typed
    bears = f"{_bears('unwanted_terms', part.terms, parameters)} OR " if part.terms else ""
    return f"""({bears}record.vector @@ %(unwanted)s::tsquery OR record.id = ANY(ARRAY(
        SELECT record_id FROM catalogue_passage
        WHERE vector @@ %(unwanted)s::tsquery AND {OPEN}
    )))"""


def _counted(question: Question) -> str:
    # A group of two columns takes a quarter longer, and most questions have but one.
    if not question.conditions:
        return """SELECT 0 AS missed, value, count(*) AS number
            FROM (SELECT unnest(facet_ids) AS value FROM matched) each GROUP BY value"""
    return """SELECT missed, value, count(*) AS number
        FROM (SELECT missed, unnest(facet_ids) AS value FROM matched) each GROUP BY missed, value"""


def _all_but_one(tests: list[str]) -> str:
    """SQL: at most one of the tests fails. So that indexes serve it, it is said by what holds."""
    choices = [
        " AND ".join(other for number, other in enumerate(tests) if number != left_out)
        for left_out in range(len(tests))
    ]
    return " OR ".join(f"({choice})" for choice in choices)


def _page(order: str) -> str:
    return f"""
        SELECT id FROM matched WHERE missed = 0
        ORDER BY {ORDERS[order]} LIMIT %(size)s OFFSET %(start)s
    """


def _rank(words: Words, parameters: Parameters) -> str:
    """How good a hit one is; see the constants above."""
    parameters["typed"] = words.typed
    shares = ["0"]
    for number, part in enumerate(words.parts):
        parameters[f"titles_{number}"] = part.in_titles
        bears = _bears(f"terms_{number}", part.terms, parameters) if part.terms else "false"
        shares.append(f"{IN_TITLE} * (title.words @@ %(titles_{number})s::tsquery)::int")
        shares.append(f"{IN_TERMS} * {bears}::int")
        if words.is_any:
            has = f"({bears} OR record.vector @@ %(titles_{number})s::tsquery)"
            shares.append(f"{IN_ANYTHING} * {has}::int")
    return f"""ts_rank({WEIGHTS}, record.vector, %(typed)s::tsquery)
                + ({" + ".join(shares)}) / {len(words.parts)}
                + {IN_PASSAGES} * ln(1 + coalesce(pages.number, 0))"""


def _best(rank: str) -> str:
    """The table ``best``: the page of those hits that rank highest."""
    hits = "SELECT id, issued_on, published_at, is_featured FROM matched WHERE missed = 0"
    return f""",
        titles AS MATERIALIZED (
            SELECT id FROM catalogue_record WHERE title_vector @@ %(in_titles)s::tsquery
        ),
        titled AS MATERIALIZED (
            {hits} AND (SELECT n FROM sized) > {RANKED_ALL} AND id IN (SELECT id FROM titles)
            ORDER BY {ORDERS["newest"]} LIMIT {RANKED_TITLES}
        ),
        chosen AS (
            {hits} AND (SELECT n FROM sized) <= {RANKED_ALL}
            UNION ALL
            SELECT * FROM titled
            UNION ALL
            ({hits} AND (SELECT n FROM sized) > {RANKED_ALL} AND id NOT IN (SELECT id FROM titled)
            ORDER BY {ORDERS["newest"]} LIMIT {RANKED} - (SELECT count(*) FROM titled))
        ),
        best AS (
            SELECT one.id
            FROM chosen one JOIN catalogue_record record USING (id)
            -- A copy, so that it is fetched once and not for each part of the query.
            CROSS JOIN LATERAL (SELECT record.title_vector || '' AS words OFFSET 0) title
            LEFT JOIN pages ON pages.record_id = one.id
            ORDER BY ({rank}) * {FRESHNESS} * {FEATURED} DESC,
                {", ".join(f"one.{part}" for part in ORDERS["newest"].split(", "))}
            LIMIT %(size)s OFFSET %(start)s
        )
    """
