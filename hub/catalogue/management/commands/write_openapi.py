from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Write the description of the API anew, after a change of what it tells."
    requires_system_checks = ()

    def handle(self, **options: Any) -> None:
        from hub.catalogue.api import page, schema

        page.DESCRIPTION.write_text(schema.as_text())
        self.stdout.write(f"Written: {page.DESCRIPTION}")
