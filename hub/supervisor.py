"""`make run`: one process that starts the parts of the hub, keeps them up and stops them in order."""

import http.client
import os
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from signal import SIGKILL, SIGQUIT, SIGTERM, Signals

from hub import embedded, local, processes
from hub.local import ROOT, Refusal

SECONDS_TO_BE_READY = 60
LONGEST_PAUSE = 60  # between two starts of a worker that keeps ending
WEB_SERVER = [sys.executable, "-m", "gunicorn", "hub.wsgi"]  # the rest is in gunicorn.conf.py
REFUSED_IN_WORDS = 2  # prepare.REFUSED; importing it would start Django here
PREPARE = [sys.executable, "-m", "hub.prepare"]
WORKER = [sys.executable, "manage.py", "work"]


class Stopped(Exception):
    """Somebody asked us to stop."""


def serve() -> None:
    """Serve the hub until a signal says stop; ``Refusal`` where a part of it cannot go on."""
    lock = local.var() / "run.lock"
    with (
        local.hold(lock, "`make run` is at work in this clone already"),
        processes.Signals() as told,
    ):
        processes.end_with_make()
        local.check_port()
        with ExitStack() as stack:  # unwound backwards: web server, worker, database
            try:
                Supervisor(stack, told).serve()
            except Stopped:
                say("Stopping.")


def say(line: str) -> None:
    """Print a line, at once, for whoever still listens."""
    with suppress(OSError):  # our terminal may be gone, while we still have parts to stop
        print(line, flush=True)


class Supervisor:
    """The parts of the hub while they run; each is stopped by the stack that it is given."""

    def __init__(self, stack: ExitStack, told: processes.Signals) -> None:
        self._stack = stack
        self._told = told
        self._cluster: embedded.Cluster | None = None
        self._web: subprocess.Popen | None = None
        self._worker: Worker | None = None

    def serve(self) -> None:
        """Start everything and watch over it; ends with ``Stopped`` or a ``Refusal``."""
        environment = local.environment(self._database())
        self._prepare(environment)
        self._worker = Worker(environment)
        self._stack.callback(self._worker.stop)
        self._web = self._start_web_server(environment)
        self._await_readiness(environment)
        say(f"\nThe hub is at {environment['BASE_URL']}")
        say(f"Its admin is at {environment['BASE_URL']}/admin/: {self._way_in()}")
        say("Ctrl-C stops it.")
        while True:
            self._watch(seconds=1)

    def _database(self) -> dict[str, str]:
        if given := os.environ.get("DATABASE_URL"):
            return {"DATABASE_URL": given}
        self._cluster = self._stack.enter_context(embedded.for_clone())
        return embedded.environment(self._cluster.url())

    def _prepare(self, environment: dict[str, str]) -> None:
        process = start_part(PREPARE, {**environment, **local.administrator()})
        try:
            while process.poll() is None:
                self._watch(seconds=1)
        finally:
            processes.stop(process, SIGTERM)
        if process.returncode == REFUSED_IN_WORDS:
            sys.exit(1)
        if process.returncode:
            raise Refusal(f"Preparing the database ended with {processes.ending(process)}.")

    def _start_web_server(self, environment: dict[str, str]) -> subprocess.Popen:
        host = f"[{local.host()}]" if ":" in local.host() else local.host()
        process = start_part([*WEB_SERVER, f"--bind={host}:{local.port()}"], environment)
        # Twice what it allows the requests under way; then without them.
        self._stack.callback(processes.stop, process, SIGTERM, SIGQUIT, patience=16)
        return process

    def _await_readiness(self, environment: dict[str, str]) -> None:
        end, answer = time.monotonic() + SECONDS_TO_BE_READY, "nothing"
        while answer != "200":
            if time.monotonic() > end:
                raise Refusal(f"The web server is not ready: /readyz answers {answer}.")
            self._watch(seconds=0.05)
            answer = readiness(local.site(environment))

    def _watch(self, seconds: float) -> None:
        """Wait, less where something happens; ``Stopped`` or a ``Refusal`` if we cannot go on."""
        if self._told.wait(seconds):
            raise Stopped
        if self._cluster and not self._cluster.is_up():
            how = processes.ending(self._cluster.process)
            raise Refusal(f"PostgreSQL ended with {how}; var/postgres.log may say why.")
        if self._web and self._web.poll() is not None:
            raise Refusal(f"The web server ended with {processes.ending(self._web)}.")
        if self._worker:
            self._worker.keep_up()

    def _way_in(self) -> str:
        administrator = local.administrator()
        where = "ADMIN_PASSWORD" if os.environ.get("ADMIN_PASSWORD") else "var/admin-password"
        return f"sign in as {administrator['ADMIN_EMAIL']} with the password in {where}"


class Worker:
    """The background worker, started again, after growing pauses, whenever it ends."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._pause = 1.0
        self._again_at: float | None = None
        self._start()

    def _start(self) -> None:
        self._started_at, self._again_at = time.monotonic(), None
        # Killed with us, it would wait half a minute for a database that has gone with us too;
        # its jobs are made to be run again.
        self.process = start_part(WORKER, self._environment, at_our_death=SIGKILL)

    def keep_up(self) -> None:
        """Start it again if it has ended and its pause is over."""
        now = time.monotonic()
        if self._again_at is not None:
            if now >= self._again_at:
                self._start()
        elif self.process.poll() is not None:
            processes.stop(self.process)  # what it left behind
            if now - self._started_at > LONGEST_PAUSE:
                self._pause = 1.0
            self._again_at = now + self._pause
            how = processes.ending(self.process)
            say(f"The background worker ended with {how}; it starts again in {self._pause:.0f} s.")
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        """End it, unless it has ended; its number may be another program's by now."""
        if self._again_at is None:
            processes.stop(self.process, SIGTERM)


def start_part(
    command: list[str], environment: dict[str, str], at_our_death: Signals = SIGTERM
) -> subprocess.Popen:
    """Start a part of the hub, whose files nobody else can read."""
    return processes.spawn(
        command,
        at_our_death=at_our_death,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        umask=0o077,
    )


def readiness(site: str) -> str:
    """What our own ``/readyz`` answers, as a status code, or why there is no answer."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(local.host(), local.host())
    connection = http.client.HTTPConnection(host, local.port(), timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": site})
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
