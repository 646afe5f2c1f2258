"""Land in a frame: cut at its edges, made simpler, and written as paths of SVG."""

from collections.abc import Iterator
from itertools import chain
from math import floor
from typing import Any

import shapely
from frames import may_be_seen
from shapely import MultiPolygon, Polygon
from shapely.affinity import scale as stretched
from shapely.geometry.polygon import orient
from shapely.ops import polylabel
from sources import Ring, Shape

from hub.portal.maps.projections import EqualEarth, Frame

ATOLLS = 60  # Where the largest island is smaller than this, all of them are drawn.
SPILL = 6  # Shapes run on past the frame, so that no coast is drawn along its edge.


def draw(
    frame: Frame, shapes: list[Shape], tolerance: float, speck: float, archipelago: str = ""
) -> dict[str, MultiPolygon]:
    """The shapes that lie in the frame by their codes. Those without one are together under "".

    All are made simpler at once, so that neighbours keep one border. Islands smaller than ``speck``
    are left out, but of each country the largest stays, and all of the one in focus.
    """
    view = shapely.box(-SPILL, -SPILL, frame.width + SPILL, frame.height + SPILL)
    inside = [(shape.code, seen_of(shape, frame, view)) for shape in shapes]
    inside = [(code, land) for code, land in inside if not land.is_empty]
    simpler = shapely.coverage_simplify([land for _code, land in inside], tolerance)
    drawn: dict[str, list[Polygon]] = {}
    for (code, _land), land in zip(inside, simpler, strict=True):
        rule = "all" if code == archipelago else "largest" if code else ""
        kept = large_enough(polygons_in(land), speck, rule)
        drawn.setdefault(code, []).extend(kept)
    return {code: MultiPolygon(drawn[code]) for code in sorted(drawn) if drawn[code]}


def seen_of(shape: Shape, frame: Frame, view: Polygon) -> MultiPolygon:
    """A country's land in the drawing, cut at its edges."""
    near = [rings for rings in shape.polygons if may_be_seen(rings[0], frame)]
    lands = []
    for rings in near:
        outer, *holes = ([frame.place(y, x) for x, y in eastward(ring, frame)] for ring in rings)
        land = shapely.make_valid(Polygon(outer, holes), method="structure")
        lands.append(shapely.intersection(land, view))
    return MultiPolygon(list(chain.from_iterable(polygons_in(land) for land in lands)))


def eastward(ring: Ring, frame: Frame) -> Ring:
    """The ring as a map of the whole world takes it: on one side of the seam, where most of it is."""
    if not isinstance(frame.projection, EqualEarth):
        return ring
    west, east = frame.projection.middle - 180 + 1e-6, frame.projection.middle + 180 - 1e-6
    longitudes = [ring[0][0]]
    for longitude, _latitude in ring[1:]:
        turns = round((longitudes[-1] - longitude) / 360)
        longitudes.append(longitude + 360 * turns)
    mean = sum(longitudes) / len(longitudes)
    turn = 360 * floor((mean - west) / 360)
    moved = [min(max(longitude - turn, west), east) for longitude in longitudes]
    return tuple((x, y) for x, (_x, y) in zip(moved, ring, strict=True))


def polygons_in(land: Any) -> list[Polygon]:
    return [
        part for part in getattr(land, "geoms", [land]) if isinstance(part, Polygon) and part.area
    ]


def large_enough(polygons: list[Polygon], speck: float, rule: str) -> Iterator[Polygon]:
    """The polygons worth drawing. What is too small but must be seen becomes a speck: the largest
    of a country with a page, and all atolls of a country in focus that is nothing else."""
    polygons = sorted(polygons, key=lambda polygon: -polygon.area)
    for number, polygon in enumerate(polygons):
        must_be_seen = (rule == "all" and polygons[0].area < ATOLLS) or (rule and not number)
        if polygon.area >= speck:
            holes = [hole for hole in polygon.interiors if Polygon(hole).area >= speck]
            yield orient(Polygon(polygon.exterior, holes))
        elif must_be_seen:
            yield orient(polygon.centroid.buffer(1, quad_segs=1))


def middle_of(land: MultiPolygon) -> list[int]:
    """Where a name stands best inside a country, and how wide it may be there."""
    largest = max(land.geoms, key=lambda polygon: polygon.area)
    flat = stretched(largest, xfact=0.4, origin=(0, 0))  # names are wide: look for wide places
    point = polylabel(flat if flat.is_valid else flat.buffer(0), 0.5)
    x, y = point.x / 0.4, point.y
    across = shapely.LineString([(-SPILL, y), (9999, y)])
    chords = shapely.intersection(largest.buffer(0), across)
    widths = [
        2 * min(x - left, right - x)
        for left, _b, right, _t in (chord.bounds for chord in getattr(chords, "geoms", [chords]))
        if left <= x <= right
    ]
    return [round(x), round(y), int(max(widths, default=0))]


def path(land: MultiPolygon, grain: float) -> str:
    """An SVG path in ``grain``s to the unit, each step from the point before."""
    return "".join(
        step
        for polygon in land.geoms
        for ring in (polygon.exterior, *polygon.interiors)
        for step in steps(ring, grain)
    )


def steps(ring: Any, grain: float) -> Iterator[str]:
    points = [(round(x * grain), round(y * grain)) for x, y in ring.coords[:-1]]
    points = [point for number, point in enumerate(points) if point != points[number - 1]]
    if len(points) < 3:
        return
    x, y = points[0]
    yield f"M{x} {y}l"
    first = True
    for next_x, next_y in points[1:]:
        dx, dy = next_x - x, next_y - y
        yield ("" if first or dx < 0 else " ") + str(dx) + ("" if dy < 0 else " ") + str(dy)
        x, y, first = next_x, next_y, False
    yield "z"
