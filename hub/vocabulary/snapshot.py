"""The whole vocabulary in memory, read again only after a change: every page names many terms."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from hub.slugs import fold, sort_key
from hub.versions import VOCABULARY, version_of
from hub.vocabulary.models import FormerAddress, Scheme, Term, TermLabel, term_url


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


@dataclass(frozen=True)
class Name:
    """What a term is called in one language, and the other words for it there."""

    language: str
    label: str
    alternatives: tuple[str, ...]
    description: str

    @property
    def words(self) -> tuple[str, ...]:
        return (self.label, *self.alternatives)


@dataclass
class Vocabulary:
    """All terms as they were at ``version``. Terms without any name are left out of lists and
    labels, but not from among the ancestors."""

    version: str
    terms: dict[int, dict] = field(default_factory=dict)
    names: dict[int, dict[str, Name]] = field(default_factory=dict)
    former: dict[tuple[str, str], int] = field(default_factory=dict)
    _labels: dict[tuple[int, str], Label] = field(default_factory=dict)

    def label(self, term_id: int, language: str) -> Label | None:
        """The term in the reader's language; ``None`` if it has no name or does not exist."""
        if term_id not in self.names:
            return None
        key = term_id, language
        if key not in self._labels:
            names = self.names[term_id]
            name = names.get(language) or names.get("en") or names[min(names)]
            self._labels[key] = Label(
                label=name.label,
                language=name.language,
                description=name.description,
                **self.terms[term_id],
            )
        return self._labels[key]

    def with_ancestors(self, ids: Iterable[int]) -> list[int]:
        """The ids themselves and those of all terms above them, sorted, each once."""
        found: set[int] = set()
        for term_id in ids:
            # The end of a circle too, should one ever get past Term.clean().
            while term_id is not None and term_id not in found:
                found.add(term_id)
                term = self.terms.get(term_id)
                term_id = term["parent_id"] if term else None
        return sorted(found)

    def below(self, term_id: int) -> list[int]:
        """The terms right below this one."""
        return self._children.get(term_id, [])

    def id_of(self, scheme: str, slug: str) -> int | None:
        return self._ids.get((scheme, slug))

    def slug_now(self, scheme: str, slug: str) -> str:
        """The address by which the term goes that had this one; that itself if none had."""
        term = self.terms.get(self.former.get((scheme, slug)))
        return term["slug"] if term and (scheme, slug) not in self._ids else slug

    def scheme_of(self, term_id: int) -> str | None:
        term = self.terms.get(term_id)
        return term["scheme"] if term else None

    def ids_in(self, scheme: str) -> Iterator[int]:
        return (pk for pk, term in self.terms.items() if term["scheme"] == scheme)

    @cached_property
    def phrases(self) -> dict[str, set[int]]:
        """Every name and other word in every language, folded, with the terms it stands for."""
        found: dict[str, set[int]] = defaultdict(set)
        for term_id, names in self.names.items():
            for name in names.values():
                for words in name.words:
                    found[fold(words)].add(term_id)
        found.pop("", None)
        return dict(found)

    @cached_property
    def _ids(self) -> dict[tuple[str, str], int]:
        return {(term["scheme"], term["slug"]): pk for pk, term in self.terms.items()}

    @cached_property
    def _children(self) -> dict[int | None, list[int]]:
        found = defaultdict(list)
        for pk, term in self.terms.items():
            found[term["parent_id"]].append(pk)
        return dict(found)


_current = Vocabulary("none yet")


def vocabulary(version: str | None = None) -> Vocabulary:
    """The vocabulary as it is now: one small query if it is as it was, four if not. None at all
    for who knows the present ``version``, unless it is a new one."""
    global _current
    # The version first: what changes in between is read too early at worst, and once more then.
    version = version_of(VOCABULARY) if version is None else version
    found = _current  # another thread may set another one meanwhile
    if version != found.version:
        found = _current = _read(version)
    return found


def _read(version: str) -> Vocabulary:
    found = Vocabulary(version)
    columns = ["id", "scheme", "slug", "parent_id", "is_focus", "code", "latitude", "longitude"]
    for term in Term.objects.order_by("pk").values(*columns):
        found.terms[term["id"]] = term
    names = TermLabel.objects.order_by("term_id", "language").values_list(
        "term_id", "language", "label", "alternatives", "description"
    )
    for term_id, language, label, alternatives, description in names:
        if term_id in found.terms:
            name = Name(language, label, tuple(alternatives), description)
            found.names.setdefault(term_id, {})[language] = name
    former = FormerAddress.objects.values_list("scheme", "slug", "term_id")
    found.former = {(scheme, slug): term_id for scheme, slug, term_id in former}
    return found


def by_name(labels: Iterable[Label]) -> list[Label]:
    return sorted(labels, key=lambda label: sort_key(label.label))
