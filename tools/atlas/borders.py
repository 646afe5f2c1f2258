"""Borders as the United Nations draws them, where Natural Earth draws who holds the ground.

A short table, to be reviewed as one: every sheet of the atlas is drawn from shapes corrected here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely import MultiPolygon, Point, Polygon
from sources import Ring, Shape

# Shapes without a code of ISO 3166-1 that the United Nations draws as a part of a country, by the
# name that Natural Earth gives them. Kosovo and the bases on Cyprus keep lines of their own.
WITHIN = {
    "Somaliland": "SO",  # the unity of Somalia: Security Council resolution 2036 (2012) among others
    "N. Cyprus": "CY",  # Security Council resolutions 541 (1983) and 550 (1984)
    "Cyprus U.N. Buffer Zone": "CY",
    "Baikonur": "KZ",  # leased
    "USNB Guantanamo Bay": "CU",  # leased
}


@dataclass(frozen=True)
class Correction:
    """What of ``giver`` lies in an area (longitude, latitude) is drawn as land of ``taker``."""

    giver: str
    taker: str
    area: Polygon


CORRECTIONS = [
    # Crimea and Sevastopol: General Assembly resolution 68/262 (2014). The area ends in the Strait
    # of Kerch.
    Correction(
        *("RU", "UA"),
        Polygon(
            [
                (32, 44),
                (36.5, 44),
                (36.5, 45.2),
                (36.65, 45.3),
                (36.65, 45.6),
                (35, 46.5),
                (32, 46.5),
            ]
        ),
    ),
    # Western Sahara, on the list of Non-Self-Governing Territories: General Assembly resolutions
    # 1514 (XV) and 34/37 (1979). It begins south of 27°40′ north.
    Correction("MA", "EH", shapely.box(-18, 20, -8, 27 + 2 / 3)),
    # The Golan Heights: Security Council resolutions 242 (1967) and 497 (1981). In the west roughly
    # the line of 1923: the Yarmouk, the lake's shore, the Jordan, the foot of Mount Hermon.
    Correction(
        *("IL", "SY"),
        Polygon(
            [
                *[(35.67, 32.6), (35.66, 32.74), (35.655, 32.8), (35.645, 32.88), (35.625, 32.92)],
                *[(35.63, 33.02), (35.645, 33.1), (35.655, 33.2), (35.69, 33.245), (35.63, 33.28)],
                *[(35.63, 33.5), (36, 33.5), (36, 32.6)],
            ]
        ),
    ),
]


def corrected(shapes: list[Shape]) -> list[Shape]:
    """The shapes with the land of each correction handed over and no line left within a country."""
    lands = [[Polygon(outer, holes) for outer, *holes in shape.polygons] for shape in shapes]
    at = {shape.code: number for number, shape in enumerate(shapes) if shape.code}
    for one in CORRECTIONS:
        giver, taker = at[one.giver], at[one.taker]
        touched = [land for land in lands[giver] if land.intersects(one.area)]
        given = shapely.intersection(whole(touched), one.area)
        # Where the cut meets a neighbour, that one bends too: borders are simplified together only
        # where both sides have the same points.
        bends = set(map(tuple, shapely.get_coordinates(given)))
        bends -= set(map(tuple, shapely.get_coordinates(touched)))
        lands = [[bent(land, bends) for land in country] for country in lands]
        touched = [land for land in lands[giver] if land.intersects(one.area)]
        lands[giver] = [land for land in lands[giver] if land not in touched]
        lands[giver] += polygons_of(shapely.difference(whole(touched), one.area))
        lands[taker] += polygons_of(given)
    mended = {*(one.taker for one in CORRECTIONS), *WITHIN.values()}
    return [
        Shape(shape.code, list(map(rings_of, polygons_of(whole(land)))))
        if shape.code in mended
        else Shape(shape.code, list(map(rings_of, land)))
        for shape, land in zip(shapes, lands, strict=True)
    ]


def whole(lands: list[Polygon]) -> Polygon | MultiPolygon:
    return shapely.union_all([shapely.make_valid(land, method="structure") for land in lands])


def bent(land: Polygon, bends: set[tuple[float, float]]) -> Polygon:
    """The land with those of the points that lie on its border, in their places."""
    near = [bend for bend in bends if land.boundary.distance(Point(bend)) < 1e-9]
    if not near:
        return land
    outer, *holes = (tuple(bent_ring(ring, near)) for ring in rings_of(land))
    return Polygon(outer, holes)


def bent_ring(ring: Ring, bends: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    for start, end in pairwise(ring):
        yield start
        side = shapely.LineString([start, end])
        on_it = [one for one in bends if one not in ring and side.distance(Point(one)) < 1e-9]
        yield from sorted(on_it, key=lambda one: side.project(Point(one)))
    yield ring[-1]


def polygons_of(land: Polygon | MultiPolygon) -> list[Polygon]:
    parts = shapely.get_parts(land)
    return [part for part in parts if isinstance(part, Polygon) and part.area > 1e-9]


def rings_of(land: Polygon) -> list[Ring]:
    return [tuple(ring.coords) for ring in (land.exterior, *land.interiors)]
