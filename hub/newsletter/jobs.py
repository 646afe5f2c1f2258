"""Background work of the newsletter.

A job is a turn, not a letter: whoever has one sends for a few seconds what is due, and hands on
the turn. They come after all other jobs, so letters of the post never wait behind an issue. A lost turn
loses nothing: each minute the sweep begins what is to begin and hands out turns for what is due.
"""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import jobs
from hub.newsletter import course, sending
from hub.newsletter.models import Delivery
from hub.notices import leases

LANES = 2  # turns beside each other, on two workers or one


@jobs.modest_task
def send() -> None:
    """Send for a while what is due. Safe to run twice: nothing goes out twice."""
    if sending.turn():
        jobs.enqueue(send)
    else:
        course.finish()


@jobs.task
def begin(issue: int) -> None:
    """Begin an issue and hand out the turns for it."""
    if course.begin(issue):
        hand_out()


@jobs.task
def sweep() -> None:
    """Begin what is to begin, settle what killed workers left, and hand out turns that are missing."""
    course.begin_what_is_due()
    leases.settle_lost(Delivery)
    course.finish()
    if leases.is_open() and Delivery.objects.due().exists():
        hand_out()


def hand_out() -> None:
    """Have as many turns wait as may be taken beside each other."""
    waiting = ProcrastinateJob.objects.filter(task_name=send.name, status="todo").count()
    if waiting < LANES:
        send.batch_defer(*[{} for _lane in range(LANES - waiting)])


@app.periodic(cron="* * * * *")
@app.task(name=f"{sweep.name}.every_minute", queueing_lock=sweep.name)
def sweep_every_minute(timestamp: int) -> None:
    jobs.enqueue(sweep)
