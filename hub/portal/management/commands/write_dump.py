from typing import Any

from django.core.management.base import BaseCommand

from hub.portal.dumps import reading, writing


class Command(BaseCommand):
    help = "Write all that is public as files for programs, as happens every night."

    def handle(self, **options: Any) -> None:
        version = writing.write()
        manifest = reading.manifest(version) or {"tables": []}
        rows = sum(table["rows"] for table in manifest["tables"])
        self.stdout.write(f"{rows} rows: {reading.folder() / version}")
