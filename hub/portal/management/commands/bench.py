import statistics
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.test import Client

# The floor is a page with the same frame that asks the database for nothing.
FLOOR = "/no-such-page/"
PAGES = {
    "home": "/",
    "library": "/resources/",
    "one facet": "/resources/?topic=finance",
    "three facets": "/resources/?topic=finance&kind=news&language=en",
    "a word": "/resources/?q=lignite",
    "a common word": "/resources/?q=coal",
    "a phrase": "/resources/?q=%22just+transition%22",
    "last page": "/resources/?page=14",
    "search": "/search/?q=mongolia",
    "topics": "/topics/",
    "a topic": "/topics/finance/",
    "places": "/places/",
    "a country": "/places/colombia/",
    "a region": "/places/cesar/",
    "a partner": "/partners/ilo/",
}


class Command(BaseCommand):
    help = "Measure the pages on the content that is there, and set them against a floor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=30, help="How often each page is asked.")

    def handle(self, *, rounds: int, **options: Any) -> None:
        client = Client(headers={"host": urlsplit(settings.BASE_URL).netloc})
        is_https = settings.BASE_URL.startswith("https")
        pages = {"floor": FLOOR, **PAGES}
        times: dict[str, list[float]] = {name: [] for name in pages}
        sizes: dict[str, int] = {}
        # Round by round, so that what else the machine does falls on all pages alike.
        for number in range(rounds + 1):
            for name, path in pages.items():
                start = time.perf_counter()
                response = client.get(path, secure=is_https, headers={"accept-encoding": "br"})
                if number:  # the first round warms up
                    times[name].append(1000 * (time.perf_counter() - start))
                sizes[name] = len(response.content)
        floor = statistics.median(times["floor"])
        self.stdout.write(f"{'page':<16}{'median ms':>10}{'p95 ms':>10}{'x floor':>10}{'kB br':>8}")
        for name, taken in times.items():
            median, late = statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]
            kilobytes = sizes[name] / 1000
            self.stdout.write(
                f"{name:<16}{median:>10.1f}{late:>10.1f}{median / floor:>10.1f}{kilobytes:>8.1f}"
            )
