"""PostgreSQL text search configurations of our own, one per language, made by migration.

They have no stop words: in PostgreSQL's English list "just" is one, so that "just transition" would
match "public transit". ``unaccent`` comes before the stemmer on both sides, so "transicion" finds
"transición". Languages without a stemmer in PostgreSQL 15 to 18 use ``hub_simple``.
"""

import re

from django.contrib.postgres.search import SearchQuery

# Raise it whenever a configuration or the make-up of the vector changes; `reindex` then repairs.
VERSION = 1

SIMPLE = "hub_simple"
STEMMERS = {
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nl": "dutch",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "tr": "turkish",
}

# Words that carry nothing in a question typed as a sentence. They are dropped from queries only,
# never from what is indexed, and never inside quotation marks. "just" is not among them.
FILLERS = {
    "en": set("a an and are as at by does for from how in is it of on the to what with".split()),
    "es": set("a al con cómo de del el en es la las los para por que qué un una y".split()),
    "id": set("apa dan dari dengan di itu ke pada untuk yang".split()),
    "vi": set("các cho của là một những trong từ và với".split()),
}
MAX_TERMS = 16
# PostgreSQL reads a row of them as "not not not …" and fails past some thirty.
MAX_MINUSES = 16


def config_for(language: str) -> str:
    """The name of the configuration for texts in this language."""
    return f"hub_{language}" if language in STEMMERS else SIMPLE


def query_for(words: str, language: str) -> SearchQuery:
    """What people typed, as a query in the reader's language or word for word: a Spanish word typed
    on an English page still finds the Spanish title. Understands "phrases", or, and -minus."""
    text = _few_minuses(_without_fillers(words, language))
    literal = SearchQuery(text, config=SIMPLE, search_type="websearch")
    if config_for(language) == SIMPLE:
        return literal
    return SearchQuery(text, config=config_for(language), search_type="websearch") | literal


def _few_minuses(words: str) -> str:
    *pieces, rest = words.split("-", MAX_MINUSES)
    return "-".join([*pieces, rest.replace("-", " ")])


def _without_fillers(words: str, language: str) -> str:
    pieces = re.findall(r'-?"[^"]*"|\S+', words)[:MAX_TERMS]
    fillers = FILLERS.get(language, set())
    kept = [piece for piece in pieces if piece.lower() not in fillers]
    return " ".join(kept or pieces)
