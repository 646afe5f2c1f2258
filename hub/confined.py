"""What a process that opens files of strangers may still do: next to nothing. The scripts that
``hub`` starts for that purpose find this module beside them; it imports nothing of the hub."""

import codecs
import json
import os
import resource
import signal
from contextlib import suppress
from typing import Any

OPEN_FILES = 3  # input, output and errors
LATER_THAN_READERS = 10  # whoever waits for a page goes before whoever waits for a file


def confine(limits: dict[str, Any]) -> None:
    """Leave this process time, memory and its three open files, and nothing else: it can open no
    file, no connection and no other process, nor write to a file."""
    codecs.lookup("utf-16-le")  # loads now what it could not open later
    os.nice(LATER_THAN_READERS)
    signal.alarm(limits["seconds"])  # should nobody be left who waits for us
    seconds = limits["cpu_seconds"]
    _limit(resource.RLIMIT_CPU, seconds, seconds + 1)  # at the first it says why, by its signal
    _limit(resource.RLIMIT_AS, limits["megabytes"] * 1024 * 1024)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CORE, 0)


def say(**what: Any) -> None:
    """A line of JSON to whoever has started this process."""
    print(json.dumps(what), flush=True)


def _limit(kind: int, most: int, hard: int | None = None) -> None:
    with suppress(ValueError, OSError):  # macOS knows no limit of memory
        resource.setrlimit(kind, (most, most if hard is None else hard))
