"""What is made from the content, kept for as long as the content stays as it is.

A row holds the version of the content that it was made from, so that nothing needs to be cleared
away when something is published or withdrawn: the old version is asked for no more.
"""

import hashlib
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language

from hub.middleware import is_personal

# Beyond this age, what is kept makes way for what comes: two rows go for each new one, so that the
# table holds no more than what was asked for lately.
MINUTES = 15


def get(key: str, version: str) -> tuple[bytes, bool] | None:
    """What was kept under this key at this version, and whether it says that nothing was found."""
    sql = "SELECT content, is_miss FROM catalogue_keptpage WHERE key = %s AND version = %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [_hashed(key), version])
        row = cursor.fetchone()
    return (zlib.decompress(row[0]), row[1]) if row else None


def keep(key: str, version: str, content: bytes, *, is_miss: bool = False) -> None:
    """Keep this, and let go of two that are old."""
    sql = """
        WITH old AS (
            DELETE FROM catalogue_keptpage WHERE key IN (
                SELECT key FROM catalogue_keptpage
                WHERE kept_at < statement_timestamp() - %(minutes)s * interval '1 minute'
                ORDER BY kept_at LIMIT 2 FOR UPDATE SKIP LOCKED
            ) AND key <> %(key)s
        )
        INSERT INTO catalogue_keptpage (key, version, content, is_miss, kept_at)
        VALUES (%(key)s, %(version)s, %(content)s, %(is_miss)s, statement_timestamp())
        ON CONFLICT (key) DO UPDATE
        SET version = excluded.version, content = excluded.content, is_miss = excluded.is_miss,
            kept_at = excluded.kept_at
    """
    row = {"key": _hashed(key), "version": version, "is_miss": is_miss, "minutes": MINUTES}
    with connection.cursor() as cursor:
        cursor.execute(sql, row | {"content": zlib.compress(content, 1)})


def forget_old() -> None:
    """Let go of all that is old: pages may name people who are listed no more."""
    sql = """
        DELETE FROM catalogue_keptpage
        WHERE kept_at < statement_timestamp() - %s * interval '1 minute'
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [MINUTES])


def page(
    request: HttpRequest,
    address: str,
    version: str,
    make: Callable[[], HttpResponse],
    content_type: str | None = None,
) -> HttpResponse:
    """The page at this address as it was kept, or as ``make`` makes it. Its ``is_miss`` says
    whether it says that nothing was found. ``address`` is the same however a reader has come to
    write it; nothing else of the request may matter but the language and ``is_lean``."""
    if settings.DEBUG:  # templates change while one looks at them
        return make()
    key = f"{address} {get_language()} {request.is_lean}"
    etag = f'W/"{_hashed(key + version)[:32]}"'
    kept = get(key, version)
    if kept:
        content, is_miss = kept
        # Whose browser has it gets a word instead of the page.
        response = get_conditional_response(request, etag=etag)
        response = response or HttpResponse(content, content_type=content_type)
        response.is_miss = is_miss
    else:
        response = make()
        response.is_miss = getattr(response, "is_miss", False)
        if response.status_code != 200 or is_personal(response):
            return response
        keep(key, version, response.content, is_miss=response.is_miss)
    response["ETag"] = etag
    return response


def _hashed(key: str) -> str:
    return hashlib.sha256(f"{_program()}\0{key}".encode()).hexdigest()


@cache
def _program() -> str:
    """What the pages are made by: another after an update of the program, of its templates or of
    what it uses, and when the hub moves."""
    folders = ("hub", "knowledge", "events", "taskforce", "templates", "static", "locale")
    hashed = hashlib.sha256(f"{settings.BASE_URL} {settings.LANGUAGES}".encode())
    hashed.update((Path(settings.ROOT) / "requirements.txt").read_bytes())
    for folder in folders:
        for path in sorted((Path(settings.ROOT) / folder).rglob("*.*")):
            if path.suffix in {".py", ".html", ".css", ".js", ".mo", ".json"}:
                status = path.stat()
                hashed.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return hashed.hexdigest()
