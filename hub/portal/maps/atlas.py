"""The shapes that maps are drawn with: atlas.json, which tools/atlas writes, read once."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from hub.portal.maps.projections import AzimuthalEqualArea, EqualEarth, Frame, Point

ATLAS = Path(__file__).with_name("atlas.json")
# Read with the module, which the web server loads before it forks: so the workers share it.
_DRAWN: dict[str, Any] = json.loads(ATLAS.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Anchor:
    """Where a mark or a name of a country stands best, and how wide it may be there."""

    x: int
    y: int
    room: int = 0


@dataclass(frozen=True)
class Sheet:
    """A frame with the land in it: an SVG path by country, "" for land of no country's code. Paths
    are scaled by ``grain`` to the frame's unit."""

    frame: Frame
    land: dict[str, str]
    anchors: dict[str, Anchor]
    grain: str = ""

    def spot(self, code: str) -> Point | None:
        """Where a mark of a country stands."""
        anchor = self.anchors.get(code)
        return (anchor.x, anchor.y) if anchor else None


@dataclass(frozen=True)
class CountrySheet:
    """A country among its neighbours, its paths in halves of the frame's unit."""

    frame: Frame
    here: str
    land: str
    anchors: dict[str, Anchor]
    grain: ClassVar[str] = ".5"


def part_of(code: str) -> str:
    """The part of the world that a country is in, or nothing for a code that is none."""
    return _DRAWN["part_of"].get(code, "")


@cache
def world() -> Sheet:
    drawn = _DRAWN["world"]
    land = {code: path for code, (path, *_place) in drawn["land"].items()}
    anchors = {code: Anchor(*place) for code, (_path, *place) in drawn["land"].items()}
    return Sheet(_frame(drawn, EqualEarth), land, anchors, grain="2")


@cache
def part(name: str) -> Sheet | None:
    """The map of a part of the world, or none by that name."""
    drawn = _DRAWN["parts"].get(name)
    return Sheet(_frame(drawn, AzimuthalEqualArea), drawn["land"], {}) if drawn else None


def country(code: str) -> CountrySheet | None:
    """The map of a country by its ISO 3166-1 alpha-2 code, or none."""
    drawn = _DRAWN["countries"].get(code)
    if drawn is None:
        return None
    anchors = {code: Anchor(*place) for code, place in drawn["names"].items()}
    return CountrySheet(_frame(drawn, AzimuthalEqualArea), drawn["here"], drawn["land"], anchors)


def _frame(drawn: dict[str, Any], projection: type) -> Frame:
    return Frame(projection(*drawn["around"]), *drawn["at"], *drawn["size"])
