"""Who takes part in a round, counted by part of the world and by activity."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language

from hub.portal.maps import atlas
from hub.portal.places import ELSEWHERE, PARTS_OF_THE_WORLD
from hub.slugs import sort_key
from hub.vocabulary.labels import labels_in
from hub.vocabulary.models import Scheme
from taskforce.kinds import Activity
from taskforce.models import Participation, Round

BAR = 100


@dataclass(frozen=True)
class Row:
    """A line of a table with its bar: ``width`` out of 100, ``counts`` one for each column."""

    label: str | Promise
    total: int
    counts: tuple[int, ...]
    width: int


@dataclass(frozen=True)
class Figures:
    """``continents`` has a column for each activity that the round offers, ``activities`` one for those
    that are accepted."""

    offered: tuple[Activity, ...]
    continents: tuple[Row, ...]
    activities: tuple[Row, ...]
    total: int


def figures_of(round: Round) -> Figures:
    """The figures of those who take part now; governments that are new to the hub are counted where
    they said that they are."""
    offered = round.activities
    rows = list(round.participations.active().select_related("government"))
    places = labels_in(Scheme.PLACE, get_language())
    by_part: dict[str, list[Participation]] = {}
    for one in rows:
        by_part.setdefault(_part_of(one, places), []).append(one)
    names = sorted(by_part, key=lambda n: (not n, sort_key(str(PARTS_OF_THE_WORLD.get(n, "")))))
    continents = [
        (PARTS_OF_THE_WORLD.get(name, ELSEWHERE), by_part[name], _chosen(by_part[name], offered))
        for name in names
    ]
    chosen = [(one.label, [row for row in rows if getattr(row, one.value)]) for one in offered]
    activities = [
        (label, found, (len([row for row in found if row.is_accepted]),)) for label, found in chosen
    ]
    return Figures(offered, _drawn(continents), _drawn(activities), len(rows))


def _part_of(one: Participation, places: dict) -> str:
    """The key of the part of the world that a government is in, empty where it is not known."""
    key = one.government.place_id if one.government else one.proposed_country_id
    place = places.get(key)
    while place is not None and place.parent_id in places:
        place = places[place.parent_id]
    return atlas.part_of(place.code) if place else ""


def _chosen(rows: list[Participation], offered: tuple[Activity, ...]) -> tuple[int, ...]:
    return tuple(len([row for row in rows if getattr(row, one.value)]) for one in offered)


def _drawn(found: list[tuple]) -> tuple[Row, ...]:
    most = max((len(rows) for _label, rows, _counts in found), default=0) or 1
    return tuple(
        Row(label, len(rows), counts, round(BAR * len(rows) / most))
        for label, rows, counts in found
    )
