"""What governments said in a round and approved for everybody: counted on the grid of areas and kinds, by
part of the world and by sector, and sifted by what the address asks for.

Where a government is of is told only of what may be quoted with its name: with few of one country a
place alone would name it. Findings of a round are hundreds, so they are sifted in Python.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.catalogue.filters import in_short
from hub.catalogue.listing import Chip, Facet, Option
from hub.parts import Parts
from hub.portal.places import PARTS_OF_THE_WORLD
from hub.vocabulary.labels import Label, labels_in
from hub.vocabulary.models import Scheme
from taskforce.governments import Located, located
from taskforce.kinds import Area, FindingKind
from taskforce.models import Finding, Round

NAMES = ("area", "kind", "sector", "place")
# A cell of the picture, in its own units.
CELL_WIDTH, CELL_HEIGHT, LARGEST = 100, 60, 26


@dataclass(frozen=True)
class Said:
    """A public finding as pages show it: ``by`` is who said it, if it may be quoted with the name."""

    finding: Finding
    by: Located | None
    sectors: tuple[Label, ...]

    @property
    def country(self) -> Label | None:
        return self.by.country if self.by else None

    def values(self, name: str) -> set[str]:
        """What the finding has of a part of the address."""
        if name == "sector":
            return {label.slug for label in self.sectors}
        if name == "place":
            return {self.country.slug} if self.country else set()
        return {getattr(self.finding, name)}


@dataclass(frozen=True)
class Cell:
    """How many there are of one kind in one area; ``x``, ``y`` and ``radius`` draw it."""

    kind: FindingKind
    count: int
    url: str
    x: int
    y: int
    radius: int


@dataclass(frozen=True)
class Row:
    area: Area
    cells: tuple[Cell, ...]
    y: int

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells)


@dataclass(frozen=True)
class Grid:
    """Areas by kinds."""

    rows: tuple[Row, ...]
    kinds: tuple[FindingKind, ...] = tuple(FindingKind)

    @property
    def width(self) -> int:
        return CELL_WIDTH * len(self.kinds)

    @property
    def height(self) -> int:
        return CELL_HEIGHT * len(self.rows)

    @property
    def cells(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.cells if cell.count]

    @property
    def totals(self) -> list[int]:
        return [sum(row.cells[n].count for row in self.rows) for n in range(len(self.kinds))]

    @property
    def total(self) -> int:
        return sum(self.totals)


def grid_of(findings: Iterable[Finding], path: str = "") -> Grid:
    """These findings counted; each number leads to its list below ``path``. Discs have areas that stand
    for the numbers."""
    counts = Counter((one.area, one.kind) for one in findings)
    most = max(counts.values(), default=1)
    rows = []
    for number, area in enumerate(Area):
        y = CELL_HEIGHT * number + CELL_HEIGHT // 2
        cells = tuple(
            Cell(
                kind,
                counts[area, kind],
                f"{path}?area={area.value}&kind={kind.value}" if path else "",
                CELL_WIDTH * column + CELL_WIDTH // 2,
                y,
                round(LARGEST * (counts[area, kind] / most) ** 0.5),
            )
            for column, kind in enumerate(FindingKind)
        )
        rows.append(Row(area, cells, y))
    return Grid(tuple(rows))


def public_of(round: Round) -> list[Finding]:
    """What everybody may read of a round, in the order of the grid."""
    rows = Finding.objects.public().filter(participation__round=round).for_record()
    areas, kinds = Area.values, FindingKind.values
    return sorted(rows, key=lambda one: (areas.index(one.area), kinds.index(one.kind), -one.pk))


def said_by(findings: Iterable[Finding], language: str) -> list[Said]:
    """The same with who said it, where that may be told, and with the names of sectors."""
    findings = list(findings)
    sectors = labels_in(Scheme.SECTOR, language)
    quoted = {one.participation.government for one in findings if one.may_be_quoted}
    known = {one.organisation.pk: one for one in located(filter(None, quoted), language)}
    return [
        Said(
            one,
            known.get(one.participation.government_id) if one.may_be_quoted else None,
            tuple(sectors[term.pk] for term in one.sectors.all() if term.pk in sectors),
        )
        for one in findings
    ]


@dataclass(frozen=True)
class Counted:
    """A part of the world or a sector, and how many findings are of it."""

    label: str | Promise
    count: int


class Sifted:
    """What an address asks for of ``all``."""

    def __init__(self, all: list[Said], asked: QueryDict) -> None:
        self._all, self._asked = all, asked

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Which values each part of the address may have, and what they are called."""
        places = {one.country.slug: one.country.label for one in self._all if one.country}
        sectors = {label.slug: label.label for one in self._all for label in one.sectors}
        return {
            "area": {one.value: str(one.label) for one in Area},
            "kind": {one.value: str(one.label) for one in FindingKind},
            "sector": sectors,
            "place": places,
        }

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        return {
            name: [value for value in self.labels[name] if value in self._asked.getlist(name)]
            for name in NAMES
        }

    @property
    def unknown(self) -> list[tuple[str, str]]:
        """The values that there are not, each with its name."""
        return [
            (name, value)
            for name in NAMES
            for value in self._asked.getlist(name)
            if value and value not in self.labels[name]
        ]

    def fits(self, one: Said, besides: str = "") -> bool:
        return all(
            name == besides or not chosen or one.values(name) & set(chosen)
            for name, chosen in self.chosen.items()
        )

    @cached_property
    def found(self) -> list[Said]:
        return [one for one in self._all if self.fits(one)]


class Synthesis(Parts):
    """``PARTS`` are what the template asks for."""

    PARTS = (
        *("groups", "total", "grid", "regions", "sectors", "facets", "chips", "clear_url"),
        *("notices", "action", "is_empty", "governments_count"),
    )

    def __init__(self, round: Round, asked: QueryDict, language: str) -> None:
        self._round, self._asked, self._language = round, asked, language

    @property
    def action(self) -> str:
        return reverse("taskforce:synthesis", kwargs={"slug": self._round.slug})

    clear_url = action

    @cached_property
    def _all(self) -> list[Said]:
        return said_by(public_of(self._round), self._language)

    @cached_property
    def _sifted(self) -> Sifted:
        return Sifted(self._all, self._asked)

    @property
    def is_empty(self) -> bool:
        return not self._all

    @property
    def governments_count(self) -> int:
        return len({one.finding.participation_id for one in self._all})

    @cached_property
    def grid(self) -> Grid:
        return grid_of((one.finding for one in self._all), self.action)

    @property
    def regions(self) -> list[Counted]:
        """By part of the world, as far as that may be told; the rest in one line at the end."""
        counts = Counter(one.by.continent if one.by else "" for one in self._all)
        unknown = counts.pop("", 0)
        found = [Counted(PARTS_OF_THE_WORLD[name], count) for name, count in counts.most_common()]
        return [*found, Counted(_("Not told"), unknown)] if unknown else found

    @property
    def sectors(self) -> list[Counted]:
        labels = {label.slug: label.label for one in self._all for label in one.sectors}
        counts = Counter(slug for one in self._all for slug in one.values("sector"))
        return [Counted(labels[slug], count) for slug, count in counts.most_common()]

    @property
    def notices(self) -> list[str]:
        return in_short(
            [_("We left out a filter that there is not.")] if self._sifted.unknown else []
        )

    @property
    def total(self) -> int:
        return len(self._sifted.found)

    @property
    def groups(self) -> list[tuple[str, list[Said]]]:
        """By area, in the order of the grid."""
        found = [
            (str(area.label), [one for one in self._sifted.found if one.finding.area == area])
            for area in Area
        ]
        return [(label, rows) for label, rows in found if rows]

    @property
    def facets(self) -> list[Facet]:
        return [facet for facet in map(self._facet, NAMES) if facet.options]

    def _facet(self, name: str) -> Facet:
        rows = [one for one in self._all if self._sifted.fits(one, name)]
        counts = Counter(value for one in rows for value in one.values(name))
        options = [
            Option(value, words, counts[value], value in self._sifted.chosen[name])
            for value, words in self._sifted.labels[name].items()
            if counts[value] or value in self._sifted.chosen[name]
        ]
        return Facet(name, _label(name), options)

    @property
    def chips(self) -> list[Chip]:
        return [
            Chip(self._sifted.labels[name][value], _label(name), self._without(name, value))
            for name in NAMES
            for value in self._sifted.chosen[name]
        ]

    def _without(self, name: str, value: str) -> str:
        query = QueryDict(mutable=True)
        for each, chosen in self._sifted.chosen.items():
            left: list[Any] = [one for one in chosen if (each, one) != (name, value)]
            query.setlist(each, left)
        words = query.urlencode()
        return f"{self.action}?{words}" if words else self.action


class FindingPage(Parts):
    """One line with what is beside it."""

    PARTS = ("finding", "said", "evidence", "list_url")

    def __init__(self, finding: Finding, language: str) -> None:
        self.finding, self._language = finding, language

    @cached_property
    def said(self) -> Said:
        return said_by([self.finding], self._language)[0]

    @property
    def evidence(self) -> Any:
        """The work of the library that shows it, once everybody may read that."""
        work = self.finding.evidence
        return work if work is not None and work.is_public else None

    @property
    def list_url(self) -> str:
        path = reverse(
            "taskforce:synthesis", kwargs={"slug": self.finding.participation.round.slug}
        )
        return f"{path}?area={self.finding.area}"


def _label(name: str) -> str:
    labels = {"area": _("Area"), "kind": _("Kind"), "sector": _("Sector"), "place": _("Country")}
    return labels[name]


def in_words(grid: Grid) -> list[str]:
    """The grid in sentences: for the draft of a report, and for who does not see pictures."""
    return [
        ngettext("%(area)s: %(count)d finding", "%(area)s: %(count)d findings", row.count)
        % {"area": row.area.label, "count": row.count}
        for row in grid.rows
        if row.count
    ]
