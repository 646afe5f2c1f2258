"""Jobs against a real worker, in a process of its own, on a database whose transactions commit."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import jobs
from hub.catalogue.jobs import refresh_records
from hub.catalogue.models import Record
from knowledge.tests.factories import make_resource

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def worker():
    """A worker on the test database; ended at the latest when the test ends."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {"DATABASE_URL": url.geturl()}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"], cwd=settings.ROOT, env=environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_enqueue_leaves_no_job_when_the_act_is_rolled_back():
    with transaction.atomic():
        jobs.enqueue(refresh_records, refs=[])
        transaction.set_rollback(True)

    assert ProcrastinateJob.objects.count() == 0


def test_worker_runs_what_was_enqueued():
    resource = make_resource("Lignite")
    Record.objects.update(sort_title="stale")

    with worker():
        jobs.enqueue(refresh_records, refs=[f"knowledge.resource:{resource.pk}"])
        is_done = wait_until(lambda: Record.objects.get().sort_title == "lignite")

    assert is_done


def test_worker_stops_cleanly_when_told_to():
    with worker() as process:
        jobs.enqueue(refresh_records, refs=[])
        assert wait_until(lambda: not waiting_jobs().exists())
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=20) == 0


def test_job_of_a_killed_worker_is_taken_up_by_another():
    resource = make_resource("Lignite")
    Record.objects.update(sort_title="stale")

    with psycopg.connect(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"]) as us:
        # Whoever puts the record waits for this lock, so the worker dies in the midst of its job.
        us.execute("SELECT 1 FROM knowledge_resource WHERE id = %s FOR UPDATE", [resource.pk])
        jobs.enqueue(refresh_records, refs=[f"knowledge.resource:{resource.pk}"])
        with worker() as first:
            assert wait_until(lambda: ProcrastinateJob.objects.filter(status="doing").exists())
            first.send_signal(signal.SIGKILL)
            first.wait()
    let_the_dead_be_missed()
    with worker():
        is_done = wait_until(lambda: Record.objects.get().sort_title == "lignite")

    assert is_done
    assert wait_until(lambda: not waiting_jobs().exists())


def waiting_jobs():
    """What is not done yet; the sweep comes back every minute and is not counted."""
    return ProcrastinateJob.objects.filter(task_name="hub.catalogue.jobs.refresh_records")


def let_the_dead_be_missed():
    """As if the time had passed after which a silent worker is taken for dead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
