"""What a map shows: the frames around the world, its parts, and each country."""

from collections.abc import Iterable
from math import asin, degrees, hypot, sqrt
from typing import Any

import shapely
from shapely import Polygon
from sources import Ring, Shape
from sphere import apart, cap, centre, spread, unit

from hub.portal.maps.projections import AzimuthalEqualArea, EqualEarth, Frame

KM = 1 / 6371  # on the sphere of radius 1 that the projections draw

# Eleven degrees east puts the seam of the map into the Bering Strait and leaves Siberia whole.
WORLD = EqualEarth(middle=11)
WORLD_WIDTH, WORLD_SPAN = 1120, (-56.5, 79)

PART_WIDTH = 580
# By the name that the site knows a part of the world by: the territories of CLDR, the middle of its
# map, and what the map must hold (latitude, longitude).
PARTS: dict[str, tuple[str, tuple[float, float], Ring]] = {
    "latin-america": ("419", (-12, -72), [(33, -117), (-55.5, -69), (-8, -34), (8, -34)]),
    "north-america": ("003", (50, -97), [(24, -81), (52, -54), (71, -157), (59, -164)]),
    "europe": ("150", (52, 14), [(52, -10.6), (37, -9.6), (35.6, 24), (68.8, 22), (48, 39.6)]),
    "africa": ("002", (2, 17), [(37.6, 10), (-35, 20), (15, -18), (11, 52)]),
    "asia": ("142", (24, 88), [(54, 100), (-11.5, 123), (39, 27), (40, 146), (-6, 142)]),
    "oceania": (
        "009",
        (-22, 149),
        [(-10, 112), (-44.5, 146), (-47.5, 168), (-1, 141), (-18, 180)],
    ),
}

COUNTRY_WIDTH, COUNTRY_HEIGHTS, COUNTRY_MARGIN = 480, (340, 560), 44
SMALLEST_VIEW = 36 * KM  # of the tiniest countries we want to see where they lie


def bounds(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def framed(
    projection: Any,
    box: tuple[float, float, float, float],
    width: int,
    margin: float = 14,
    heights: tuple[float, float] = (0, 9999),
) -> Frame:
    """A frame of this width around a box of the projection, as high as the box asks."""
    left, top, right, bottom = box
    across, down = right - left, bottom - top
    height = round((width - 2 * margin) * down / across + 2 * margin)
    height = round(min(max(height, heights[0]), heights[1]))
    scale = min((width - 2 * margin) / across, (height - 2 * margin) / down)
    scale = round(scale, 3)
    x, y = width / 2 - (left + right) / 2 * scale, height / 2 - (top + bottom) / 2 * scale
    return Frame(projection, scale, round(x, 3), round(y, 3), width, height)


def frame_of(shape: Shape) -> Frame:
    """A frame around the main body of a country, its middle in the middle."""
    body = max(shape.polygons, key=lambda polygon: spread(polygon[0]))
    around = AzimuthalEqualArea(*centre(body[0]))
    for _turn in range(3):
        box = main_body(around, shape)
        north, east = around.locate((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        around = AzimuthalEqualArea(round(degrees(north), 3), round(degrees(east), 3))
    left, top, right, bottom = main_body(around, shape)
    wider = max(0, SMALLEST_VIEW - max(right - left, bottom - top)) / 2
    box = (left - wider, top - wider, right + wider, bottom + wider)
    return framed(around, box, COUNTRY_WIDTH, COUNTRY_MARGIN, COUNTRY_HEIGHTS)


def main_body(around: AzimuthalEqualArea, shape: Shape) -> tuple[float, float, float, float]:
    """The bounds of the largest land with all that lies near it, and of the next nearest as long as
    a third of the country is missing: Malaysia is both its halves, France is not Guiana."""
    lands = [
        Polygon([around.project(y, x) for x, y in rings[0]]).buffer(0) for rings in shape.polygons
    ]
    lands = sorted((land for land in lands if land.area), key=lambda land: -land.area)
    whole = sum(land.area for land in lands)
    body, lands = lands[0], [land for land in lands[1:] if land.area > lands[0].area / 400]
    while lands:
        left, top, right, bottom = body.bounds
        reach = max(160 * KM, 0.2 * sqrt((right - left) * (bottom - top)))
        nearest = min(lands, key=body.distance)
        if body.distance(nearest) > reach and body.area > 0.67 * whole:
            break
        lands.remove(nearest)
        body = shapely.union(body, nearest)
    return body.bounds


def may_be_seen(ring: Ring, frame: Frame) -> bool:
    """Whether a ring may reach into a frame; one from the other side of the world does not."""
    around = frame.projection
    if isinstance(around, EqualEarth):
        return True
    middle, reach = cap(ring)
    half = hypot(frame.width, frame.height) / 2 / frame.scale
    sight = 2 * asin(min(1, half / 2)) * 1.15
    return apart(middle, unit(around.longitude, around.latitude)) < reach + sight
