"""The list of events: what comes first, month by month, then what was, year by year.

An address is read as that of the library is; beyond its facets there is the way of taking part. Events
are hundreds, so they are sifted and counted in Python, once per version of the content.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.kinds import EVENTS, Mode
from events.listed import happenings_of
from events.models import Event
from hub.bounded import bounded
from hub.catalogue import hits
from hub.catalogue.filters import RecordFilter, in_short
from hub.catalogue.hits import Question
from hub.catalogue.listing import Chip, Facet, Listing, Option
from hub.catalogue.models import Record
from hub.catalogue.search import Results
from hub.catalogue.tsqueries import words_of
from hub.portal.coming import Happening

PAGE_SIZE = 30
MOST = 20_000  # far beyond what there will be
MODE = gettext_lazy("How")
MODES = [mode for mode in Mode if mode]
OFFERED = ("kind", "topic", "place", "language")


class EventFilter(RecordFilter):
    """Reads an address like ``?q=steel&kind=webinar&mode=online&place=poland&page=2``."""

    class Meta:
        model = Record
        fields: ClassVar[list[str]] = []

    @cached_property
    def modes(self) -> list[str]:
        return sorted(set(self.data.getlist("mode")) & set(MODES))

    @cached_property
    def years(self) -> tuple[None, None]:
        """No years: the list is in their order."""
        return None, None

    @cached_property
    def notices(self) -> list[str]:
        left_out = [value for value in self.data.getlist("mode") if value and value not in MODES]
        text = _("We left out a way of taking part that there is not.")
        return in_short([*super().notices, *([text] if left_out else [])])

    def query(self, **changes: Any) -> str:
        modes = changes.pop("mode", self.modes)
        query = QueryDict(super().query(**changes), mutable=True)
        if modes:
            query.setlist("mode", sorted(modes))
        return query.urlencode()


@dataclass(frozen=True)
class Row:
    """What of an event is sifted."""

    pk: int
    record_id: int
    kind: str
    mode: str
    languages: frozenset[str]
    term_ids: frozenset[int]
    starts_at: Any
    is_over: bool


@dataclass(frozen=True)
class Group:
    """Events of one month to come, or of one year that was."""

    heading: str
    is_coming: bool
    events: list[Happening]


class OpenFacet(Facet):
    """A facet that begins unfolded."""

    @property
    def is_open(self) -> bool:
        return True


class EventListing(Listing):
    """What the list at ``path`` shows for what ``filters`` read from its address."""

    filters: EventFilter

    def __init__(self, filters: EventFilter, path: str) -> None:
        super().__init__(filters, path, EVENTS)

    def context(self) -> dict[str, Any]:
        names = (
            *("query", "notices", "total", "is_exact", "facets", "chips", "clear_url", "page"),
            *("groups", "coming_count", "calendar_url", "feed_url"),
        )
        return {name: getattr(self, name) for name in names}

    @cached_property
    def events(self) -> list[Row]:
        """All that the choice leaves, in the order of the list."""
        return _in_order(row for row in self._rows if not self._missed(row))

    @property
    def coming_count(self) -> int:
        return sum(not row.is_over for row in self.events)

    @cached_property
    def results(self) -> Results:
        number = self.filters.page
        pages = max(1, ceil(len(self.events) / PAGE_SIZE))
        if number is None or number > pages:
            raise Http404
        asked = self.filters.asked(self.language)
        return Results([], len(self.events), number, pages, self._counts, asked)

    @cached_property
    def groups(self) -> list[Group]:
        start = (self.results.page - 1) * PAGE_SIZE
        rows = self.events[start : start + PAGE_SIZE]
        found = Event.objects.public().in_bulk([row.pk for row in rows])
        shown = [(row, found[row.pk]) for row in rows if row.pk in found]
        told = happenings_of(event for _row, event in shown)
        both = [(row, event, one) for (row, event), one in zip(shown, told, strict=True)]
        return [
            Group(heading, is_coming, [one for _row, _event, one in group])
            for (is_coming, heading), group in groupby(both, key=lambda one: _heading(*one[:2]))
        ]

    @cached_property
    def facets(self) -> list[Facet]:
        found = [self._facet("kind"), self._modes(), *map(self._facet, OFFERED[1:])]
        return [facet for facet in found if facet.options]

    @cached_property
    def chips(self) -> list[Chip]:
        modes = self.filters.modes
        return [
            *super().chips,
            *(
                Chip(Mode(mode).label, MODE, self.url(mode=[one for one in modes if one != mode]))
                for mode in modes
            ),
        ]

    @property
    def calendar_url(self) -> str:
        """The same choice as a calendar to subscribe to."""
        query = self.filters.query()
        return reverse("events:calendar") + (f"?{query}" if query else "")

    @property
    def feed_url(self) -> str:
        query = self.filters.query(mode=[])
        return reverse("events:event_feed") + (f"?{query}" if query else "")

    @cached_property
    def _rows(self) -> list[Row]:
        """All public events, or those that have the words."""
        records = Record.objects.public().filter(
            kind__in=EVENTS.kinds, ref__startswith=f"{Event._meta.label_lower}:"
        )
        if self.filters.asked(self.language):
            records = records.filter(pk__in=self._with_words())
        columns = ("pk", "ref", "kind", "languages", "term_ids", "starts_at", "ends_at")
        modes = dict(Event.objects.public().values_list("pk", "mode"))
        at = now()
        rows = []
        for pk, ref, kind, languages, term_ids, starts, ends in records.values_list(*columns):
            key = int(ref.rpartition(":")[2])
            if key in modes:
                traits = frozenset(languages), frozenset(term_ids)
                rows.append(Row(key, pk, kind, modes[key], *traits, starts, ends <= at))
        return rows

    def _with_words(self) -> list[int]:
        query = self.filters.asked(self.language)
        others = () if self.filters.is_exact else tuple(query.others(self.filters.known.terms))
        with bounded(settings.SEARCH_MILLISECONDS):
            asked = words_of(query, self.language, others)
            found = hits.find(Question(EVENTS, asked, size=MOST)).ids if asked else []
            if not found and query.is_telling:
                begun = words_of(query, self.language, is_begun=True)
                found = hits.find(Question(EVENTS, begun, size=MOST)).ids if begun else []
        return found

    @cached_property
    def _tests(self) -> dict[str, Callable[[Row], bool]]:
        """By facet with a choice: whether a row meets it."""
        chosen, ids = self.filters.chosen, self.filters.ids
        tests: dict[str, Callable[[Row], bool]] = {}
        if kinds := set(chosen["kind"]):
            tests["kind"] = lambda row: row.kind in kinds
        if modes := set(self.filters.modes):
            tests["mode"] = lambda row: row.mode in modes
        if languages := set(chosen["language"]):
            tests["language"] = lambda row: bool(row.languages & languages)
        for name in ("topic", "place", "sector", "audience"):
            if wanted := frozenset(ids[name].values()):
                tests[name] = lambda row, wanted=wanted: bool(row.term_ids & wanted)
        return tests

    def _missed(self, row: Row) -> list[str]:
        return [name for name, test in self._tests.items() if not test(row)]

    @cached_property
    def _counts(self) -> dict[str, Counter]:
        """For each facet how many events each value would leave, its own choice aside."""
        counts = {name: Counter() for name in (*OFFERED, "mode")}
        scheme = self.filters.known.terms.scheme_of
        for row in self._rows:
            missed = self._missed(row)
            for name, values in (
                ("kind", [row.kind]),
                ("mode", [row.mode] if row.mode else []),
                ("language", row.languages),
                ("topic", [pk for pk in row.term_ids if scheme(pk) == "topic"]),
                ("place", [pk for pk in row.term_ids if scheme(pk) == "place"]),
            ):
                if not missed or missed == [name]:
                    counts[name].update(values)
        return counts

    def _modes(self) -> Facet:
        counts, chosen = self.results.counts["mode"], self.filters.modes
        values = [mode for mode in MODES if counts[mode] or mode in chosen]
        return OpenFacet(
            "mode",
            MODE,
            [
                Option(mode, mode.label, counts[mode], mode in chosen, glyph=mode.value, stream="")
                for mode in values
            ],
        )


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """What comes, the next first; then what was, the last first."""
    ordered = sorted(rows, key=lambda row: (row.starts_at, row.pk))
    coming = [row for row in ordered if not row.is_over]
    return coming + [row for row in reversed(ordered) if row.is_over]


def _heading(row: Row, event: Event) -> tuple[bool, str]:
    if row.is_over:
        return False, str(event.starts_local.year)
    return True, date_format(event.starts_local, "F Y")
