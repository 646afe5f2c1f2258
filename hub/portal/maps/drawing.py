"""Maps as templates draw them: land, dots that are links, specks and labels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from babel import Locale
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.portal.maps import atlas
from hub.portal.maps.layout import Box, beside, box_of, moved_apart, text_width
from hub.portal.maps.projections import Frame, Point
from hub.portal.terms import Counted
from hub.slugs import sort_key


@dataclass(frozen=True)
class Style:
    """Sizes in units of the drawing. ``apart`` is the size of a dot's hit area and must come to 24
    CSS pixels in the narrowest drawing that shows dots: see static/css/components/map.css."""

    apart: int
    radius: float
    label: float = 0


WORLD = Style(apart=40, radius=14, label=20)
PART = Style(apart=29, radius=11.5)
COUNTRY = Style(apart=41, radius=14, label=16)
NAME_SIZE = 15  # of neighbours
LED_FROM = 1.15  # a dot that moved more radii than this is led back to its place
NEAR = 0.06  # a place this far outside the frame is shown at its edge, one farther off not at all
SPECK_REACH = 3  # half of what a speck takes of the map of the world: see .map__specks
SPECK = 30  # signs of a path that says no more than that there is an island
MANY = 14  # more dots are too many for a phone


@dataclass(frozen=True)
class Text:
    """A name on the map; that of a dot is measured from the dot."""

    text: str
    x: int
    y: int
    anchor: str = "middle"


@dataclass(frozen=True)
class Dot:
    """A place as a link; ``name`` is what it is called aloud."""

    place: Counted
    x: int
    y: int
    at: Point
    name: str
    is_here: bool = False
    label: Text | None = None

    @property
    def attributes(self) -> SafeString:
        """Those of its link; nothing else of a map is as often on a page."""
        variant = "here" if self.is_here else "" if self.place.count else "bare"
        return flatatt(
            {
                "class": f"map__dot map__dot--{variant}" if variant else "map__dot",
                "href": self.place.url,
                "transform": f"translate({self.x} {self.y})",
                "aria-current": "page" if self.is_here else None,
            }
        )

    @property
    def shown(self) -> str:
        return str(self.place.count) if self.place.count < 1000 else "999+"


@dataclass(frozen=True)
class Drawing:
    """A whole map. Paths are data of SVG's ``d``."""

    frame: Frame
    style: Style
    label: str
    land: str
    shaded: str = ""
    dots: list[Dot] = field(default_factory=list)
    specks: str = ""
    names: list[Text] = field(default_factory=list)
    grain: str = ""  # what paths are scaled by, where their unit is not the frame's

    @property
    def hit(self) -> str:
        return f"{self.style.apart / 2:g}"

    @property
    def is_crowded(self) -> bool:
        return len(self.dots) > MANY

    @property
    def leads(self) -> str:
        """Thin lines from where dots belong to where they found room."""
        far = LED_FROM * self.style.radius
        return "".join(
            f"M{round(dot.at[0])} {round(dot.at[1])}L{dot.x} {dot.y}"
            for dot in self.dots
            if abs(dot.x - dot.at[0]) > far or abs(dot.y - dot.at[1]) > far
        )


def world_map(countries: Iterable[Counted]) -> Drawing:
    """All countries that the hub knows, those in focus as labelled dots, all regions as specks."""
    sheet, countries = atlas.world(), list(countries)
    focus = [country for country in countries if country.is_focus]
    spots = {one.term.id: spot_of(one, sheet.frame) or sheet.spot(one.term.code) for one in focus}
    dots = dots_at(focus, spots, sheet.frame, WORLD)
    regions = [region for country in countries for region in country.children]
    regions_spots = [spot for region in regions if (spot := spot_of(region, sheet.frame))]
    return Drawing(
        frame=sheet.frame,
        style=WORLD,
        label=_("Map of the world: focus countries with the number of works on each"),
        dots=labelled(dots, sheet.frame, WORLD, regions_spots),
        specks=specks_at(regions_spots),
        grain=sheet.grain,
        **coloured(sheet.land, countries),
    )


def part_map(part: str, label: str, countries: Sequence[Counted]) -> Drawing | None:
    """A part of the world with all regions of its countries; none where there is nothing to show."""
    sheet = atlas.part(part)
    regions = [region for country in countries for region in country.children]
    spots = {one.term.id: spot_of(one, sheet.frame) for one in regions} if sheet else {}
    if not any(spots.values()):
        return None
    return Drawing(
        frame=sheet.frame,
        style=PART,
        label=_("Map of %(part)s: regions with the number of works on each") % {"part": label},
        dots=dots_at(regions, spots, sheet.frame, PART),
        specks=specks_at(spots.values()),
        **coloured(sheet.land, countries),
    )


def country_map(country: Counted, language: str, here: int | None = None) -> Drawing | None:
    """A country with its regions, of which one may be ``here``; none for a code without a shape."""
    sheet = atlas.country(country.term.code)
    if sheet is None:
        return None
    spots = {one.term.id: spot_of(one, sheet.frame) for one in country.children}
    dots = dots_at(country.children, spots, sheet.frame, COUNTRY, here)
    dots = labelled(dots, sheet.frame, COUNTRY)
    return Drawing(
        frame=sheet.frame,
        style=COUNTRY,
        label=_("Map of %(place)s: regions with the number of works on each")
        % {"place": country.label},
        land=sheet.land,
        shaded=sheet.here,
        dots=dots,
        specks=specks_at(spots.values()),
        names=names_on(sheet, dots, language),
        grain=sheet.grain,
    )


def coloured(land: dict[str, str], countries: Iterable[Counted]) -> dict[str, str]:
    """The land of countries that the hub knows apart from all other, of which no specks are drawn."""
    known = {country.term.code for country in countries if country.term.code}
    others = [path for code, path in land.items() if code not in known]
    return {
        "land": "".join(path for path in others if len(path) > SPECK),
        "shaded": "".join(path for code, path in land.items() if code in known),
    }


def spot_of(place: Counted, frame: Frame) -> Point | None:
    """Where a place is in the frame; one just outside is moved in. None for one far off, or whose
    coordinates nobody has given."""
    term = place.term
    if term.latitude is None or term.longitude is None:
        return None
    x, y = frame.place(term.latitude, term.longitude)
    over = NEAR * frame.width
    if not (-over <= x <= frame.width + over and -over <= y <= frame.height + over):
        return None
    return min(max(x, 0), frame.width), min(max(y, 0), frame.height)


def dots_at(
    places: Iterable[Counted],
    spots: dict[int, Point | None],
    frame: Frame,
    style: Style,
    here: int | None = None,
) -> list[Dot]:
    """A dot for each place that has a spot, by name, moved until none covers another."""
    by_name = sorted(places, key=lambda place: sort_key(place.label))
    found = [(place, spot) for place in by_name if (spot := spots[place.term.id])]
    spread = moved_apart(
        tuple(spot for _place, spot in found), frame.width, frame.height, style.apart
    )
    return [
        Dot(place, *moved, at=spot, name=spoken(place), is_here=place.term.id == here)
        for (place, spot), moved in zip(found, spread, strict=True)
        if moved
    ]


def specks_at(spots: Iterable[Point | None]) -> str:
    """A path of points; what makes them dots is the round end of its line."""
    whole = {(round(x), round(y)) for spot in spots if spot for x, y in [spot]}
    return "".join(f"M{x} {y}h0" for x, y in sorted(whole))


def spoken(place: Counted) -> str:
    """A place in words: "Cesar, 8 works"."""
    works = ngettext("%(count)d work", "%(count)d works", place.count) % {"count": place.count}
    names = {"place": place.label, "works": works if place.count else _("no works yet")}
    if not place.regions_count:
        return _("%(place)s, %(works)s") % names
    regions = ngettext("%(count)d region", "%(count)d regions", place.regions_count)
    names["regions"] = regions % {"count": place.regions_count}
    return _("%(place)s, %(works)s, %(regions)s") % names


def labelled(
    dots: list[Dot], frame: Frame, style: Style, specks: Sequence[Point] = ()
) -> list[Dot]:
    """The dots with a label each, as long as there is room for it. The one we are at chooses first,
    then those with the least choice. Then each moves to where it covers the fewest specks: only
    then, so that none is lost because of them."""
    taken = [around(dot, style) for dot in dots]
    choices = {id(dot): list(room_beside(dot, taken, frame, style)) for dot in dots}
    labels: dict[int, tuple[Text, Box]] = {}

    def free(dot: Dot) -> list[tuple[Text, Box]]:
        others = [box for other, (_text, box) in labels.items() if other != id(dot)]
        return [one for one in choices[id(dot)] if not any(map(one[1].touches, others))]

    for dot in sorted(dots, key=lambda dot: (not dot.is_here, len(choices[id(dot)]))):
        labels |= {id(dot): one for one in free(dot)[:1]}
    covered = [square(x, y, SPECK_REACH) for x, y in specks]
    for dot in dots:
        if id(dot) in labels:
            labels[id(dot)] = min(free(dot), key=lambda one: sum(map(one[1].touches, covered)))
    return [replace(dot, label=labels.get(id(dot), (None,))[0]) for dot in dots]


def room_beside(
    dot: Dot, taken: list[Box], frame: Frame, style: Style
) -> Iterator[tuple[Text, Box]]:
    """Where a dot's label may stand, measured from the dot, and the room that it takes."""
    name = dot.place.label
    half = text_width(name, style.label) / 2 + 5
    for x, y, anchor in beside(style.radius, style.label):
        if anchor == "middle":  # above or below it may slide along, to stay in the frame
            x = min(max(x, half - dot.x), frame.width - half - dot.x)
        box = box_of(name, dot.x + x, dot.y + y, anchor, style.label)
        if box.is_within(frame.width, frame.height) and not any(map(box.touches, taken)):
            yield Text(name, round(x), round(y), anchor), box


def around(dot: Dot, style: Style) -> Box:
    return square(dot.x, dot.y, style.radius + 1)


def square(x: float, y: float, reach: float) -> Box:
    return Box(x - reach, y - reach, x + reach, y + reach)


def names_on(sheet: atlas.CountrySheet, dots: list[Dot], language: str) -> list[Text]:
    """The names of the country and its neighbours where they fit and cover nothing."""
    taken = [around(dot, COUNTRY) for dot in dots]
    taken += [
        box_of(label.text, dot.x + label.x, dot.y + label.y, label.anchor, COUNTRY.label)
        for dot in dots
        if (label := dot.label)
    ]
    territories = Locale.parse(language, sep="-").territories
    names = []
    for code, anchor in sheet.anchors.items():
        text = territories.get(code, "")
        box = box_of(text, anchor.x, anchor.y, "middle", NAME_SIZE)
        fits = text_width(text, NAME_SIZE) <= 1.1 * anchor.room
        is_within = box.is_within(sheet.frame.width, sheet.frame.height)
        if text and fits and is_within and not any(map(box.touches, taken)):
            names.append(Text(text, anchor.x, anchor.y))
            taken.append(box)
    return names
