"""The timeline of a round as a picture: geometry worked out here, drawn by a template. All that it shows
stands in the list beside it too."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events import wording
from taskforce.models import Milestone, Round

ROW, TOP, MARK = 34, 28, 11
MOST_TICKS = 14


@dataclass(frozen=True)
class Tick:
    """The first of a month, in hundredths of the width."""

    x: str
    label: str
    is_minor: bool


@dataclass(frozen=True)
class Bar:
    """A milestone: where it begins and how long it is in hundredths of the width, and its row."""

    milestone: Milestone
    number: int
    x: str
    width: str
    y: int
    when: SafeString

    @property
    def middle(self) -> int:
        return self.y + MARK

    @property
    def sort(self) -> str:
        return self.milestone.activity or "none"


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    ticks: list[Tick]
    height: int
    today: str = ""

    def __bool__(self) -> bool:
        return bool(self.bars)

    @property
    def spoken(self) -> str:
        return _("Timeline with %(count)d steps; the list below has each with its days.") % {
            "count": len(self.bars)
        }


def timeline_of(round: Round, milestones: list[Milestone]) -> Timeline:
    """The days from the first to the last of the round and its milestones, in rows."""
    first = min([round.starts_on, *(one.starts_on for one in milestones)])
    last = max([round.ends_on, *(one.ends_on or one.starts_on for one in milestones)])
    days = (last - first).days + 1

    def at(day: date) -> float:
        return 100 * (day - first).days / days

    bars = [
        Bar(
            one,
            number,
            _percent(at(one.starts_on)),
            _percent(at((one.ends_on or one.starts_on) + timedelta(days=1)) - at(one.starts_on)),
            TOP + ROW * (number - 1),
            when_html(one),
        )
        for number, one in enumerate(milestones, 1)
    ]
    today = round.today()
    return Timeline(
        bars,
        _ticks(first, last, at),
        TOP + ROW * len(bars),
        _percent(at(today)) if first <= today <= last else "",
    )


def when_html(milestone: Milestone) -> SafeString:
    """Its days in words."""
    return wording.days_html(milestone.starts_on, milestone.ends_on)


def period_html(round: Round) -> SafeString:
    return wording.days_html(round.starts_on, round.ends_on)


def _ticks(first: date, last: date, at) -> list[Tick]:
    months = []
    month = first.replace(day=1)
    while month <= last:
        months.append(max(month, first))
        month = (month + timedelta(days=32)).replace(day=1)
    step = -(-len(months) // MOST_TICKS)
    shown = months[::step]
    return [
        Tick(
            _percent(at(one)),
            date_format(one, "M Y" if not n or one.month == 1 else "M"),
            n % 2 == 1,
        )
        for n, one in enumerate(shown)
    ]


def _percent(value: float) -> str:
    return f"{value:.2f}%"
