"""Partners and other organisations as their pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from hub.catalogue.cards import Card, cards_for
from hub.catalogue.collection import Collection
from hub.catalogue.models import Record
from hub.partners.models import Organisation, Person
from hub.parts import Parts
from hub.portal.coming import WhatIsOn, events_url, what_is_on
from hub.portal.models import Quote
from hub.portal.terms import SHOWN_CARDS, KindCount, kind_counts, library_url
from hub.slugs import sort_key
from hub.vocabulary.labels import Label, labels_of

SHOWN_OF_OTHERS = 5
Kind = Organisation.Kind
Speaks = Organisation.StakeholderGroup
# Under which heading an organisation stands that is nothing to the hub itself, in this order.
GROUPS = {
    Speaks.GOVERNMENT: _("Governments"),
    Speaks.WORKERS: _("Workers"),
    Speaks.EMPLOYERS: _("Employers"),
    Speaks.SOCIAL_PARTNERS: _("Social partners"),
    Speaks.BUSINESS: _("Business"),
    Speaks.CIVIL_SOCIETY: _("Civil society"),
    Speaks.RESEARCH: _("Research"),
    Speaks.FINANCE: _("Funders and banks"),
    Speaks.INTERNATIONAL: _("International organisations"),
    "": _("Others"),
}


@dataclass(frozen=True)
class Listed:
    """An organisation in a list, with how many works of the library it published."""

    organisation: Organisation
    count: int

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def url(self) -> str:
        return self.organisation.get_absolute_url()

    @property
    def works_url(self) -> str:
        return library_url(publisher=self.organisation.slug)


@dataclass
class Country:
    """The governments of one country; ``label`` is none for those without a place."""

    label: Label | None
    governments: list[Listed] = field(default_factory=list)


@dataclass(frozen=True)
class Group:
    """Those who speak for the same part of society, by name. ``countries`` holds them once more
    where one looks for them by country."""

    label: str | Promise
    organisations: list[Listed]
    countries: list[Country] = field(default_factory=list)


def group_of(organisation: Organisation) -> str:
    """The group of society that an organisation is looked for under. Bodies of several governments
    stand with the international ones, and whoever pays for work with the funders."""
    if organisation.kind == Kind.DONOR:
        return Speaks.FINANCE
    if (organisation.kind, organisation.stakeholder_group) == (
        Kind.INTERNATIONAL,
        Speaks.GOVERNMENT,
    ):
        return Speaks.INTERNATIONAL
    return organisation.stakeholder_group


class PartnerIndex(Parts):
    """All organisations by what they are to the hub. ``PARTS`` are what its template asks for."""

    PARTS = ("partners", "donors", "projects", "friends", "groups", "others_count")

    def __init__(self, language: str) -> None:
        self.language = language

    @cached_property
    def partners(self) -> list[Listed]:
        return _by_short_name(one for one in self._all if one.organisation.is_partner)

    @cached_property
    def donors(self) -> list[Listed]:
        return _by_short_name(one for one in self._all if one.organisation.is_donor)

    @cached_property
    def projects(self) -> list[Listed]:
        return [one for one in self._all if one.organisation.kind == Kind.PROJECT]

    @cached_property
    def friends(self) -> list[Listed]:
        return [one for one in self._all if one.organisation.is_friend]

    @cached_property
    def groups(self) -> list[Group]:
        """Everybody who stands under no other heading, in groups; those without members are left
        out."""
        members: dict[str, list[Listed]] = {}
        for one in self._others:
            members.setdefault(group_of(one.organisation), []).append(one)
        return [
            Group(label, members[key], self._by_country(members[key], key))
            for key, label in GROUPS.items()
            if key in members
        ]

    @property
    def others_count(self) -> int:
        return len(self._others)

    @cached_property
    def _all(self) -> list[Listed]:
        counts = Collection().count_by("publisher")
        organisations = Organisation.objects.public().select_related("place")
        listed = [Listed(one, counts[one.slug]) for one in organisations]
        return sorted(listed, key=lambda one: sort_key(one.name))

    @cached_property
    def _others(self) -> list[Listed]:
        shown = [*self.partners, *self.donors, *self.projects, *self.friends]
        above = {one.organisation.pk for one in shown}
        return [one for one in self._all if one.organisation.pk not in above]

    def _by_country(self, members: list[Listed], group: str) -> list[Country]:
        if group != Speaks.GOVERNMENT:
            return []
        countries: dict[int | None, Country] = {}
        for one in members:
            key = _country_id(one.organisation)
            country = countries.setdefault(key, Country(self._countries.get(key)))
            country.governments.append(one)
        return sorted(countries.values(), key=_by_name)

    @cached_property
    def _countries(self) -> dict[int, Label]:
        ids = {_country_id(one.organisation) for one in self._others} - {None}
        return labels_of(ids, self.language)


def _by_short_name(listed: Iterable[Listed]) -> list[Listed]:
    return sorted(listed, key=lambda one: sort_key(one.organisation.short_name))


def _country_id(organisation: Organisation) -> int | None:
    place = organisation.place
    return place and (place.parent_id or place.pk)


def _by_name(country: Country) -> tuple[bool, str]:
    """Those without a country last."""
    return country.label is None, sort_key(country.label.label) if country.label else ""


class PartnerPage(Parts):
    """An organisation with what it published, who speaks for it and who of it can be asked.
    ``PARTS`` are what its template asks for."""

    PARTS = (
        *("organisation", "place", "cards", "kinds", "total", "all_url"),
        *("of_others", "quotes", "people", "what_is_on"),
    )

    def __init__(self, organisation: Organisation, language: str) -> None:
        self.organisation = organisation
        self.language = language
        self._collection = Collection.having("publisher", organisation.slug)

    @cached_property
    def place(self) -> Label | None:
        place_id = self.organisation.place_id
        return labels_of([place_id], self.language).get(place_id) if place_id else None

    @cached_property
    def cards(self) -> list[Card]:
        return cards_for(self._collection.newest(SHOWN_CARDS), self.language)

    @cached_property
    def kinds(self) -> list[KindCount]:
        return kind_counts(self._collection, publisher=self.organisation.slug)

    @property
    def total(self) -> int:
        return sum(one.count for one in self.kinds)

    @property
    def all_url(self) -> str:
        return library_url(publisher=self.organisation.slug)

    @cached_property
    def of_others(self) -> list[Card]:
        """The newest works that others published and this partner curates or had a part in."""
        if not self.organisation.is_partner:
            return []
        theirs = (
            Record.objects.public()
            .works()
            .naming([], [self.organisation.pk])
            .exclude(publisher_keys__contains=[self.organisation.slug])
        )
        return cards_for(theirs.newest().shown()[:SHOWN_OF_OTHERS], self.language)

    @cached_property
    def what_is_on(self) -> WhatIsOn:
        """What it holds or curates."""
        events = Record.objects.public().happenings().naming([], [self.organisation.pk])
        return what_is_on(events, events_url(q=f'"{self.organisation.name}"'))

    @cached_property
    def quotes(self) -> list[Quote]:
        return list(self.organisation.quotes.all())

    @cached_property
    def people(self) -> list[Person]:
        """Those of its people who agreed to be listed, by name."""
        listed = self.organisation.people.public().defer("email")
        return sorted(listed, key=lambda person: sort_key(person.name))

    @property
    def subject(self) -> dict[str, Any]:
        """The organisation in the words of schema.org."""
        organisation = self.organisation
        known = {
            "alternateName": organisation.acronym,
            "description": organisation.summary,
            "sameAs": organisation.website,
        }
        facts = {name: value for name, value in known.items() if value}
        return {"@type": "Organization", "name": organisation.name, **facts}


def named(organisations: Iterable[Organisation]) -> list[dict[str, str]]:
    """Organisations in the words of schema.org, where another thing refers to them."""
    return [{"@type": "Organization", "name": one.name} for one in organisations]
