from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.catalogue import reindexing, words
from hub.catalogue.models import Word


class Command(BaseCommand):
    help = "Rebuild the catalogue from its sources, or prove that it needs no rebuilding."

    def add_arguments(self, parser: CommandParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument(
            "--stale", action="store_true", help="Only what earlier versions of search have made."
        )
        only.add_argument(
            "--check", action="store_true", help="Change nothing; fail if anything differs."
        )

    def handle(self, *, check: bool, stale: bool, **options: Any) -> str:
        if not check:
            count = reindexing.reindex_stale() if stale else reindexing.reindex()
            if count or not Word.objects.exists():
                words.renew()
            return f"{count} renewed." if stale else f"{count} records."
        found = list(reindexing.differences())
        if found:
            raise CommandError("\n".join([*found, f"{len(found)} differences."]))
        return "No difference."
