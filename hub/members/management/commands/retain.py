from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hub.members import data


class Command(BaseCommand):
    help = (
        "Let go of what is kept about people longer than its purpose allows. It runs every night."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(self, *args: Any, **options: Any) -> None:
        gone = data.retain(is_dry_run=options["dry_run"])
        for label, count in gone.items():
            self.stdout.write(f"{count:>7}  {label}")
        if not gone:
            self.stdout.write("Nothing is kept too long.")
