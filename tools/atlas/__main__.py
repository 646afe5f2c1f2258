"""Draw the hub's atlas anew: ``make atlas``. Writes hub/portal/maps/atlas.json and its checksum.

The shapes are Natural Earth's (public domain) as packed by world-atlas (ISC licence); the continent
of a country is CLDR's (Unicode licence v3). Both come from npm and must be what we know by hash.
Needs npm, and shapely, which the Makefile asks uv for; the site itself needs neither.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT))

from borders import WITHIN, corrected  # noqa: E402
from frames import PART_WIDTH, PARTS, WORLD, WORLD_SPAN, WORLD_WIDTH, bounds, frame_of, framed  # noqa: E402
from land import draw, middle_of, path  # noqa: E402
from sources import PACKAGES, Shape, fetch, numeric_codes, parts_of, read, shapes_of  # noqa: E402

from hub.portal.maps.projections import AzimuthalEqualArea, EqualEarth, Frame  # noqa: E402

ATLAS = ROOT / "hub/portal/maps/atlas.json"
ABOUT = {
    "shapes": "Natural Earth 4.1 (public domain), as packed by world-atlas 2.0.2 (ISC licence)",
    "borders": "as the United Nations draws them: tools/atlas/borders.py",
    "continents": "Unicode CLDR 47, territory containment (Unicode licence v3)",
    "licences": "in LICENCES.txt beside this file",
    "written by": "tools/atlas (make atlas); not to be edited by hand",
}

# How many steps of a path make a unit of its frame. Maps of countries are drawn in halves, for finer
# lines; that of the world, which the home page carries, in twos, for fewer bytes.
GRAIN, WORLD_GRAIN = 2, 0.5
NAMED_FROM = 44  # how wide a neighbour must be to be named


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        shapes, cldr = (
            fetch(package, digest, Path(folder)) for package, digest in PACKAGES.items()
        )
        territories = {name: spec[0] for name, spec in PARTS.items()}
        part_of = parts_of(read(cldr, "supplemental/territoryContainment.json"), territories)
        codes = numeric_codes(read(cldr, "supplemental/codeMappings.json"), current=set(part_of))
        fine, middling = (
            corrected(list(shapes_of(read(shapes, f"countries-{scale}.json"), codes, WITHIN)))
            for scale in ("10m", "50m")
        )
    countries = sorted((shape for shape in fine if shape.code), key=lambda shape: shape.code)
    atlas = {
        "about": ABOUT,
        "part_of": part_of,
        "world": world_map(middling),
        "parts": {name: part_map(spec, middling) for name, spec in PARTS.items()},
        "countries": {shape.code: country_map(shape, fine) for shape in countries},
    }
    text = as_lines(atlas)
    ATLAS.write_text(text, encoding="utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    ATLAS.with_suffix(".sha256").write_text(f"{digest}  {ATLAS.name}\n")
    print(f"{ATLAS.relative_to(ROOT)}: {len(text) // 1000} kB, {len(countries)} countries")


def world_map(shapes: list[Shape]) -> dict[str, Any]:
    """Each country as a path with the point where a mark of it stands best."""
    right = WORLD.project(-18, 181)[0]
    left = WORLD.project(60, -168.5)[0]
    south, north = (WORLD.project(latitude, 0)[1] for latitude in WORLD_SPAN)
    frame = framed(WORLD, (left, north, right, south), WORLD_WIDTH, margin=6)
    drawn = draw(frame, shapes, tolerance=3.8, speck=18)
    land = {
        code: [path(geometry, WORLD_GRAIN), *middle_of(geometry)[:2]]
        for code, geometry in drawn.items()
    }
    return {**described(frame), "land": land}


def part_map(spec: tuple, shapes: list[Shape]) -> dict[str, Any]:
    """A part of the world: each country's path."""
    _territories, middle, held = spec
    projection = AzimuthalEqualArea(*middle)
    frame = framed(projection, bounds(projection.project(*one) for one in held), PART_WIDTH)
    drawn = draw(frame, shapes, tolerance=1.6, speck=7)
    land = {code: path(geometry, 1) for code, geometry in drawn.items()}
    return {**described(frame), "land": land}


def country_map(shape: Shape, shapes: list[Shape]) -> dict[str, Any]:
    """A country among its neighbours: its path, theirs, and where there is room for which name."""
    frame = frame_of(shape)
    drawn = draw(frame, shapes, tolerance=1.1, speck=3, archipelago=shape.code)
    here = drawn.pop(shape.code)
    names = {code: middle_of(geometry) for code, geometry in drawn.items() if code}
    names = {code: name for code, name in names.items() if name[2] > NAMED_FROM}
    return {
        **described(frame),
        "here": path(here, GRAIN),
        "land": "".join(path(geometry, GRAIN) for geometry in drawn.values()),
        "names": {shape.code: middle_of(here), **names},
    }


def described(frame: Frame) -> dict[str, Any]:
    """The frame as the site reads it."""
    projection = frame.projection
    is_world = isinstance(projection, EqualEarth)
    around = [projection.middle] if is_world else [projection.latitude, projection.longitude]
    return {
        "size": [frame.width, frame.height],
        "around": [round(degree, 3) for degree in around],
        "at": [round(frame.scale, 3), round(frame.left, 3), round(frame.top, 3)],
    }


def as_lines(atlas: dict[str, Any]) -> str:
    """JSON with a line for each country, so that a change of one shows as one."""

    def packed(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    lines = ",\n".join(f"{packed(code)}:{packed(one)}" for code, one in atlas["countries"].items())
    rest = [
        f"{packed(name)}:{packed(value)}" for name, value in atlas.items() if name != "countries"
    ]
    return "{" + ",\n".join([*rest, '"countries":{\n' + lines + "}"]) + "}\n"


if __name__ == "__main__":
    main()
