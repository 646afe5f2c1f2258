"""Counts how often works are read, without a cookie and without keeping who read them.

A reader counts once a day for each work and for each thing that one can do with it. What knows them
again is a hash, made with a secret of the day; at midnight (UTC) the secret and all hashes are thrown
away, by a job or by whoever is counted first on the new day. Then nobody can tell from anything that
is left who it was. What stays is one number for each work, day and metric.

Robots, and browsers that fetch ahead of their reader, are left out. What a shared cache answers in
the hub's place is not seen. Who is signed in is counted like everybody: a public page does not look.
"""

import logging
import re
import secrets
from datetime import date

from django.db import Error, connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from hub.catalogue.models import UsageDay
from hub.clients import client_of

VIEW, DOWNLOAD, TEXT = UsageDay.Metric
MONTHS_KEPT = 25  # this month and the two years before it

log = logging.getLogger(__name__)

# What programs call themselves that nobody reads with. A CUBOT is a telephone.
ROBOTS = re.compile(
    r"(?<!cu)bot|crawl|spider|slurp|preview|monitor|headless|lighthouse|archiv|scrap|fetch|scan"
    r"|check|validat|uptime|pingdom|externalhit|embedly|feed|python|curl|wget|libwww|okhttp|go-http"
    r"|java/|\b(?:rss|perl|ruby|php|node)\b|axios|http-?client|phantom|selenium|puppeteer|playwright",
    re.IGNORECASE,
)
# By these a browser says that it fetches a page that its reader may never open.
AHEAD = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
AHEAD_WORDS = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)

# One statement and so one transaction: the number goes up only for a hash that is new. A count that a
# crash takes along is no loss, so the page does not wait for the disk, nor long for others who count.
COUNT = """
    WITH today AS MATERIALIZED (
        SELECT salt, set_config('synchronous_commit', 'off', true),
            set_config('lock_timeout', '100ms', true)
        FROM catalogue_usagesalt WHERE day = current_date
    ), reader AS (
        INSERT INTO catalogue_usagereader (key)
        SELECT sha256(salt || %(reader)s) FROM today
        ON CONFLICT DO NOTHING RETURNING true
    ), counted AS (
        INSERT INTO catalogue_usageday AS one (ref, day, metric, count)
        SELECT %(ref)s, current_date, %(metric)s, 1 FROM reader
        ON CONFLICT (ref, day, metric) DO UPDATE SET count = one.count + 1
    )
    SELECT EXISTS (SELECT FROM today)
"""


def count(request: HttpRequest, ref: str, metric: UsageDay.Metric) -> None:
    """Count that the sender of ``request`` reads this record. Whatever goes wrong with it goes to
    the log, and the page goes out. Call it outside a transaction, which an error would undo."""
    if not is_reader(request):
        return
    parameters = {"ref": ref, "metric": metric, "reader": _reader(request, ref, metric)}
    try:
        if not _count(parameters):
            begin_day()
            _count(parameters)
    except Error:
        log.exception("A reader was not counted.")


def is_reader(request: HttpRequest) -> bool:
    """Whether a person seems to look at what is asked for."""
    program = request.headers.get("User-Agent", "")
    # Further in, a HEAD is a GET.
    if request.META["REQUEST_METHOD"] != "GET" or not program.strip() or ROBOTS.search(program):
        return False
    return not any(AHEAD_WORDS.search(request.headers.get(name, "")) for name in AHEAD)


def _reader(request: HttpRequest, ref: str, metric: str) -> bytes:
    """Whom the database is told of, which adds the secret of the day. It never sees an address."""
    told = "\0".join([client_of(request), request.headers["User-Agent"], ref, metric])
    return salted_hmac("hub.catalogue.usage", told, algorithm="sha256").digest()


def _count(parameters: dict[str, object]) -> bool:
    """Whether the day has begun, without which nothing is counted."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, parameters)
        return cursor.fetchone()[0]


@transaction.atomic
def begin_day() -> None:
    """Throw away what knew the readers of earlier days, and make the secret of this one, unless
    somebody has."""
    forget_readers()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalogue_usagesalt VALUES (current_date, %s) ON CONFLICT DO NOTHING",
            [secrets.token_bytes(32)],
        )


@transaction.atomic
def forget_readers() -> None:
    """Throw away the secret of an earlier day and all hashes. Who finds the secret gone, as another
    worker was first, leaves the hashes: they may be of the new day."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalogue_usagesalt WHERE day <> current_date")
        if cursor.rowcount:
            cursor.execute("DELETE FROM catalogue_usagereader")


def move(ref: str, to: str) -> None:
    """Add the readers of one record to those of another, day by day: two works have become one."""
    sql = """
        WITH moved AS (
            DELETE FROM catalogue_usageday WHERE ref = %s RETURNING day, metric, count
        )
        INSERT INTO catalogue_usageday AS one (ref, day, metric, count)
        SELECT %s, day, metric, count FROM moved ORDER BY day, metric
        ON CONFLICT (ref, day, metric) DO UPDATE SET count = one.count + excluded.count
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [ref, to])


def forget_old(today: date) -> None:
    """Let go of the numbers of days before the months that are kept."""
    UsageDay.objects.filter(day__lt=months_before(today, MONTHS_KEPT - 1)).delete()


def months_before(day: date, months: int) -> date:
    """The first day of the month that is so many before that of ``day``."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
