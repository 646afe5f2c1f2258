"""PostgreSQL text search configurations of our own, one per language, made by migration.

They have no stop words: in PostgreSQL's English list "just" is one, so that "just transition" would
match "public transit". ``unaccent`` comes before the stemmer on both sides, so "transicion" finds
"transición". Languages without a stemmer in PostgreSQL 15 to 18 use ``hub_simple``.

Thai and other scripts that put no space between words are cut into overlapping pairs of letters,
on both sides: a phrase of pairs is found anywhere inside a sentence.
"""

import re
import unicodedata
from itertools import pairwise

# Raise it whenever a configuration, ``as_words`` or the make-up of a vector changes; then
# `manage.py reindex --stale` repairs what is stored.
VERSION = 3

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

# PostgreSQL takes "coal-fired" and "coal/steel" for one word beside its parts, and counts places in
# a phrase by it. As separate words, on both sides, they are found however they were written.
JOINT = re.compile(r"(?<=\w)[-‐‑–/](?=\w)")
# Soft hyphens, and the signs of no width by which some writers of Thai mark the ends of words.
UNSEEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# PostgreSQL takes "<zinc>" for a tag and "&lead;" for an entity, and neither for a word.
MARKUP = re.compile("[<>&]")
# Thai and Lao, Myanmar, Khmer, kana and Chinese characters.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")


def config_for(language: str) -> str:
    """The name of the configuration for texts in this language."""
    return f"hub_{language}" if language in STEMMERS else SIMPLE


def as_words(text: str) -> str:
    """``text`` as it is indexed and asked for: in one Unicode form, compounds as the words that
    they join, unspaced scripts as pairs of letters."""
    text = MARKUP.sub(" ", UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
    return UNSPACED.sub(_as_pairs, JOINT.sub(" ", text))


def _as_pairs(run: re.Match[str]) -> str:
    """The pairs of neighbours in a run of letters, as words that any locale takes for such:
    marks above and below the line are letters in some only."""
    codes = [f"{ord(sign):x}" for sign in run[0]]
    pairs = [f"u{first}x{second}" for first, second in pairwise(codes)]
    return f" {' '.join(pairs or [f'u{codes[0]}'])} "
