"""The years of a list: chosen from one to another, drawn as bars beside the two fields."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

# Measures of the drawing, which stretches to the width that it is given.
BAR, GAP, HEIGHT = 8, 2, 48


@dataclass(frozen=True)
class Bar:
    """The works of one year: where their bar stands in the drawing, and the list of them."""

    year: int
    count: int
    x: int
    y: float
    height: float
    is_chosen: bool
    url: str


@dataclass(frozen=True)
class Years:
    """``first`` and ``last`` as chosen, each ``None`` where it is open."""

    first: int | None
    last: int | None
    bars: list[Bar]

    @property
    def is_chosen(self) -> bool:
        return self.first is not None or self.last is not None

    @property
    def newest_first(self) -> list[Bar]:
        return [bar for bar in reversed(self.bars) if bar.count]

    @property
    def view_box(self) -> str:
        return f"0 0 {max(1, len(self.bars)) * (BAR + GAP)} {HEIGHT}"

    @property
    def width(self) -> int:
        return BAR


def years_of(
    counts: Counter[str], chosen: tuple[int | None, int | None], url_of: Callable[[int], str]
) -> Years:
    """Bars for the counted years with the empty ones between them, all on one scale."""
    first, last = chosen
    counted = {int(year): count for year, count in counts.items()}
    if not counted:
        return Years(first, last, [])
    highest = max(counted.values()) or 1
    bars = []
    for number, year in enumerate(range(min(counted), max(counted) + 1)):
        count = counted.get(year, 0)
        # A single work still is to be seen beside hundreds.
        height = max(2.0, round(HEIGHT * count / highest, 1)) if count else 0
        is_chosen = (first or 0) <= year <= (last or 9999)
        x = number * (BAR + GAP)
        bars.append(Bar(year, count, x, HEIGHT - height, height, is_chosen, url_of(year)))
    return Years(first, last, bars)
