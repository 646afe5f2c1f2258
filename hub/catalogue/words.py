"""The words of our own texts, to suggest where somebody has mistyped one."""

from django.db import connection, transaction

from hub.catalogue.models import Word
from hub.slugs import fold

# Of texts as jsonb every title and summary; of tombstones nothing.
SOURCE = """
    SELECT to_tsvector('hub_words', texts) FROM catalogue_record
    WHERE withdrawn_at IS NULL AND published_at <= statement_timestamp()
"""
LONGEST = 40


@transaction.atomic
def renew() -> int:
    """Count the words of what is public anew; answers how many they are."""
    sql = """
        SELECT word, ndoc FROM ts_stat(%s)
        WHERE length(word) BETWEEN 3 AND %s AND word ~ '^[[:alpha:]]+$'
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE catalogue_word IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(sql, [SOURCE, LONGEST])
        rows = cursor.fetchall()
        cursor.execute("DELETE FROM catalogue_word")
        columns = "COPY catalogue_word (word, plain, count) FROM STDIN"
        with cursor.copy(columns) as copy:
            for word, count in rows:
                copy.write_row((word, fold(word)[:120], count))
    return len(rows)


def corrected(text: str) -> str | None:
    """``text`` with each unknown word replaced by the known one that is most like it; ``None`` if
    all are known, or nothing is like them."""
    words = text.split()
    better = [_likest(word) or word for word in words]
    return " ".join(better) if better != words else None


def _likest(word: str) -> str | None:
    """The known word that is most like this one, if this one is unknown: by the share of three-letter
    pieces in common, then by how often it is used."""
    plain = fold(word)
    if len(plain) < 4 or not plain.isalpha() or Word.objects.filter(plain=plain).exists():
        return None
    sql = """
        SELECT word FROM catalogue_word
        WHERE plain %% %(plain)s AND abs(length(plain) - length(%(plain)s)) <= 2
        ORDER BY similarity(plain, %(plain)s) + 0.02 * ln(count) DESC, word LIMIT 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, {"plain": plain})
        row = cursor.fetchone()
    return row[0] if row else None
