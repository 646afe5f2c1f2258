"""This clone on this machine: its folder ``var/``, its secrets, its locks, its environment.

Everything here serves ``make run`` and its sisters; a production server sets the environment itself.
"""

import errno
import fcntl
import os
import secrets
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class Refusal(Exception):
    """Why a command cannot go on: one line for the person who typed it."""


def var(root: Path = ROOT) -> Path:
    """The clone's private folder, made where it is missing; ``Refusal`` where it cannot be written."""
    folder = root / "var"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise Refusal(f"Cannot write in {folder}: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal(f"Cannot write in {folder}: Permission denied.")
    return folder


def secret(path: Path) -> str:
    """The random secret kept in this file, made at the first call; only its owner can read it."""
    try:
        if path.exists() and (kept := path.read_text().strip()):
            return kept
        made = secrets.token_urlsafe(50 if path.name == "secret-key" else 12)
        draft = path.with_name(f"{path.name}.{os.getpid()}")  # a half-written secret is never read
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(made + "\n")
        draft.replace(path)
    except OSError as error:
        raise Refusal(f"Cannot keep a secret in {path}: {error.strerror}.") from error
    return made


@contextmanager
def hold(path: Path, refusal: str) -> Iterator[None]:
    """Hold the lock of this file; ``Refusal``, ended by the holder's number, where another has it.

    The kernel frees it with the process, however that ends, so no lock is ever stale.
    """
    try:
        file = os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+")
    except OSError as error:
        raise Refusal(f"Cannot write {path}: {error.strerror}.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refusal(f"{refusal} (process {file.read().strip() or '?'}).") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def port() -> int:
    """The port that ``PORT`` names, 8000 by itself; ``Refusal`` where it is not a port."""
    given = os.environ.get("PORT") or "8000"
    if not (given.isascii() and given.isdigit() and 0 < int(given) < 65536):
        raise Refusal(f"PORT is {given!r}; it must be a number from 1 to 65535.")
    return int(given)


def host() -> str:
    """The address to listen on: this machine only, unless ``HOST`` widens it."""
    return os.environ.get("HOST") or "127.0.0.1"


def check_port() -> None:
    """Pass where ``host()`` and ``port()`` can be listened on, else say in a ``Refusal`` why not."""
    address = (host(), port())
    family = socket.AF_INET6 if ":" in host() else socket.AF_INET
    try:
        socket.create_server(address, family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = "another program does; choose a port of your own: make run PORT=8001"
        elif error.errno == errno.EADDRNOTAVAIL or (error.errno or 0) < 0:  # the resolver's are < 0
            reason = "HOST is no address of this machine"
        else:
            reason = os.strerror(error.errno) if error.errno else str(error)
        raise Refusal(f"Cannot listen on {host()}:{port()}: {reason}.") from error


def environment(database: Mapping[str, str], root: Path = ROOT) -> dict[str, str]:
    """What the hub's processes are started with: ours as defaults, what the user has set wins."""
    ours = {
        "LOCAL": "1",
        "DEBUG": "0",
        "SECRET_KEY": secret(var(root) / "secret-key"),
        "BASE_URL": f"http://localhost:{port()}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "PORT": str(port()),
    }
    given = {name: value for name, value in os.environ.items() if value or name not in ours}
    return {**ours, **given, **database}


def administrator() -> dict[str, str]:
    """How the first administrator signs in: as the user has set it, else with a password of our own."""
    email = os.environ.get("ADMIN_EMAIL") or "admin@example.org"
    password = os.environ.get("ADMIN_PASSWORD") or secret(var() / "admin-password")
    return {"ADMIN_EMAIL": email, "ADMIN_PASSWORD": password}


def site(environment: Mapping[str, str]) -> str:
    """The host, with its port, that the hub's pages are asked for by."""
    return urlsplit(environment["BASE_URL"]).netloc
