import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from tqdm import tqdm

from hub.portal.copying import checking, site

README = """Just Transition Hub: a copy of {address}, made on {day}.

Open index.html in a browser; nothing needs to be installed. Pages, reports and pictures are here;
search, forms, feeds and personal pages need the hub itself. Titles and files belong to their
authors: what may be done with a work stands on its page.

SHA256SUMS proves that nothing was changed or lost: sha256sum -c SHA256SUMS
"""


class Command(BaseCommand):
    help = "Write the whole public site as files that open without a server, and check every link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="Where to; it must not be there yet.")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if folder.exists():
            raise CommandError(f"{folder} is there already. Name a folder that is not.")
        # Whole or not at all: it gets its name once it is proved.
        begun = folder.with_name(f".{folder.name}.begun")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(parents=True)
        copied = self._copied(begun, is_shown=options["verbosity"] > 0)
        if faults := [*copied.faults, *checking.faults(begun)]:
            for fault in faults:
                self.stderr.write(fault)
            raise CommandError(f"{len(faults)} faults; what there is lies in {begun}.")
        self._describe(begun)
        begun.rename(folder)
        pages = sum(name.endswith(".html") for name in set(copied.files.values()))
        megabytes = copied.size / 1_000_000
        self.stdout.write(f"{pages} pages, {megabytes:.1f} MB, every link checked: {folder}")

    def _copied(self, folder: Path, *, is_shown: bool) -> site.Copied:
        with tqdm(unit=" pages", disable=None if is_shown else True) as progress:
            copier = site.Copier(folder, told=lambda _path: progress.update())
            copier.copy()
            copier.lead()
        return copier.copied

    def _describe(self, folder: Path) -> None:
        told = {"address": settings.BASE_URL, "day": f"{timezone.now():%Y-%m-%d}"}
        (folder / "README.txt").write_text(README.format(**told))
        sums = site.sums(folder)
        (folder / "SHA256SUMS").write_text(sums)
