"""What people asked for and nothing contains: counted by day and language, for the curators.

Nothing is kept of who asked. What looks as if it named a person, such as an address or a number, is
not counted, nor what is too long to be a search for a subject.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Sum

from hub.catalogue.models import SearchMiss
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
    """What was asked for most of late and nothing contained then, the most first."""
    rows = SearchMiss.objects.filter(day__gt=today - RECENT).values("query", "language")
    summed = rows.annotate(times=Sum("count")).order_by("-times", "query", "language")
    return [Asked(**row) for row in summed[:SHOWN]]


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
