"""Background work of the post office.

A job is no letter but a turn: whoever has one delivers the letter that is due next. So the most
urgent goes first whatever the order of the jobs, and a lost job loses nothing: each minute the sweep
hands out turns for all that is due.
"""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import jobs
from hub.notices import ceilings, delivery, leases
from hub.notices.models import Message


@jobs.task
def deliver() -> None:
    """Send the letter that is due next. Safe to run twice: no letter goes out twice."""
    delivery.deliver_next()


def written() -> None:
    """Have a letter delivered, once the transaction that wrote it is over."""
    jobs.enqueue(deliver)


@jobs.task
def sweep() -> None:
    """Settle what killed workers left, and hand out turns for what is due and has none."""
    leases.settle_lost(Message)
    delivery.drop_stale_secrets()
    if not leases.is_open():
        return
    waiting = ProcrastinateJob.objects.filter(task_name=deliver.name, status="todo").count()
    room = ceilings.room_in_this_hour(is_secret=True)
    turns = min(Message.objects.due().count(), room) - waiting
    if turns > 0:
        deliver.batch_defer(*[{} for _turn in range(turns)])


@app.periodic(cron="* * * * *")
@app.task(name=f"{sweep.name}.every_minute", queueing_lock=sweep.name)
def sweep_every_minute(timestamp: int) -> None:
    jobs.enqueue(sweep)
