"""Readers are counted once a day, robots never, and nothing is left that tells who it was."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import FIREFOX, Browser
from hub.catalogue import jobs, usage
from hub.catalogue.models import Record, UsageDay, UsageReader, UsageSalt
from hub.catalogue.reindexing import reindex
from hub.catalogue.services import put
from hub.catalogue.sources import ref_of
from hub.partners.tests.factories import make_editor
from hub.tests.queue import run_waiting_jobs
from knowledge import services
from knowledge.models import Resource
from knowledge.tests.factories import make_file, make_resource

pytestmark = pytest.mark.django_db
REF = "knowledge.resource:1"


@pytest.fixture
def work() -> Resource:
    return make_resource("On pits", slug="on-pits")


def counted() -> dict[str, int]:
    """How often each thing was done, over all days and records."""
    found: dict[str, int] = {}
    for metric, count in UsageDay.objects.values_list("metric", "count"):
        found[metric] = found.get(metric, 0) + count
    return found


def reader(number: int = 1, **headers: str):
    """A request of one of many readers."""
    headers = {"User-Agent": FIREFOX, **headers}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=f"192.0.2.{number}")


def let_a_day_pass() -> None:
    """All that is known today was of yesterday."""
    UsageSalt.objects.update(day=timezone.now().date() - timedelta(days=1))
    UsageDay.objects.update(day=timezone.now().date() - timedelta(days=1))


def test_a_reader_counts_once_a_day_for_each_work(work, client):
    other = make_resource("On steel", slug="on-steel")

    for _ in range(3):
        client.get("/resources/on-pits/")
    client.get("/resources/on-steel/")
    Browser(REMOTE_ADDR="192.0.2.7").get("/resources/on-pits/")
    Browser(HTTP_USER_AGENT="Mozilla/5.0 (iPhone) Safari").get("/resources/on-pits/")

    found = set(UsageDay.objects.values_list("record", "day", "metric", "count"))
    today = timezone.now().date()
    assert found == {(ref_of(work), today, "view", 3), (ref_of(other), today, "view", 1)}


def test_views_downloads_and_texts_count_apart(work, client):
    file = make_file(work, "Words of a page")
    run_waiting_jobs()

    for path in ("/resources/on-pits/", file.get_absolute_url(), "/resources/on-pits/text/") * 2:
        assert client.get(path).status_code == 200
    client.get("/resources/on-pits/text/#p1")

    assert counted() == {"view": 1, "download": 1, "text": 1}


def test_a_page_that_the_browser_has_is_read_all_the_same(work, client):
    etag = client.get("/resources/on-pits/")["ETag"]
    UsageDay.objects.all().delete()
    UsageReader.objects.all().delete()

    answer = client.get("/resources/on-pits/", headers={"If-None-Match": etag})

    assert (answer.status_code, counted()) == (304, {"view": 1})


@pytest.mark.parametrize(
    ("headers", "status", "downloads"),
    [
        ({}, 200, 1),
        ({"Range": "bytes=0-99"}, 206, 1),
        ({"Range": "bytes=0-"}, 206, 1),
        ({"Range": "bytes=100-"}, 206, 0),
        ({"Range": "bytes=-10"}, 206, 0),
        ({"Range": "bytes=9999999-"}, 416, 0),
        ({"Range": "bytes=5-2"}, 200, 1),
        ({"If-None-Match": "*"}, 304, 0),
    ],
)
def test_a_download_begins_at_the_first_byte(work, client, headers, status, downloads):
    file = make_file(work)

    answer = client.get(file.get_absolute_url(), headers=headers)

    assert (answer.status_code, counted().get("download", 0)) == (status, downloads)


def test_what_is_gone_or_not_there_is_not_read(work, client):
    file = make_file(work)
    services.withdraw(work.pk, reason="Old")

    paths = ["/resources/on-pits/", "/resources/on-pits/text/", file.get_absolute_url()]
    answers = [client.get(path).status_code for path in [*paths, "/resources/none/"]]

    assert (answers, counted()) == ([410, 410, 410, 404], {})


@pytest.mark.parametrize(
    "program",
    [
        "",
        " ",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp)",
        "Baiduspider+(+http://www.baidu.com/search/spider.htm)",
        "facebookexternalhit/1.1",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36",
        "curl/8.5.0",
        "Wget/1.21",
        "python-requests/2.32",
        "Go-http-client/2.0",
        "Java/17.0.1",
        "BingPreview/1.0b",
        "UptimeMonitor/2",
        "CCBot/2.0",
        "ia_archiver",
    ],
)
def test_robots_are_no_readers(work, program):
    Browser(HTTP_USER_AGENT=program).get("/resources/on-pits/")

    assert (counted(), UsageReader.objects.count()) == ({}, 0)


@pytest.mark.parametrize(
    "program",
    [
        FIREFOX,
        "Mozilla/5.0 (Linux; Android 13; CUBOT P80) Chrome/139.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        "Opera/9.80 (Android; Opera Mini/36.2/191.249; U; en) Presto/2.12 Version/12.16",
    ],
)
def test_people_are_readers(work, program):
    Browser(HTTP_USER_AGENT=program).get("/resources/on-pits/")

    assert counted() == {"view": 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
        {"X-Purpose": "preview"},
    ],
)
def test_a_page_that_is_fetched_ahead_is_not_read(work, client, headers):
    client.get("/resources/on-pits/", headers=headers)

    assert counted() == {}


def test_asking_for_the_headers_alone_is_not_reading(work, client):
    file = make_file(work)

    statuses = [
        client.head(p).status_code for p in ("/resources/on-pits/", file.get_absolute_url())
    ]

    assert (statuses, counted()) == ([200, 200], {})


def test_who_is_signed_in_is_counted_as_everybody(work, client):
    client.force_login(make_editor(work.owner))

    client.get("/resources/on-pits/")

    assert counted() == {"view": 1}


# What is kept


def test_a_hash_is_of_one_reader_work_and_thing_alone():
    for number, ref, metric in [(1, REF, "view"), (1, REF, "text"), (1, f"{REF}2", "view")]:
        usage.count(reader(number), ref, metric)
        usage.count(reader(number), ref, metric)

    kept = [bytes(key) for key in UsageReader.objects.values_list("key", flat=True)]
    assert (len(kept), {len(key) for key in kept}) == (3, {32})


def test_the_first_reader_of_a_day_throws_away_who_read_before():
    usage.count(reader(), REF, usage.VIEW)
    before = set(UsageReader.objects.values_list("key", flat=True))
    salt = bytes(UsageSalt.objects.get().salt)
    let_a_day_pass()

    for _ in range(2):
        usage.count(reader(), REF, usage.VIEW)

    new = UsageSalt.objects.get()
    assert (new.day, bytes(new.salt) == salt, len(salt)) == (timezone.now().date(), False, 32)
    assert UsageReader.objects.count() == 1
    assert not before & set(UsageReader.objects.values_list("key", flat=True))
    assert list(UsageDay.objects.order_by("day").values_list("count", flat=True)) == [1, 1]


def test_at_midnight_secret_and_hashes_go_and_numbers_stay():
    usage.count(reader(), REF, usage.VIEW)
    let_a_day_pass()

    jobs.forget_readers()

    assert (UsageSalt.objects.count(), UsageReader.objects.count()) == (0, 0)
    assert counted() == {"view": 1}


def test_a_late_midnight_leaves_the_new_day_alone():
    usage.count(reader(), REF, usage.VIEW)

    jobs.forget_readers()
    usage.count(reader(), REF, usage.VIEW)

    assert (UsageSalt.objects.count(), counted()) == (1, {"view": 1})


def test_the_midnight_of_the_job_is_that_of_the_days():
    task = next(
        periodic
        for periodic in jobs.forget_readers.blueprint.periodic_registry.periodic_tasks.values()
        if periodic.task.name == "hub.catalogue.jobs.forget_readers.nightly"
    )

    noon = 1_781_611_200  # 16 June 2026, 12:00 UTC
    assert task.croniter.get_next(float, start_time=noon) == noon + 12 * 3600


def test_tables_of_hashes_leave_no_trace_in_the_log_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relpersistence FROM pg_class WHERE relname IN "
            "('catalogue_usagesalt', 'catalogue_usagereader', 'catalogue_usageday')"
        )
        found = dict(cursor.fetchall())

    assert found == {
        "catalogue_usagesalt": "u",
        "catalogue_usagereader": "u",
        "catalogue_usageday": "p",
    }


def test_the_database_is_told_no_address_and_no_program(work, client):
    with CaptureQueriesContext(connection) as queries:
        client.get("/resources/on-pits/")

    told = " ".join(query["sql"] for query in queries)
    assert "catalogue_usageday" in told
    assert ("127.0.0.1" in told, "Firefox" in told) == (False, False)


def test_numbers_outlive_rewriting_and_withdrawal(work, client):
    client.get("/resources/on-pits/")

    Record.objects.all().delete()
    put(work)
    reindex()
    services.withdraw(work.pk, reason="Old")

    assert list(UsageDay.objects.values_list("record", "count")) == [(ref_of(work), 1)]


def test_numbers_are_kept_for_twenty_five_months():
    days = [date(2024, 10, 31), date(2024, 11, 1), date(2026, 11, 22)]
    for day in days:
        UsageDay.objects.create(record_id=REF, day=day, metric="view", count=1)

    usage.forget_old(date(2026, 11, 22))

    assert sorted(UsageDay.objects.values_list("day", flat=True)) == days[1:]


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 11, 22), 0, date(2026, 11, 1)),
        (date(2026, 11, 22), 11, date(2025, 12, 1)),
        (date(2026, 1, 31), 1, date(2025, 12, 1)),
        (date(2026, 1, 1), 24, date(2024, 1, 1)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, first):
    assert usage.months_before(day, months) == first


# What may go wrong


def test_a_page_goes_out_though_nothing_can_be_counted(work, client, caplog, committed):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalogue_usageday RENAME TO elsewhere")
    try:
        answer = client.get("/resources/on-pits/")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO catalogue_usageday")

    assert answer.status_code == 200
    assert [(one.name, one.levelno) for one in caplog.records] == [
        ("hub.catalogue.usage", logging.ERROR)
    ]


@pytest.fixture
def committed(transactional_db) -> None:
    """As in production: no transaction around what a test does."""


def test_a_page_does_not_wait_long_to_be_counted(client, caplog, committed):
    make_resource("On pits", slug="on-pits")
    client.get("/resources/on-pits/")

    def hold() -> None:
        try:
            with transaction.atomic():
                UsageDay.objects.update(count=F("count"))
                held.wait()
                answered.wait()
        finally:
            connection.close()

    held, answered = Barrier(2, timeout=10), Barrier(2, timeout=10)
    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(hold)
        held.wait()
        began = timezone.now()
        answer = Browser(REMOTE_ADDR="192.0.2.9").get("/resources/on-pits/")
        took = timezone.now() - began
        answered.wait()
        holder.result()

    assert answer.status_code == 200
    assert took < timedelta(seconds=3)
    assert (counted(), len(caplog.records)) == ({"view": 1}, 1)


def test_many_at_once_begin_one_day_and_are_counted_each(committed):
    usage.count(reader(250), REF, usage.VIEW)
    let_a_day_pass()
    start = Barrier(8, timeout=10)

    def read(number: int) -> None:
        try:
            start.wait()
            for _ in range(3):
                usage.count(reader(number), REF, usage.VIEW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(1, 9)))

    today = UsageDay.objects.get(day=timezone.now().date())
    assert (today.count, UsageReader.objects.count(), UsageSalt.objects.count()) == (8, 8, 1)


def test_counting_leaves_the_connection_as_it_was(committed):
    before = settings_of_the_connection()

    usage.count(reader(), REF, usage.VIEW)

    assert (settings_of_the_connection(), counted()) == (before, {"view": 1})


def settings_of_the_connection() -> tuple[str, str]:
    sql = "SELECT current_setting('synchronous_commit'), current_setting('lock_timeout')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()
