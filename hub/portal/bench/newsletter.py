"""An issue of the newsletter to many readers: how fast two workers hand it to a mail server."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psutil
from django.utils import timezone

from hub import jobs as queue
from hub.catalogue.models import Record
from hub.local import ROOT, Refusal
from hub.newsletter import composing, jobs
from hub.newsletter.models import Delivery, Issue, IssueText, Subscription
from hub.portal.bench import report
from hub.portal.bench.report import Result

READERS = 5_000
WORKERS = 2
LEAST = 100  # letters a second
SECONDS_TO_BE_READY = 30
MOST_SECONDS = 600


def measure(database: str) -> Result:
    """Send an issue of the real works to so many readers, half of them with one section alone."""
    issue, emails = _issue(), _readers()
    with ExitStack() as opened:
        sink = opened.enter_context(_process("-m", "hub.portal.bench.sink"))
        port = int(sink.stdout.readline())
        environment = {
            "DATABASE_URL": database,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "POST_PER_HOUR": "1000000",
        }
        workers = [
            opened.enter_context(_process("manage.py", "work", **environment))
            for _worker in range(WORKERS)
        ]
        _wait_until_they_work()
        used, begun = _processor(workers), time.perf_counter()
        queue.enqueue(jobs.begin, issue=issue.pk)
        _wait_until_it_is_out(issue)
        seconds, used = time.perf_counter() - begun, _processor(workers) - used
        received, _errors = sink.communicate("")
    counts = json.loads(received)
    return {
        "readers": READERS,
        "seconds": round(seconds, 1),
        "per_second": round(READERS / seconds),
        "cpu_ms": round(used / READERS * 1000, 1),
        "twice": sum(count > 1 for count in counts.values()),
        "missing": len(emails - counts.keys()),
    }


def line(result: Result) -> str:
    """The measured in words."""
    is_met = result["per_second"] >= LEAST and not (result["twice"] or result["missing"])
    return (
        f"newsletter: {result['readers']:,} readers, {WORKERS} workers: {result['seconds']} s, "
        f"{result['per_second']} a second, {result['cpu_ms']} ms of processor in workers each; "
        f"{result['twice']} twice, {result['missing']} missing; "
        f"goal {LEAST} a second: {report.goal(is_met)}"
    )


def _issue() -> Issue:
    """A draft with a handful of works for each section, whatever their age."""
    issue = Issue.objects.create(new_since=timezone.now())
    IssueText.objects.create(
        issue=issue, language="en", subject="What is new", intro="Good day.\n\n" + "Words. " * 80
    )
    newest = Record.objects.public().order_by("-pk").values_list("ref", flat=True)
    composing.add(issue, list(newest[:30]))
    return issue


def _readers() -> set[str]:
    emails = [f"reader{number}@example.org" for number in range(READERS)]
    groups = list(Issue.objects.latest("pk").items.values_list("group", flat=True))
    now = timezone.now()
    Subscription.objects.bulk_create(
        Subscription(
            email=email,
            languages=["en"],
            groups=groups[:1] if number % 2 else sorted(set(groups)),
            confirmed_at=now,
            wording="Measured.",
            wording_version="1",
            source_path="/newsletter/",
        )
        for number, email in enumerate(emails)
    )
    return set(emails)


@contextmanager
def _process(*command: str, **environment: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _wait_until_they_work() -> None:
    from procrastinate.contrib.django.models import ProcrastinateWorker

    end = time.monotonic() + SECONDS_TO_BE_READY
    while ProcrastinateWorker.objects.count() < WORKERS:
        if time.monotonic() > end:
            raise Refusal("The workers did not start.")
        time.sleep(0.1)


def _wait_until_it_is_out(issue: Issue) -> None:
    end = time.monotonic() + MOST_SECONDS
    while not Issue.objects.filter(pk=issue.pk, begun_at__isnull=False).exists() or (
        Delivery.objects.not_settled().exists()
    ):
        if time.monotonic() > end:
            raise Refusal("The issue did not go out.")
        time.sleep(0.05)


def _processor(processes: list[subprocess.Popen]) -> float:
    times = [psutil.Process(process.pid).cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)
