"""Charts as geometry: whole numbers and shares for the attributes of an SVG, and the same numbers as
the rows of a table. No style and no script is needed to draw them, at any width.

Heights are in pixels; across, everything is a share of the width, so that columns draw together on
a narrow screen while the type stays as it is.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hub.catalogue.kinds import Stream, kind_of
from hub.catalogue.rocks import pattern_of_stream

TALLEST = 168
PIXELS_PER_WORK = 18  # no more: a few works shall not look like many
ABOVE, BELOW = 22, 26  # room for the number on a column and the year under it
MOST_COLUMNS = 15
LABELS_ON_A_PHONE = 5
COLUMN_SHARE = 0.7  # of the room that a column has; the rest parts it from the next
FEWEST_YEARS, FEWEST_WORKS = 2, 5  # fewer are told in words better than drawn


@dataclass(frozen=True)
class Series:
    """One layer of the columns, with its counts by year. ``rock`` and ``vein`` are the colour and
    the id of the pattern that it is drawn with, so that it is known by either."""

    label: str | Promise
    rock: str
    vein: str
    counts: Mapping[int, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Segment:
    """The part of a column that belongs to one series."""

    series: Series
    count: int
    y: int
    height: int


@dataclass(frozen=True)
class Column:
    """A year, or all before the first year that has a column of its own. ``label`` stands under it
    in the drawing, ``heading`` before its row in the table; ``cells`` are its counts, one for each
    series."""

    label: str
    heading: str
    url: str
    cells: tuple[int, ...]
    x: str
    middle: str
    width: str
    top: int
    segments: tuple[Segment, ...]
    is_minor: bool

    @property
    def total(self) -> int:
        return sum(self.cells)


@dataclass(frozen=True)
class YearChart:
    """Stacked columns, a year each, the first series on top. ``undated`` is how many works have no
    year and so no place in it."""

    series: tuple[Series, ...]
    columns: tuple[Column, ...]
    undated: int
    height: int

    @property
    def ground(self) -> int:
        """Where the columns stand."""
        return self.height - BELOW

    @property
    def label_y(self) -> int:
        return self.height - 8

    @property
    def total(self) -> int:
        return sum(column.total for column in self.columns)

    @property
    def most(self) -> Column:
        """The tallest column; of several the latest."""
        return max(reversed(self.columns), key=lambda column: column.total)


@dataclass(frozen=True)
class _Bin:
    """The years that share a column."""

    first: int
    last: int
    is_open: bool = False  # all up to ``last``

    @property
    def label(self) -> str:
        return f"–{self.last}" if self.is_open else str(self.last)

    @property
    def heading(self) -> str:
        return _("%(year)s and earlier") % {"year": self.last} if self.is_open else str(self.last)

    def count(self, counts: Mapping[int, int]) -> int:
        return sum(n for year, n in counts.items() if self.first <= year <= self.last)


def by_year(
    series: Sequence[Series], *, undated: int = 0, url_of: Callable[[int], str] | None = None
) -> YearChart | None:
    """The chart of these series, those without works left out; ``None`` for so few works or years
    that there is nothing to see. ``url_of`` answers where the works of one year are listed."""
    shown = tuple(one for one in series if one.total)
    bins = _bins({year for one in shown for year, count in one.counts.items() if count})
    if len(bins) < FEWEST_YEARS or sum(one.total for one in shown) < FEWEST_WORKS:
        return None
    cells = [tuple(one_bin.count(one.counts) for one in shown) for one_bin in bins]
    scale = min(PIXELS_PER_WORK, TALLEST / max(map(sum, cells)))
    height = ABOVE + round(scale * max(map(sum, cells))) + BELOW
    slot = 100 / len(bins)
    step = ceil(len(bins) / LABELS_ON_A_PHONE)
    columns = []
    for index, (one_bin, counts) in enumerate(zip(bins, cells, strict=True)):
        segments = _stack(shown, counts, scale, height - BELOW)
        left = slot * (index + (1 - COLUMN_SHARE) / 2)
        columns.append(
            Column(
                label=one_bin.label,
                heading=one_bin.heading,
                url="" if one_bin.is_open or not url_of else url_of(one_bin.last),
                cells=counts,
                x=_share(left),
                middle=_share(slot * (index + 0.5)),
                width=_share(slot * COLUMN_SHARE),
                top=segments[0].y if segments else height - BELOW,
                segments=segments,
                is_minor=(len(bins) - 1 - index) % step != 0,
            )
        )
    return YearChart(shown, tuple(columns), undated, height)


def streams_by_year(
    counts: Counter[tuple[int | None, str]], url_of: Callable[[int], str] | None = None
) -> YearChart | None:
    """The chart of works by stream, from what ``Record.objects.count_by_year_and_kind()`` says."""
    found: dict[Stream, Counter[int]] = {stream: Counter() for stream in Stream}
    for (year, kind), count in counts.items():
        if year is not None:
            found[kind_of(kind).stream][year] += count
    series = [
        Series(stream.label, stream.value, pattern_of_stream(stream), found[stream])
        for stream in Stream
    ]
    undated = sum(count for (year, _kind), count in counts.items() if year is None)
    return by_year(series, undated=undated, url_of=url_of)


def _bins(years: set[int]) -> list[_Bin]:
    """Each year from the first to the last, the empty ones too; where they are many, the earliest
    share one column."""
    if not years:
        return []
    first, last = min(years), max(years)
    own = max(first, last - MOST_COLUMNS + 1)
    if own == first:
        return [_Bin(year, year) for year in range(first, last + 1)]
    return [
        _Bin(first, own, is_open=True),
        *(_Bin(year, year) for year in range(own + 1, last + 1)),
    ]


def _stack(
    series: tuple[Series, ...], counts: tuple[int, ...], scale: float, ground: int
) -> tuple[Segment, ...]:
    """The segments of one column from the top down. Edges are rounded, not heights, so that a
    column is as tall as its total says."""
    segments = []
    above = sum(counts)
    for one, count in zip(series, counts, strict=True):
        if count:
            y, foot = ground - round(scale * above), ground - round(scale * (above - count))
            segments.append(Segment(one, count, y, foot - y))
        above -= count
    return tuple(segments)


def _share(hundredths: float) -> str:
    """As an attribute writes it: with a point in every language."""
    return f"{hundredths:.2f}%"
