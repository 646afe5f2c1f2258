"""Many wrong passwords at once, asked of two real workers of gunicorn."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from hub.accounts.tests.acting import LINK, NEW_PASSWORD, make_member
from hub.notices.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
SECONDS_TO_START = 60


class Visitor:
    """A browser with its own cookies, on a connection of its own for each request."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, {}

    def ask(self, method: str, path: str, data: dict | None = None, **headers: str):
        headers = {"Host": "hub.example.org", **headers}
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = urlencode(data) if data else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        asked.request(method, path, body, headers)
        answer = asked.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _sign, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        asked.close()
        return answer, page

    def post(self, path: str, data: dict, **headers: str):
        _answer, page = self.ask("GET", path)
        token = TOKEN.search(page)[1]
        return self.ask("POST", path, {**data, "csrfmiddlewaretoken": token}, **headers)


@pytest.fixture
def checked(tmp_path: Path) -> Path:
    path = tmp_path / "checked"
    path.touch()
    return path


@pytest.fixture
def port(checked: Path, published_files: Path, tmp_path: Path) -> Iterator[int]:
    """Two workers that serve the tests' database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    database = urlsplit(os.environ["DATABASE_URL"])
    database = database._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hub.accounts.tests.flooded_settings",
        "DATABASE_URL": database.geturl(),
        "STATIC_ROOT": str(published_files),
        "CHECKED_PASSWORDS": str(checked),
    }
    command = [sys.executable, "-m", "gunicorn", "hub.wsgi", "--bind", f"127.0.0.1:{port}"]
    log = (tmp_path / "log").open("ab")
    server = subprocess.Popen(command, cwd=settings.ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(port, server, tmp_path / "log")
        yield port
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _wait_for(port: int, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until and server.poll() is None:
        try:
            answer, _page = Visitor(port).ask("GET", "/readyz")
            if answer.status == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(log.read_text()[-2000:])


def test_of_two_hundred_wrong_passwords_at_once_ten_are_checked(port, checked):
    user = make_member()
    user.password = "md5$salt$" + "0" * 32
    user.save()
    first = Visitor(port)
    token = TOKEN.search(first.ask("GET", "/account/login/")[1])[1]

    def attempt(number: int) -> tuple[int, str]:
        data = {
            "login": "ana@example.org",
            "password": f"wrong {number}",
            "csrfmiddlewaretoken": token,
        }
        forged = f"203.0.113.{number}"
        headers = {"X-Forwarded-For": forged, "X-Real-IP": forged}
        visitor = Visitor(port)
        visitor.cookies = dict(first.cookies)
        answer, _page = visitor.ask("POST", "/account/login/", data, **headers)
        return answer.status, answer.headers["X-Worker"]

    with ThreadPoolExecutor(50) as pool:
        statuses, workers = zip(*pool.map(attempt, range(200)), strict=True)

    lines = checked.read_text().splitlines()
    assert Counter(statuses) == {200: 10, 429: 190}
    assert len(lines) == len(set(lines)) == 10
    assert len(set(workers)) == 2

    owner = Visitor(port)
    owner.post("/account/password/reset/", {"email": "ana@example.org"})
    link = LINK.search(Message.objects.latest("id").text)[1]
    form = owner.ask("GET", link)[0].headers["Location"]
    with ThreadPoolExecutor(10) as pool:  # they go on
        list(pool.map(attempt, range(200, 220)))
    answer, _page = owner.post(form, {"password1": NEW_PASSWORD})
    assert (answer.status, answer.headers["Location"]) == (302, "/account/")
    assert owner.ask("GET", "/account/")[0].status == 200
