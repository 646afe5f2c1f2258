"""Partners and other organisations as their pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from hub.catalogue.cards import Card, cards_for
from hub.catalogue.models import Record
from hub.partners.models import Organisation
from hub.portal.terms import SHOWN_CARDS, KindCount, kind_counts, library_url
from hub.vocabulary.labels import Label, labels_of


@dataclass(frozen=True)
class Group:
    """Organisations of one standing, under a heading."""

    label: str | Promise
    organisations: list[Organisation]


def groups_of(organisations: Iterable[Organisation]) -> list[Group]:
    """The implementing partners first, then the project they share, donors, and everybody else by
    the group of society they speak for. Groups without members are left out."""
    heads = {
        Organisation.Kind.PARTNER: _("Implementing partners"),
        Organisation.Kind.PROJECT: _("The project behind the hub"),
        Organisation.Kind.DONOR: _("Donors"),
    }
    members: dict[str, list[Organisation]] = {}
    for organisation in organisations:
        key = organisation.kind if organisation.kind in heads else organisation.stakeholder_group
        members.setdefault(key, []).append(organisation)
    labels = {**heads, **dict(Organisation.StakeholderGroup.choices), "": _("Others")}
    # A kind and a group may share a value; the kinds come first in the order of the labels.
    return [Group(label, members[key]) for key, label in labels.items() if key in members]


class PartnerPage:
    """An organisation with what it published. ``PARTS`` are what its template asks
    for."""

    PARTS = ("organisation", "place", "cards", "kinds", "total", "all_url")

    def __init__(self, organisation: Organisation, language: str) -> None:
        self.organisation = organisation
        self.language = language
        self._records = Record.objects.public().published_by(organisation.slug)

    @cached_property
    def place(self) -> Label | None:
        place_id = self.organisation.place_id
        return labels_of([place_id], self.language).get(place_id) if place_id else None

    @cached_property
    def cards(self) -> list[Card]:
        return cards_for(self._records.newest().defer("vector")[:SHOWN_CARDS], self.language)

    @cached_property
    def kinds(self) -> list[KindCount]:
        return kind_counts(self._records, publisher=self.organisation.slug)

    @property
    def total(self) -> int:
        return sum(one.count for one in self.kinds)

    @property
    def all_url(self) -> str:
        return library_url(publisher=self.organisation.slug)

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
