"""PostgreSQL text search configurations of our own, one per language, made by migration.

They have no stop words: in PostgreSQL's English list "just" is one, so that "just transition" would
match "public transit". ``unaccent`` comes before the stemmer on both sides, so "transicion" finds
"transición". Languages without a stemmer in PostgreSQL 15 to 18 use ``hub_simple``.
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable

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

PIECE = re.compile(r'-*"[^"]*"?|\S+')
# PostgreSQL takes "coal-fired" and "coal/steel" for one word beside its parts, and counts places in
# a phrase by it. As separate words, on both sides, they are found however they were written.
JOINT = re.compile(r"(?<=\w)[-‐‑–/](?=\w)")


def config_for(language: str) -> str:
    """The name of the configuration for texts in this language."""
    return f"hub_{language}" if language in STEMMERS else SIMPLE


def as_words(text: str) -> str:
    """``text`` as it is indexed: compounds as the words that they join."""
    return JOINT.sub(" ", text)


@dataclass(frozen=True)
class Query:
    """What people typed: ``wanted`` and ``unwanted`` in PostgreSQL's web syntax, and how many of
    their words were more than we look for."""

    wanted: str
    unwanted: str
    ignored: int

    def __bool__(self) -> bool:
        return bool(self.wanted or self.unwanted)

    def in_language(self, language: str) -> SearchQueryCombinable:
        """The query by the reader's language or word for word: a Spanish word typed on an English
        page still finds the Spanish title. What is unwanted is so either way."""
        configs = list(dict.fromkeys((config_for(language), SIMPLE)))
        parts = []
        if self.wanted:
            either, *others = (_websearch(self.wanted, config) for config in configs)
            for other in others:
                either = either | other
            parts.append(either)
        if self.unwanted:
            parts += [~_websearch(self.unwanted, config) for config in configs]
        query, *rest = parts
        for part in rest:
            query = query & part
        return query


def parse(words: str, language: str) -> Query:
    """Read what people typed: "phrases", or, -minus. Without a letter or digit it is no query."""
    pieces = [piece for piece in PIECE.findall(words) if re.search(r"\w", piece)]
    kept = pieces[:MAX_TERMS]
    wanted = [_plain(piece) for piece in kept if not piece.startswith("-")]
    unwanted = [_plain(piece) for piece in kept if piece.startswith("-")]
    fillers = FILLERS.get(language, set())
    telling = [piece for piece in wanted if piece.lower() not in fillers]
    return Query(
        wanted=" ".join(telling or wanted),
        unwanted=" or ".join(unwanted),
        ignored=len(pieces) - len(kept),
    )


def _plain(piece: str) -> str:
    """One piece in web syntax: a compound becomes a phrase, and no minus is left that PostgreSQL
    would take for "not"."""
    bare = piece.strip('-"')
    text = as_words(bare).replace("-", " ").replace('"', " ").strip()
    is_phrase = piece.lstrip("-").startswith('"') or " " in text
    return f'"{text}"' if is_phrase else text


def _websearch(text: str, config: str) -> SearchQuery:
    return SearchQuery(text, config=config, search_type="websearch")
