"""How often something may be done: counted in the database, so that all workers count together.

A limit is a bucket that leaks (the generic cell rate algorithm): ``number`` acts at once, then one
more whenever ``within / number`` has passed. Its whole state is one moment, at which the bucket will
be empty, so one statement both asks and counts, and no two callers can take the same place.
"""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from hub.models import Allowance


@dataclass(frozen=True)
class Limit:
    """``number`` acts of this name ``within`` a time, for each key; ``page`` is the template of what
    one reads who has done more."""

    name: str
    number: int
    within: timedelta
    page: str = "429.html"


class Exceeded(Exception):
    """Too much of it; the reader is told so in words, and when to come again (``ErrorsInWords``)."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit.name)
        self.page = limit.page
        self.seconds = ceil((limit.within / limit.number).total_seconds())


def require(limit: Limit, key: str) -> None:
    """Count the act; ``Exceeded`` if it may not be done now."""
    if not take(limit, key):
        raise Exceeded(limit)


def take(limit: Limit, key: str) -> bool:
    """Whether the act may be done once more, which is then counted.

    Ask outside a transaction: within one the count would be undone with it, and others would wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO hub_allowance AS one (key, empty_at)
            VALUES (%(key)s, clock_timestamp() + %(each)s)
            ON CONFLICT (key) DO UPDATE
                SET empty_at = greatest(one.empty_at, clock_timestamp()) + %(each)s
                WHERE greatest(one.empty_at, clock_timestamp()) + %(each)s
                    <= clock_timestamp() + %(within)s
            RETURNING true
            """,
            {
                "key": _hashed(limit, key),
                "each": limit.within / limit.number,
                "within": limit.within,
            },
        )
        return cursor.fetchone() is not None


def give_back(limit: Limit, key: str) -> None:
    """Undo one ``take``, where only what fails is to count: it had to be counted before anybody
    could know."""
    each = limit.within / limit.number
    Allowance.objects.filter(key=_hashed(limit, key)).update(empty_at=F("empty_at") - each)


def forget(limit: Limit, key: str) -> None:
    """Let the count begin anew, for somebody who has shown who they are."""
    Allowance.objects.filter(key=_hashed(limit, key)).delete()


def forget_old() -> int:
    """Let go of everybody whose whole allowance is free again; answers how many."""
    count, _by_model = Allowance.objects.filter(empty_at__lt=timezone.now()).delete()
    return count


def _hashed(limit: Limit, key: str) -> str:
    """What is kept of an address, of mail or on the net: enough to know it again, no more."""
    return salted_hmac(f"hub.limits.{limit.name}", key, algorithm="sha256").hexdigest()
