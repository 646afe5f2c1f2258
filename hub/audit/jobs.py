"""What has all background work recorded under its name."""

from functools import wraps
from typing import Any

from procrastinate import App
from procrastinate.tasks import Task

from hub.audit.acts import acting


def name_tasks(app: App) -> None:
    """Record what each task changes as done by the job of its name."""
    for task in app.tasks.values():
        if task.name.startswith(("builtin:", "procrastinate.", "hub.jobs.")):
            continue  # the queue's own, which change no row of ours
        task.func = _named(task)


def _named(task: Task) -> Any:
    run = task.func

    @wraps(run)
    def named(*args: Any, **kwargs: Any) -> Any:
        with acting(job=task.name):
            return run(*args, **kwargs)

    return named
