import csv
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import QueryDict

from hub.catalogue import facets
from hub.catalogue.filters import RecordFilter
from hub.catalogue.scope import WORKS
from hub.catalogue.search import Results, search

FILENAME = "relevance.csv"
TOP = 3


@dataclass(frozen=True)
class Wanted:
    """A query as a reader of pages in ``language`` types it, and the titles any of which answers
    it."""

    query: str
    language: str
    expected: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class Judged:
    """Where the first expected title came on the first page of hits, if there; ``first`` are the
    titles that came first, ``others`` what else was looked for."""

    wanted: Wanted
    rank: int | None
    rung: str
    instead: str
    total: int
    first: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def is_in_top(self) -> bool:
        return self.rank is not None and self.rank <= TOP


def wanted() -> list[Wanted]:
    """The rows of ``starter/relevance.csv``."""
    with (settings.STARTER_DIR / FILENAME).open(encoding="utf-8", newline="") as handle:
        return [
            Wanted(row["query"], row["language"], tuple(row["expected"].split("|")), row["note"])
            for row in csv.DictReader(handle, strict=True)
        ]


def judged(rows: Iterable[Wanted]) -> Iterator[Judged]:
    """Each query asked of the library as it is now."""
    for row in rows:
        address = QueryDict(mutable=True)
        address["q"] = row.query
        results = search(RecordFilter(address), row.language, WORKS)
        titles = [
            [text["title"] for text in record.texts.values() if text["title"]]
            for record in results.records
        ]
        ranks = [rank for rank, own in enumerate(titles, 1) if set(own) & set(row.expected)]
        yield Judged(
            row,
            ranks[0] if ranks else None,
            results.rung,
            results.instead,
            results.total,
            tuple(own[0] for own in titles[:TOP] if own),
            tuple(_others(results)),
        )


def _others(results: Results) -> Iterator[str]:
    if not results.rung:
        for others in results.query.others(facets.known().terms):
            asked = " ".join(
                group[0].text for group in results.query.wanted[others.start : others.end]
            )
            yield f"{asked}: " + ", ".join(f"{words} ({code})" for code, words in others.words)


def mean_reciprocal_rank(found: list[Judged]) -> float:
    """1.0 if each query's answer came first, 0.5 if each came second; nothing for what is not on
    the first page."""
    return sum(1 / one.rank for one in found if one.rank) / len(found)


class Command(BaseCommand):
    help = "Ask the queries of starter/relevance.csv and print where their answers came."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--worst", action="store_true", help="Only what did not come first, and what did."
        )
        parser.add_argument(
            "--others", action="store_true", help="Also the other words that were looked for."
        )

    def handle(self, *, worst: bool, others: bool, **options: Any) -> str:
        found = list(judged(wanted()))
        if not found:
            raise CommandError(f"{FILENAME} is empty.")
        for one in found:
            if worst and one.rank == 1:
                continue
            self.stdout.write(_line(one))
            if worst:
                for number, title in enumerate(one.first, 1):
                    self.stdout.write(f"    {number}. {title}")
            if others:
                for words in one.others:
                    self.stdout.write(f"    + {words}")
        share = sum(one.is_in_top for one in found) / len(found)
        return (
            f"{len(found)} queries, mean reciprocal rank {mean_reciprocal_rank(found):.3f}, "
            f"{share:.0%} in the first {TOP}."
        )


def _line(one: Judged) -> str:
    rung = f"{one.rung}: {one.instead}" if one.rung else ""
    rank = one.rank or "–"
    return f"{one.wanted.query:<45} {one.wanted.language} {rank:>3} {one.total:>4}  {rung}".rstrip()
