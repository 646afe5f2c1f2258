"""What people asked for and nothing contains: counted by day and language, for the curators.

Nothing is kept of who asked. What looks as if it named a person, such as an address or a number, is
not counted, nor what is too long to be a search for a subject.
"""

import re
from datetime import date, timedelta

from django.db import connection

from hub.catalogue.models import SearchMiss

MAX_LENGTH = 80
MAX_WORDS = 6
PERSONAL = re.compile(r"@|(\d[ ./()-]?){5}|https?:|www\.")
# So many different ones a day tell all that curators can act on; a robot's millions tell nothing.
MAX_A_DAY = 2000
KEPT = timedelta(days=365)


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
