"""The database of the benchmark: a server of its own, built anew or kept from an earlier run.

On the server there are a database ``hub`` with the starting content alone and one for each number of
works. What a database holds and how long it took to build stands in its comment, which is written
last: one that was not finished has none.
"""

import asyncio
import hashlib
import io
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import environ
import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app
from psycopg import sql
from tqdm import tqdm

from hub import local
from hub.catalogue import reindexing, services, words
from hub.embedded import THROW_AWAY, Cluster
from hub.local import ROOT
from hub.placement import NAME, Place
from hub.portal.bench import corpus
from hub.portal.bench.corpus import Corpus, Subjects

# What a server of 4 GB would be given, a quarter of its memory; the 64 MB of `make run` are for a
# laptop. The rest is as in `make run`: writes are safe, and the planner has PostgreSQL's own notions
# of cost.
READING = {"shared_buffers": "1GB", "max_wal_size": "1GB"}
BUILDING = READING | THROW_AWAY | {"maintenance_work_mem": "256MB", "max_wal_size": "8GB"}


@dataclass(frozen=True)
class Built:
    """What building a database took, in seconds: ``making`` the texts, then what it takes until they
    are found: ``writing`` the records, the ``jobs`` that this gives rise to, ``tidying`` up."""

    state: str
    making: float = 0
    writing: float = 0
    jobs: float = 0
    tidying: float = 0


class Server:
    """The benchmark's PostgreSQL, in a folder of its own."""

    def __init__(self, folder: Path, home: Place) -> None:
        socket = home.socket.with_name(f"{home.socket.name}-{folder.name}")
        self.folder, self._installation = folder, home.installation()
        self.place = replace(home, base=folder, data=folder / "data", socket=socket)
        self._cluster: Cluster | None = None
        self._settings: dict[str, str] = {}

    def run(self, settings: dict[str, str]) -> None:
        """Have it up with these settings, started again if it has others."""
        if self._cluster and self._settings == settings:
            return
        self.stop()
        log = (self.folder / "log").open("ab")
        self._cluster = Cluster(self.place, log, settings, self._installation)
        self._settings = settings
        self._cluster.start()

    def stop(self) -> None:
        if self._cluster:
            use_none()
            self._cluster.stop()
            self._cluster = None

    @property
    def pid(self) -> int:
        return self._cluster.process.pid

    def url(self, database: str) -> str:
        return self.place.url(database)

    def execute(self, statement: str, *names: str) -> list[tuple]:
        """Run a statement that belongs into no database; ``{}`` in it are names."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as opened:
            cursor = opened.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
            return cursor.fetchall() if cursor.description else []

    def built(self, database: str) -> Built | None:
        """What is known of a database; ``None`` if it is not there, unfinished or out of date."""
        rows = self.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        )
        comment = dict(rows).get(database)
        built = Built(**json.loads(comment)) if comment else None
        return built if built and built.state == state() else None

    def note(self, database: str, built: Built) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as opened:
            statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
            opened.execute(
                statement.format(sql.Identifier(database), sql.Literal(json.dumps(asdict(built))))
            )


@contextmanager
def server(*, is_kept: bool) -> Iterator[Server]:
    """A server for the block; its data stays for the next run if it is to be kept."""
    home = Place.of(ROOT)
    # As root the server runs as another user, who cannot read the clone.
    base = home.base if home.account else local.var()
    folder = base / ("bench" if is_kept else "bench-once")
    with local.hold(base / "bench.lock", "Another benchmark is at work in this clone"):
        if not is_kept:  # what a killed run has left
            shutil.rmtree(folder, ignore_errors=True)
        found = Server(home.make(folder), home)
        try:
            yield found
        finally:
            found.stop()
            if not is_kept:
                shutil.rmtree(folder, ignore_errors=True)


def starting_content(server: Server) -> str:
    """Have a database with the starting content and nothing else; answers its name."""
    server.run(BUILDING)
    if server.built(NAME):
        return NAME
    server.execute("DROP DATABASE IF EXISTS {}", NAME)
    server.execute("CREATE DATABASE {}", NAME)
    use(server, NAME)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_starter", stdout=io.StringIO())
    run_jobs()
    tidy()
    use_none()
    server.note(NAME, Built(state()))
    return NAME


def pages(server: Server) -> str:
    """Have a copy of it that more may be written into; answers its name."""
    starting_content(server)
    server.execute("DROP DATABASE IF EXISTS {}", "pages")
    server.execute("CREATE DATABASE {} TEMPLATE {}", "pages", NAME)
    return "pages"


def works(server: Server, count: int) -> tuple[str, Built, bool]:
    """Have a database with so many works; answers its name, what building it took, and whether that
    was in an earlier run."""
    name = f"works_{count}"
    server.run(BUILDING)
    if built := server.built(name):
        return name, built, True
    starting_content(server)
    server.execute("DROP DATABASE IF EXISTS {}", name)
    server.execute("CREATE DATABASE {} TEMPLATE {}", name, NAME)
    use(server, name)
    built = _write(Corpus(count, Subjects.of_database()))
    server.note(name, built)
    return name, built, False


def _write(works: Corpus) -> Built:
    """Write the works as any batch of drafts is written, and have search ready for them."""
    making = 0.0

    def timed() -> Iterator[tuple[str, Any]]:
        nonlocal making
        for number in tqdm(range(works.count), "works", unit="", disable=None):
            start = time.perf_counter()
            pair = corpus.ref(number), works.draft(number)
            making += time.perf_counter() - start
            yield pair

    def write() -> None:
        with reindexing.quickly_from_nothing():
            services.put_drafts(timed())
        words.renew()

    writing = seconds(write)
    return Built(state(), making, writing - making, seconds(run_jobs), seconds(tidy))


def seconds(function: Callable[[], object]) -> float:
    """How long this takes."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def run_jobs() -> None:
    """Run what is queued, as the worker beside the web server would."""

    async def run(worker: App) -> None:
        async with worker.open_async():
            await worker.run_worker_async(wait=False, listen_notify=False)

    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        asyncio.run(run(worker))


def tidy() -> None:
    """What autovacuum would do in its own time, and then at some moment of the measurement."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def use(server: Server, database: str) -> None:
    """Let Django's connection lead to this database from now on, without a pool, which would hold
    on to it."""
    use_none()
    connection.settings_dict.update(environ.Env.db_url_config(server.url(database)))


def use_none() -> None:
    """Let go of the database, so that it can be copied or its server stopped."""
    connection.close()


def sizes() -> dict[str, Any]:
    """Megabytes of the database, of its indexes, and of the largest tables and indexes."""
    query = """
        SELECT relname, relkind::text, pg_relation_size(pg_class.oid)
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = 'public' AND relkind IN ('r', 'i')
        ORDER BY 3 DESC
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        [whole] = cursor.fetchone()
        cursor.execute(query)
        rows = cursor.fetchall()
    return {
        "database_mb": _megabytes(whole),
        "indexes_mb": _megabytes(sum(size for _name, kind, size in rows if kind == "i")),
        "largest_mb": {name: _megabytes(size) for name, _kind, size in rows[:8]},
    }


def _megabytes(size: int) -> float:
    return round(size / 1_000_000, 1)


def state() -> str:
    """Another text whenever a database built now would be another: works, starting content,
    migrations, and the code that writes records."""
    files = [*(ROOT / "starter").glob("*.csv")]
    for config in apps.get_app_configs():
        files += Path(config.path).glob("migrations/*.py")
    for name in ("services.py", "composing.py", "facets.py", "textsearch.py", "models/*.py"):
        files += Path(services.__file__).parent.glob(name)
    digest = hashlib.sha256(corpus.version().encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
