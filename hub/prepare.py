"""What `make run` does between the start of the database and that of the web server, in one process.

Starting Django once instead of four times is most of what makes the second `make run` quick.
"""

import hashlib
import inspect
import os
import sys
from io import StringIO
from pathlib import Path

import django
import psycopg
from django.conf import STATICFILES_STORAGE_ALIAS, settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from hub import local
from hub.local import Refusal

OLDEST_POSTGRES = 15
REFUSED = 2  # our exit code where we have said ourselves, in one line, what stands in the way


def main() -> int:
    """Prepare the database and the static files; return 0, or ``REFUSED`` after one line that says why."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hub.settings")
    try:
        django.setup()
        check_database()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_starter", missing=True)
        call_command("reindex", stale=True, stdout=StringIO())
        call_command("ensure_administrator")
        collect_static_files()
    except (CommandError, OperationalError, ImproperlyConfigured, Refusal, SystemExit) as error:
        # The settings leave by SystemExit, with a sentence, when a variable makes no sense.
        print(f"error: {first_line(error)}", file=sys.stderr, flush=True)
        return REFUSED
    return 0


def check_database() -> None:
    """Pass where our queries will find what they count on, else say in a ``Refusal`` what they miss."""
    if connection.vendor != "postgresql":
        raise Refusal("DATABASE_URL must name a PostgreSQL database: postgres://user@host/name.")
    # Not through the pool, which tries for half a minute and then does not say why.
    try:
        opened = psycopg.connect(**{"connect_timeout": 5} | connection.get_connection_params())
    except psycopg.Error as error:
        raise Refusal(f"DATABASE_URL: {first_line(error)}") from error
    with opened:
        if fault := fault_of(opened):
            raise Refusal(f"DATABASE_URL: {fault}")


def fault_of(opened: psycopg.Connection) -> str:
    """What makes this database unfit for the hub, or nothing."""
    version = opened.info.server_version
    if version < OLDEST_POSTGRES * 10_000:
        return f"this is PostgreSQL {version // 10_000}; the hub needs {OLDEST_POSTGRES} or later."
    with opened.cursor(row_factory=psycopg.rows.tuple_row) as cursor:
        cursor.execute(
            "SELECT lower('ВУГІЛЛЯ') = 'вугілля', current_setting('transaction_isolation')"
        )
        lowers, isolation = cursor.fetchone()
    if not lowers:
        return (
            "this database does not lower-case Cyrillic letters, so search would miss them; "
            "create it with ENCODING 'UTF8' and a UTF-8 locale, as C.UTF-8."
        )
    if isolation != "read committed":
        return f"its isolation level is {isolation}; the hub's locks need read committed."
    return ""


def collect_static_files() -> None:
    """Collect, hash and compress the static files, unless they are as they were the last time."""
    stamp = local.var() / "static.stamp"
    state = state_of_static_files()
    if Path(settings.STATIC_ROOT).is_dir() and stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def state_of_static_files() -> str:
    """A hash of the names, sizes and times of all that goes into ``STATIC_ROOT``."""
    files = {where.path(path) for finder in get_finders() for path, where in finder.list([])}
    storage = type(storages[STATICFILES_STORAGE_ALIAS])
    files |= {inspect.getfile(one) for one in storage.__mro__ if one is not object}
    files.add(sys.modules[settings.SETTINGS_MODULE].__file__)
    hashed = hashlib.sha256(str(settings.STATIC_ROOT).encode())
    for path in sorted(files):
        status = os.stat(path)
        hashed.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return hashed.hexdigest()


def first_line(error: BaseException) -> str:
    """The sentence of an error, without the hints and the details that follow it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
