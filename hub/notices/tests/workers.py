"""Real workers on the test database, in processes of their own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection


class Workers:
    """So many workers, whose words go to ``log``; leave the block and they are gone."""

    def __init__(self, number: int, log: Path, **environment: str) -> None:
        url = urlsplit(os.environ["DATABASE_URL"])
        url = url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
        self.environment = os.environ | {"DATABASE_URL": url} | environment
        self.number, self.log = number, log
        self.processes: list[subprocess.Popen] = []

    def __enter__(self) -> "Workers":
        self.processes = [self._start() for _worker in range(self.number)]
        return self

    def __exit__(self, *_error: object) -> None:
        for process in self.processes:
            process.kill()
            process.wait()

    def kill_and_replace(self, index: int) -> None:
        """SIGKILL one of them, and start another in its place."""
        self.processes[index].kill()
        self.processes[index].wait()
        self.processes[index] = self._start()

    def _start(self) -> subprocess.Popen:
        command = [sys.executable, "manage.py", "work"]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command, cwd=settings.ROOT, env=self.environment, stdout=log, stderr=log
            )


def wait_until(condition: Callable[[], bool], seconds: float = 40) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def let_the_dead_be_missed() -> None:
    """As if the time had passed after which a silent worker is taken for dead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
