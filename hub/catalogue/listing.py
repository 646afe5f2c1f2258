"""A list of records as a page: cards, facets, chips, orders and page links, all as plain links."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hub.bounded import TookTooLong, bounded
from hub.catalogue.cards import Card, card_of, with_what_was_found
from hub.catalogue.facets import FACETS, TERM_FACETS
from hub.catalogue.filters import SORTS, TICKED, RecordFilter, usual_sort
from hub.catalogue.kinds import kind_of
from hub.catalogue.scope import EVERYTHING, Scope
from hub.catalogue.search import Results, search
from hub.catalogue.sought import SoughtNotes
from hub.catalogue.wayback import mark
from hub.catalogue.years import Years, years_of
from hub.languages import autonym
from hub.meta import Meta
from hub.slugs import sort_key
from hub.vocabulary.labels import Label

# Facets that begin unfolded; the others open when something in them is chosen.
OPEN_FACETS = ("topic", "kind", "language", "place")
SHOWN_OPTIONS = 8
# Publishers are hundreds, most with one work: beyond these one searches for the name.
MAX_PUBLISHERS = 20
SEARCH_GROUP = gettext_lazy("Words")


@dataclass
class Option:
    """A value of a facet: what stands in the address, on the page, and how many hits it leaves."""

    value: str
    label: str | Promise
    count: int
    is_chosen: bool
    lang: str = ""
    glyph: str = ""
    stream: str = ""
    children: list["Option"] = field(default_factory=list)

    @property
    def has_choice(self) -> bool:
        return self.is_chosen or any(child.is_chosen for child in self.children)


@dataclass(frozen=True)
class Facet:
    """A facet with its options by count; ``unlisted`` is how many more there are."""

    name: str
    label: str | Promise
    options: list[Option]
    unlisted: int = 0

    @property
    def is_open(self) -> bool:
        return self.name in OPEN_FACETS or any(option.has_choice for option in self.options)

    @property
    def first(self) -> list[Option]:
        """Those to show at once: the most frequent, and all that are chosen."""
        chosen = [option for option in self.options[SHOWN_OPTIONS:] if option.has_choice]
        return self.options[:SHOWN_OPTIONS] + chosen

    @property
    def more(self) -> list[Option]:
        return [option for option in self.options[SHOWN_OPTIONS:] if not option.has_choice]

    @property
    def has_more(self) -> bool:
        return bool(self.more)


@dataclass(frozen=True)
class Chip:
    """A choice that can be taken back: ``url`` is the list without it."""

    label: str | Promise
    group: str | Promise
    url: str
    lang: str = ""


@dataclass(frozen=True)
class Sort:
    value: str
    label: str | Promise
    url: str
    is_current: bool


@dataclass(frozen=True)
class PageLink:
    """A link to a page; a number of 0 stands for a gap."""

    number: int
    url: str
    is_current: bool


@dataclass(frozen=True)
class Page:
    """Where in a long list we are; ``url_of(number)`` is the address of another page."""

    number: int
    count_pages: int
    url_of: Callable[[int], str]

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.count_pages

    @property
    def previous_url(self) -> str:
        return self.url_of(self.number - 1) if self.has_previous else ""

    @property
    def next_url(self) -> str:
        return self.url_of(self.number + 1) if self.has_next else ""

    @property
    def links(self) -> list[PageLink]:
        """The first, the last and those around the current page, with gaps between."""
        near = {1, self.count_pages, *range(self.number - 2, self.number + 3)}
        links: list[PageLink] = []
        for number in sorted(near & set(range(1, self.count_pages + 1))):
            if links and number - links[-1].number > 1:
                links.append(PageLink(0, "", is_current=False))
            links.append(PageLink(number, self.url_of(number), number == self.number))
        return links


class Listing:
    """What the list at ``path`` shows of a scope for what ``filters`` read from its address.
    ``chips``, ``facets`` and the rest are worked out when they are asked for."""

    def __init__(
        self, filters: RecordFilter, path: str, scope: Scope = EVERYTHING, order: str = ""
    ) -> None:
        self.filters, self.path, self.scope, self.order = filters, path, scope, order
        self.language = get_language() or "en"
        # Whether the page shows something that has the words apart from the list.
        self.has_more_beside = False

    def context(self) -> dict[str, Any]:
        """All of it by name, for a template."""
        names = (
            *(
                "query",
                "sort",
                "notices",
                "total",
                "cards",
                "is_exact",
                "sought",
                "feed_url",
                "follow_url",
            ),
            *("facets", "years", "chips", "clear_url", "sorts", "back", "page"),
        )
        return {name: getattr(self, name) for name in names}

    @cached_property
    def results(self) -> Results:
        return search(self.filters, self.language, self.scope, self.order)

    @property
    def is_miss(self) -> bool:
        """Whether the page has nothing for the words as they were typed."""
        return self.results.is_miss and not self.has_more_beside

    @property
    def query(self) -> str:
        return self.filters.words

    @property
    def sort(self) -> str:
        """The order, if it is not the usual one."""
        usual = usual_sort(self.filters.words)
        return self.filters.sort if self.filters.sort != usual else ""

    @property
    def total(self) -> int:
        return self.results.total

    @property
    def notices(self) -> list[str]:
        return self.filters.notices

    @cached_property
    def cards(self) -> list[Card]:
        records = self.results.records
        named = {pk for record in records for pk in record.own_term_ids}
        labels = {pk: label for pk in named if (label := self._label(pk))}
        cards = [card_of(record, labels, self.language) for record in records]
        sought = self.results.sought
        # Whoever follows a list has neither marks nor pages shown.
        if not sought or self.order:
            return cards
        try:
            with bounded(settings.SEARCH_MILLISECONDS):
                return with_what_was_found(cards, sought)
        except TookTooLong:
            return cards

    @cached_property
    def facets(self) -> list[Facet]:
        facets = [
            self._publishers() if name == "publisher" else self._facet(name) for name in TICKED
        ]
        return [facet for facet in facets if facet.options]

    @cached_property
    def years(self) -> Years:
        return years_of(
            self.results.counts["year"],
            self.filters.years,
            lambda year: self.url(from_year=str(year), to_year=str(year)),
        )

    @cached_property
    def sought(self) -> SoughtNotes:
        return SoughtNotes(self.results, self.filters, self.language, self.url)

    @property
    def is_exact(self) -> bool:
        return self.filters.is_exact

    @cached_property
    def chips(self) -> list[Chip]:
        chips = []
        if self.filters.words:
            url = self.url(q=None)
            chips.append(Chip(f"“{self.filters.words}”", SEARCH_GROUP, url))
        for name in TICKED:
            chosen = self.filters.chosen[name]
            for value in chosen:
                others = [other for other in chosen if other != value]
                text, lang = self._name(name, value)
                chips.append(Chip(text, FACETS[name], self.url(**{name: others}), lang))
        if years := self._years_in_words():
            chips.append(Chip(years, FACETS["year"], self.url(from_year=None, to_year=None)))
        return chips

    @property
    def clear_url(self) -> str:
        return self.path

    @property
    def canonical(self) -> str:
        """The one address of this page, whatever the order of parameters that led here."""
        return self._page_url(self.filters.page)

    @property
    def feed_url(self) -> str:
        """The same choice as a feed."""
        query = self.filters.query(sort=None)
        return f"{self.path.rstrip('/')}.atom{'?' if query else ''}{query}"

    @property
    def back(self) -> str:
        """What the links to works carry, so that their pages lead back to this one."""
        return mark(self.canonical)

    def in_words(self, heading: str) -> str:
        """What the list is called, and all that is chosen in it."""
        chosen = ", ".join(str(chip.label) for chip in self.chips)
        return f"{heading}: {chosen}" if chosen else heading

    @property
    def follow_url(self) -> str:
        """Where one asks to be sent what is new in it."""
        query = self.filters.query(sort=None)
        address = f"{self.path}?{query}" if query else self.path
        return f"{reverse('saved:new')}?{urlencode({'of': address})}"

    def meta(self, heading: str, **said: Any) -> Meta:
        """The head of the page: its heading with what was searched for and the page number."""
        names = {"heading": heading, "query": self.query, "number": self.results.page}
        if self.query and self.results.page > 1:
            title = _("%(heading)s: %(query)s, page %(number)d") % names
        elif self.query:
            title = _("%(heading)s: %(query)s") % names
        elif self.results.page > 1:
            title = _("%(heading)s, page %(number)d") % names
        else:
            title = heading
        return Meta(str(title), self.canonical, **said)

    @property
    def sorts(self) -> list[Sort]:
        offered = [name for name in SORTS if name != "relevance" or self.filters.words]
        current = self.filters.sort
        return [Sort(name, SORTS[name], self.url(sort=name), name == current) for name in offered]

    @cached_property
    def page(self) -> "Page":
        return Page(self.results.page, self.results.pages, self._page_url)

    def url(self, **changes: str | list[str] | None) -> str:
        """This list with some of the choice changed, on its first page."""
        query = self.filters.query(**changes)
        return f"{self.path}?{query}" if query else self.path

    def _page_url(self, number: int) -> str:
        return self.url(page=str(number) if number > 1 else None)

    def _facet(self, name: str) -> Facet:
        counts = self.results.counts[name]
        if name in TERM_FACETS:
            return Facet(name, FACETS[name], self._term_options(name, counts))
        options = self._options(name, [*counts, *self.filters.chosen[name]])
        if name == "kind":
            for option in options:
                kind = kind_of(option.value)
                option.glyph, option.stream = kind.glyph, kind.stream.value
        return Facet(name, FACETS[name], options)

    def _publishers(self) -> Facet:
        """Those with the most hits and all that are chosen; hundreds more are only counted."""
        counts, chosen = self.results.counts["publisher"], self.filters.chosen["publisher"]
        least = min(nlargest(MAX_PUBLISHERS, counts.values()), default=0)
        leading = [value for value, count in counts.items() if count >= least]
        options = self._options("publisher", [*leading, *chosen])
        rest = [option for option in options[MAX_PUBLISHERS:] if option.is_chosen]
        options = options[:MAX_PUBLISHERS] + rest
        unlisted = len({*counts, *chosen}) - len(options)
        return Facet("publisher", FACETS["publisher"], options, unlisted)

    def _options(self, name: str, values: list[str]) -> list[Option]:
        counts, chosen = self.results.counts[name], self.filters.chosen[name]
        options = []
        for value in dict.fromkeys(values):
            text, lang = self._name(name, value)
            options.append(Option(value, text, counts[value], value in chosen, lang))
        return sorted(options, key=_by_count)

    def _term_options(self, name: str, counts: Counter) -> list[Option]:
        """Options by count, regions under their countries."""
        chosen = self.filters.chosen[name]
        wanted = {*counts, *self.filters.ids[name].values()}
        labels = [label for pk in sorted(wanted) if (label := self._label(pk))]
        options = {
            label.id: Option(
                label.slug,
                label.label,
                counts[label.id],
                label.slug in chosen,
                label.language if label.language != self.language else "",
            )
            for label in labels
        }
        top = []
        for label in labels:
            above = options.get(label.parent_id)
            (above.children if above else top).append(options[label.id])
        top.sort(key=_by_count)
        for option in options.values():
            option.children.sort(key=_by_count)
        # Further down a country shows its regions once it is chosen: the list stays readable.
        for option in top[SHOWN_OPTIONS:]:
            option.children = option.children if option.has_choice else []
        return top

    def _name(self, name: str, value: str) -> tuple[str | Promise, str]:
        """How a chosen or counted value is called, and in which language if not the page's."""
        if name in TERM_FACETS:
            label = self._label(self.filters.ids[name].get(value, 0))
            return (label.label, "") if label else (value, "")
        if name == "kind":
            return kind_of(value).label, ""
        if name == "language":
            return autonym(value), value
        if name == "publisher":
            return self._publisher(value), ""
        return value, ""

    def _years_in_words(self) -> str:
        """The chosen years in words."""
        first, last = self.filters.years
        if first and last:
            return str(first) if first == last else f"{first}–{last}"
        if first:
            return _("from %(year)d") % {"year": first}
        return _("until %(year)d") % {"year": last} if last else ""

    def _label(self, term_id: int) -> Label | None:
        return self.filters.known.terms.label(term_id, self.language)

    def _publisher(self, key: str) -> str:
        values = self.filters.known.values
        _facet, _key, name = values.traits.get(values.ids.get(("publisher", key)), ("", "", key))
        return name


def _by_count(option: Option) -> tuple[int, str]:
    return -option.count, sort_key(str(option.label))
