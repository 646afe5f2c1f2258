"""What a reader chose, read from the address: words, facets, order, page (django-filter).

Inside one facet the choices are joined by OR, across facets by AND. Nothing in an address is an
error: what we do not understand is left out and said so in words.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.catalogue import facets
from hub.catalogue.facets import FACETS, Known
from hub.catalogue.kinds import kinds
from hub.catalogue.models import Record
from hub.catalogue.query import MAX_LENGTH, MAX_TERMS, Query, parse
from hub.languages import WORK_LANGUAGES

MAX_CHOICES = 30
# Facets of which one ticks any number of values; years are chosen as a range.
TICKED = [name for name in FACETS if name != "year"]
PARAMETERS = ("q", "exact", *TICKED, "from", "to", "sort", "page")
NO_TEXT = re.compile("[\0\ufffe\uffff]")


class ChoicesField(forms.Field):
    """All values of a repeated parameter, each once, without empty ones."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        # PostgreSQL cannot hold NUL. With the sign for a broken letter the value is unknown.
        values = (text.replace("\0", "\ufffd") for text in value or [])
        return [text for text in dict.fromkeys(values) if text]


def _as_told(value: str) -> str:
    """A value that we did not understand, if it can have been meant as one: nobody shall make the
    hub say sentences of theirs."""
    return value if re.fullmatch(r"[\w.\ufffd-]{1,40}", value) else "…"


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
    """One facet: which of the values in an address exist, and by what number records have them."""

    field_class = ChoicesField

    def __init__(self, facet: str, **kwargs: Any) -> None:
        super().__init__(field_name="facet_ids", **kwargs)
        self.facet = facet

    def ids(self, values: list[str], among: Known) -> dict[str, int]:
        """Those of the values that exist, with their numbers; 0 is that of no record."""
        ids = among.values.ids
        return {
            value: ids.get((self.facet, value), 0) for value in values if self.exists(value, ids)
        }

    def exists(self, value: str, ids: dict[tuple[str, str], int]) -> bool:
        """Whether one can choose this value; ``ids`` are those of all that records have."""
        return (self.facet, value) in ids


class KindFilter(FacetFilter):
    def exists(self, value: str, ids: dict[tuple[str, str], int]) -> bool:
        return value in {kind.value for kind in kinds}


class LanguageFilter(FacetFilter):
    def exists(self, value: str, ids: dict[tuple[str, str], int]) -> bool:
        return value in WORK_LANGUAGES


class PublisherFilter(FacetFilter):
    """Publishers by their key. One of whom nothing is public does not exist for readers."""

    def exists(self, value: str, ids: dict[tuple[str, str], int]) -> bool:
        pk = ids.get((self.facet, value))
        return pk is not None and Record.objects.public().filter(facet_ids__contains=[pk]).exists()


class TermFilter(FacetFilter):
    """Terms of one scheme by their slug. A record bears the ancestors of its terms too, so a
    country finds what names one of its regions."""

    def ids(self, values: list[str], among: Known) -> dict[str, int]:
        found = {value: among.terms.id_of(self.facet, value) for value in values}
        return {value: pk for value, pk in found.items() if pk is not None}


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
    """Reads an address like ``?q=lignite&topic=finance&topic=youth&from=2020&sort=newest&page=2``."""

    kind = KindFilter("kind")
    language = LanguageFilter("language")
    publisher = PublisherFilter("publisher")
    topic = TermFilter("topic")
    sector = TermFilter("sector")
    place = TermFilter("place")
    audience = TermFilter("audience")

    class Meta:
        model = Record
        fields: ClassVar[list[str]] = []

    @cached_property
    def words(self) -> str:
        """The words looked for, without what PostgreSQL or XML cannot hold, cut at a sane length."""
        text = NO_TEXT.sub(" ", self.data.get("q", "")[: MAX_LENGTH + 1])
        text = " ".join(text.split())[:MAX_LENGTH]
        return text if any(sign.isalnum() for sign in text) else ""

    def asked(self, language: str) -> Query:
        """The words, read."""
        return parse(self.words, language, None if self.is_exact else self.known.terms)

    @property
    def is_exact(self) -> bool:
        """Whether the reader wants these words and no others for the same thing."""
        return bool(self.words) and self.data.get("exact") == "1"

    @cached_property
    def ids(self) -> dict[str, dict[str, int]]:
        """By facet the values chosen, and their numbers; only those that exist."""
        return {name: self.filters[name].ids(self._asked[name], self.known) for name in TICKED}

    @cached_property
    def known(self) -> Known:
        """What can be chosen, as it was when the address was first looked at."""
        return facets.known()

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The values chosen in each facet, in one order however the address has them."""
        return {name: sorted(ids) for name, ids in self.ids.items()}

    @cached_property
    def years(self) -> tuple[int | None, int | None]:
        """The first and the last year, each open if ``None``."""
        first, last = (_year(self.data.get(name, "")) for name in ("from", "to"))
        return (last, first) if first and last and first > last else (first, last)

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
        left_out = [*self._notices_of_words(), *self._notices_of_facets()]
        if (sort := self.data.get("sort")) and sort not in SORTS:
            text = _("We left out “%(value)s”: there is no such order here.")
            left_out.append(text % {"value": _as_told(sort)})
        return in_short(left_out)

    def _notices_of_words(self) -> list[str]:
        found, asked = [], parse(self.words, "")
        if asked.ignored:
            found.append(
                _("We searched for the first %(number)d words of your text.")
                % {"number": MAX_TERMS}
            )
        if len(self.data.get("q", "")) > MAX_LENGTH:
            found.append(
                _("We searched for the first %(number)d characters of your text.")
                % {"number": MAX_LENGTH}
            )
        if asked.unwanted and not asked:
            found.append(_("You said what not to look for. Add a word to look for."))
        return found

    @cached_property
    def unknown(self) -> list[tuple[str, str]]:
        """The values that there are not, each with its facet."""
        asked = [(name, value) for name in TICKED for value in self._asked[name]]
        years = [self.data.get(name, "") for name in ("from", "to")]
        return [(name, value) for name, value in asked if value not in self.ids[name]] + [
            ("year", value) for value in years if value and not _year(value)
        ]

    def _notices_of_facets(self) -> list[str]:
        found = [
            _("We left out “%(value)s”: there is no such %(facet)s here.")
            % {"value": _as_told(value), "facet": str(FACETS[name]).lower()}
            for name, value in self.unknown
        ]
        return found + [
            _("We used the first %(number)d choices of %(facet)s.")
            % {"number": MAX_CHOICES, "facet": str(FACETS[name]).lower()}
            for name in TICKED
            if len(self._given[name]) > MAX_CHOICES
        ]

    @cached_property
    def _given(self) -> dict[str, list[str]]:
        field = ChoicesField(required=False)
        return {name: field.clean(self.data.getlist(name)) for name in TICKED}

    @cached_property
    def _asked(self) -> dict[str, list[str]]:
        """With the addresses that terms have now, for one may have been merged into another."""
        now = self.known.terms.slug_now
        return {
            name: list(dict.fromkeys(now(name, value) for value in values[:MAX_CHOICES]))
            for name, values in self._given.items()
        }

    def query(self, **changes: str | Iterable[str] | None) -> str:
        """The canonical query string of this choice with some of it changed: facets sorted, the
        usual order and the first page left out. ``page`` is dropped unless given. The years are
        ``from_year`` and ``to_year`` here."""
        first, last = (str(year) if year else None for year in self.years)
        state: dict[str, Any] = {
            "q": self.words,
            "exact": "1" if self.is_exact else None,
            **self.chosen,
            "from": changes.pop("from_year", first),
            "to": changes.pop("to_year", last),
            "page": None,
            "sort": self.sort if self.sort != usual_sort(self.words) else None,
        }
        state |= changes
        if state["sort"] == usual_sort(state["q"]):
            state["sort"] = None
        if not state["q"]:
            state["exact"] = None
        query = QueryDict(mutable=True)
        for name, value in state.items():
            if isinstance(value, str) and value:
                query[name] = value
            elif value and not isinstance(value, str):
                query.setlist(name, sorted(value))
        return query.urlencode()


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and int(text) else None
