from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub import prepare
from hub.local import Refusal
from hub.portal.bench import load, measure, newsletter, pages, report
from hub.portal.bench.classes import CLASSES
from hub.portal.bench.load import Server
from hub.portal.bench.measure import Plan
from hub.portal.bench.report import Result

FEWEST = 200  # in which rare words can still be told from common ones


class Command(BaseCommand):
    help = (
        "Measure the real pages with many synthetic records, on a database and behind a web server "
        "of the benchmark's own."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--records", type=number, default=100_000, metavar="N", help="How many (make: N=…).")
        add("--classes", type=names, default=(), help=f"Only some of {','.join(CLASSES)}.")
        add("--seconds", type=float, default=3, help="How long each cell is measured.")
        add("--keep", action="store_true", help="Keep the database in var/ for the next --keep.")
        add("--grow", action="store_true", help="Measure a tenth of the records too, and compare.")
        add("--pages", action="store_true", help="Only the pages on the real starting content.")
        add("--newsletter", action="store_true", help="Only an issue of the newsletter going out.")
        add("--rounds", type=int, default=30, help="How often --pages asks for each of them.")
        add("--json", type=Path, default=Path("var/bench.json"), dest="path", help="Where to.")

    def handle(self, *, path: Path, **options: Any) -> None:
        measured = self._pages if options["pages"] else self._records
        measured = self._newsletter if options["newsletter"] else measured
        try:
            prepare.collect_static_files()
            with load.server(is_kept=options["keep"]) as server:
                result = measured(server, options)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        report.write(path, result)
        self.stdout.write(f"\nThe numbers are in {path}.")

    def _pages(self, server: Server, options: dict[str, Any]) -> Result:
        database = load.pages(server)
        server.run(load.READING)
        load.use(server, database)
        result = pages.measure(options["rounds"])
        self.stdout.write("\n".join(pages.table(result)))
        return {"pages": result}

    def _newsletter(self, server: Server, options: dict[str, Any]) -> Result:
        database = load.pages(server)
        server.run(load.READING)
        load.use(server, database)
        result = newsletter.measure(server.url(database))
        self.stdout.write(newsletter.line(result))
        return {"newsletter": result}

    def _records(self, server: Server, options: dict[str, Any]) -> Result:
        plan = Plan(options["classes"], options["seconds"])
        most = options["records"]
        runs = []
        for records in (max(FEWEST, most // 10), most) if options["grow"] else (most,):
            runs.append(measure.run(server, records, plan))
            self.stdout.write("\n".join(["", *report.table(runs[-1]), ""]))
        result: Result = {"runs": runs, "settings": load.READING}
        if options["grow"]:
            result["growth"] = report.growth(*runs)
            self.stdout.write("\n".join(["", *report.growth_table(*runs, result["growth"])]))
        load.use_none()
        return result | self._newsletter(server, options)


def number(text: str) -> int:
    """So many records; thousands may be parted by commas or underscores."""
    plain = text.replace(",", "").replace("_", "")
    if not plain.isdigit() or int(plain) < FEWEST:
        raise ArgumentTypeError(f"“{text}” is not a number of at least {FEWEST}")
    return int(plain)


def names(text: str) -> tuple[str, ...]:
    """The classes that are named, joined by commas."""
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if unknown := [name for name in found if name not in CLASSES]:
        raise ArgumentTypeError(f"there is no class {unknown[0]}; there are {', '.join(CLASSES)}")
    return found
