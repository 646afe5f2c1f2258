import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from subprocess import PIPE, run
from threading import Event, Thread
from typing import Any, Self

import psutil
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub import prepare, tables
from hub.local import ROOT, Refusal
from hub.partners.models import Organisation, User
from hub.portal.bench import load
from knowledge import taking_out
from knowledge.bringing_in import course
from knowledge.models import Import, ImportRow, Resource

MOST_SECONDS, MOST_MEMORY = 30, 300  # of the dry run of 5,000 works; megabytes
HEAD = f"{'':34}{'seconds':>9}{'processor':>11}{'MB':>7}{'× floor':>9}"


@dataclass(frozen=True)
class Took:
    """What a process of its own took: seconds by the clock, seconds of processors without those of
    the database, megabytes of memory at their most, with those of the process that reads workbooks."""

    seconds: float
    processor: float
    memory: float


def floor(pk: int) -> None:
    """The least that a dry run has to do: write down the cells of each row, a batch at a time."""
    batch = Import.objects.defer("content").get(pk=pk)
    told = batch.rows.values_list("number", "line", "title", "warnings").order_by("number")
    for rows in course.batches(iter(list(told))):
        ImportRow.objects.bulk_create(
            ImportRow(
                batch=batch,
                number=1_000_000 + number,
                line=line,
                outcome=ImportRow.Outcome.SAME,
                title=title,
                warnings=warnings,
            )
            for number, line, title, warnings in rows
        )
    batch.rows.filter(number__gt=1_000_000).delete()


ACTS: dict[str, Callable[[int], None]] = {
    "read": course.read,
    "apply": course.apply,
    "floor": floor,
}


class Command(BaseCommand):
    help = (
        "Measure imports of many works, each in a process of its own, on a database of the "
        "benchmark's own."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--works", type=int, default=5_000, metavar="N", help="How many.")
        # What a process of its own does.
        parser.add_argument("--act", choices=ACTS, nargs="?", help="Used by the benchmark itself.")
        parser.add_argument("--import", type=int, dest="pk", help="Used by the benchmark itself.")

    def handle(self, *, works: int, act: str | None, pk: int, **options: Any) -> None:
        if act:
            self.stdout.write(json.dumps(_measured(ACTS[act], pk)))
            return
        try:
            prepare.collect_static_files()
            with load.server(is_kept=False) as server:
                database = load.starting_content(server)
                server.run(load.READING)
                load.use(server, database)
                self._all(server.url(database), works)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal

    def _all(self, database: str, works: int) -> None:
        user = User.objects.create_superuser("bench@example.org", os.urandom(12).hex())
        self.stdout.write(f"{works:,} works\n{HEAD}")
        content = tables.as_csv(taking_out.COLUMNS, _made_up(works)).read()
        new = _begin(user, "csv", content)
        first = _in_process("read", new, database)
        least = _in_process("floor", new, database)
        self._tell("floor: the rows written down", least, least)
        self._tell("csv, new works: dry run", first, least)
        course.agree(new)
        self._tell("csv, new works: written", _in_process("apply", new, database), least)
        there = Resource.objects.filter(
            pk__in=ImportRow.objects.filter(batch=new).values("resource")
        )
        for name, form in taking_out.FORMATS.items():
            taken = taking_out.written(there.order_by("pk"), form).read()
            batch = _begin(user, name, taken)
            took = _in_process("read", batch, database)
            self._tell(f"{name}, taken out: dry run", took, least)
            course.cancel(batch)
        changed = tables.as_csv(("public_id", "title"), _renamed(there)).read()
        batch = _begin(user, "csv", changed)
        self._tell("csv, new titles: dry run", _in_process("read", batch, database), least)
        course.agree(batch)
        self._tell("csv, new titles: written", _in_process("apply", batch, database), least)

    def _tell(self, name: str, took: Took, least: Took) -> None:
        told = f"{took.seconds:9.1f}{took.processor:11.1f}{took.memory:7.0f}"
        told += f"{took.processor / least.processor:9.1f}"
        if "dry run" in name:
            is_met = took.seconds <= MOST_SECONDS and took.memory <= MOST_MEMORY
            goal = f"goal {MOST_SECONDS} s, {MOST_MEMORY} MB"
            told += f"  {goal}: {'met' if is_met else 'MISSED'}"
        self.stdout.write(f"{name:34}{told}")


def _made_up(count: int) -> Iterator[list[str]]:
    """Rows of new works, each with the words of a real one and a title of its own."""
    real = list(taking_out.rows_of(Resource.objects.public().for_citing()))
    of = {name: place for place, name in enumerate(taking_out.COLUMNS)}
    for number, row in enumerate(islice(cycle(real), count), start=1):
        row = [*row]
        row[of["title"]] += f" ({number})"
        for name in ("public_id", "page", "identifiers", "url", "status", "co_owners"):
            row[of[name]] = ""
        yield row


def _renamed(works: Any) -> Iterator[tuple[str, str]]:
    for work in works.for_citing():
        yield work.public_id, f"{work}, again"


def _begin(user: User, form: str, content: bytes) -> int:
    known = {"file_name": f"works.{form}", "form": form, "kind": "report", "language": "en"}
    return course.begin(user, owner=Organisation.objects.desk(), content=content, **known).pk


def _in_process(act: str, pk: int, database: str) -> Took:
    """Do it in a process that has done nothing else."""
    command = [
        sys.executable,
        ROOT / "manage.py",
        "bench_imports",
        "--act",
        act,
        "--import",
        str(pk),
    ]
    done = run(command, env={**os.environ, "DATABASE_URL": database}, stdout=PIPE, check=True)
    problem = Import.objects.defer("content").get(pk=pk).problem
    if problem:
        raise CommandError(f"{act}: {problem}")
    return Took(**json.loads(done.stdout))


def _measured(act: Callable[[int], None], pk: int) -> dict[str, float]:
    began, used = time.perf_counter(), _processor()
    with _Memory() as memory:
        act(pk)
    return {
        "seconds": time.perf_counter() - began,
        "processor": _processor() - used,
        "memory": memory.most / 1_000_000,
    }


def _processor() -> float:
    used = [getrusage(whose) for whose in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class _Memory(Thread):
    """Looks again and again at how much memory this process and its children have. What the system
    keeps as their most counts in the process that began them."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self._is_over = 0, Event()

    def run(self) -> None:
        own = psutil.Process()
        while not self._is_over.wait(0.02):
            sizes = []
            for process in (own, *own.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    sizes.append(process.memory_info().rss)
            self.most = max(self.most, sum(sizes))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self.join()
