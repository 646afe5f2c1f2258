from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from hub import starter
from hub.models import LoadedRow


class Command(BaseCommand):
    help = "Load the starting content. Safe to run twice: what was loaded before is left alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--missing", action="store_true", help="Only files of which nothing was loaded before."
        )

    def handle(self, *, missing: bool, **options: Any) -> str | None:
        # A file is loaded whole or not at all, so one of its rows stands for all of them.
        known = set(LoadedRow.objects.values_list("filename", flat=True).distinct())
        wanted = [one for one in starter.in_order() if not (missing and one.filename in known)]
        if not wanted:
            return None
        added = 0
        for loader in wanted:
            try:
                tally = self._load(loader)
            except starter.BadFile as error:
                problems = "\n".join(error.problems)
                raise CommandError(
                    f"{problems}\nNothing of {loader.filename} was loaded."
                ) from error
            added += tally.added
            self.stdout.write(
                f"{loader.filename}: {tally.added} rows added, {tally.present} there already"
            )
        return f"{added} rows added." if added else "Nothing to add: all of it was loaded before."

    def _load(self, loader: starter.Loader) -> starter.Tally:
        rows = starter.read(loader.filename)
        # Without a terminal tqdm would write a line for each step.
        bar = tqdm(rows, desc=loader.filename, unit=" rows", leave=False, disable=None)
        return starter.load_file(loader, bar)
