"""Makes ``.venv`` and installs the given lock files into it, with any Python 3 and nothing else.

The Makefile runs it before every command. Where nothing has changed it does nothing, in a few
milliseconds; what it cannot do it says in one line. Its grammar is Python 3.6's, so that an old
Python gets as far as the line that says so.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST, NEWEST = (11, 14)  # of Python 3: every package in the lock files has a wheel for these
THIS = f"3.{sys.version_info[1]}"


class Refusal(Exception):
    """Why the environment cannot be made: one line for the person who typed the command."""


def main(lock_files: list) -> int:
    """Have an environment with what the lock files name, and return the exit code."""
    try:
        go_on_in_fitting_python()
        with (ROOT / "requirements.txt").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a second command waits for the first
            if not is_installed(lock_files):
                make_environment()
                install(lock_files)
    except Refusal as refusal:
        print(f"error: {refusal}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or VENV}: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def go_on_in_fitting_python() -> None:
    """Return if this Python fits, become another on the PATH that does, or raise a ``Refusal``."""
    if (3, OLDEST) <= sys.version_info[:2] <= (3, NEWEST):
        return
    for minor in range(NEWEST, OLDEST - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other and is_working(other):
            os.execv(other, [other, "-I", *sys.argv])
    raise Refusal(
        f"The hub needs Python 3.{OLDEST} to 3.{NEWEST} and {sys.executable} is Python {THIS}; name another: "
        "make run PYTHON=/path/to/python3"
    )


def is_working(command: str) -> bool:
    """Whether this Python starts at all; the shim of a version manager may not."""
    return run([command, "-c", ""]).returncode == 0


def is_installed(lock_files: list) -> bool:
    stamp = stamp_of(lock_files)
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == state_of(lock_files)


def stamp_of(lock_files: list) -> Path:
    return VENV / f"installed-{lock_files[-1]}"


def state_of(lock_files: list) -> str:
    """What the stamp holds once all is installed: this Python, and a hash of the files."""
    contents = b"\0".join((ROOT / name).read_bytes() for name in lock_files)
    return f"{THIS} {hashlib.sha256(contents).hexdigest()}"


def make_environment() -> None:
    """Make ``.venv``, unless it is there with this Python and works; ``Refusal`` if it cannot be."""
    found = run([str(PYTHON), "-c", "import sys, pip; print('3.%d' % sys.version_info[1])"])
    if found.stdout.strip() == THIS:
        return
    if VENV.exists():
        shutil.rmtree(str(VENV))
    made = run(way_to_make_environment())
    if made.returncode:
        shutil.rmtree(str(VENV), ignore_errors=True)
        raise Refusal(f"Cannot make {VENV}: {last_line(made.stdout)}")


def way_to_make_environment() -> list:
    """The command that makes ``.venv`` on this machine; ``Refusal`` where there is none."""
    # Not sys.executable, which may be in the folder that we have just deleted.
    base = getattr(sys, "_base_executable", sys.executable)
    if has_venv() or install_venv():
        return [base, "-m", "venv", str(VENV)]
    if shutil.which("uv"):
        return ["uv", "venv", "--quiet", "--seed", "--python", base, str(VENV)]
    if shutil.which("virtualenv"):
        return ["virtualenv", "--quiet", "--python", base, str(VENV)]
    how = (
        f"as root: apt-get install python{THIS}-venv"
        if shutil.which("apt-get")
        else "or install uv"
    )
    raise Refusal(f"{base} comes without its venv module; install that, {how}")


def has_venv() -> bool:
    """Whether this Python can make environments with pip; Debian packs ``ensurepip`` apart."""
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def install_venv() -> bool:
    """Install Debian's package of the missing modules, if we may and this is Debian's Python."""
    if os.geteuid() or sys.base_prefix != "/usr" or not shutil.which("apt-get"):
        return False
    package = f"python{THIS}-venv"
    print(f"Installing Debian's {package} ...", flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    install = ["apt-get", "install", "--yes", "--no-install-recommends", package]
    if run(install).returncode:  # a fresh machine may not know what there is
        run(["apt-get", "update"])
        run(install)
    return has_venv()


def install(lock_files: list) -> None:
    """Install exactly what the lock files name, and note that it is done; ``Refusal`` on failure."""
    print("Installing the packages in {} ...".format(" and ".join(lock_files)), flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    command += ["--require-hashes"]
    for name in lock_files:
        command += ["-r", str(ROOT / name)]
    if subprocess.call(command, env=dict(os.environ, PIP_USER="0")):
        raise Refusal("pip could not install the packages; what it says is above.")
    stamp_of(lock_files).write_text(state_of(lock_files))


def run(command: list) -> subprocess.CompletedProcess:
    """Run a command without showing what it says; not found is a failure like others."""
    try:
        return subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
    except OSError as error:
        return subprocess.CompletedProcess(command, 127, stdout=str(error))


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it does not say why."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
