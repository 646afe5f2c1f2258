"""What the cells of a file name: terms, organisations, kinds and languages, looked up once."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hub.languages import WORK_LANGUAGES, language_name
from hub.partners.models import Organisation, User
from hub.slugs import fold
from hub.vocabulary.models import Term
from knowledge.kinds import KINDS
from knowledge.owning import possible_owners


class Shelf:
    """All that a file may name, for one person: whose works they may add stands in ``owners``."""

    def __init__(self, user: User) -> None:
        self.kinds = _by_names((kind.value, [kind.value, str(kind.label)]) for kind in KINDS)
        self.languages = _by_names(
            (code, [code, own, language_name(code, "en")]) for code, own in WORK_LANGUAGES.items()
        )
        self.publishers = _organisations(Organisation.objects.public())
        self.owners = _organisations(possible_owners(user))
        self.partners = _organisations(Organisation.objects.implementing())
        self.term_labels: dict[int, str] = {}
        # By scheme and name: first the English label, then whatever else a term is called.
        self._first: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._also: dict[tuple[str, str], set[int]] = defaultdict(set)
        for term in Term.objects.prefetch_related("labels"):
            self._add(term)

    def _add(self, term: Term) -> None:
        label = self.term_labels[term.pk] = str(term)
        self._first[term.scheme, fold(label)].add(term.pk)
        for other in term.labels.all():
            for name in (other.label, *other.alternatives):
                self._also[term.scheme, fold(name)].add(term.pk)
        for name in filter(None, (term.slug, term.code)):
            self._also[term.scheme, fold(name)].add(term.pk)

    def term(self, scheme: str, name: str, likely: Iterable[int] = ()) -> int:
        """The term of this name; of several those ``likely``. ``ValidationError`` for none."""
        key = scheme, fold(name)
        found = self._first.get(key) or self._also.get(key) or set()
        found = found & {*likely} or found
        if len(found) > 1:
            raise ValidationError(
                _(
                    "“%(name)s” is the name of several. Write the end of its page's address instead."
                ),
                params={"name": name},
            )
        if not found:
            raise ValidationError(_("“%(name)s” is not known."), params={"name": name})
        return min(found)

    def term_anywhere(self, name: str) -> int | None:
        """The one term that has this name as its first, whatever its scheme."""
        schemes = ("topic", "sector", "place", "audience")
        found = set().union(*(self._first.get((scheme, fold(name)), set()) for scheme in schemes))
        return min(found) if len(found) == 1 else None


def _by_names(named: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, names in named:
        for name in names:
            found.setdefault(fold(name), value)
            found.setdefault(fold(name).replace("-", " "), value)
    return found


def _organisations(rows: Iterable[Organisation]) -> dict[str, Organisation]:
    rows, found = list(rows), {}
    for name_of in (lambda one: one.name, lambda one: one.acronym):
        for one in rows:
            if name := name_of(one):
                found.setdefault(name.casefold(), one)
    return found
