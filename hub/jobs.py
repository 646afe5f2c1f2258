"""Background work: functions with plain arguments that a worker runs after the commit.

A job is a row of PostgreSQL (procrastinate), written in the transaction of whoever enqueues it: a
rolled-back act leaves no job. A job may run twice, after its worker was killed, so every task is
idempotent. ``manage.py work`` runs a worker.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import connections, transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

# A worker that has not been heard of for this long is taken for dead. Heartbeats come every 10 s.
SECONDS_TO_DEATH = 30
RETRY = RetryStrategy(max_attempts=8, exponential_wait=4)


def task(function: Callable[..., None]) -> Task:
    """Make ``function`` a task. It keeps its name in the queue: renaming loses waiting jobs."""
    return _registered(function)


def patient_task(function: Callable[..., None]) -> Task:
    """Make ``function`` a task of which one job runs at a time, after all that is more urgent."""
    return _registered(function, lock=_name_of(function), priority=-10)


def modest_task(function: Callable[..., None]) -> Task:
    """Make ``function`` a task whose jobs wait for all that is more urgent, beside each other."""
    return _registered(function, priority=-10)


def _registered(function: Callable[..., None], **how: Any) -> Task:
    @wraps(function)
    def run(**arguments: Any) -> None:
        _drop_dead_connections()
        try:
            function(**arguments)
        finally:
            _drop_dead_connections()

    return app.task(name=_name_of(function), retry=RETRY, **how)(run)


def _name_of(function: Callable) -> str:
    return f"{function.__module__}.{function.__name__}"


def nightly(function: Callable[[], None]) -> Task:
    """Make ``function`` a task that some worker runs once every night."""
    return _daily(function, cron="17 2 * * *")


def at_midnight(function: Callable[[], None]) -> Task:
    """Make ``function`` a task that some worker runs as a new day begins (UTC)."""
    return _daily(function, cron="0 0 * * *")


def often(function: Callable[[], None]) -> Task:
    """Make ``function`` a task that some worker runs every five minutes."""
    return _periodic(function, cron="*/5 * * * *", name="often")


def _daily(function: Callable[[], None], cron: str) -> Task:
    return _periodic(function, cron, name="nightly")


def _periodic(function: Callable[[], None], cron: str, name: str) -> Task:
    run = task(function)

    @app.periodic(cron=cron)
    @app.task(name=f"{run.name}.{name}", queueing_lock=run.name)
    def enqueue_it(timestamp: int) -> None:
        run.defer()

    return run


def _drop_dead_connections() -> None:
    """What every request does for itself: without it a worker that outlived a restart of the
    database would hold on to its dead connection."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def enqueue(task: Task, **arguments: Any) -> int:
    """Have ``task`` run soon after the current transaction commits; answers the job's number."""
    return task.defer(**arguments)


def run_again(job_id: int) -> bool:
    """Have a job that failed for good tried once more; whether it had."""
    with transaction.atomic():
        failed = ProcrastinateJob.objects.filter(pk=job_id, status="failed").select_for_update()
        if not failed.exists():
            return False
        app.job_manager.retry_job_by_id(job_id, retry_at=timezone.now())
    return True


def cancel(job_id: int) -> bool:
    """Have a job never begin; whether it had not."""
    return app.job_manager.cancel_job_by_id(job_id)


@app.periodic(cron="* * * * *")
@app.task(name="hub.jobs.sweep", queueing_lock="hub.jobs.sweep", pass_context=True)
async def sweep(context: Any, timestamp: int) -> None:
    """Hand the jobs of killed workers to living ones."""
    await retry_stalled(context.app)


async def retry_stalled(app: Any) -> int:
    """Put jobs back into the queue whose worker is gone, and answer how many."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SECONDS_TO_DEATH)
    stalled = list(stalled)
    for job in stalled:
        await app.job_manager.retry_job(job)
    return len(stalled)
