"""The words of our own texts, to suggest where somebody has mistyped one."""

from functools import cache
from math import log

from django.db import connection, transaction

from hub.catalogue.models import Word
from hub.catalogue.textsearch import UNSPACED, as_words, config_for
from hub.languages import LABEL_LANGUAGES
from hub.slugs import fold

# What is public: of texts as jsonb every title and summary, the names of people and publishers. Of
# tombstones nothing.
SOURCE = """
    SELECT to_tsvector('hub_words', texts)
        || to_tsvector('hub_words', array_to_string(people || publisher_names, ' '))
    FROM catalogue_record
    WHERE withdrawn_at IS NULL AND published_at <= statement_timestamp()
"""
# What the terms are called that public records bear, as often as they bear them.
NAMES = """
    SELECT unnest(tsvector_to_array(
        to_tsvector('hub_words', label || ' ' || array_to_string(alternatives, ' '))
    )), number
    FROM vocabulary_termlabel JOIN (
        SELECT unnest(term_ids) AS term_id, count(*) AS number FROM catalogue_record
        WHERE withdrawn_at IS NULL AND published_at <= statement_timestamp() GROUP BY 1
    ) borne USING (term_id)
"""
LONGEST = 40

# How much words must have in common to be compared letter by letter, and how many are. It is less
# than PostgreSQL's 0.3: "Kolumbien" and "Kolombia" have a quarter of their pieces in common.
ALIKE = 0.24
COMPARED = 60
# Nobody mistypes more than a third of a word.
MISTYPED = 0.3
# What one mistakes for another, or writes otherwise in another language, is half a mistake.
NEAR = ("aeiouy", "ckq", "sz", "vwb", "gj", "td", "mn", "fp")
FAR, SWAPPED, DOUBLED = 1.0, 0.8, 0.5
NEAR_COST = 0.5
# Of two words that are equally like it the more usual one is meant: thirty times as usual weighs as
# much as half a mistake.
USUAL = 0.15


@transaction.atomic
def renew() -> int:
    """Count the words of what is public anew; answers how many they are."""
    sql = f"""
        SELECT word, sum(number)
        FROM (SELECT word, ndoc FROM ts_stat(%s) UNION ALL {NAMES}) AS told (word, number)
        WHERE length(word) BETWEEN 3 AND %s AND word ~ '^[[:alpha:]]+$' GROUP BY word
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE catalogue_word IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(sql, [SOURCE, LONGEST])
        # What is not spaced has no words here but pieces of sentences.
        rows = [(word, count) for word, count in cursor.fetchall() if not UNSPACED.search(word)]
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
    """The known word that is most like this one, if this one is unknown: of those with enough
    three-letter pieces in common the one with the fewest mistakes."""
    plain = fold(word)
    if len(plain) < 4 or not plain.isalpha() or UNSPACED.search(word) or _is_known(word, plain):
        return None
    found = [
        (mistakes - USUAL * log(count), known)
        for known, other, count in _alike(plain)
        if (mistakes := _mistakes(plain, other)) <= MISTYPED * len(plain)
    ]
    return min(found)[1] if found else None


def _is_known(word: str, plain: str) -> bool:
    """Whether anything has the word, inflected perhaps: who types "happens" where all texts have
    "happened" has not mistyped it."""
    if Word.objects.filter(plain=plain).exists():
        return True
    configs = sorted({config_for(code) for code, _name in LABEL_LANGUAGES})
    anyhow = " || ".join(["phraseto_tsquery(%s::regconfig, %s)"] * len(configs))
    sql = f"""
        WITH found AS MATERIALIZED (
            SELECT published_at, withdrawn_at FROM catalogue_record WHERE vector @@ ({anyhow})
        )
        SELECT EXISTS (
            SELECT FROM found WHERE withdrawn_at IS NULL AND published_at <= statement_timestamp()
        )
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [part for config in configs for part in (config, as_words(word))])
        return cursor.fetchone()[0]


def _alike(plain: str) -> list[tuple[str, str, int]]:
    """Known words that look like this one: as they are written, folded, and how often they are
    used."""
    sql = """
        SELECT word, plain, count FROM catalogue_word
        WHERE plain %% %(plain)s AND abs(length(plain) - length(%(plain)s)) <= 2
        ORDER BY similarity(plain, %(plain)s) DESC, word LIMIT %(limit)s
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT show_limit()")  # which loads what knows the setting
        usual = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {ALIKE}")
        cursor.execute(sql, {"plain": plain, "limit": COMPARED})
        found = cursor.fetchall()
        # A transaction around this one would keep it.
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {float(usual)}")
    return found


def _mistakes(typed: str, meant: str) -> float:
    """How many mistakes make one word of the other: letters too many, missing, wrong, or that have
    changed places with their neighbour."""
    before: list[float] = []
    row = [float(number) for number in range(len(meant) + 1)]
    for i, letter in enumerate(typed, 1):
        before, last, row = row, before, [float(i)]
        for j, other in enumerate(meant, 1):
            is_doubled = i > 1 and letter == typed[i - 2]
            is_single = j > 1 and other == meant[j - 2]
            cost = min(
                before[j] + (DOUBLED if is_doubled else FAR),
                row[j - 1] + (DOUBLED if is_single else FAR),
                before[j - 1] + _difference(letter, other),
            )
            if i > 1 and j > 1 and letter == meant[j - 2] and other == typed[i - 2] != letter:
                cost = min(cost, last[j - 2] + SWAPPED)
            row.append(cost)
    return row[-1]


@cache
def _difference(letter: str, other: str) -> float:
    if letter == other:
        return 0.0
    return NEAR_COST if any(letter in near and other in near for near in NEAR) else FAR
