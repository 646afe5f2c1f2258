from typing import Any

from django.core.management.base import BaseCommand

from knowledge import jobs
from knowledge.models import File


class Command(BaseCommand):
    help = "Have the text of all PDFs read anew, by a worker: for a catalogue that has lost it."

    def handle(self, **options: Any) -> str:
        file_ids = list(File.objects.order_by("pk").values_list("pk", flat=True))
        jobs.files_added(file_ids)
        return f"{len(file_ids)} files will be read"
