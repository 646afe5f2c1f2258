"""Counts of all that is public, made once for each state of the content: every list needs them."""

import json
from collections import Counter
from dataclasses import dataclass

from django.db import connection

from hub.bounded import bounded
from hub.catalogue import kept
from hub.catalogue.scope import Scope

# The number stands for this lock alone: of many readers after a change one counts for all.
LOCK = 4_215_502
# A million records take some seconds to count, and others wait for it.
MILLISECONDS = 10_000


@dataclass(frozen=True)
class Tally:
    """How many records there are, and with each value of a facet, by its number."""

    total: int
    counts: Counter[int]


NOTHING = Tally(0, Counter())


def tally(scope: Scope, version: str) -> Tally:
    """The counts of a scope at this version of the content."""
    key = f"tally {scope}"
    if stored := kept.get(key, version):
        return _read(stored[0])
    with bounded(MILLISECONDS, reads_all=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, key])
        if stored := kept.get(key, version):
            return _read(stored[0])
        counted = _count(scope)
        kept.keep(key, version, json.dumps([counted.total, counted.counts]).encode())
    return counted


def _read(stored: bytes) -> Tally:
    total, counts = json.loads(stored)
    return Tally(total, Counter({int(pk): count for pk, count in counts.items()}))


def _count(scope: Scope) -> Tally:
    condition, parameters = scope.sql()
    sql = f"""
        SELECT value, count(*) FROM catalogue_record record, unnest(facet_ids) value
        WHERE {condition} GROUP BY value
        UNION ALL SELECT 0, count(*) FROM catalogue_record record WHERE {condition}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        counts = Counter(dict(cursor.fetchall()))
    return Tally(counts.pop(0), counts)
