"""Rings of longitude and latitude on the sphere: where they are, and how far they reach."""

from functools import cache
from math import acos, atan2, cos, degrees, hypot, radians, sin

from shapely import Polygon
from sources import Ring


def spread(ring: Ring) -> float:
    """Roughly the area of a ring on the sphere, to find the largest."""
    mean = sum(latitude for _longitude, latitude in ring) / len(ring)
    return Polygon(ring).area * cos(radians(mean))


def unit(longitude: float, latitude: float) -> tuple[float, float, float]:
    east, north = radians(longitude), radians(latitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def centre(ring: Ring) -> tuple[float, float]:
    """The mean of a ring's points on the sphere, as latitude and longitude."""
    x, y, z = (sum(axis) for axis in zip(*(unit(*point) for point in ring), strict=True))
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))


@cache
def cap(ring: Ring) -> tuple[tuple[float, float, float], float]:
    """The middle of a ring on the sphere and how far it reaches from there, in radians."""
    middle = unit(*reversed(centre(ring)))
    return middle, max(apart(middle, unit(*point)) for point in ring)


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return acos(max(-1, min(1, sum(a * b for a, b in zip(one, other, strict=True)))))
