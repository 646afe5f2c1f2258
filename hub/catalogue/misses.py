"""What people asked for and nothing contains: counted by day and language, for the curators.

Nothing is kept of who asked. What looks as if it named a person, such as an address or a number, is
not counted, nor what is too long to be a search for a subject.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import QuerySet, Sum

from hub.catalogue.models import SearchMiss, SetAside
from hub.languages import language_name

MAX_LENGTH = 80
MAX_WORDS = 6
PERSONAL = re.compile(r"@|(\d[ ./()-]?){5}|https?:|www\.")
# So many different ones a day tell all that curators can act on; a robot's millions tell nothing.
MAX_A_DAY = 2000
KEPT = timedelta(days=365)
# What is asked for now: so many searches of so many days.
RECENT, SHOWN = timedelta(days=30), 10


@dataclass(frozen=True)
class Asked:
    """Words that readers searched for in one language, and how often nothing was found."""

    query: str
    language: str
    times: int

    @property
    def language_name(self) -> str:
        return language_name(self.language, "en")


def most_asked(today: date) -> list[Asked]:
    """What was asked for most of late and nothing contained then, the most first; without what is
    set aside."""
    rows = waiting(SearchMiss.objects.all(), today).values("query", "language")
    summed = rows.annotate(times=Sum("count")).order_by("-times", "query", "language")
    return [Asked(**row) for row in summed[:SHOWN]]


def waiting(rows: QuerySet[SearchMiss], today: date) -> QuerySet[SearchMiss]:
    """Those of the rows that were asked for of late and are not set aside."""
    return rows.filter(day__gt=today - RECENT).not_set_aside()


def count_waiting(today: date) -> int:
    """How many different searches these are."""
    rows = waiting(SearchMiss.objects.order_by(), today)
    return rows.values("query", "language").distinct().count()


def set_aside(rows: QuerySet[SearchMiss], today: date) -> int:
    """Let nobody be reminded of these searches any more; answers how many they are."""
    found = set(rows.order_by().values_list("query", "language"))
    SetAside.objects.bulk_create(
        [SetAside(query=query, language=language, since=today) for query, language in found],
        ignore_conflicts=True,
    )
    return len(found)


def take_up(rows: QuerySet[SearchMiss]) -> int:
    """Remind people of these searches again; answers how many they are."""
    found = set(rows.order_by().values_list("query", "language"))
    for query, language in found:
        SetAside.objects.filter(query=query, language=language).delete()
    return len(found)


def note(words: str, language: str) -> None:
    """Count one search that found nothing."""
    query = " ".join(words.casefold().split())
    if len(query) > MAX_LENGTH or len(query.split()) > MAX_WORDS or PERSONAL.search(query):
        return
    sql = """
        INSERT INTO catalogue_searchmiss (day, language, query, count)
        SELECT current_date, %(language)s, %(query)s, 1
        WHERE (SELECT count(*) FROM catalogue_searchmiss WHERE day = current_date) < %(most)s
            OR EXISTS (SELECT FROM catalogue_searchmiss WHERE day = current_date
                AND language = %(language)s AND query = %(query)s)
        ON CONFLICT (day, language, query)
        DO UPDATE SET count = catalogue_searchmiss.count + 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"language": language, "query": query, "most": MAX_A_DAY})


def forget_old(today: date) -> None:
    SearchMiss.objects.filter(day__lt=today - KEPT).delete()
    SetAside.objects.filter(since__lt=today - KEPT).delete()
