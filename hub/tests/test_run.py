import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest

from hub import bootstrap, checks, embedded, local, processes
from hub.local import ROOT, Refusal

SECONDS_TO_START = 120  # many, for a machine that is busy with other tests
ON_LINUX = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells children of our death"
)


@dataclass
class Command:
    """A command of the hub at work in a clone."""

    process: subprocess.Popen
    output: Path

    def said(self) -> str:
        return self.output.read_text()

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "Ctrl-C stops it." in self.said()

    def parts(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def part(self, *words: str) -> psutil.Process | None:
        found = (one for one in self.parts() if set(words) <= set(words_of(one)))
        return next(found, None)


def words_of(process: psutil.Process) -> list[str]:
    """Its command; nothing of one that has just ended and that its parent has yet to take note of."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # of which a zombie is one
        return []


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = copy_of_the_hub(tmp_path_factory.mktemp("a clone") / "hub")
    yield root
    embedded.remove(root)


@pytest.fixture(scope="module")
def idle_clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = copy_of_the_hub(tmp_path_factory.mktemp("idle") / "hub")
    yield root
    embedded.remove(root)


def copy_of_the_hub(root: Path) -> Path:
    """A clone as it is handed out, with next to nothing to load at its first start."""
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(".*", "var"))
    for content in (root / "starter").glob("*.csv"):
        content.write_text(content.read_text().partition("\n")[0] + "\n")
    return root


@pytest.fixture(scope="module")
def cluster() -> Iterator[embedded.Cluster]:
    with embedded.throw_away() as cluster:
        yield cluster


@pytest.fixture
def port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


def start(clone: Path, *arguments: str, **variables: str) -> Command:
    """Start a command that knows nothing of the environment of the tests."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH", "TMPDIR") if name in os.environ}
    output = clone.parent / f"output-{'-'.join(arguments[:1])}"
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub.run", *arguments],
            cwd=clone,
            env={**kept, "LC_ALL": "C", **variables},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    return Command(process, output)


def outcome(clone: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """The exit code of a command, and all that it said."""
    command = start(clone, *arguments, **variables)
    return command.process.wait(SECONDS_TO_START), command.said()


@pytest.fixture
def hub(clone: Path, port: str) -> Iterator[Command]:
    command = start(clone, PORT=port)
    try:
        assert processes.wait_until(command.is_up, SECONDS_TO_START)
        yield command
    finally:
        parts = command.parts() if command.process.poll() is None else []
        command.process.kill()
        command.process.wait()
        assert processes.wait_until(lambda: not any(map(is_alive, parts)), seconds=20)


def is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def get(port: str, path: str, headers: dict[str, str] | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("GET", path, headers={"Host": f"localhost:{port}"} | (headers or {}))
    return connection.getresponse().status


def mode(path: Path) -> str:
    return oct(path.stat().st_mode & 0o777)


def test_serve_shows_the_hub_until_it_is_told_to_stop(hub, clone, port):
    parts = hub.parts()

    assert get(port, "/readyz") == 200
    assert get(port, "/nowhere/readyz", {"SCRIPT_NAME": "/nowhere"}) == 404
    assert f"The hub is at http://localhost:{port}\n" in hub.said()
    assert "with the password in var/admin-password" in hub.said()
    assert mode(clone / "var") == "0o700"
    for secret in ("admin-password", "secret-key"):
        assert mode(clone / "var" / secret) == "0o600"
    assert outcome(clone, PORT=port) == (
        1,
        f"error: `make run` is at work in this clone already (process {hub.process.pid}).\n",
    )
    script = "from django.db import connection as c; c.ensure_connection(); print(c.is_usable())"
    assert outcome(clone, "manage", "shell", "--no-imports", "-c", script) == (0, "True\n")

    hub.process.send_signal(signal.SIGINT)

    assert hub.process.wait(30) == 0
    assert not any(map(is_alive, parts))


def test_serve_starts_a_killed_worker_again_and_ends_with_its_database(hub):
    worker = hub.part("work")
    worker.kill()
    assert processes.wait_until(lambda: hub.part("work") not in (None, worker), seconds=10)
    assert "The background worker ended with signal SIGKILL; it starts again in 1 s." in hub.said()
    parts = hub.parts()
    server = next(one for one in parts if one.name() == "postgres")

    server.kill()

    assert hub.process.wait(30) == 1
    assert "error: PostgreSQL ended with signal SIGKILL; " in hub.said()
    assert not any(map(is_alive, parts))


@ON_LINUX
def test_serve_leaves_nothing_when_it_is_killed(hub):
    parts = hub.parts()

    hub.process.kill()

    assert processes.wait_until(lambda: not any(map(is_alive, parts)), seconds=20)


def test_serve_ends_with_its_web_server(hub):
    parts = hub.parts()
    server = hub.part("gunicorn", "hub.wsgi")

    server.kill()

    assert hub.process.wait(30) == 1
    assert "error: The web server ended with signal SIGKILL.\n" in hub.said()
    assert not any(map(is_alive, parts))


def test_serve_refuses_a_taken_port(idle_clone):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = outcome(idle_clone, PORT=str(taken.getsockname()[1]))

    assert code == 1
    assert said.startswith("error: Cannot listen on 127.0.0.1:")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("port", ["eight", "0", "65536", "-1", "８０"])
def test_serve_refuses_a_port_that_is_none(idle_clone, port):
    refusal = f"error: PORT is {port!r}; it must be a number from 1 to 65535.\n"

    assert outcome(idle_clone, PORT=port) == (1, refusal)


def test_serve_refuses_a_folder_that_it_cannot_write(tmp_path):
    (tmp_path / "var").touch()

    with pytest.raises(Refusal, match=r"Cannot write in .*var: File exists"):
        local.var(tmp_path)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgres://hub@127.0.0.1:1/hub", "Connection refused"),
        ("postgres://hub@/hub?host=/nowhere", "No such file or directory"),
        ("sqlite:////tmp/hub.sqlite3", "postgres://"),
    ],
)
def test_serve_refuses_a_database_that_does_not_answer(idle_clone, port, url, reason):
    code, said = outcome(idle_clone, PORT=port, DATABASE_URL=url)

    assert code == 1
    assert said.startswith("error: ")
    assert reason in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "options", "setting", "reason"),
    [
        ("unlocalised", "LOCALE 'C' LOCALE_PROVIDER libc", "jit = off", "Cyrillic"),
        ("bytes", "ENCODING SQL_ASCII LOCALE 'C' LOCALE_PROVIDER libc", "jit = off", "Cyrillic"),
        (
            "strict",
            "",
            "default_transaction_isolation = 'serializable'",
            "isolation level is serializable",
        ),
    ],
)
def test_serve_refuses_an_unfit_database(idle_clone, port, cluster, name, options, setting, reason):
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        connection.execute(f"ALTER DATABASE {name} SET {setting}")

    code, said = outcome(idle_clone, PORT=port, DATABASE_URL=cluster.url(name))

    assert code == 1
    assert said.startswith("error: DATABASE_URL: ")
    assert reason in said
    assert len(said.splitlines()) == 1


def test_with_test_database_passes_the_exit_code_on(idle_clone):
    script = 'psql "$DATABASE_URL" --no-psqlrc -Atc "SELECT current_database()"; exit 7'

    assert outcome(idle_clone, "with-test-database", "--", "sh", "-c", script) == (7, "hub\n")


def test_reset_deletes_nothing_without_a_yes(idle_clone):
    secret = local.var(idle_clone) / "secret-key"
    secret.write_text("kept")

    code, said = outcome(idle_clone, "reset")

    assert code == 1
    assert said.endswith("Nothing is deleted.\n")
    assert secret.read_text() == "kept"


def test_environment_leaves_what_the_user_has_set(tmp_path, monkeypatch):
    monkeypatch.setenv("BASE_URL", "https://hub.example.org")
    monkeypatch.setenv("ALLOWED_HOSTS", "")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("SECRET_KEY", raising=False)

    environment = local.environment({"DATABASE_URL": "postgres://…"}, tmp_path)

    assert environment["BASE_URL"] == "https://hub.example.org"
    assert environment["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert environment["PORT"] == "8123"
    assert environment["SECRET_KEY"] == (tmp_path / "var" / "secret-key").read_text().strip()


def test_checks_judge_production_settings(monkeypatch):
    monkeypatch.setenv("LOCAL", "1")
    monkeypatch.setenv("DATABASE_URL", "postgres://the-real-one")

    environment = checks.environment()

    assert not {"LOCAL", "DATABASE_URL"} & environment.keys()
    assert environment["ALLOWED_HOSTS"] == "hub.example.org"


def test_bootstrap_says_in_one_line_which_python_it_needs(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 8, 18))
    monkeypatch.setenv("PATH", "/nowhere")

    assert bootstrap.main(["requirements.txt"]) == 1

    said = capsys.readouterr().err
    assert said.startswith("error: The hub needs Python 3.11 to 3.14")
    assert len(said.splitlines()) == 1
