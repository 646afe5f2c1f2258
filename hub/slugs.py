"""Titles in any script put into plain Latin letters: for addresses, and to order lists by."""

import re
import unicodedata

from anyascii import anyascii
from django.db.models import QuerySet
from django.utils.text import slugify


def make_slug(text: str, max_length: int = 80) -> str:
    """A slug cut at a word's end; empty if ``text`` holds no letter or digit."""
    slug = slugify(anyascii(text))
    if len(slug) > max_length:
        slug = slug[: max_length + 1].rpartition("-")[0] or slug[:max_length]
    return slug.strip("-")


def fold(text: str) -> str:
    """What is compared where people may have left out accents and capitals: Latin letters, with
    single spaces between words."""
    plain = anyascii(unicodedata.normalize("NFKC", text)).casefold()
    return " ".join(plain.split())


def sort_key(text: str) -> str:
    """What a list is ordered by: folded, and without the marks that stand before the first word."""
    return re.sub(r"^\W+", "", fold(text))


def unique_slug(text: str, *taken: QuerySet, max_length: int = 80, otherwise: str) -> str:
    """A slug that no row of any ``taken`` has: the text's own, else with -2, -3 … behind it;
    ``otherwise`` stands in for a text without letters."""
    stem = make_slug(text, max_length) or otherwise
    rows = (among.filter(slug__startswith=stem) for among in taken)
    used = {slug for found in rows for slug in found.values_list("slug", flat=True)}
    slug, number = stem, 1
    while slug in used:
        number += 1
        slug = f"{stem}-{number}"
    return slug
