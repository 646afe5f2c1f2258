"""Where in what is shown the words were found: in titles and summaries, and on which page of a file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from hub.catalogue.query import Others, Query
from hub.catalogue.textsearch import UNSPACED, config_for
from hub.catalogue.tsqueries import words_in
from hub.catalogue.typography import MARK, UNMARK

WHOLE = f"HighlightAll=true, StartSel={MARK}, StopSel={UNMARK}"
STRETCH = f"MaxFragments=1, MinWords=18, MaxWords=36, StartSel={MARK}, StopSel={UNMARK}"
# Of so many passages with the words the best is chosen.
LOOKED_AT = 100
LETTERS_BESIDE = 90


@dataclass(frozen=True)
class Text:
    """A text that is shown; only a stretch of it, around what was found, if ``is_long``."""

    language: str
    text: str
    is_long: bool = False


@dataclass(frozen=True)
class PageHit:
    """The page of a file that has the words: its number, the address that opens there, a stretch
    of its text, and how many further pages have them too."""

    number: int
    path: str
    language: str
    text: str
    others: int


@dataclass(frozen=True)
class Sought:
    """What was looked for: the words in PostgreSQL's form, as a reader of the page's language
    means them, and the query that they came from."""

    words: str
    query: Query
    others: tuple[Others, ...] = ()

    def in_languages(self, languages: Iterable[str]) -> dict[str, str]:
        """The words as texts in these languages have them."""
        found = words_in(self.query, sorted(set(languages)), self.others)
        return {
            code: f"{self.words} | {words.in_titles or self.words}" for code, words in found.items()
        }


def marked(texts: list[Text], sought: Sought) -> list[str]:
    """The texts with ``MARK`` and ``UNMARK`` around what was found. One or two statements."""
    if not texts or not sought.words:
        return [text.text for text in texts]
    words = sought.in_languages(text.language for text in texts)
    rows = [
        [
            config_for(text.language),
            text.text.replace(MARK, "").replace(UNMARK, ""),
            words[text.language],
            STRETCH if text.is_long else WHOLE,
        ]
        for text in texts
    ]
    sql = """
        SELECT ts_headline(config::regconfig, text, words::tsquery, options)
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY
            AS given(config, text, words, options, number)
        ORDER BY number
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])
        found = [row[0] for row in cursor.fetchall()]
    runs = [run for text in sought.query.telling for run in UNSPACED.findall(text)]
    return [
        _mark_runs(text, runs) if runs else shown for text, shown in zip(texts, found, strict=True)
    ]


def _mark_runs(text: Text, runs: list[str]) -> str:
    """Scripts without spaces have no words that PostgreSQL could mark."""
    pattern = re.compile("|".join(re.escape(run) for run in sorted(runs, key=len, reverse=True)))
    shown = text.text
    if text.is_long and (first := pattern.search(shown)):
        start, end = max(0, first.start() - LETTERS_BESIDE), first.end() + LETTERS_BESIDE
        shown = shown[start:end]
    elif text.is_long:
        shown = shown[: 2 * LETTERS_BESIDE]
    return pattern.sub(f"{MARK}\\g<0>{UNMARK}", shown)


def pages(record_ids: list[int], sought: Sought) -> dict[int, PageHit]:
    """The best page of each record whose passages have the words. Two or three statements."""
    if not record_ids or not sought.words:
        return {}
    sql = """
        SELECT record.id, best.position, best.path, best.language, best.text, best.number
        FROM unnest(%(ids)s) AS record(id) CROSS JOIN LATERAL (
            SELECT position, path, language, text, count(*) OVER () AS number
            FROM (
                SELECT * FROM catalogue_passage
                WHERE record_id = record.id AND vector @@ %(words)s::tsquery
                ORDER BY part, position LIMIT %(most)s
            ) found
            ORDER BY ts_rank(vector, %(words)s::tsquery) DESC, position LIMIT 1
        ) best
    """
    with connection.cursor() as cursor:
        parameters = {"ids": record_ids, "words": sought.words, "most": LOOKED_AT}
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    texts = marked([Text(row[3], row[4], is_long=True) for row in rows], sought)
    return {
        pk: PageHit(position, path, language, " ".join(text.split()), number - 1)
        for (pk, position, path, language, _whole, number), text in zip(rows, texts, strict=True)
    }
