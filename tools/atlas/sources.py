"""What others have made: the shapes of countries, and the part of the world that each is in."""

import hashlib
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

Ring = tuple[tuple[float, float], ...]  # longitude, latitude
ANTARCTICA = "010"
PACKAGES = {
    "world-atlas@2.0.2": "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    "cldr-core@47.0.0": "8b3d2bbb904668097370e63d0e673cbed4724400b645f085a9bfdc8cd7efab94",
}


@dataclass(frozen=True)
class Shape:
    """A country as its polygons in longitude and latitude, the outer ring of each first; the code
    is ISO 3166-1 alpha-2, empty where the standard has none."""

    code: str
    polygons: list[list[Ring]]


def fetch(package: str, digest: str, folder: Path) -> Path:
    """The tarball of an npm package; ends the run if it is not the one we know."""
    command = ["npm", "pack", package, "--silent", "--pack-destination", str(folder)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    tarball = folder / run.stdout.split()[-1]
    if hashlib.sha256(tarball.read_bytes()).hexdigest() != digest:
        sys.exit(f"{package} is not the package that this tool was written for.")
    return tarball


def read(tarball: Path, name: str) -> Any:
    with tarfile.open(tarball) as packed:
        return json.load(packed.extractfile(f"package/{name}"))


def numeric_codes(mappings: Any, current: set[str]) -> dict[str, str]:
    """Alpha-2 by numeric code of ISO 3166-1, for the codes that are ``current``."""
    found = mappings["supplemental"]["codeMappings"].items()
    return {
        code["_numeric"]: alpha for alpha, code in found if "_numeric" in code and alpha in current
    }


def parts_of(containment: Any, territories: dict[str, str]) -> dict[str, str]:
    """The part of the world that each country is in: the first whose territory holds it."""
    groups = containment["supplemental"]["territoryContainment"]
    placed: dict[str, str] = {}
    for part, territory in territories.items():
        waiting = [territory]
        while waiting:
            held = groups.get(waiting.pop(), {}).get("_contains", [])
            waiting += [code for code in held if code.isdigit()]
            placed |= {code: part for code in held if code.isalpha() and code not in placed}
    return dict(sorted(placed.items()))


def shapes_of(topology: Any, codes: dict[str, str], within: dict[str, str]) -> Iterator[Shape]:
    """The countries of a TopoJSON file, without Antarctica. Those that share a code are one, with
    what lies ``within`` them by name."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]

    def line(arc: list[list[int]]) -> Ring:
        steps = accumulate(arc, lambda at, step: (at[0] + step[0], at[1] + step[1]))
        return tuple((x * sx + tx, y * sy + ty) for x, y in steps)

    arcs = [line(arc) for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> Ring:
        lines = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        return (*lines[0], *chain.from_iterable(line[1:] for line in lines[1:]))

    together: dict[str, list[list[Ring]]] = {}
    for index, one in enumerate(topology["objects"]["countries"]["geometries"]):
        polygons = [one["arcs"]] if one["type"] == "Polygon" else one.get("arcs", [])
        if one.get("id") == ANTARCTICA:
            continue
        code = codes.get(one.get("id", "")) or within.get(one["properties"]["name"])
        land = together.setdefault(code or f"-{index}", [])
        for polygon in polygons:  # the data's rounding has flattened some islets to a line
            rings = [one for one in map(ring, polygon) if len(one) > 3]
            land += [rings] if rings else []
    for key, polygons in together.items():
        if polygons:
            yield Shape(key if key.isalpha() else "", polygons)
