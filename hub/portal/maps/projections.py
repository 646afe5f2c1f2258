"""From latitude and longitude to a point on a map. The tool that draws the atlas and the pages that
put places on it use these same formulas; both project a sphere of radius 1, y growing downwards."""

from dataclasses import dataclass
from math import asin, atan2, cos, hypot, radians, sin, sqrt
from typing import Protocol

Point = tuple[float, float]


class Projection(Protocol):
    def project(self, latitude: float, longitude: float) -> Point: ...


@dataclass(frozen=True)
class EqualEarth:
    """The whole world, areas true to each other: Šavrič, Patterson and Jenny, "The Equal Earth map
    projection", International Journal of Geographical Information Science 33 (2019), eq. 1-3."""

    middle: float  # the meridian that runs down the middle, in degrees

    A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796

    def project(self, latitude: float, longitude: float) -> Point:
        east = radians((longitude - self.middle + 180) % 360 - 180)
        slant = asin(sqrt(3) / 2 * sin(radians(latitude)))
        power = slant**6
        along = self.A1 + 3 * self.A2 * slant**2 + power * (7 * self.A3 + 9 * self.A4 * slant**2)
        up = slant * (self.A1 + self.A2 * slant**2 + power * (self.A3 + self.A4 * slant**2))
        return 2 * sqrt(3) * east * cos(slant) / (3 * along), -up


@dataclass(frozen=True)
class AzimuthalEqualArea:
    """A country or a continent seen from above its middle, areas true to each other: Lambert's
    projection, in Snyder, "Map Projections: A Working Manual" (USGS, 1987), eq. 24-2 to 24-4."""

    latitude: float
    longitude: float

    def project(self, latitude: float, longitude: float) -> Point:
        north, middle = radians(latitude), radians(self.latitude)
        east = radians(longitude - self.longitude)
        closeness = sin(middle) * sin(north) + cos(middle) * cos(north) * cos(east)
        # The point right opposite lies on a whole circle; one so far off is on none of our maps.
        k = sqrt(2 / max(1 + closeness, 1e-9))
        up = cos(middle) * sin(north) - sin(middle) * cos(north) * cos(east)
        return k * cos(north) * sin(east), -k * up

    def locate(self, x: float, y: float) -> Point:
        """Latitude and longitude of a point of the map, in radians (eq. 20-14, 20-15, 24-16)."""
        distance, middle = hypot(x, y), radians(self.latitude)
        if not distance:
            return middle, radians(self.longitude)
        arc = 2 * asin(min(1, distance / 2))
        north = asin(cos(arc) * sin(middle) - y * sin(arc) * cos(middle) / distance)
        down = distance * cos(middle) * cos(arc) + y * sin(middle) * sin(arc)
        return north, radians(self.longitude) + atan2(x * sin(arc), down)


@dataclass(frozen=True)
class Frame:
    """A drawing of ``width`` by ``height`` that a part of a projection fills."""

    projection: Projection
    scale: float
    left: float
    top: float
    width: int
    height: int

    def place(self, latitude: float, longitude: float) -> Point:
        """Where a place lies in the drawing; it may lie outside."""
        x, y = self.projection.project(latitude, longitude)
        return x * self.scale + self.left, y * self.scale + self.top
