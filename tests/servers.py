"""A real gunicorn on the tests' database, and who asks it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings
from django.db import connection

SECONDS_TO_START = 60
BOUNDARY = "----hub-tests"
HIGH_WATER = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass
class Answer:
    """As Django's own test client would have it, as far as tests read it."""

    status_code: int
    headers: dict[str, str]
    content: bytes


@dataclass
class Server:
    port: int
    pid: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        headers = {"Host": "hub.example.org"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            asked.request(method, path, body, headers)
            answer = asked.getresponse()
            content = answer.read()
        finally:
            asked.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _sign, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return Answer(answer.status, dict(answer.headers), content)

    def megabytes(self) -> float:
        """The most that any of its processes has held at once, not those that it starts for one
        file, which have limits of their own."""
        processes = [psutil.Process(self.pid)]
        processes += [one for one in processes[0].children() if "gunicorn" in one.cmdline()[-1]]
        return max(_high_water(process) for process in processes or [])


def _high_water(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status")
    if status.exists():
        return int(HIGH_WATER.search(status.read_text())[1]) / 1024
    return process.memory_info().rss / 1024**2


def multipart(fields: list[tuple[str, bytes, str | None, str]]) -> bytes:
    """The body of a form: name, value, the name of the file if it is one, and its type. Names go as
    they are, which no browser would do."""
    body = b""
    for name, value, file_name, content_type in fields:
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
        if file_name is not None:
            body += f'; filename="{file_name}"\r\nContent-Type: {content_type}'.encode()
        body += b"\r\n\r\n" + value + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


@contextmanager
def gunicorn(module: str, log: Path, *, workers: int = 1, **environment: str) -> Iterator[Server]:
    """A server of the tests' database under these settings."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    database = urlsplit(os.environ["DATABASE_URL"])
    database = database._replace(path=f"/{connection.settings_dict['NAME']}")
    own = {"DJANGO_SETTINGS_MODULE": module, "DATABASE_URL": database.geturl()}
    command = [sys.executable, "-m", "gunicorn", "hub.wsgi", "--workers", str(workers)]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"],
            cwd=settings.ROOT,
            env=os.environ | own | environment,
            stdout=output,
            stderr=output,
        )
        try:
            yield _ready(Server(port, process.pid), process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _ready(server: Server, process: subprocess.Popen, log: Path) -> Server:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            if server.ask("GET", "/readyz").status_code == 200:
                return server
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(log.read_text()[-2000:])
