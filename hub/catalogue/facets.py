"""The values of all facets as small numbers: those of terms, and below zero those of the rest."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hub import versions
from hub.catalogue.models.finding import FacetValue
from hub.vocabulary.models import Scheme
from hub.vocabulary.snapshot import Vocabulary, vocabulary

# The order in which pages show the facets.
FACETS = {
    "topic": _("Topic"),
    "kind": _("Kind"),
    "language": _("Language"),
    "place": _("Place"),
    "sector": _("Sector"),
    "audience": _("Audience"),
    "publisher": _("Publisher"),
    "year": _("Year"),
}
TERM_FACETS = frozenset(Scheme.values)

# (facet, value, name); the name is empty but for publishers.
Trait = tuple[str, str, str]


@dataclass(frozen=True)
class Values:
    """All values of the facets other than terms, as they were at ``version``."""

    version: str
    ids: dict[tuple[str, str], int] = field(default_factory=dict)
    traits: dict[int, Trait] = field(default_factory=dict)


_current = Values("none yet")


@dataclass(frozen=True)
class Known:
    """All that can be chosen, as it is now; ``version`` is that of all public content."""

    version: str
    terms: Vocabulary
    values: Values


def known() -> Known:
    """One small query, and some more after a change."""
    found = versions.versions()
    terms, traits = vocabulary(found[versions.VOCABULARY]), values(found[versions.FACETS])
    return Known("-".join(f"{area}:{found[area]}" for area in sorted(found)), terms, traits)


def values(version: str | None = None) -> Values:
    """The values as they are now: one small query, two if there are new ones. One less for who
    knows the present ``version``."""
    global _current
    version = versions.version_of(versions.FACETS) if version is None else version
    found = _current  # another thread may set another one meanwhile
    if version != found.version:
        found = _current = _read(version)
    return found


def _read(version: str) -> Values:
    rows = FacetValue.objects.values_list("id", "facet", "value", "name")
    traits = {-pk: (facet, value, name) for pk, facet, value, name in rows}
    ids = {(facet, value): pk for pk, (facet, value, _name) in traits.items()}
    return Values(version, ids, traits)


@transaction.atomic
def ids_of(traits: Iterable[Trait]) -> dict[Trait, int]:
    """The ids of these values; new ones are added, and names brought up to date."""
    wanted, present = set(traits), values()
    found = {
        trait: present.ids[trait[:2]]
        for trait in wanted
        if trait[:2] in present.ids and present.traits[present.ids[trait[:2]]] == trait
    }
    # Always in one order, so that no two transactions wait for each other's values in a circle.
    for trait in sorted(wanted - found.keys()):
        found[trait] = _saved(trait)
    return found


def _saved(trait: Trait) -> int:
    sql = """
        INSERT INTO catalogue_facetvalue (facet, value, name) VALUES (%s, %s, %s)
        ON CONFLICT (facet, value) DO UPDATE SET name = excluded.name
        RETURNING -id
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, trait)
        return cursor.fetchone()[0]


def by_facet(counts: dict[int, int], among: Known) -> dict[str, Counter]:
    """Counts by id put into their facets: terms by their id, other values by themselves."""
    found: dict[str, Counter] = {name: Counter() for name in FACETS}
    for pk, count in counts.items():
        if pk < 0:
            facet, value, _name = among.values.traits.get(pk, ("", "", ""))
        else:
            facet, value = among.terms.scheme_of(pk), pk
        if facet in found:
            found[facet][value] = count
    return found
