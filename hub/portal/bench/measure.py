"""One run of the benchmark: find or build the works, serve the hub, ask, and say what came out."""

import os
import pickle
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote_plus

from django.utils import timezone
from tqdm import tqdm

from hub.catalogue import services
from hub.portal.bench import classes, drive, floor, load, report
from hub.portal.bench.classes import QueryClass
from hub.portal.bench.corpus import Corpus, Subjects, ref
from hub.portal.bench.drive import Cell, Site
from hub.portal.bench.load import Server
from hub.portal.bench.report import AGAIN, ASKED_AGAIN, FIRST, Result

CLIENTS = (1, 8)
LOOKED_AT = 12  # addresses of each class whose pages we read, to see what they find
HITS = re.compile(r'id="results"[^>]*>\s*(\d[\d.,\s]*)')


@dataclass(frozen=True)
class Plan:
    """How to measure: which classes, all if none is named, and how long each cell."""

    classes: tuple[str, ...] = ()
    seconds: float = 3


def run(server: Server, records: int, plan: Plan) -> Result:
    """Measure with so many records."""
    load_before = os.getloadavg()[0]
    database, built, is_kept = load.works(server, records)
    server.run(load.READING)
    load.use(server, database)
    works = Corpus(records, Subjects.of_database())
    asked = classes.make(works, plan.classes)
    constants = _capture_floor(works, server.folder / "floor")
    with drive.site(server.url(database), server.pid, constants) as site:
        measured = Measuring(site, works, plan).all(asked)
        memory = site.memory()
    return {
        "records": records,
        "has_bodies": works.has_bodies,
        "machine": {"processors": os.cpu_count(), "load_before": round(load_before, 1)},
        "built": report.built(records, built, is_kept=is_kept),
        **measured,
        "memory": report.memory(memory),
        "sizes": load.sizes(),
    }


def _capture_floor(works: Corpus, path: Path) -> Path:
    """Keep the constants of a usual page: the first twenty of what a common word finds."""
    change_content(works)  # a page that was kept would not be made by its template
    [common] = classes.make(works, ["common"])
    path.write_bytes(pickle.dumps(floor.capture(common.addresses[0])))
    return path


def change_content(works: Corpus) -> None:
    """Have one work edited, so that nothing that was kept of any page is right any more."""
    draft = replace(works.draft(0), updated_at=timezone.now())
    services.put_drafts([(ref(0), draft)])


class Measuring:
    """Asks a site that shows these works."""

    def __init__(self, site: Site, works: Corpus, plan: Plan) -> None:
        self.site, self.works, self.plan = site, works, plan
        self.faults: list[str] = []

    def all(self, asked: list[QueryClass]) -> Result:
        """The floor before and after, and all classes between."""
        floors = {number: Cell(number) for number in CLIENTS}
        self._warm(asked)
        self._floor(floors)
        cells = [
            (one, self._hits(one), list(self._cells(one))) for one in tqdm(asked, disable=None)
        ]
        self._floor(floors)
        costs = {number: cell.in_short()["cpu_ms"] for number, cell in floors.items()}
        return {
            "floor": [cell.in_short() for cell in floors.values()],
            "classes": [self._result(one, hits, found, costs) for one, hits, found in cells],
            "faults": self.faults,
        }

    def _warm(self, asked: list[QueryClass]) -> None:
        """Have code compiled, connections open and the data in memory before the clock runs."""
        addresses = [floor.ADDRESS, *(address for one in asked for address in one.addresses[:20])]
        self.site.measure(Cell(8), addresses, self.plan.seconds)

    def _floor(self, floors: dict[int, Cell]) -> None:
        for cell in floors.values():
            self.site.measure(cell, [floor.ADDRESS] * 50, self.plan.seconds)

    def _cells(self, one: QueryClass) -> Iterator[tuple[str, Cell]]:
        for number in CLIENTS:
            first, again = Cell(number), Cell(number)
            self._change()
            asked = self.site.measure(first, one.addresses, self.plan.seconds, self._change)
            self.site.measure(again, asked, self.plan.seconds)
            yield FIRST, first
            yield AGAIN, again

    def _change(self) -> None:
        change_content(self.works)

    def _hits(self, one: QueryClass) -> int | None:
        """How many works the pages of a class show in the median, by their own words."""
        pages = {address: self.site.read(address) for address in one.addresses[:LOOKED_AT]}
        if silent := sum(
            not suggests(page, one.meant[address]) for address, page in pages.items() if one.meant
        ):
            self.faults.append(
                f"{one.title}: {silent} of {len(pages)} pages do not suggest the word meant"
            )
        found = [hits_of(page) for page in pages.values()]
        told = [hits for hits in found if hits is not None]
        if len(told) < len(pages):
            self.faults.append(f"{one.title}: pages do not say how many works they show")
        if wrong := [hits for hits in told if not one.promises(hits)]:
            most = "more" if one.most is None else f"{one.most:,}"
            self.faults.append(
                f"{one.title}: {len(wrong)} of {len(told)} pages have not the promised {one.least:,} "
                f"to {most} works, one of them {wrong[0]:,}"
            )
        return round(statistics.median(told)) if told else None

    def _result(
        self, one: QueryClass, hits: int | None, cells: list[tuple[str, Cell]], costs: dict
    ) -> Result:
        goals = {FIRST: one.goal_among(self.works.count), AGAIN: ASKED_AGAIN}
        rows = [
            {"asked": asked, **report.row(cell.in_short(), costs[cell.clients], goals[asked])}
            for asked, cell in cells
        ]
        if errors := sum(cell.errors for _asked, cell in cells):
            self.faults.append(f"{one.title}: {errors} answers were not 200")
        return {"name": one.name, "title": one.title, "hits": hits, "cells": rows}


def suggests(page: str, word: str) -> bool:
    """Whether a page leads to what this word finds."""
    return re.search(rf"[?;&]q={re.escape(quote_plus(word))}[\"&]", page) is not None


def hits_of(page: str) -> int | None:
    """How many works a list says it has."""
    found = HITS.search(page)
    return int(re.sub(r"\D", "", found[1])) if found else None
