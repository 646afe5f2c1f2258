"""Which links still lead to something. This alone writes what a check has found.

Three failures, each of another night, make a link *broken*. That a page is not there any more is said
by 404 and 410, and by a name that nobody has. A server in trouble, or none that answers, is a failure
too, but is given one, two and four days to recover. Whoever turns robots away (401, 403, 429 and the
like), has a certificate that we do not know, or stands where we do not ask, tells us nothing: what was
found before stays. Any answer below 400 makes a link whole again.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from hub import fetching
from knowledge.models import Link

GONE = frozenset({404, 410})
TOO_MUCH = frozenset({429, 503})  # what a site says that wants to be left alone
PAUSE = 2.0  # seconds between two questions to a site
PER_SITE = 20  # links in a night
PER_NIGHT = 10_000
PER_TURN = 20  # links that one job looks at; a worker that is told to stop waits 20 s for it
BACK_OFF = (1, 2, 4)  # days until the next look, after so many failures
DAYS_UNTOLD = 4
# Nights do not begin to the second, so what waits a day is due a little earlier.
SLACK = timedelta(hours=6)
# Two failures are of different nights if they lie so far apart.
NIGHT = timedelta(hours=12)
# Silence is held against a site only while others answer: else it is we who are cut off.
HEARD_WITHIN = timedelta(hours=36)

Fetch = Callable[..., fetching.Fetched]


class Verdict(Enum):
    WHOLE = auto()
    GONE = auto()
    TROUBLED = auto()
    UNTOLD = auto()


@dataclass(frozen=True)
class Finding:
    """What a look at a link has found: what that means, and the status of the answer, if any."""

    verdict: Verdict
    status: int | None = None


def turns(now: datetime) -> list[list[int]]:
    """The links to be looked at in this night, a list for each job. The longest unseen come first;
    all of a site are in one list, of which there are ``PER_SITE`` at most."""
    due = Link.objects.in_use().due(now).values_list("pk", "url")
    return _packed(due.iterator())


def turns_of(link_ids: Iterable[int]) -> list[list[int]]:
    """The same of these links alone, whether or not it is their turn."""
    chosen = Link.objects.in_use().filter(pk__in=link_ids)
    return _packed(chosen.order_by("checked_at", "pk").values_list("pk", "url"))


def look_at(
    link_ids: Iterable[int],
    *,
    since: datetime,
    fetch: Fetch = fetching.fetch,
    pause: float = PAUSE,
) -> None:
    """Look at those of these links that nobody has looked at ``since``, and note of each at once
    what was found. ``pause`` are the seconds that a site is left alone between two questions. A site
    that says it is asked too much is left alone for this time."""
    links = Link.objects.in_use().filter(pk__in=link_ids).exclude(checked_at__gte=since)
    asker, tired = _Asker(fetch, pause), set()
    for pk, url in _in_turn(links.order_by("pk").values_list("pk", "url")):
        if _site_of(url) in tired:
            continue
        finding = asker.find(url)
        if finding.status in TOO_MUCH:
            tired.add(_site_of(url))
        note(pk, url, finding, timezone.now())


@transaction.atomic
def note(pk: int, url: str, finding: Finding, now: datetime) -> None:
    """Write down what was found of the link at ``now``, unless it leads elsewhere by now."""
    link = Link.objects.select_for_update(of=["self"]).filter(pk=pk, url=url).first()
    is_silence = finding.status is None and finding.verdict is not Verdict.UNTOLD
    if link is None or (is_silence and not _hears_others(now)):
        return
    link.checked_at, link.last_status = now, finding.status
    if finding.verdict is Verdict.WHOLE:
        link.fails, link.failed_at = 0, None
    elif finding.verdict is not Verdict.UNTOLD and _is_another_night(link, now):
        link.fails, link.failed_at = link.fails + 1, now
    link.next_check_at = now + timedelta(days=_days_until_next(link, finding.verdict)) - SLACK
    link.save(update_fields=["checked_at", "last_status", "fails", "failed_at", "next_check_at"])


def forget(pk: int) -> None:
    """Begin anew with a link that leads elsewhere now."""
    Link.objects.filter(pk=pk).update(
        checked_at=None, last_status=None, fails=0, failed_at=None, next_check_at=None
    )


def _is_another_night(link: Link, now: datetime) -> bool:
    return link.failed_at is None or now - link.failed_at >= NIGHT


def _days_until_next(link: Link, verdict: Verdict) -> int:
    if verdict is Verdict.UNTOLD:
        return DAYS_UNTOLD
    if verdict is Verdict.TROUBLED or link.is_broken:
        return BACK_OFF[min(max(link.fails, 1), len(BACK_OFF)) - 1]
    return 1


def _hears_others(now: datetime) -> bool:
    """Whether any site has answered us lately."""
    lately = Link.objects.filter(checked_at__gte=now - HEARD_WITHIN)
    return lately.filter(last_status__isnull=False).exists()


class _Asker:
    """Asks sites, none of them twice within ``pause`` seconds."""

    def __init__(self, fetch: Fetch, pause: float) -> None:
        self.fetch = fetch
        self.pause = pause
        self.asked_at: dict[str, float] = {}

    def find(self, url: str) -> Finding:
        """What this address leads to: asked for by HEAD; where that is refused or not understood,
        as by many a server, by GET."""
        finding = self._ask(url, "HEAD")
        is_final = finding.verdict is Verdict.WHOLE or finding.status == 429
        has_answer = finding.status is not None or finding.verdict is Verdict.TROUBLED
        return finding if is_final or not has_answer else self._ask(url, "GET")

    def _ask(self, url: str, method: str) -> Finding:
        site = _site_of(url)
        left = self.asked_at.get(site, -self.pause) + self.pause - time.monotonic()
        if site in self.asked_at and left > 0:
            time.sleep(left)
        try:
            answer = self.fetch(url, method=method, wants_content=False)
        except fetching.NoSuchName:
            return Finding(Verdict.GONE)
        except fetching.Unreachable:
            return Finding(Verdict.TROUBLED)
        except fetching.FetchError:
            return Finding(Verdict.UNTOLD)
        finally:
            self.asked_at[site] = time.monotonic()
        return Finding(_verdict_of(answer.status), answer.status)


def _verdict_of(status: int) -> Verdict:
    if status < 400:
        return Verdict.WHOLE
    if status in GONE:
        return Verdict.GONE
    return Verdict.TROUBLED if status >= 500 else Verdict.UNTOLD


def _site_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _in_turn(links: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """One link of each site, then the next of each, so that there is little to wait for."""
    rounds = zip_longest(*_by_site(links).values())
    return (link for link in chain.from_iterable(rounds) if link is not None)


def _by_site(links: Iterable[tuple[int, str]]) -> dict[str, list[tuple[int, str]]]:
    """These links, but ``PER_SITE`` of each site and ``PER_NIGHT`` in all: the first."""
    sites: dict[str, list[tuple[int, str]]] = defaultdict(list)
    count = 0
    for pk, url in links:
        of_site = sites[_site_of(url)]
        if count < PER_NIGHT and len(of_site) < PER_SITE:
            of_site.append((pk, url))
            count += 1
    return sites


def _packed(links: Iterable[tuple[int, str]]) -> list[list[int]]:
    packed: list[list[int]] = []
    for of_site in _by_site(links).values():
        turn = [pk for pk, _url in of_site]
        if packed and len(packed[-1]) + len(turn) <= PER_TURN:
            packed[-1] += turn
        elif turn:
            packed.append(turn)
    return packed
