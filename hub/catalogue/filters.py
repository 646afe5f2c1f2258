"""What a reader chose, read from the address: words, facets, order, page (django-filter).

Inside one facet the choices are joined by OR, across facets by AND. Nothing in an address is an
error: what we do not understand is left out and said so in words.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import F, Func, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.catalogue.kinds import kinds
from hub.catalogue.models import Record
from hub.catalogue.textsearch import MAX_TERMS, parse
from hub.languages import WORK_LANGUAGES
from hub.vocabulary.models import Scheme, Term

MAX_WORDS_LENGTH = 200
MAX_CHOICES = 30


class ChoicesField(forms.Field):
    """All values of a repeated parameter, each once, without empty ones."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        # PostgreSQL cannot hold NUL. With the sign for a broken letter the value is unknown.
        values = (text.replace("\0", "\ufffd") for text in value or [])
        return [text for text in dict.fromkeys(values) if text]


def page_number(data: QueryDict) -> int | None:
    """The number of the page; ``None`` if the address names one that cannot be."""
    text = data.get("page") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return None
    return int(text) or None


def in_short(notices: list[str]) -> list[str]:
    """Three sentences at most: of more, the first two and how many follow."""
    if len(notices) <= 3:
        return notices
    return [*notices[:2], _("We left out %(number)d more.") % {"number": len(notices) - 2}]


class FacetFilter(django_filters.Filter):
    """One facet. ``condition(values)`` is what a record must meet, so that counts can be made with
    all conditions but a facet's own."""

    field_class = ChoicesField

    def condition(self, values: list[Any]) -> Q:
        return Q(**{f"{self.field_name}__in": values})

    def known(self, values: list[str]) -> list[str]:
        """Those of the values that exist, in their order."""
        return values

    def filter(self, queryset: QuerySet, values: list[str]) -> QuerySet:
        return queryset.filter(self.condition(values)) if values else queryset


class KindFilter(FacetFilter):
    def known(self, values: list[str]) -> list[str]:
        declared = {kind.value for kind in kinds}
        return [value for value in values if value in declared]


class YearFilter(FacetFilter):
    def known(self, values: list[str]) -> list[str]:
        return [
            value for value in values if value.isascii() and value.isdigit() and len(value) == 4
        ]


class ArrayFilter(FacetFilter):
    def condition(self, values: list[Any]) -> Q:
        return Q(**{f"{self.field_name}__overlap": values})


class LanguageFilter(ArrayFilter):
    def known(self, values: list[str]) -> list[str]:
        return [value for value in values if value in WORK_LANGUAGES]


class PublisherFilter(ArrayFilter):
    def known(self, values: list[str]) -> list[str]:
        if not values:
            return []
        records = Record.objects.public().filter(self.condition(values)).order_by()
        key = Func(F(self.field_name), function="unnest")
        published = set(records.values_list(key, flat=True).distinct())
        return [value for value in values if value in published]


class TermFilter(ArrayFilter):
    """Terms of one scheme by their slug. A record bears the ancestors of its terms too, so a
    country finds what names one of its regions."""

    def __init__(self, *args: Any, scheme: str, **kwargs: Any) -> None:
        super().__init__(*args, field_name="term_ids", **kwargs)
        self.scheme = scheme


# The order in which pages show the facets.
FACETS = {
    "topic": gettext_lazy("Topic"),
    "kind": gettext_lazy("Kind"),
    "language": gettext_lazy("Language"),
    "place": gettext_lazy("Place"),
    "sector": gettext_lazy("Sector"),
    "audience": gettext_lazy("Audience"),
    "publisher": gettext_lazy("Publisher"),
    "year": gettext_lazy("Year"),
}
SORTS = {
    "relevance": gettext_lazy("Relevance"),
    "newest": gettext_lazy("Newest"),
    "oldest": gettext_lazy("Oldest"),
    "title": gettext_lazy("Title"),
}


def usual_sort(words: str | None) -> str:
    """The order of a list for which none is chosen."""
    return "relevance" if words else "newest"


class RecordFilter(django_filters.FilterSet):
    """Reads an address like ``?q=lignite&topic=finance&topic=youth&sort=newest&page=2``."""

    kind = KindFilter()
    language = LanguageFilter(field_name="languages")
    publisher = PublisherFilter(field_name="publisher_keys")
    year = YearFilter()
    topic = TermFilter(scheme="topic")
    sector = TermFilter(scheme="sector")
    place = TermFilter(scheme="place")
    audience = TermFilter(scheme="audience")

    TERM_FACETS: ClassVar = Scheme.values

    class Meta:
        model = Record
        fields: ClassVar[list[str]] = []

    @cached_property
    def words(self) -> str:
        """The words looked for, without what PostgreSQL cannot hold, cut at a sane length."""
        text = self.data.get("q", "")[: MAX_WORDS_LENGTH + 1].replace("\0", " ")
        text = " ".join(text.split())[:MAX_WORDS_LENGTH]
        return text if any(sign.isalnum() for sign in text) else ""

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The values chosen in each facet, as in the address; only those that exist."""
        return {name: self._known(name, self._asked[name]) for name in FACETS}

    @cached_property
    def conditions(self) -> dict[str, Q]:
        """What each facet with a choice demands of a record."""
        conditions = {}
        for name, values in self.chosen.items():
            if name in self.TERM_FACETS:
                values = [self.chosen_term_ids[name, slug] for slug in values]
            if values:
                conditions[name] = self.filters[name].condition(values)
        return conditions

    @cached_property
    def sort(self) -> str:
        asked = self.data.get("sort", "")
        if asked in SORTS and (asked != "relevance" or self.words):
            return asked
        return usual_sort(self.words)

    @cached_property
    def page(self) -> int | None:
        return page_number(self.data)

    @cached_property
    def notices(self) -> list[str]:
        """What of the address was left out, a sentence each."""
        left_out = [
            _("We left out “%(value)s”: there is no such %(facet)s here.")
            % {"value": value[:40], "facet": str(FACETS[name]).lower()}
            for name in FACETS
            for value in self._asked[name]
            if value not in self.chosen[name]
        ]
        left_out += [
            _("We used the first %(number)d choices of %(facet)s.")
            % {"number": MAX_CHOICES, "facet": str(FACETS[name]).lower()}
            for name in FACETS
            if len(self._given[name]) > MAX_CHOICES
        ]
        if (sort := self.data.get("sort")) and sort not in SORTS:
            text = _("We left out “%(value)s”: there is no such order here.")
            left_out.append(text % {"value": sort[:40]})
        if len(self.data.get("q", "")) > MAX_WORDS_LENGTH:
            text = _("We searched for the first %(number)d characters of your text.")
            left_out.insert(0, text % {"number": MAX_WORDS_LENGTH})
        if parse(self.words, "").ignored:
            text = _("We searched for the first %(number)d words of your text.")
            left_out.insert(0, text % {"number": MAX_TERMS})
        return in_short(left_out)

    @cached_property
    def _given(self) -> dict[str, list[str]]:
        field = ChoicesField(required=False)
        return {name: field.clean(self.data.getlist(name)) for name in FACETS}

    @cached_property
    def _asked(self) -> dict[str, list[str]]:
        return {name: values[:MAX_CHOICES] for name, values in self._given.items()}

    @cached_property
    def chosen_term_ids(self) -> dict[tuple[str, str], int]:
        """The ids of the terms that the address names, by facet and slug, in one query."""
        slugs = [slug for name in self.TERM_FACETS for slug in self._asked[name]]
        if not slugs:
            return {}
        found = Term.objects.filter(slug__in=slugs).values_list("scheme", "slug", "pk")
        return {(scheme, slug): pk for scheme, slug, pk in found}

    def _known(self, name: str, values: list[str]) -> list[str]:
        if name in self.TERM_FACETS:
            return [slug for slug in values if (name, slug) in self.chosen_term_ids]
        return self.filters[name].known(values)

    def query(self, **changes: str | Iterable[str] | None) -> str:
        """The canonical query string of this choice with some of it changed: facets sorted, the
        usual order and the first page left out. ``page`` is dropped unless given."""
        sort = self.sort if self.sort != usual_sort(self.words) else None
        state: dict[str, Any] = {"q": self.words, **self.chosen, "page": None, "sort": sort}
        state |= changes
        if state["sort"] == usual_sort(state["q"]):
            state["sort"] = None
        query = QueryDict(mutable=True)
        for name, value in state.items():
            if isinstance(value, str) and value:
                query[name] = value
            elif value and not isinstance(value, str):
                query.setlist(name, sorted(value))
        return query.urlencode()
