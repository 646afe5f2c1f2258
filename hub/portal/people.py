"""People who agreed to be listed, as the directory and their own pages show them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from math import ceil
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.catalogue.cards import Card, Language, cards_for
from hub.catalogue.filters import MAX_CHOICES, ChoicesField, in_short, page_number
from hub.catalogue.listing import Chip, Facet, Option, Page
from hub.catalogue.models import Record
from hub.languages import autonym
from hub.links import absolute
from hub.partners.models import Organisation, Person
from hub.parts import Parts
from hub.portal.coming import WhatIsOn, events_url, what_is_on
from hub.portal.terms import LISTS, SHOWN_CARDS
from hub.slugs import sort_key
from hub.vocabulary.labels import Label, labels_of
from hub.vocabulary.models import Scheme, Term

PAGE_SIZE = 24
# The order in which the page shows the facets; what each is called in the address.
FACETS = {
    "topic": gettext_lazy("Topic"),
    "sector": gettext_lazy("Sector"),
    "place": gettext_lazy("Knows the place"),
    "language": gettext_lazy("Speaks"),
    "organisation": gettext_lazy("Organisation"),
    "based": gettext_lazy("Organisation based in"),
}
TERM_FACETS = (Scheme.TOPIC, Scheme.SECTOR, Scheme.PLACE)


@dataclass(frozen=True)
class Trait:
    """Something that people are found by; ``above`` is the value of the wider one, as a country is
    that of its regions."""

    value: str
    label: str
    lang: str = ""
    above: str = ""


@dataclass(frozen=True)
class Profile:
    """One person for one reader. ``labels`` are those of all terms on the page and above them."""

    person: Person
    labels: dict[int, Label]

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def url(self) -> str:
        return self.person.get_absolute_url()

    @property
    def organisation(self) -> Organisation | None:
        return self.person.organisation

    @property
    def place(self) -> Label | None:
        """Where the organisation has its seat."""
        return self.labels.get(self.organisation.place_id) if self.organisation else None

    @property
    def languages(self) -> list[Language]:
        return [Language(code, autonym(code)) for code in self.person.languages]

    @cached_property
    def expertise(self) -> list[Label]:
        known = [
            self.labels[term.pk] for term in self.person.expertise.all() if term.pk in self.labels
        ]
        return sorted(
            known, key=lambda label: (label.scheme != Scheme.TOPIC, sort_key(label.label))
        )

    def expertise_in(self, scheme: str) -> list[Label]:
        return [label for label in self.expertise if label.scheme == scheme]

    @cached_property
    def traits(self) -> dict[str, frozenset[Trait]]:
        """What the person is found by, for each facet; a region stands for its country too."""
        found = {scheme: self._lineage(self.expertise_in(scheme)) for scheme in TERM_FACETS}
        found["language"] = {Trait(one.code, one.name, one.code) for one in self.languages}
        organisation = self.organisation
        found["organisation"] = (
            {Trait(organisation.slug, organisation.name)} if organisation else set()
        )
        found["based"] = self._lineage([self.place] if self.place else [])
        return {name: frozenset(traits) for name, traits in found.items()}

    def _lineage(self, labels: Iterable[Label]) -> set[Trait]:
        traits: set[Trait] = set()
        for label in labels:
            while label and (trait := self._trait(label)) not in traits:
                traits.add(trait)
                label = self.labels.get(label.parent_id)
        return traits

    def _trait(self, label: Label) -> Trait:
        above = self.labels.get(label.parent_id)
        return Trait(label.slug, label.label, label.language, above.slug if above else "")


def profiles_of(people: QuerySet[Person], language: str) -> list[Profile]:
    """Profiles of these people by name, in four queries however many they are."""
    rows = people.select_related("organisation__place").prefetch_related("expertise")
    rows = rows.defer("email").annotate(is_reachable=~Q(email=""))
    people = sorted(rows, key=lambda person: (sort_key(person.name), person.pk))
    expertise = {term.pk for person in people for term in person.expertise.all()}
    seats = {person.organisation.place_id for person in people if person.organisation} - {None}
    labels = labels_of(Term.objects.with_ancestors(expertise | seats), language)
    return [Profile(person, labels) for person in people]


class Directory(Parts):
    """The listed people whom an address asks for, with the facets that lead to others.

    All of them are read at once and sifted here: they are hundreds at most, and names are in order
    only once they are in plain Latin letters. A page that there is not raises ``Http404``.
    """

    PARTS = (
        *("people", "total", "notices", "facets", "chips", "clear_url", "page", "is_empty"),
        "action",
    )

    def __init__(self, path: str, data: QueryDict, language: str) -> None:
        self.action = self.clear_url = path
        self.language = language
        self._data = data
        self._number = page_number(data)
        if self._number is None or self._number > self.page.count_pages:
            raise Http404

    @property
    def is_empty(self) -> bool:
        """Whether nobody at all is listed."""
        return not self._all

    @property
    def total(self) -> int:
        return len(self.found)

    @property
    def people(self) -> list[Profile]:
        start = (self._number - 1) * PAGE_SIZE
        return self.found[start : start + PAGE_SIZE]

    @cached_property
    def page(self) -> Page:
        return Page(self._number or 1, max(1, ceil(self.total / PAGE_SIZE)), self._page_url)

    @property
    def canonical(self) -> str:
        """The one address of this page, whatever the order of parameters that led here."""
        return self._page_url(self._number)

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The values chosen in each facet; only those that somebody listed is found by."""
        return {
            name: [value for value in values[:MAX_CHOICES] if value in self._known[name]]
            for name, values in self._given.items()
        }

    @cached_property
    def unknown(self) -> list[tuple[str, str]]:
        """The values that nobody is listed with, each with its facet."""
        return [
            (name, value)
            for name, values in self._given.items()
            for value in values[:MAX_CHOICES]
            if value not in self._known[name]
        ]

    @cached_property
    def notices(self) -> list[str]:
        """What of the address was left out, a sentence each."""
        left_out = [
            _("We left out “%(value)s”: nobody in the directory is listed with it.")
            % {"value": value[:40]}
            for _name, value in self.unknown
        ]
        left_out += [
            _("We used the first %(number)d choices of “%(facet)s”.")
            % {"number": MAX_CHOICES, "facet": FACETS[name]}
            for name, values in self._given.items()
            if len(values) > MAX_CHOICES
        ]
        return in_short(left_out)

    @cached_property
    def facets(self) -> list[Facet]:
        facets = [Facet(name, label, self._options(name)) for name, label in FACETS.items()]
        return [facet for facet in facets if facet.options]

    @cached_property
    def chips(self) -> list[Chip]:
        return [
            Chip(
                self._known[name][value].label,
                FACETS[name],
                self._url(self._without(name, value)),
                self._lang(self._known[name][value]),
            )
            for name, values in self.chosen.items()
            for value in values
        ]

    @cached_property
    def _all(self) -> list[Profile]:
        return profiles_of(Person.objects.public(), self.language)

    @cached_property
    def found(self) -> list[Profile]:
        """All whom the address asks for, by name."""
        return [profile for profile in self._all if self._fits(profile)]

    @cached_property
    def _known(self) -> dict[str, dict[str, Trait]]:
        return {
            name: {trait.value: trait for profile in self._all for trait in profile.traits[name]}
            for name in FACETS
        }

    @cached_property
    def _given(self) -> dict[str, list[str]]:
        field = ChoicesField(required=False)
        return {name: field.clean(self._data.getlist(name)) for name in FACETS}

    def _fits(self, profile: Profile, *, but: str = "") -> bool:
        """Whether a person has one of the values chosen in each facet, the facet ``but`` aside."""
        return all(
            any(trait.value in values for trait in profile.traits[name])
            for name, values in self.chosen.items()
            if values and name != but
        )

    def _options(self, name: str) -> list[Option]:
        """The values of a facet by count, regions under their countries."""
        hits = [profile for profile in self._all if self._fits(profile, but=name)]
        counts = Counter(trait.value for profile in hits for trait in profile.traits[name])
        shown = {*counts, *self.chosen[name]}
        options = {
            value: Option(
                value, trait.label, counts[value], value in self.chosen[name], self._lang(trait)
            )
            for value, trait in self._known[name].items()
            if value in shown
        }
        top: list[Option] = []
        for value, option in sorted(options.items(), key=_by_count):
            above = options.get(self._known[name][value].above)
            (above.children if above else top).append(option)
        return top

    def _lang(self, trait: Trait) -> str:
        return trait.lang if trait.lang != self.language else ""

    def _without(self, name: str, value: str) -> dict[str, list[str]]:
        return self.chosen | {name: [other for other in self.chosen[name] if other != value]}

    def _page_url(self, number: int) -> str:
        return self._url(self.chosen, number)

    def _url(self, chosen: dict[str, list[str]], number: int = 1) -> str:
        choice: dict[str, Any] = {name: sorted(values) for name, values in chosen.items() if values}
        if number > 1:
            choice["page"] = number
        return f"{self.action}?{urlencode(choice, doseq=True)}" if choice else self.action


def _by_count(item: tuple[str, Option]) -> tuple[int, str]:
    return -item[1].count, sort_key(str(item[1].label))


@dataclass(frozen=True)
class Expertise:
    """The terms of one scheme that a person knows about."""

    label: str | Promise
    labels: list[Label]


class PersonPage(Parts):
    """A listed person, and the works whose authors bear the same name. ``PARTS`` are what its
    template asks for."""

    PARTS = ("profile", "person", "expertise", "cards", "more_query", "what_is_on")

    def __init__(self, profile: Profile, language: str) -> None:
        self.profile = profile
        self.person = profile.person
        self.language = language

    @property
    def expertise(self) -> list[Expertise]:
        """What the person knows, scheme by scheme."""
        found = [
            Expertise(name, self.profile.expertise_in(scheme)) for scheme, name in LISTS.items()
        ]
        return [one for one in found if one.labels]

    @cached_property
    def cards(self) -> list[Card]:
        return cards_for(islice(self._records, SHOWN_CARDS), self.language)

    @property
    def more_query(self) -> str:
        """A search for the name, where there are more works than the page shows."""
        if len(self._records) <= SHOWN_CARDS:
            return ""
        return f"?{urlencode({'q': self.person.name})}"

    @cached_property
    def what_is_on(self) -> WhatIsOn:
        """The sessions in which somebody of this name takes part."""
        named = Record.objects.public().happenings(with_parts=True).by_person(self.person.name)
        return what_is_on(named, events_url(q=f'"{self.person.name}"'))

    @cached_property
    def _records(self) -> list[Record]:
        works = Record.objects.public().works().by_person(self.person.name)
        return list(works.newest().shown()[: SHOWN_CARDS + 1])

    @property
    def subject(self) -> dict[str, Any]:
        """The person in the words of schema.org."""
        profile, organisation = self.profile, self.profile.organisation
        known = {
            "description": self.person.bio,
            "knowsAbout": [label.label for label in profile.expertise],
            "knowsLanguage": list(self.person.languages),
            "worksFor": organisation and _employer(organisation),
        }
        facts = {name: value for name, value in known.items() if value}
        return {"@type": "Person", "name": self.person.name, **facts}


def _employer(organisation: Organisation) -> dict[str, str]:
    url = {"url": absolute(organisation.get_absolute_url())} if organisation.has_page else {}
    return {"@type": "Organization", "name": organisation.name, **url}
