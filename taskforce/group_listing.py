"""The list of working groups, sifted by what the address asks for: sectors and stages. Groups are dozens,
so they are sifted and counted in Python."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from hub.catalogue.filters import in_short
from hub.catalogue.listing import Chip, Facet, Option
from hub.parts import Parts
from hub.vocabulary.labels import Label, labels_in
from taskforce.kinds import Stage
from taskforce.models import WorkingGroup

ACROSS = "across"
NAMES = ("sector", "stage")
# What happens now comes first.
ORDER = (Stage.WORKING, Stage.FORMING, Stage.PLANNED, Stage.CONCLUDED)


@dataclass(frozen=True)
class Listed:
    """A group as the list shows it."""

    group: WorkingGroup
    sector: str
    sector_slug: str
    members: int

    @property
    def lead(self) -> str:
        return lead_words(self.group)


class GroupListing(Parts):
    """``PARTS`` are what its template asks for."""

    PARTS = ("groups", "total", "facets", "chips", "clear_url", "notices", "action", "is_empty")

    def __init__(self, asked: QueryDict, language: str) -> None:
        self._asked, self._language = asked, language

    @property
    def action(self) -> str:
        return reverse("taskforce:group_list")

    clear_url = action

    @cached_property
    def _sectors(self) -> dict[int, Label]:
        return labels_in("sector", self._language)

    @cached_property
    def _all(self) -> list[Listed]:
        sitting = Count(
            "memberships__organisation",
            filter=Q(memberships__term__contains=localdate()),
            distinct=True,
        )
        rows = WorkingGroup.objects.public().select_related("lead_government")
        return [self._listed(row) for row in rows.annotate(sitting_count=sitting)]

    def _listed(self, row: WorkingGroup) -> Listed:
        label = self._sectors.get(row.sector_id)
        if label is None:
            return Listed(row, _("Across sectors"), ACROSS, row.sitting_count)
        return Listed(row, label.label, label.slug, row.sitting_count)

    @property
    def is_empty(self) -> bool:
        return not self._all

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Which values each part of the address may have, and what they are called."""
        sectors = {one.sector_slug: one.sector for one in self._all}
        return {"sector": sectors, "stage": {stage.value: str(stage.label) for stage in ORDER}}

    @cached_property
    def _chosen(self) -> dict[str, list[str]]:
        return {
            name: [value for value in self._names[name] if value in self._asked.getlist(name)]
            for name in NAMES
        }

    @property
    def unknown(self) -> list[tuple[str, str]]:
        """The values that there are not, each with its name."""
        return [
            (name, value)
            for name in NAMES
            for value in self._asked.getlist(name)
            if value and value not in self._names[name]
        ]

    @property
    def notices(self) -> list[str]:
        left_out = self.unknown
        return in_short([_("We left out a filter that there is not.")] if left_out else [])

    def _fits(self, one: Listed, besides: str = "") -> bool:
        return all(
            name == besides or not chosen or _value(one, name) in chosen
            for name, chosen in self._chosen.items()
        )

    @cached_property
    def found(self) -> list[Listed]:
        """All that the address asks for."""
        return [one for one in self._all if self._fits(one)]

    @property
    def total(self) -> int:
        return len(self.found)

    @property
    def groups(self) -> list[tuple[str, list[Listed]]]:
        """By the stage of their life, what is at work first."""
        found = [
            (str(stage.label), [one for one in self.found if one.group.stage == stage])
            for stage in ORDER
        ]
        return [(label, rows) for label, rows in found if rows]

    @property
    def facets(self) -> list[Facet]:
        labels = {"sector": _("Sector"), "stage": _("Stage")}
        return [self._facet(name, labels[name]) for name in NAMES]

    def _facet(self, name: str, label: str) -> Facet:
        counts = Counter(_value(one, name) for one in self._all if self._fits(one, name))
        options = [
            Option(value, words, counts[value], value in self._chosen[name])
            for value, words in self._names[name].items()
            if counts[value] or value in self._chosen[name]
        ]
        if name == "sector":
            options.sort(key=lambda option: (-option.count, option.label))
        return Facet(name, label, options)

    @property
    def chips(self) -> list[Chip]:
        labels = {"sector": _("Sector"), "stage": _("Stage")}
        return [
            Chip(self._names[name][value], labels[name], self._without(name, value))
            for name in NAMES
            for value in self._chosen[name]
        ]

    def _without(self, name: str, value: str) -> str:
        query = QueryDict(mutable=True)
        for each, chosen in self._chosen.items():
            left: list[Any] = [one for one in chosen if (each, one) != (name, value)]
            query.setlist(each, left)
        words = query.urlencode()
        return f"{self.action}?{words}" if words else self.action


def _value(one: Listed, name: str) -> str:
    return one.sector_slug if name == "sector" else one.group.stage


def lead_words(group: WorkingGroup) -> str:
    """Who leads a group, in one line."""
    known = [group.lead_government.name] if group.lead_government else []
    return ", ".join(filter(None, [*known, group.lead_name]))
