import csv
import hashlib
import re
from dataclasses import replace
from itertools import accumulate, combinations
from math import dist
from xml.etree import ElementTree

import brotli
import pytest
from django.conf import settings
from django.template.loader import render_to_string

from hub.portal.maps import atlas
from hub.portal.maps.drawing import (
    COUNTRY,
    PART,
    WORLD,
    Dot,
    Drawing,
    Style,
    country_map,
    part_map,
    world_map,
)
from hub.portal.maps.layout import Box, box_of, moved_apart
from hub.portal.maps.projections import AzimuthalEqualArea, EqualEarth
from hub.portal.places import PARTS_OF_THE_WORLD
from hub.portal.terms import Counted
from hub.vocabulary.labels import Label
from hub.vocabulary.models import Scheme
from hub.vocabulary.tests.factories import make_term
from knowledge.tests.factories import make_resource
from tests.pages import Page, queries_of


def place(name: str = "Place", number: int = 1, children: list | None = None, **fields) -> Counted:
    fields = {"slug": f"place-{number}", "label": name, "language": "en", **fields}
    count = fields.pop("count", number)
    return Counted(Label(id=number, scheme=Scheme.PLACE, **fields), count, children or [])


def starting_regions() -> list[dict[str, str]]:
    with (settings.STARTER_DIR / "countries_regions.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def starting_countries() -> list[Counted]:
    """The countries of the starting content, those in focus marked, with their regions."""
    regions: dict[str, list[Counted]] = {}
    for number, row in enumerate(starting_regions()):
        point = {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])}
        region = place(row["region"], 1000 + number, count=number % 5, **point)
        regions.setdefault(row["country_iso2"], []).append(region)
    focus = {"CL", "CO", "ID", "MN", "TH", "VN", "ZA"}
    return [
        place(code, number, regions[code], code=code, is_focus=code in focus)
        for number, code in enumerate(regions)
    ]


def faults(drawing: Drawing) -> list[str]:
    """What a drawing must not show: dots that overlap or leave it, labels that cover others."""
    width, height, style = drawing.frame.width, drawing.frame.height, drawing.style
    half = style.apart / 2
    found = [
        f"{one.name} overlaps {other.name}"
        for one, other in combinations(drawing.dots, 2)
        if dist((one.x, one.y), (other.x, other.y)) < style.apart
    ]
    for dot in drawing.dots:
        if not (half <= dot.x <= width - half and half <= dot.y <= height - half):
            found.append(f"{dot.name} leaves the frame")
    labels = [(dot, label_box(dot, style)) for dot in drawing.dots if dot.label]
    found += [
        f"{one.name} covers {other.name}"
        for (one, a), (other, b) in combinations(labels, 2)
        if a.touches(b)
    ]
    found += [
        f"{dot.name}'s label leaves" for dot, box in labels if not box.is_within(width, height)
    ]
    return found


def test_the_atlas_is_what_the_tool_wrote():
    written = hashlib.sha256(atlas.ATLAS.read_bytes()).hexdigest()

    assert atlas.ATLAS.with_suffix(".sha256").read_text().split() == [written, "atlas.json"]


def test_every_country_has_a_part_of_the_world_that_has_a_name():
    assert {atlas.part_of(code) for code in atlas._DRAWN["part_of"]} == set(PARTS_OF_THE_WORLD)
    assert [atlas.part_of(code) for code in ("MX", "US", "XK", "TR", "ZZ", "")] == [
        *("latin-america", "north-america", "europe", "asia", "", "")
    ]


def holds(path: str, x: float, y: float) -> bool:
    """Whether the land of an atlas path (M, relative l, z) holds a point: as many of its sides
    cross the line from there to the right as make it odd."""
    crossed = 0
    for ring in re.findall(r"M([^z]*)z", path):
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        steps = zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)
        corners = list(steps)
        for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                crossed += 1
    return crossed % 2 == 1


def holders(sheet: atlas.Sheet, latitude: float, longitude: float) -> list[str]:
    """The countries whose land on a sheet holds a place."""
    grain = float(sheet.grain or 1)
    x, y = (length / grain for length in sheet.frame.place(latitude, longitude))
    return [code for code, path in sheet.land.items() if holds(path, x, y)]


# By the country that the United Nations draws them in; of the last three nobody doubts it.
CONTESTED = {
    "Simferopol": ("UA", "europe", 45.2, 34.3),
    "Sevastopol": ("UA", "europe", 44.75, 33.9),
    "Laâyoune": ("EH", "africa", 27.1, -12.6),
    "Smara": ("EH", "africa", 26.7, -11.7),
    "Hargeisa": ("SO", "africa", 9.5, 44.1),
    "Krasnodar": ("RU", "europe", 45.2, 39.5),
    "Guelmim": ("MA", "africa", 29.0, -9.6),
    "Damascus": ("SY", "asia", 33.6, 36.8),
}


@pytest.mark.parametrize("name", CONTESTED)
def test_borders_are_those_of_the_united_nations(name):
    code, part, *at = CONTESTED[name]
    country = atlas.country(code)
    x, y = (2 * length for length in country.frame.place(*at))

    assert holders(atlas.world(), *at) == [code]
    assert holders(atlas.part(part), *at) == [code]
    if code != "RU":  # whose map is drawn in the middle of Siberia
        assert (holds(country.here, x, y), holds(country.land, x, y)) == (True, False)


def test_countries_do_not_hold_what_is_another_s():
    golan, laayoune, simferopol = (33.0, 35.8), (27.1, -12.6), (45.2, 34.3)

    for code, at in [("IL", golan), ("MA", laayoune), ("RU", simferopol)]:
        sheet = atlas.country(code)
        x, y = (2 * length for length in sheet.frame.place(*at))
        assert not holds(sheet.here, x, y)
    # The Golan Heights are a few units of a sheet wide, and narrower than its lines are exact.
    assert "IL" not in holders(atlas.world(), *golan)
    assert holders(atlas.part("asia"), *golan) == ["SY"]
    syria = atlas.country("SY")
    assert holds(syria.here, *(2 * length for length in syria.frame.place(*golan)))


@pytest.mark.parametrize(
    ("projection", "point", "expected"),
    [
        (EqualEarth(0), (0, 0), (0, 0)),
        (EqualEarth(0), (90, 0), (0, -1.31736)),
        (EqualEarth(0), (0, 179.9999), (2.70663, 0)),
        (EqualEarth(11), (0, -169.0001), (2.70663, 0)),
        # the example of Snyder's manual on page 332, there with a radius of 3
        (AzimuthalEqualArea(40, -100), (-20, 100), (-4.2339303 / 3, -4.0257775 / 3)),
    ],
)
def test_projections_agree_with_their_sources(projection, point, expected):
    assert projection.project(*point) == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("point", [(48.0, 37.8), (-33.0, -71.5), (66.8, 20.4)])
def test_an_azimuthal_map_finds_back(point):
    around = AzimuthalEqualArea(10, 20)

    north, east = around.locate(*around.project(*point))

    assert (north * 57.29577951, east * 57.29577951) == pytest.approx(point, abs=1e-6)


@pytest.mark.parametrize("row", starting_regions(), ids=lambda row: row["region"])
def test_starting_regions_lie_on_their_maps(row):
    point = float(row["latitude"]), float(row["longitude"])
    code = row["country_iso2"]

    for frame, margin in [
        (atlas.part(atlas.part_of(code)).frame, 12),
        (atlas.country(code).frame, 12),
        (atlas.world().frame, 12),
    ]:
        x, y = frame.place(*point)
        assert margin <= x <= frame.width - margin
        assert margin <= y <= frame.height - margin


def test_maps_of_the_starting_content_hold_all_places_and_nothing_collides():
    countries = starting_countries()
    maps = [world_map(countries)]
    for name in PARTS_OF_THE_WORLD:
        there = [one for one in countries if atlas.part_of(one.term.code) == name]
        maps.append(part_map(name, name, there))
        assert len(maps[-1].dots) == sum(one.regions_count for one in there)
    maps += [country_map(country, "en") for country in countries]

    assert [fault for one in maps for fault in faults(one)] == []
    without = [dot.place.label for one in maps[7:] for dot in one.dots if not dot.label]
    assert len(without) <= 2  # of 127; each has its name aloud and on hovering
    assert len(maps[0].dots) == sum(dot.label is not None for dot in maps[0].dots) == 7
    assert sum(len(one.dots) for one in maps[7:]) == len(starting_regions())


def label_box(dot: Dot, style: Style) -> Box:
    label = dot.label
    return box_of(label.text, dot.x + label.x, dot.y + label.y, label.anchor, style.label)


def specks_under(drawing: Drawing) -> list[str]:
    specks = [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h0", drawing.specks)]
    boxes = [(dot, label_box(dot, drawing.style)) for dot in drawing.dots if dot.label]
    return [
        dot.label.text
        for dot, box in boxes
        for x, y in specks
        if box.touches(Box(x - 3, y - 3, x + 3, y + 3))
    ]


def test_labels_on_the_world_cover_no_speck():
    countries = starting_countries()
    names = {"ZA": "South Africa", "CO": "Colombia", "CL": "Chile", "ID": "Indonesia"}
    countries = [
        replace(one, term=replace(one.term, label=names.get(one.term.code, one.term.label)))
        for one in countries
    ]

    drawing = world_map(countries)

    assert len(drawing.specks.split("M")) > 60
    assert specks_under(drawing) == []


def test_no_label_is_lost_because_of_specks():
    specks = [place(str(n), n, latitude=n % 20 - 10, longitude=n // 20 - 10) for n in range(400)]
    countries = [place("Here", 999, specks, code="GA", is_focus=True, latitude=0, longitude=0)]

    drawing = world_map(countries)

    assert specks_under(drawing)
    assert [dot.label.text for dot in drawing.dots] == ["Here"]
    assert faults(drawing) == []


@pytest.mark.parametrize("style", [WORLD, PART, COUNTRY])
@pytest.mark.parametrize(
    "points",
    [
        [(200.0, 200.0)] * 40,
        [(0.0, 0.0)] * 30,
        [(-500.0, 9000.0), (480.0, 340.0), (0.0, 340.0)],
        [(100.0 + n / 100, 50.0) for n in range(60)],
        [(200.0, 200.0)] * 400,
    ],
)
def test_dots_keep_apart_whatever_comes(style, points):
    moved = moved_apart(tuple(points), 480, 340, style.apart)

    placed = [one for one in moved if one]
    half = style.apart / 2
    room = int(0.45 * 480 * 340 / style.apart**2)
    assert len(placed) == min(len(points), room)
    assert all(dist(a, b) >= style.apart for a, b in combinations(placed, 2))
    assert all(half <= x <= 480 - half and half <= y <= 340 - half for x, y in placed)
    assert moved == moved_apart(tuple(points), 480, 340, style.apart)


def test_places_that_cannot_be_are_left_to_the_list():
    odd = [(90, 0), (-90, 0), (0, 180), (0, -180), (-12, 108), (None, None)]
    regions = [
        place(f"Odd {number}", number, latitude=latitude, longitude=longitude)
        for number, (latitude, longitude) in enumerate(odd)
    ]
    country = place("Chile", 99, regions, code="CL", is_focus=True, latitude=-90, longitude=180)

    assert country_map(country, "en").dots == []
    assert part_map("latin-america", "Latin America", [country]) is None
    assert faults(world_map([country])) == []


def test_maps_that_nobody_has_drawn_are_none():
    stray = place("Stray", 1, latitude=1.0, longitude=1.0)

    assert country_map(place("Nowhere", 2, [stray], code="ZZ"), "en") is None
    assert country_map(place("Nowhere", 2, [stray]), "en") is None
    assert part_map("", "Elsewhere", [place("Nowhere", 2, [stray])]) is None
    assert world_map([]).dots == []


def test_a_country_map_marks_the_place_that_one_is_on():
    cesar = place("Cesar", 1, count=8, latitude=9.34, longitude=-73.65)
    narino = place("Nariño", 2, count=0, latitude=1.29, longitude=-77.36)
    colombia = place("Colombia", 3, [narino, cesar], code="CO")

    page = Page(
        render_to_string("portal/_country_map.html", {"map": country_map(colombia, "en", here=1)})
    )

    assert [(link.get("class"), link.get("aria-current")) for link in page.all("a")] == [
        ("map__dot map__dot--here", "page"),
        ("map__dot map__dot--bare", None),
    ]
    dots = country_map(colombia, "en", here=1).dots
    assert [dot.name for dot in dots] == ["Cesar, 8 works", "Nariño, no works yet"]


def test_names_of_neighbours_are_in_the_reader_s_language():
    colombia = place("Colombia", 3, [], code="CO")

    assert "Brazil" in {name.text for name in country_map(colombia, "en").names}
    assert "Brasil" in {name.text for name in country_map(colombia, "es").names}


def test_land_is_clipped_at_the_frame_and_labels_are_not():
    """The outer drawing shows what overflows, the inner clips: browsers do so by default."""
    cesar = place("Cesar", 1, count=8, latitude=9.34, longitude=-73.65)
    maps = {"map": country_map(place("Colombia", 2, [cesar], code="CO"), "en")}

    outer = ElementTree.fromstring(render_to_string("portal/_country_map.html", maps)).find("svg")

    width, height = maps["map"].frame.width, maps["map"].frame.height
    inner = outer.find("g/svg")
    assert inner.attrib == {"width": str(width), "height": str(height)}
    assert len(inner.findall("path")) == len(outer.findall(".//path")) > 1
    assert inner.findall(".//text") == []


def test_names_are_escaped():
    odd = place("<b>&", 1, latitude=9.34, longitude=-73.65)
    country = place('"><script>', 2, [odd], code="CO", is_focus=True)
    maps = {"map": country_map(country, "en"), "world": world_map([country])}

    drawn = render_to_string("portal/_country_map.html", maps)
    drawn += render_to_string("portal/_world_map.html", maps)

    assert ("<b>" in drawn, "<script" in drawn, "style=" in drawn) == (False, False, False)


def test_the_world_is_light_enough_for_the_home_page():
    drawn = render_to_string("portal/_world_map.html", {"world": world_map(starting_countries())})

    assert len(brotli.compress(drawn.encode(), quality=4)) <= 6_200


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_place_list_queries_do_not_grow(client, count):
    spain = make_term("Spain", Scheme.PLACE, code="ES", is_focus=True)
    for number in range(count):
        point = {"latitude": 40.0 + number / 10, "longitude": -4.0}
        make_resource(terms=[make_term(f"Region {number}", Scheme.PLACE, spain, **point)])

    client.get("/search/")  # reads the vocabulary and counts everything

    assert queries_of(client, "/places/") == 6


@pytest.mark.django_db
def test_place_list_shows_every_place_by_part_of_the_world(client):
    spain = make_term("Spain", Scheme.PLACE, code="ES")
    make_term("Asturias", Scheme.PLACE, spain, latitude=43.36, longitude=-5.85)
    asturias = make_term("Oviedo", Scheme.PLACE, make_term("Chile", Scheme.PLACE, code="CL"))
    make_term("Below Oviedo", Scheme.PLACE, asturias)
    make_term("Atlantis", Scheme.PLACE)

    answer = client.get("/places/")

    parts = answer.context["parts"]
    assert answer.content.decode().count("imply no opinion") == 1

    assert [(str(part.label), part.map is not None) for part in parts] == [
        ("Europe", True),
        ("Latin America", False),
        ("Elsewhere", False),
    ]
    assert [
        [(country.label, [one.label for one in country.children]) for country in part.countries]
        for part in parts
    ] == [
        [("Spain", ["Asturias"])],
        [("Chile", ["Below Oviedo", "Oviedo"])],
        [("Atlantis", [])],
    ]
