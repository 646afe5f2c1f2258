"""The pages on the real starting content, asked for in this process: time, and how much they weigh."""

import statistics
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.module_loading import autodiscover_modules

from hub.catalogue import services
from hub.catalogue.models import Record
from hub.portal.bench import report
from hub.portal.bench.report import AGAIN, FIRST, Result

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
    "events": "/events/",
    "API, 30 works": "/api/v1/resources/",
    "API, a word": "/api/v1/resources/?q=coal",
    "an event": "/events/strengthening-collaborative-strategies-and-cooperation-for-global-transformation/",
}
# Pages of content that is made for the purpose, by the apps that know how, in their ``measured``: each
# makes what it needs and answers its address.
MORE: dict[str, Callable[[], str]] = {}


def measure(rounds: int) -> list[Result]:
    """Every page so many times, twice in each round: first after a change of the content, then
    again. Round by round, so that what else the machine does falls on all pages alike; the first
    round warms up."""
    client = Client(headers={"host": urlsplit(settings.BASE_URL).netloc, "accept-encoding": "br"})
    autodiscover_modules("measured")
    pages = {"floor": FLOOR, **PAGES, **{name: make() for name, make in MORE.items()}}
    queries: dict[str, int] = {}
    times: dict[tuple[str, str], list[float]] = {}
    sizes: dict[str, int] = {}
    for number in range(rounds + 1):
        change_content()
        for asked in (FIRST, AGAIN):
            for name, path in pages.items():
                taken, sizes[name] = _ask(client, path)
                if number:
                    times.setdefault((name, asked), []).append(taken)
    for name, path in pages.items():
        change_content()
        with CaptureQueriesContext(connection) as captured:
            client.get(path, secure=settings.BASE_URL.startswith("https"))
        queries[name] = len(captured)
    floor = statistics.median(times["floor", FIRST])
    return [
        {"page": name, "kilobytes": round(sizes[name] / 1000, 1), "queries": queries[name]}
        | {asked: _in_short(times[name, asked], floor) for asked in (FIRST, AGAIN)}
        for name in pages
    ]


def change_content() -> None:
    """Have one record written anew, so that nothing that was kept of any page is right any more."""
    services.refresh([Record.objects.newest()[0].ref])


def _ask(client: Client, path: str) -> tuple[float, int]:
    """How many milliseconds a page takes, and its bytes."""
    start = time.perf_counter()
    response = client.get(path, secure=settings.BASE_URL.startswith("https"))
    return 1000 * (time.perf_counter() - start), len(response.content)


def _in_short(times: list[float], floor: float) -> Result:
    median = statistics.median(times)
    return {
        "median_ms": round(median, 2),
        "p95_ms": round(report.late(times), 2),
        "times_floor": round(median / floor, 2),
    }


def table(pages: list[Result]) -> Iterator[str]:
    yield f"{'':<16}{'asked first':>30}{'asked again':>30}"
    timed = f"{'median ms':>10}{'p95 ms':>10}{'x floor':>10}"
    yield f"{'page':<16}{timed}{timed}{'kB br':>8}{'queries':>9}"
    for one in pages:
        cells = "".join(
            f"{one[asked][name]:>10.1f}"
            for asked in (FIRST, AGAIN)
            for name in ("median_ms", "p95_ms", "times_floor")
        )
        yield f"{one['page']:<16}{cells}{one['kilobytes']:>8.1f}{one['queries']:>9}"
