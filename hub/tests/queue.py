from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def run_waiting_jobs() -> list[str]:
    """Do what a worker would do with the jobs that wait, and with those that they enqueue; answers
    their names."""
    done: dict[int, str] = {}
    while job := ProcrastinateJob.objects.exclude(pk__in=done).order_by("id").first():
        app.tasks[job.task_name](**job.args)
        done[job.pk] = job.task_name.rpartition(".")[2]
    return list(done.values())


def empty_the_queue() -> None:
    """Clear away all jobs and workers that were committed."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
