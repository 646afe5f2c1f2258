"""Names of terms in the reader's language, fetched for a whole page at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Case, Q, Value, When
from django.db.models.functions import Length

from hub.registry import Registry
from hub.slugs import sort_key
from hub.vocabulary.models import Scheme, Term, TermLabel, term_url

# Told when a term's names or its place in the tree have changed: (ids of the terms).
changed: Registry[Callable[[list[int]], None]] = Registry("a listener to changed terms")


@dataclass(frozen=True)
class Label:
    """A term as a page shows it; ``language`` is that of the label, which falls back to English, then to
    any other."""

    id: int
    scheme: str
    slug: str
    label: str
    language: str
    description: str = ""
    parent_id: int | None = None
    is_focus: bool = False
    code: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def scheme_label(self) -> str:
        return str(Scheme(self.scheme).label)

    @property
    def url(self) -> str:
        return term_url(self.scheme, self.slug)


def labels_of(ids: Iterable[int], language: str, *, below: int | None = None) -> dict[int, Label]:
    """The labels of these terms, and of those right below the term ``below``, by id, in one query;
    a term without any label is left out."""
    wanted = Q(term_id__in=set(ids))
    if below is not None:
        wanted |= Q(term__parent_id=below)
    return _by_term(TermLabel.objects.filter(wanted), language)


def labels_in(scheme: str, language: str) -> dict[int, Label]:
    """The labels of all terms of a scheme by id, in the order of their names."""
    found = _by_term(TermLabel.objects.filter(term__scheme=scheme), language)
    return dict(sorted(found.items(), key=lambda item: sort_key(item[1].label)))


def _by_term(labels, language: str) -> dict[int, Label]:
    preference = Case(
        When(language=language, then=Value(0)), When(language="en", then=Value(1)), default=Value(2)
    )
    best = labels.order_by("term_id", preference, "language").distinct("term_id")
    return {row.term_id: _shown(row) for row in best.select_related("term")}


def _shown(row: TermLabel) -> Label:
    term = row.term
    return Label(
        id=term.id,
        scheme=term.scheme,
        slug=term.slug,
        label=row.label,
        language=row.language,
        description=row.description,
        parent_id=term.parent_id,
        is_focus=term.is_focus,
        code=term.code,
        latitude=term.latitude,
        longitude=term.longitude,
    )


def matching(words: str, language: str, limit: int = 8) -> list[Label]:
    """Terms whose label or other word, in any language, begins with or contains ``words``;
    the closest first."""
    text = words.strip()
    if len(text) < 2 or not any(sign.isalnum() for sign in text):
        return []
    hits = TermLabel.objects.filter(
        Q(label__icontains=text) | Q(alternatives__icontains=text)
    ).values_list("term_id", "label")
    closeness: dict[int, tuple[bool, int]] = {}
    for term_id, label in hits.order_by(Length("label"), "pk")[:200]:
        rank = (not label.casefold().startswith(text.casefold()), len(label))
        closeness[term_id] = min(rank, closeness.get(term_id, rank))
    best = sorted(closeness, key=closeness.__getitem__)[:limit]
    labels = labels_of(best, language)
    return [labels[term_id] for term_id in best if term_id in labels]


def tell_changed(terms: Iterable[Term]) -> None:
    """Tell the apps above that these terms are shown differently from now on. Call it in the
    transaction that changed them."""
    ids = [term.pk for term in terms]
    for listener in changed:
        listener(ids)
