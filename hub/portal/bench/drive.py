"""The web server as it is in use, and readers who ask it for pages as fast as it answers.

What a request costs is the time of all processors in the processes of gunicorn and PostgreSQL, as
the system accounts for it: it hardly depends on what else the machine does, as the time that readers
wait does. The readers are threads of ours and count for nothing.
"""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGQUIT, SIGTERM
from urllib.parse import urlsplit

import psutil

from hub import local, processes
from hub.local import ROOT, Refusal
from hub.portal.bench import floor
from hub.portal.bench.report import late

WORKERS = 2
# The rest, such as the class of the workers and their threads, is in gunicorn.conf.py. Workers stay
# as long as we measure: a new one begins with empty caches.
WEB_SERVER = [sys.executable, "-m", "gunicorn", "hub.wsgi", f"--workers={WORKERS}"]
WEB_SERVER += ["--max-requests=0", "--max-requests-jitter=0"]
SECONDS_TO_BE_READY = 60
# As browsers do. One request a connection, as proxies ask that keep none open.
HEADERS = {"Accept": "text/html", "Accept-Encoding": "br, gzip", "Connection": "close"}


@dataclass(frozen=True)
class Answer:
    seconds: float
    status: int
    body: bytes


@dataclass
class Cell:
    """What one class of questions took at one number of clients, in one or more rounds."""

    clients: int
    seconds: float = 0
    cpu_web: float = 0
    cpu_database: float = 0
    answers: list[float] = field(default_factory=list)
    bytes: int = 0
    errors: int = 0

    def in_short(self) -> dict[str, float | int]:
        """The cell in milliseconds and by request."""
        number = max(1, len(self.answers))
        times = self.answers or [0.0]
        return {
            "clients": self.clients,
            "requests": len(self.answers),
            "errors": self.errors,
            "median_ms": round(1000 * statistics.median(times), 2),
            "p95_ms": round(1000 * late(times), 2),
            "requests_per_second": round(number / self.seconds, 1) if self.seconds else 0,
            "cpu_ms": round(1000 * (self.cpu_web + self.cpu_database) / number, 2),
            "cpu_web_ms": round(1000 * self.cpu_web / number, 2),
            "cpu_database_ms": round(1000 * self.cpu_database / number, 2),
            "kilobytes": round(self.bytes / number / 1000, 1),
        }


class Site:
    """The hub as it is served, beside its database."""

    def __init__(self, web: psutil.Process, database: psutil.Process, port: int) -> None:
        self._web, self._database, self.port = web, database, port
        self._host = urlsplit(os.environ["BASE_URL"]).netloc

    def ask(self, address: str, **headers: str) -> Answer:
        """One page, from the opening of the connection to the last byte."""
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", address, headers={"Host": self._host, **HEADERS, **headers})
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        return Answer(time.perf_counter() - start, response.status, body)

    def read(self, address: str) -> str:
        """A page as text; ``Refusal`` if there is none."""
        answer = self.ask(address, **{"Accept-Encoding": "identity"})
        if answer.status != 200:
            raise Refusal(f"{address} answers {answer.status}.")
        return answer.body.decode()

    def measure(
        self,
        cell: Cell,
        addresses: Sequence[str],
        seconds: float,
        between: Callable[[], None] | None = None,
    ) -> list[str]:
        """Ask for the addresses in turn until the time is over, and ``between`` two rounds of all
        of them call this. Answers what was asked in the last round."""
        asked, end = 0, cell.seconds + seconds
        with ThreadPoolExecutor(cell.clients) as pool:
            while cell.seconds < end:
                if asked and between:
                    between()
                asked = self._round(cell, pool, addresses, end - cell.seconds)
        return list(addresses[:asked])

    def _round(
        self, cell: Cell, pool: ThreadPoolExecutor, addresses: Sequence[str], seconds: float
    ) -> int:
        waiting = iter(addresses)  # taking the next from a list's iterator is one step for threads
        web, database, start = cpu(self._web), cpu(self._database), time.perf_counter()
        readers = [pool.submit(self._reader, waiting, start + seconds) for _ in range(cell.clients)]
        answers = [answer for reader in readers for answer in reader.result()]
        cell.seconds += time.perf_counter() - start
        cell.cpu_web += cpu(self._web) - web
        cell.cpu_database += cpu(self._database) - database
        cell.answers += [answer.seconds for answer in answers]
        cell.bytes += sum(len(answer.body) for answer in answers)
        cell.errors += sum(answer.status != 200 for answer in answers)
        return len(answers)

    def _reader(self, waiting: Iterator[str], end: float) -> list[Answer]:
        answers = []
        for address in waiting:
            answers.append(self.ask(address))
            if time.perf_counter() > end:
                break
        return answers

    def memory(self) -> list[float]:
        """Megabytes of the web server and then of each worker, shared pages divided among who
        shares them; nothing where the system does not tell."""
        sizes = [getattr(one.memory_full_info(), "pss", None) for one in tree(self._web)]
        return [] if None in sizes else [round(size / 1_000_000, 1) for size in sizes]


@contextmanager
def site(database_url: str, database: int, constants: Path) -> Iterator[Site]:
    """The hub served by gunicorn inside the block; ``database`` is the number of its process."""
    port = free_port()
    environment = local.environment({"DATABASE_URL": database_url}) | {
        "DJANGO_SETTINGS_MODULE": "hub.portal.bench.settings",
        floor.CONSTANTS: str(constants),
    }
    process = processes.spawn(
        [*WEB_SERVER, f"--bind=127.0.0.1:{port}"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    try:
        found = Site(psutil.Process(process.pid), psutil.Process(database), port)
        _await_readiness(found, process)
        yield found
    finally:
        processes.stop(process, SIGTERM, SIGQUIT)


def _await_readiness(site: Site, process: subprocess.Popen) -> None:
    def is_ready() -> bool:
        if process.poll() is not None:
            raise Refusal(f"The web server ended with {processes.ending(process)}.")
        try:
            return site.ask("/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    if not processes.wait_until(is_ready, SECONDS_TO_BE_READY):
        raise Refusal("The web server is not ready: /readyz does not answer 200.")


def tree(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def cpu(process: psutil.Process) -> float:
    """Seconds of processors that a process, its children and those that have ended had so far."""
    total = 0.0
    for one in tree(process):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:  # then its parent has its time
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]
