"""Names of terms in the reader's language, for a whole page at once."""

from collections.abc import Callable, Iterable

from hub.registry import Registry
from hub.slugs import fold
from hub.vocabulary.models import Term
from hub.vocabulary.snapshot import Label, by_name, vocabulary

__all__ = ["Label", "changed", "labels_in", "labels_of", "matching", "tell_changed"]

# Told when a term's place in the tree has changed: (ids of the terms).
changed: Registry[Callable[[list[int]], None]] = Registry("a listener to changed terms")


def labels_of(ids: Iterable[int], language: str, *, below: int | None = None) -> dict[int, Label]:
    """The labels of these terms, and of those right below the term ``below``, by id; a term
    without any label is left out."""
    terms = vocabulary()
    wanted = set(ids) | set(terms.below(below) if below is not None else ())
    labels = ((pk, terms.label(pk, language)) for pk in sorted(wanted))
    return {pk: label for pk, label in labels if label}


def labels_in(scheme: str, language: str) -> dict[int, Label]:
    """The labels of all terms of a scheme by id, in the order of their names."""
    terms = vocabulary()
    labels = (terms.label(pk, language) for pk in terms.ids_in(scheme))
    return {label.id: label for label in by_name(filter(None, labels))}


def matching(words: str, language: str, limit: int = 8) -> list[Label]:
    """Terms of which a name or other word, in any language, begins with or contains ``words``;
    the closest first."""
    text = fold(words)
    if len(text) < 2 or not any(sign.isalnum() for sign in text):
        return []
    terms = vocabulary()
    closeness: dict[int, tuple[bool, int]] = {}
    for phrase, ids in terms.phrases.items():
        if text in phrase:
            rank = (not phrase.startswith(text), len(phrase))
            for pk in ids:
                closeness[pk] = min(rank, closeness.get(pk, rank))
    best = sorted(closeness, key=lambda pk: (closeness[pk], pk))[:limit]
    return [label for pk in best if (label := terms.label(pk, language))]


def tell_changed(terms: Iterable[Term]) -> None:
    """Tell the apps above that these terms stand elsewhere in the tree from now on. Call it in the
    transaction that moved them. What they are called everybody looks up anew."""
    ids = [term.pk for term in terms]
    for listener in changed:
        listener(ids)
