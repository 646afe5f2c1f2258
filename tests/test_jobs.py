"""Jobs against a real worker, in a process of its own, on a database whose transactions commit."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import jobs
from hub.audit.models import Access
from hub.catalogue.jobs import refresh_records
from hub.catalogue.models import Record
from hub.notices.tests.workers import Workers, let_the_dead_be_missed, wait_until
from hub.partners.tests.factories import make_user
from knowledge.tests.factories import make_resource
from tests.drill import tasks as drill

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 2  # how many jobs a worker has in hand


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
        # The sweep comes once a minute, and that of this minute may have been the dead one's.
        is_done = wait_until(lambda: Record.objects.get().sort_title == "lignite", seconds=90)

    assert is_done
    assert wait_until(lambda: not waiting_jobs().exists())


def test_of_a_thousand_jobs_each_has_its_effect_though_workers_are_killed(tmp_path):
    """Killed at the four hundredth: what they were at is taken up, all else goes on."""
    with connection.cursor() as cursor:
        cursor.execute(drill.TABLES)
    try:
        for number in range(1000):
            jobs.enqueue(drill.count, number=number)
        drilled = {"DJANGO_SETTINGS_MODULE": "tests.drill.settings"}
        with Workers(2, tmp_path / "workers.log", **drilled) as workers:
            assert wait_until(lambda: number_of("drill_effect") >= 400, seconds=60)
            for index in range(2):
                workers.kill_and_replace(index)
            let_the_dead_be_missed()
            assert wait_until(lambda: number_of("drill_effect") == 1000, seconds=90)
            assert wait_until(
                lambda: not ProcrastinateJob.objects.filter(task_name=drill.count.name)
            )
        runs = number_of("drill_run")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE drill_run, drill_effect")

    assert 1000 <= runs <= 1000 + 2 * AT_ONCE


def number_of(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.fixture
def failed_job():
    job = jobs.enqueue(refresh_records, refs=[])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed', attempts = 8")
    return job


def test_a_job_that_failed_is_run_again_from_the_desk(client, failed_job):
    client.force_login(make_user(is_superuser=True))
    assert "Background work that failed" in client.get("/admin/").content.decode()

    act(client, "run_again", failed_job)

    assert ProcrastinateJob.objects.get().status == "todo"
    assert Access.objects.filter(act="ran_again", object_id=failed_job).exists()
    with worker():
        assert wait_until(lambda: not waiting_jobs().exists())


def test_a_job_that_waits_is_cancelled_after_a_question(client):
    job = jobs.enqueue(refresh_records, refs=[])
    client.force_login(make_user(is_superuser=True))

    asked = act(client, "cancel", job)
    before = ProcrastinateJob.objects.get().status
    act(client, "cancel", job, confirmed="1")

    assert "Cancel this work?" in asked.content.decode()
    assert (before, ProcrastinateJob.objects.get().status) == ("todo", "cancelled")


def test_only_administrators_see_to_jobs(client, failed_job):
    client.force_login(make_user(is_secretariat=True))

    answer = act(client, "run_again", failed_job)

    assert answer.status_code == 403
    assert ProcrastinateJob.objects.get().status == "failed"


def act(client, action, job, **data):
    path = "/admin/procrastinate/procrastinatejob/"
    return client.post(path, {"action": action, "_selected_action": job, **data})


def waiting_jobs():
    """What is not done yet; the sweep comes back every minute and is not counted."""
    return ProcrastinateJob.objects.filter(task_name="hub.catalogue.jobs.refresh_records")
