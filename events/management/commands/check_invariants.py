from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events import invariants


class Command(BaseCommand):
    help = "Look for what must never be: overbooked events, forgotten queues, stuck letters."

    def handle(self, **options: Any) -> str:
        found = invariants.findings()
        if found:
            raise CommandError("\n".join(found))
        return "Everything holds."
