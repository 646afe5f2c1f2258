"""Lists of the API that are asked by the filter of the pages."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hub.catalogue.api.asking import SLUG, Asked, Parameter, unknown
from hub.catalogue.api.pieces import LANGUAGE
from hub.catalogue.api.problems import NotUnderstood
from hub.catalogue.api.views import Page, cut
from hub.catalogue.filters import RecordFilter
from hub.catalogue.hits import PLACES
from hub.catalogue.scope import Scope
from hub.catalogue.search import walk
from hub.languages import WORK_LANGUAGES
from hub.vocabulary.snapshot import vocabulary

TYPES = {
    "issued_on": date,
    "published_at": datetime,
    "sort_title": str,
    "id": int,
}
RELEVANCE, ADDED = "relevance", "added"
WORDS = Parameter("q", _("Words to look for, as in the search of the pages."), example="lignite")
LANGUAGES = Parameter(
    "language",
    _("Code of a language; several: any of them."),
    lambda: WORK_LANGUAGES,
    is_many=True,
    example="es",
)
EXACT = Parameter(
    "exact", _("1: these words alone, no other words for the same."), lambda: ["1"], example="1"
)
TERMS = tuple(
    Parameter(name, text, is_many=True, pattern=SLUG, example=example)
    for name, text, example in (
        ("topic", _("Slug of a topic; several: any of them."), "finance"),
        ("sector", _("Slug of a sector; several: any of them."), "steel"),
        ("place", _("Slug of a place, which finds its regions too."), "colombia"),
        ("audience", _("Slug of an audience; several: any of them."), ""),
    )
)
PUBLISHER = Parameter(
    "publisher", _("Key of a publisher; several: any of them."), is_many=True, example="ilo"
)
YEARS = (
    Parameter("from", _("First year of the works."), pattern="[1-9][0-9]{3}", example="2020"),
    Parameter("to", _("Last year of the works."), pattern="[1-9][0-9]{3}", example="2024"),
)
SORT = Parameter(
    "sort",
    _(
        "The order: what came to the hub last (added, the usual one), relevance (usual with q), "
        "newest, oldest or title."
    ),
    lambda: [RELEVANCE, *PLACES],
)


def refuse_unknown(values: Iterable[tuple[str, str]]) -> None:
    """``NotUnderstood`` where there are values that a filter does not know."""
    if faults := [unknown(name, value) for name, value in values]:
        raise NotUnderstood(faults)


class Sifting(Protocol):
    """A list that is sifted in Python, and which of the values it was asked for nothing in it has."""

    unknown: Iterable[tuple[str, str]]


def can_have(asked: QueryDict, listing: Sifting, schemes: Mapping[str, str]) -> bool:
    """Whether of each facet that is asked for something in the list has a value. ``NotUnderstood`` for
    values that are nowhere; ``schemes`` are those of the facets that have terms for values, others
    were checked before."""
    missed = set(listing.unknown)
    if not missed:
        return True
    terms = vocabulary()
    refuse_unknown(
        (name, value)
        for name, value in sorted(missed)
        if name in schemes and terms.id_of(schemes[name], value) is None
    )
    return all({(name, value) for value in asked.getlist(name)} - missed for name in asked)


def checked(filters: RecordFilter) -> None:
    """``NotUnderstood`` unless the filter of the pages uses all that it was given."""
    refuse_unknown(filters.unknown)
    if filters.notices:
        raise NotUnderstood(filters.notices)


def page_of_ids(asked: Asked, scope: Scope) -> Page:
    """The numbers of the records of a scope that are asked for, in the order that is asked for."""
    choice = asked.choice.copy()
    sort = choice.pop("sort", [""])[0]
    filters = RecordFilter(choice)
    checked(filters)
    order = sort or (RELEVANCE if filters.words else ADDED)
    if order == RELEVANCE and not filters.words:
        raise NotUnderstood([str(_("An order by relevance needs words: give “q” too."))])
    types = (int, int) if order == RELEVANCE else tuple(TYPES[name] for name in PLACES[order])
    place = asked.place(*types)
    found = walk(filters, LANGUAGE, scope, order, place, asked.limit + 1)
    page = cut(found, asked.limit, list)
    return Page([row[-1] for row in page.rows], page.next_place)
