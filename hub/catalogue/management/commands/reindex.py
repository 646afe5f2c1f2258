from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hub.catalogue import services


class Command(BaseCommand):
    help = "Rebuild the catalogue from its sources, or prove that it needs no rebuilding."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Change nothing; fail if anything differs."
        )

    def handle(self, *, check: bool, **options: Any) -> str:
        if not check:
            return f"{services.reindex()} records."
        found = list(services.differences())
        if found:
            raise CommandError("\n".join([*found, f"{len(found)} differences."]))
        return "No difference."
