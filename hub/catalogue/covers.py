"""Covers drawn for works that come without a picture.

The silhouette says the kind, the layers say the topics. Equal input gives an equal drawing, so a
work keeps its face on every page and after every restart. Colours and line widths are the
stylesheet's (components/cover.css); the veins are patterns that base.html defines once.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import blake2s
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hub.catalogue.glyphs import glyph
from hub.catalogue.rocks import ROCKS, Layer, layer_of, pattern
from hub.catalogue.typography import own_type

SHEETS = {"report", "brief", "guide", "tool", "journal-article", "policy-document"}  # carry a title
MOST_LAYERS = 4


class Drawing(NamedTuple):
    width: int
    height: int
    svg: str


def cover(card: Any, *, big: bool = False) -> SafeString:
    """The cover of a card; a big sheet also shows publisher and title, which screen readers skip.

    Needs ``card.kind.value``, ``title``, ``title_lang``, ``publishers``, ``dated`` and ``topics``.
    """
    kind = card.kind.value
    drawing = DRAWINGS[kind](card, layers_of(card), big and kind in SHEETS)
    svg = format_html(
        '<svg class="cover{}" viewBox="0 0 {w} {h}" width="{w}" height="{h}" aria-hidden="true">'
        "{}</svg>",
        " cover--big" if big else "",
        # Numbers and our own constants; words in it went through format_html.
        mark_safe(drawing.svg),
        w=drawing.width,
        h=drawing.height,
    )
    if not big:
        return svg
    words = ""
    if kind in SHEETS:
        words = format_html(
            '<span class="sleeve__by" aria-hidden="true">{}</span>'
            '<span class="sleeve__title{}" aria-hidden="true" lang="{}">{}</span>',
            own_type(card.publishers[0] if card.publishers else ""),
            " sleeve__title--long" if len(card.title) > 60 else "",
            card.title_lang,
            card.title,
        )
    return format_html('<span class="sleeve sleeve--{}">{}{}</span>', kind, svg, words)


def layers_of(card: Any) -> list[Layer]:
    """One layer a topic; a work without topics lies on plain ground."""
    layers = [layer_of(topic.slug) for topic in list(card.topics)[:MOST_LAYERS]]
    return layers or [Layer("clay", "dash")]


def numbers(card: Any) -> Iterator[float]:
    """Endless numbers from 0 to 1, the same for the same work."""
    block = f"{card.kind.value} {card.title}".encode()
    while True:
        block = blake2s(block).digest()
        yield from (byte / 255 for byte in block)


def strata(card: Any, layers: Sequence[Layer], width: int, height: int, top: float) -> str:
    """Waves of rock from ``top`` (0 to 1) down to the lower edge, on a bed of coal."""
    numbers_of_card = numbers(card)
    ground = height * (1 - top)
    thickness = [0.7 + next(numbers_of_card) for _layer in layers] + [0.8]
    drawn = []
    y = height * top
    for layer, thick in zip([*layers, Layer("coal", "")], thickness, strict=True):
        rise = min(ground * thick / sum(thickness), ground / 4) * 0.45
        a, b, c, d = (round(y + (next(numbers_of_card) - 0.5) * rise) for _point in range(4))
        x1, x2, x3, x4, x5 = (round(width * part / 6) for part in (1, 2, 3, 4, 5))
        wave = (
            f"M0 {a}C{x1} {a} {x1} {b} {x2} {b}S{x3} {c} {x4} {c} {x5} {d} {width} {d}V{height}H0z"
        )
        drawn.append(filled(layer, wave))
        y += ground * thick / sum(thickness)
    return "".join(drawn)


def filled(layer: Layer, path: str) -> str:
    rock = f'<path class="c-{layer.rock}" d="{path}"/>'
    return rock + (vein(layer, path) if layer.vein else "")


def vein(layer: Layer, path: str) -> str:
    return f'<path class="vein" fill="url(#{pattern(*layer)})" d="{path}"/>'


def mark(kind: str, x: int, y: int, size: int = 22) -> str:
    inner = f'x="{x}" y="{y}" width="{size}" height="{size}"'
    return (
        glyph(kind)
        .replace('class="glyph"', f'class="glyph g" {inner}')
        .replace(' aria-hidden="true"', "")
    )


def bars(layers: Sequence[Layer], spans: Iterator[tuple[int, str]]) -> str:
    """Many small shapes as one path a rock; each span says which layer it is of."""
    paths: dict[str, str] = {}
    for index, path in spans:
        rock = layers[index % len(layers)].rock
        paths[rock] = paths.get(rock, "") + path
    return "".join(f'<path class="c-{rock}" d="{path}"/>' for rock, path in paths.items())


def draw_report(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    return sheet(card, layers, big, height=128)


def sheet(
    card: Any, layers: Sequence[Layer], big: bool, *, height: int, top: float = 0.56, more: str = ""
) -> Drawing:
    """A sheet of paper whose lower part is rock; the small one carries its glyph and two lines."""
    scale = 300 / 96 if big else 1
    width, height = round(96 * scale), round(height * scale)
    lines = "" if big else mark(card.kind.value, 8, 9) + '<path class="r" d="M10 42h36M10 50h22"/>'
    return Drawing(
        width,
        height,
        f'<path class="sky" d="M0 0h{width}v{height}H0z"/>'
        + strata(card, layers, width, height, top)
        + (more or lines)
        + f'<path class="frame" d="M.5.5h{width - 1}v{height - 1}H.5z"/>',
    )


def draw_brief(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    if big:
        return sheet(card, layers, big, height=80, top=0.64)
    more = mark("brief", 7, 7) + '<path class="r" d="M38 15h44M38 23h28"/>'
    return sheet(card, layers, big, height=72, top=0.54, more=more)


def draw_guide(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    width, height = (300, 384) if big else (96, 120)
    spine = f'<path class="c-coal" d="M0 0h{round(width * 0.13)}v{height}H0z"/>'
    return Drawing(
        width,
        height,
        f'<path class="sky" d="M0 0h{width}v{height}H0z"/>'
        + strata(card, layers, width, height, 0.56)
        + spine
        + ("" if big else mark("guide", 22, 9, 24))
        + f'<path class="frame" d="M.5.5h{width - 1}v{height - 1}H.5z"/>',
    )


def draw_tool(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    width, height, cut = (300, 390, 54) if big else (96, 104, 24)
    tag = f"M{cut} 0h{width - 2 * cut}l{cut} {cut}v{height - cut}H0V{cut}z"
    hole = (
        f'<circle class="frame" cx="{width // 2}" cy="{26 if big else 14}" r="{9 if big else 5}"/>'
    )
    frame = f"M{cut} .5h{width - 2 * cut}L{width - 0.5} {cut}v{height - cut - 0.5}H.5V{cut}z"
    return Drawing(
        width,
        height,
        f'<path class="sky" d="{tag}"/>'
        + strata(card, layers, width, height, 0.58)
        + ("" if big else mark("tool", 37, 27))
        + hole
        + f'<path class="frame" d="{frame}"/>',
    )


def draw_journal_article(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    if big:
        return sheet(card, layers, big, height=120, top=0.6)
    columns = "M10 13h32M10 21h32M10 29h32M10 37h32M10 45h20M54 13h32M54 21h32M54 29h32M54 37h32"
    more = f'<path class="t" d="{columns}"/><path class="frame" d="M48 8v44"/>'
    return sheet(card, layers, big, height=112, top=0.53, more=more)


def draw_policy_document(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    x, y, r = (240, 322, 30) if big else (72, 102, 13)
    seal = (
        f'<circle class="sky" cx="{x}" cy="{y}" r="{r}"/>'
        f'<circle class="frame" cx="{x}" cy="{y}" r="{r}"/>'
        f'<circle class="frame" cx="{x}" cy="{y}" r="{round(r * 0.7)}"/>'
    )
    lines = "" if big else '<path class="r" d="M30 12h36M10 26h76M10 34h76M10 42h52"/>'
    return sheet(card, layers, big, height=128, more=lines + seal)


def draw_case_study(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    return Drawing(
        96,
        96,
        '<g class="lens"><path class="sky" d="M0 0h96v96H0z"/>'
        + strata(card, layers, 96, 96, 0.32)
        + '</g><circle class="frame" cx="48" cy="48" r="47.5"/>'
        '<circle class="frame" cx="48" cy="48" r="43.5"/>',
    )


def draw_dataset(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    numbers_of_card = numbers(card)
    heights = sorted(20 + round(next(numbers_of_card) * 62) for _column in range(8))
    stack = [*layers, Layer("coal", "")]
    shares = [0.5 + next(numbers_of_card) for _layer in stack]

    def spans() -> Iterator[tuple[int, str]]:
        for column, height in enumerate(heights):
            ends = [0.0]
            for share in reversed(shares):
                ends.append(ends[-1] + height * share / sum(shares))
            for level, (low, high) in enumerate(pairwise(ends)):
                bottom, top = 88 - round(low), 88 - round(high)
                index = len(stack) - 1 - level
                yield index, f"M{4 + 11 * column} {top}h8v{bottom - top}h-8z"

    return Drawing(96, 92, bars(stack, spans()) + '<path class="r" d="M0 89h96"/>')


def draw_portal(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    return Drawing(
        96,
        76,
        '<path class="sky" d="M0 0h96v76H0z"/>'
        + strata(card, layers, 96, 76, 0.5)
        + '<path class="c-coal" d="M0 0h96v13H0z"/><path class="tri" d="M6 5h3v3H6zM12 5h3v3h-3z'
        'M18 5h3v3h-3z"/><path class="r" d="M8 22h30M8 30h20"/><path class="frame" '
        'd="M.5.5h95v75H.5z"/>',
    )


def draw_explainer(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    slabs = [*layers, Layer("coal", "")]
    thick = 50 / len(slabs)
    drawn = ['<path class="sky" d="M0 24 48 0l48 24-48 24z"/>']
    for level, layer in enumerate(slabs):
        y, end = round(24 + thick * level), round(24 + thick * (level + 1))
        drawn.append(
            f'<path class="c-{layer.rock}" d="M0 {y}l48 24 48-24v{end - y}l-48 24-48-24z"/>'
        )
        if layer.vein:
            drawn.append(vein(layer, f"M48 {y + 24} 96 {y}v{end - y}L48 {end + 24}z"))
    drawn.append('<path class="shade" d="M0 24l48 24v50L0 74z"/>')
    drawn.append('<path class="frame" d="M.5 24 48 .5 95.5 24 48 47.5z"/>')
    return Drawing(96, 98, "".join(drawn))


def draw_interview(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    answer = "M34 42h62v30H84v12L70 72H34z"
    return Drawing(
        96,
        84,
        '<path class="q" d="M0 0h62v34H28L14 46V34H0z"/>'
        '<path class="on" d="M10 12h38M10 21h24"/>'
        f'<path class="c-coal" d="{answer}"/>' + vein(layers[0], answer),
    )


def draw_op_ed(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    quotes = (
        "M0 4h36v26c0 17-11 26-30 28l-3-9c10-2 15-7 16-14H0z"
        "M46 4h36v26c0 17-11 26-30 28l-3-9c10-2 15-7 16-14H46z"
    )
    ground = "".join(
        f'<path class="c-{layer.rock}" d="M0 {69 + 4 * level}h96v4H0z"/>'
        for level, layer in enumerate(layers)
    )
    return Drawing(
        96,
        70 + 4 * len(layers),
        f'<path class="q" d="{quotes}"/>{ground}<path class="r" d="M0 68h96"/>',
    )


def draw_news(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    parts = [int(part) for part in card.dated.iso.split("-")] if card.dated else []
    head = '<path class="r" d="M0 1h96"/><path class="v" d="M0 4.5h96"/>'
    if not parts:
        lines = '<path class="v" d="M0 20h90M0 29h90M0 38h90M0 47h60"/>'
        return Drawing(96, 76, head + lines + line(_("undated"), 70))
    year, *rest = parts
    if len(rest) == 2:
        day = date(year, *rest)
        large, small = date_format(day, "j"), date_format(day, "M Y")
    elif rest:
        large, small = str(year), date_format(date(year, rest[0], 1), "F")
    else:
        large, small = str(year), _("news")
    number = format_html('<text class="n" x="0" y="45" font-size="36">{}</text>', large)
    return Drawing(96, 76, head + number + line(small, 66))


def line(words: str, y: int) -> str:
    return format_html('<text class="m" x="0" y="{}" font-size="15">{}</text>', y, words)


def draw_video(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    return Drawing(
        96,
        62,
        '<path class="c-coal" d="M0 0h96v62H0z"/>'
        + strata(card, layers, 96, 62, 0.52)
        + '<path class="tri" d="M38 17l22 14-22 14z"/><path class="frame" d="M.5.5h95v61H.5z"/>',
    )


def draw_podcast(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    numbers_of_card = numbers(card)
    stack = [*layers, Layer("coal", "")]

    def spans() -> Iterator[tuple[int, str]]:
        for column in range(12):
            half = 5 + round(next(numbers_of_card) * 24)
            yield column, f"M{2 + 8 * column} {31 - half}h5v{2 * half}h-5z"

    return Drawing(96, 62, bars(stack, spans()))


def draw_course(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    steps = ([*layers, *(Layer(rock, "dots") for rock in ROCKS if rock != "coal")])[:3]
    steps.insert(0, Layer("coal", ""))
    drawn = (
        filled(layer, f"M{24 * step} {63 - 21 * step}h24v{21 + 21 * step}h-24z")
        for step, layer in enumerate(steps)
    )
    return Drawing(96, 84, "".join(drawn))


def draw_collection(card: Any, layers: Sequence[Layer], big: bool) -> Drawing:
    """Spines that lie one on the other, none as wide as the next."""
    slabs = [*layers, *(Layer(rock, "") for rock in ROCKS if rock != "coal")][:4]
    numbers_of_card = numbers(card)
    drawn = []
    for level, layer in enumerate([*slabs, Layer("coal", "")]):
        start = round(next(numbers_of_card) * 14)
        width = 96 - start - round(next(numbers_of_card) * 14)
        drawn.append(filled(layer, f"M{start} {18 * level}h{width}v16h-{width}z"))
    return Drawing(96, 88, "".join(drawn))


DRAWINGS: dict[str, Callable[[Any, Sequence[Layer], bool], Drawing]] = {
    "report": draw_report,
    "brief": draw_brief,
    "guide": draw_guide,
    "tool": draw_tool,
    "case-study": draw_case_study,
    "journal-article": draw_journal_article,
    "policy-document": draw_policy_document,
    "dataset": draw_dataset,
    "portal": draw_portal,
    "explainer": draw_explainer,
    "interview": draw_interview,
    "op-ed": draw_op_ed,
    "news": draw_news,
    "video": draw_video,
    "podcast": draw_podcast,
    "course": draw_course,
    "collection": draw_collection,
}
