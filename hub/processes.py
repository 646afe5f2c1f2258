"""Child processes that do not outlive us, and the signals that tell us to stop."""

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pwd import struct_passwd
from types import FrameType
from typing import Any, Self

ON_LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1  # from <linux/prctl.h>


def spawn(
    command: Sequence[str],
    *,
    account: struct_passwd | None = None,
    at_our_death: signal.Signals = signal.SIGTERM,
    own_session: bool = True,
    **options: Any,
) -> subprocess.Popen:
    """Start a command that gets a signal, ``at_our_death``, should we be killed (on Linux).

    With a session of its own it does not see the Ctrl-C of our terminal, so that we choose the order
    of stopping. With an account it runs as that user and no other group.
    """
    if account:
        options.update(user=account.pw_uid, group=account.pw_gid, extra_groups=[])
    tie = _tie(at_our_death)
    return subprocess.Popen(command, start_new_session=own_session, preexec_fn=tie, **options)


def _tie(at_our_death: signal.Signals) -> Callable[[], None] | None:
    if not ON_LINUX:
        return None
    parent, libc = os.getpid(), ctypes.CDLL(None)  # nothing is loaded between fork and exec

    def tie() -> None:  # runs after the change of user, which would undo it
        libc.prctl(PR_SET_PDEATHSIG, int(at_our_death), 0, 0, 0)
        if os.getppid() != parent:  # it died before we were tied to it
            os.kill(os.getpid(), signal.SIGKILL)

    return tie


def end_with_make() -> None:
    """Be told to stop when the `make` that started us is killed, and cannot tell us itself."""
    if ON_LINUX and "MAKELEVEL" in os.environ:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def stop(process: subprocess.Popen, *signals: signal.Signals, patience: float = 10) -> None:
    """End a child: each signal in turn with the same patience, SIGKILL last.

    What it has left behind in its session goes too.
    """
    for number in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            break
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    with suppress(ProcessLookupError, PermissionError):  # nobody left; macOS says it the second way
        os.killpg(process.pid, signal.SIGKILL)


def ending(process: subprocess.Popen) -> str:
    """How a child ended, in two words for a sentence."""
    code = process.returncode
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


class Signals:
    """Collects the signals that ask us to stop, so that none of them interrupts us half-way."""

    STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.is_stopping = False

    def __enter__(self) -> Self:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._earlier_writer = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        watched = {*self.STOPPING, signal.SIGCHLD}
        if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # by nohup, which means it
            watched.remove(signal.SIGHUP)
        self._earlier = {number: signal.signal(number, self._note) for number in watched}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._earlier.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._earlier_writer)
        os.close(self._reader)
        os.close(self._writer)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.is_stopping |= number in self.STOPPING

    def wait(self, seconds: float) -> bool:
        """Whether we are to stop, after these seconds or as soon as a child ends or a signal comes."""
        if not self.is_stopping and select.select([self._reader], [], [], seconds)[0]:
            os.read(self._reader, 512)
        return self.is_stopping


def run_in_front(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run a command at our terminal and return its exit code; it gets what we are told to stop by."""
    process: subprocess.Popen | None = None

    def pass_on(number: int, _frame: FrameType | None) -> None:
        # Ctrl-C reaches the command by itself; a signal for us alone would leave it running.
        if process and number != signal.SIGINT:
            process.send_signal(number)

    earlier = {number: signal.signal(number, pass_on) for number in Signals.STOPPING}
    try:
        process = spawn(command, env=environment, own_session=False)
        code = process.wait()
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.05) -> bool:
    """Whether the condition came true within these seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True
