"""Processes that open files of strangers in the hub's place: each has limits of time and memory, and
can open nothing else (``hub.confined``)."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

LONGEST_PIECE = 1 << 20


@contextmanager
def started(script: Path, file: BinaryIO, limits: dict[str, Any]) -> Iterator[subprocess.Popen]:
    """The script at work on the file, which is its input; killed when the block is over."""
    with _as_input(file) as number:
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", str(script), json.dumps(limits)],
            stdin=number,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={},
        )
        try:
            yield child
        finally:
            child.kill()
            child.wait()
            child.stdout.close()


@contextmanager
def _as_input(file: BinaryIO) -> Iterator[int]:
    """The file from its beginning, as a number that another process can read from."""
    file.seek(0)
    with tempfile.TemporaryFile() as copy:
        try:
            number = file.fileno()
        except (AttributeError, OSError):  # it is in memory only
            shutil.copyfileobj(file, copy)
            copy.flush()
            number = copy.fileno()
        os.lseek(number, 0, os.SEEK_SET)
        yield number
    file.seek(0)


def pieces_of(child: subprocess.Popen, seconds: float) -> Iterator[bytes]:
    """What the child says, as it comes, until it ends. ``TimeoutError`` or ``TimeoutExpired`` once
    its time is over."""
    end, number = time.monotonic() + seconds, child.stdout.fileno()
    while True:
        ready, _, _ = select.select([number], [], [], max(end - time.monotonic(), 0))
        if not ready:
            raise TimeoutError
        piece = os.read(number, LONGEST_PIECE)
        if not piece:
            child.wait(max(end - time.monotonic(), 0.1))
            return
        yield piece


def ran_out_of_time(child: subprocess.Popen) -> bool:
    """Whether a child that has ended was stopped by its own clock."""
    return child.returncode in (-signal.SIGXCPU, -signal.SIGALRM)
