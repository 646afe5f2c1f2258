"""How times are told: each with the name of its zone, each moment with its offset.

The only place that prints the time of an event or a session, for pages, letters, files and lists alike.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events import times

HOURS = "H:i"


class Happening(Protocol):
    """What has times: an event, a session, or a session as it was released."""

    starts_local: datetime | None
    ends_local: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    timezone: str
    has_hours: bool


def zone_words(moment: datetime) -> str:
    """The zone of a moment as people call it: "Brussels (CEST, UTC+2)", "UTC"."""
    key = moment.tzinfo.key
    if key == "UTC":
        return "UTC"
    name, offset = moment.tzname() or "", times.offset_words(moment)
    # Zones without a name of their own are called by their offset, "+07", which follows anyway.
    known = f"{name}, {offset}" if name.isalpha() and name != offset else offset
    return f"{times.place_of(key)} ({known})"


@dataclass(frozen=True)
class Told:
    """A time span in one zone, in words and as HTML. ``day`` is the date under which it stands."""

    text: str
    html: SafeString
    day: date


def when_words(timed: Happening, zone: str = "") -> str:
    """When something is, in one line of text: in ``zone``, or in its own. What has days alone has
    the same days in every zone; what has no time says so."""
    return when(timed, zone).text if timed.starts_local else str(_("Time to be announced"))


def when_html(timed: Happening, zone: str = "") -> SafeString:
    """The same for a page, each time in a ``time`` element."""
    if not timed.starts_local:
        return format_html("{}", _("Time to be announced"))
    return when(timed, zone).html


def when(timed: Happening, zone: str = "") -> Told:
    """When something with a start is. The words have the date, the hours and the zone."""
    if not timed.has_hours:
        return _days(timed.starts_local.date(), timed.ends_local and timed.ends_local.date())
    starts, ends = _in_zone(timed, zone)
    day = _day(starts.date())
    if ends is not None and ends.date() != starts.date():
        same_clock = starts.utcoffset() == ends.utcoffset()
        first = f"{day}, {_hour(starts)}" + ("" if same_clock else f" {zone_words(starts)}")
        last = f"{_day(ends.date())}, {_hour(ends)} {zone_words(ends)}"
        text = f"{first} – {last}"
        html = format_html(
            "{} – {}", _time(starts.isoformat(), first), _time(ends.isoformat(), last)
        )
        return Told(text, html, starts.date())
    hours, marked = _hours(starts, ends)
    text = f"{day}, {hours}"
    return Told(text, format_html("{}, {}", day, marked), starts.date())


def hours_words(timed: Happening, zone: str = "") -> str:
    """The hours alone with their zone: "14:30–16:00 Brussels (CEST, UTC+2)"."""
    return _hours(*_in_zone(timed, zone))[0]


def hours_html(timed: Happening, zone: str = "") -> SafeString:
    return _hours(*_in_zone(timed, zone))[1]


def moment_words(moment: datetime, zone: str) -> str:
    """One moment in words, as "24 October 2022, 14:30 Brussels (CEST, UTC+2)"."""
    there = moment.astimezone(ZoneInfo(zone or "UTC"))
    return f"{_day(there.date())}, {_hour(there)} {zone_words(there)}"


def moment_html(moment: datetime, zone: str) -> SafeString:
    there = moment.astimezone(ZoneInfo(zone or "UTC"))
    return _time(there.isoformat(), moment_words(moment, zone))


def day_of(timed: Happening, zone: str = "") -> date | None:
    """The date under which something stands in a zone; none without a start."""
    if not timed.starts_local:
        return None
    if not timed.has_hours:
        return timed.starts_local.date()
    return _in_zone(timed, zone)[0].date()


def day_words(day: date) -> str:
    return _day(day)


def days_html(first: date, last: date | None) -> SafeString:
    """A day, or a stretch of days: "1 April – 30 June 2022"."""
    return _days(first, last).html


def _in_zone(timed: Happening, zone: str) -> tuple[datetime, datetime | None]:
    there = ZoneInfo(zone or timed.timezone or "UTC")
    return timed.starts_at.astimezone(there), timed.ends_at and timed.ends_at.astimezone(there)


def _hours(starts: datetime, ends: datetime | None) -> tuple[str, SafeString]:
    first, zone = _hour(starts), zone_words(starts)
    if ends is None:
        return f"{first} {zone}", format_html(
            "{} {}", _time(starts.isoformat(), first), _named(zone)
        )
    last = _hour(ends)
    if ends.date() != starts.date():
        last = f"{last} ({date_format(ends.date(), 'D j M')})"
    html = format_html(
        "{}–{} {}",
        _time(starts.isoformat(), first),
        _time(ends.isoformat(), last),
        _named(zone),
    )
    return f"{first}–{last} {zone}", html


def _days(first: date, last: date | None) -> Told:
    if last is None or last == first:
        text = _day(first)
        return Told(text, _time(first.isoformat(), text), first)
    begin = date_format(first, "j F Y")
    if first.year == last.year:
        begin = date_format(first, "j" if first.month == last.month else "j F")
    end = date_format(last, "j F Y")
    html = format_html("{}–{}", _time(first.isoformat(), begin), _time(last.isoformat(), end))
    if not begin.isdecimal():
        html = format_html("{} – {}", _time(first.isoformat(), begin), _time(last.isoformat(), end))
        return Told(f"{begin} – {end}", html, first)
    return Told(f"{begin}–{end}", html, first)


def _day(day: date) -> str:
    return date_format(day, "l j F Y")


def _hour(moment: datetime) -> str:
    return date_format(moment, HOURS)


def _time(iso: str, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', iso, text)


def zones_words(zone: str) -> str:
    """A zone as a choice is called: "Europe/Brussels" → "Brussels (Europe)"."""
    area, _slash, _rest = zone.partition("/")
    return times.place_of(zone) if area == zone else f"{times.place_of(zone)} ({area})"


def _named(zone: str) -> SafeString:
    return format_html('<span class="zone">{}</span>', zone)
