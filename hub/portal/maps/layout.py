"""Room for dots and labels: nothing covers anything else, nothing leaves the frame."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, dist, hypot, pi, sin
from unicodedata import category, east_asian_width

from hub.portal.maps.projections import Point

PUSHES = 120
SLACK = 1  # so that whole numbers keep dots apart too
PUSHED_AT_MOST = 100  # with more dots than this we look for room right away
GOLDEN_ANGLE = 2.399963
FULL = 0.45  # how much of a frame dots may fill


@lru_cache(maxsize=512)
def moved_apart(
    points: tuple[Point, ...], width: int, height: int, apart: int
) -> tuple[tuple[int, int] | None, ...]:
    """Whole places near ``points``, each at least ``apart`` from all others and half of that from
    the edge. Equal points get equal places. What a full frame has no room for gets None."""
    half = ceil(apart / 2)
    room = int(FULL * width * height / apart**2)
    wished = _pushed(points, width, height, apart) if len(points) <= PUSHED_AT_MOST else points
    # Those that hardly moved stay where they are; the others find room around them.
    order = sorted(range(len(points)), key=lambda i: (dist(points[i], wished[i]), i))
    taken: list[tuple[int, int]] = []
    places: dict[int, tuple[int, int]] = {}
    for index in order[:room]:
        for x, y in _spiral(wished[index], hypot(width, height)):
            is_inside = half <= x <= width - half and half <= y <= height - half
            if is_inside and all(dist((x, y), other) >= apart for other in taken):
                taken.append((x, y))
                places[index] = (x, y)
                break
    return tuple(places.get(index) for index in range(len(points)))


def _pushed(points: tuple[Point, ...], width: int, height: int, apart: int) -> list[Point]:
    """The points after they have pushed each other away for a while."""
    moved = [
        # Points at one spot could not tell which way to go.
        [x + cos(i * GOLDEN_ANGLE), y + sin(i * GOLDEN_ANGLE)]
        for i, (x, y) in enumerate(points)
    ]
    half, wanted = apart / 2, apart + SLACK
    pairs = [(one, other) for i, one in enumerate(moved) for other in moved[:i]]
    for _push in range(PUSHES):
        for one, other in pairs:
            dx, dy = one[0] - other[0], one[1] - other[1]
            if abs(dx) >= wanted or abs(dy) >= wanted:
                continue
            gap = hypot(dx, dy) or SLACK
            if gap < wanted - 0.3:
                push = (wanted - gap) / 2 / gap
                one[0], one[1] = one[0] + dx * push, one[1] + dy * push
                other[0], other[1] = other[0] - dx * push, other[1] - dy * push
        for point in moved:
            point[0] = min(max(point[0], half), width - half)
            point[1] = min(max(point[1], half), height - half)
    # A dot with room around it has not been pushed and belongs where it was.
    return [
        at if dist(at, point) < 1.5 else (point[0], point[1])
        for at, point in zip(points, moved, strict=True)
    ]


def _spiral(around: Point, reach: float) -> Iterator[tuple[int, int]]:
    """Whole points around a point, the nearest first."""
    yield round(around[0]), round(around[1])
    distance = 2
    while distance < reach:
        steps = max(8, ceil(2 * pi * distance / 6))
        for step in range(steps):
            angle = 2 * pi * step / steps
            yield (
                round(around[0] + distance * cos(angle)),
                round(around[1] + distance * sin(angle)),
            )
        distance += 2 + distance // 12


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_within(self, width: int, height: int) -> bool:
        return (
            self.left >= 4
            and self.top >= 2
            and self.right <= width - 4
            and self.bottom <= height - 2
        )


def text_width(text: str, size: float) -> float:
    """How wide a text is at most, roughly: wide signs are square, marks add nothing."""
    wide = sum(east_asian_width(sign) in "WF" for sign in text)
    marks = sum(category(sign) in ("Mn", "Me", "Cf") for sign in text)
    return (wide + 0.52 * (len(text) - wide - marks)) * size


def box_of(text: str, x: float, y: float, anchor: str, size: float) -> Box:
    """The room that a text takes whose line stands at ``y``."""
    width = text_width(text, size)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left, y - 0.8 * size, left + width, y + 0.25 * size)


def beside(radius: float, size: float) -> list[tuple[float, float, str]]:
    """Where a label of a dot may stand, seen from the dot, the best place first: x, y, anchor."""
    gap, middle = radius + 5, 0.35 * size
    above, below = -0.7 * gap, 0.7 * gap + 0.5 * size
    return [
        (gap, middle, "start"),
        (-gap, middle, "end"),
        (0, -gap - 3, "middle"),
        (0, gap + 0.7 * size, "middle"),
        (0.75 * gap, above, "start"),
        (0.75 * gap, below, "start"),
        (-0.75 * gap, above, "end"),
        (-0.75 * gap, below, "end"),
        (radius, -gap, "end"),
        (radius, gap + 0.7 * size, "end"),
        (-radius, -gap, "start"),
        (-radius, gap + 0.7 * size, "start"),
    ]
