"""Where in what is shown the words were found: in titles and summaries, and on which page of a file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from hub.bounded import TookTooLong, bounded
from hub.catalogue.models import OPEN, Record
from hub.catalogue.query import Others, Query
from hub.catalogue.textsearch import UNSPACED, config_for
from hub.catalogue.tsqueries import Words, words_in
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
class Marks:
    """Words to mark, and phrases whose words are marked where they stand as a whole."""

    words: str
    phrases: list[str]


@dataclass(frozen=True)
class Sought:
    """What was looked for: the words as a reader of the page's language means them, and the query
    that they came from."""

    asked: Words
    query: Query
    others: tuple[Others, ...] = ()

    @property
    def words(self) -> str:
        return self.asked.in_titles

    @property
    def in_pages(self) -> str:
        """What a page of a file has that is shown with its record."""
        return self.asked.in_pages_beside_terms or self.asked.in_pages

    def in_languages(self, languages: Iterable[str]) -> dict[str, Marks]:
        """What to mark in texts in these languages: what was typed, as readers of the page and of
        the text mean it, and other words for it in the language of the text. In another one they
        mean something else, as the Vietnamese for coal does in English."""
        found = words_in(self.query, sorted(set(languages)), self.others, is_to_mark=True)
        return {code: self._marks(words) for code, words in found.items()}

    def _marks(self, words: Words) -> Marks:
        typed = filter(None, [self.asked.typed, words.typed, *(part.words for part in words.parts)])
        phrases = [phrase for part in words.parts for phrase in part.phrases.split(" | ") if phrase]
        return Marks(" | ".join(typed), phrases)


def marked(texts: list[Text], sought: Sought) -> list[str]:
    """The texts with ``MARK`` and ``UNMARK`` around what was found. One or two statements."""
    if not texts or not sought.words:
        return [text.text for text in texts]
    words = sought.in_languages(text.language for text in texts)
    rows = [
        [
            config_for(text.language),
            text.text.replace(MARK, "").replace(UNMARK, ""),
            words[text.language].words,
            "\n".join(words[text.language].phrases),
            STRETCH if text.is_long else WHOLE,
        ]
        for text in texts
    ]
    sql = """
        SELECT ts_headline(config::regconfig, text, concat_ws(' | ', nullif(words, ''), (
            SELECT string_agg(phrase, ' | ') FROM string_to_table(phrases, E'\\n') AS phrase
            WHERE to_tsvector(config::regconfig, text) @@ phrase::tsquery
        ))::tsquery, options)
        FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) WITH ORDINALITY
            AS given(config, text, words, phrases, options, number)
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


def passages_of(records: Iterable[Record], sought: Sought) -> dict[int, PageHit]:
    """The best passage of each of these that has the words; nothing where the database takes too
    long, since pages do without."""
    named = [record.pk for record in records if record.parts]
    if not named:
        return {}
    try:
        with bounded(settings.SEARCH_MILLISECONDS):
            return pages(named, sought)
    except TookTooLong:
        return {}


def pages(record_ids: list[int], sought: Sought) -> dict[int, PageHit]:
    """The best page of each record whose passages have the words. Two or three statements."""
    if not record_ids or not sought.in_pages:
        return {}
    sql = f"""
        SELECT record.id, best.position, best.path, best.language, best.text, best.number
        FROM unnest(%(ids)s) AS record(id) CROSS JOIN LATERAL (
            SELECT position, path, language, text, count(*) OVER () AS number
            FROM (
                SELECT * FROM catalogue_passage
                WHERE record_id = record.id AND vector @@ %(words)s::tsquery AND {OPEN}
                ORDER BY part, position LIMIT %(most)s
            ) found
            ORDER BY ts_rank(vector, %(words)s::tsquery) DESC, position LIMIT 1
        ) best
    """
    with connection.cursor() as cursor:
        parameters = {"ids": record_ids, "words": sought.in_pages, "most": LOOKED_AT}
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    texts = marked([Text(row[3], row[4], is_long=True) for row in rows], sought)
    return {
        pk: PageHit(position, path, language, " ".join(text.split()), number - 1)
        for (pk, position, path, language, _whole, number), text in zip(rows, texts, strict=True)
    }
