"""Wall times, the zones they belong to, and the moments that they are.

People agree on what the clocks show in a zone; that is kept. The moment in UTC is worked out from it by
the zone data of the day, and is what is sorted and compared.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hub.zones import current_names


class Skipped(ValueError):
    """The clocks of the zone are put forward over this time: it never comes."""


def zone_names() -> tuple[str, ...]:
    """The IANA zones that are offered: UTC, and in the order of the alphabet those with a town."""
    return ("UTC", *current_names())


@cache
def _all_names() -> frozenset[str]:
    """The data is on the disk: asking for the names reads all of its folders."""
    return frozenset(available_timezones())


def known_zone(name: str) -> ZoneInfo | None:
    """The zone of this name, or ``None`` for anything that is no zone; takes any text."""
    # Asking the data for an odd name would open files by that name.
    return ZoneInfo(name) if name in _all_names() else None


def validate_zone(name: str) -> None:
    if known_zone(name) is None:
        raise ValidationError(
            _("“%(name)s” is no time zone. Choose one of the list, such as Europe/Brussels."),
            code="zone",
            params={"name": name[:60]},
        )


def place_of(zone: str) -> str:
    """How people call a zone: by its town, as in "Ho Chi Minh"."""
    return zone.rpartition("/")[2].replace("_", " ")


def moment(local: datetime, zone: str, *, is_second: bool = False) -> datetime:
    """The moment in UTC at which the clocks of ``zone`` show ``local``.

    In the hour that clocks repeat in autumn it is the first of the two, or with ``is_second`` the
    second. ``Skipped`` for a time that they leave out in spring.
    """
    there = local.replace(tzinfo=ZoneInfo(zone), fold=int(is_second))
    found = there.astimezone(UTC)
    if found.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) != local.replace(fold=0):
        raise Skipped(f"{local:%Y-%m-%d %H:%M} {zone}")
    return found


def is_repeated(local: datetime, zone: str) -> bool:
    """Whether the clocks of ``zone`` show this time twice."""
    there = local.replace(tzinfo=ZoneInfo(zone))
    first, second = there.replace(fold=0).utcoffset(), there.replace(fold=1).utcoffset()
    # In a gap the two differ as well, but the other way round.
    return first > second


def day_moment(day: datetime, zone: str) -> datetime:
    """The moment at which the day of ``day`` begins in ``zone``; where midnight is left out by the
    clocks, the first moment that there is."""
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    for minutes in range(0, 181, 30):
        try:
            return moment(midnight + timedelta(minutes=minutes), zone)
        except Skipped:
            continue
    # Samoa left out 30 December 2011: that day begins with the next.
    return day_moment(midnight + timedelta(days=1), zone)


def offset_words(when: datetime) -> str:
    """How far ``when`` is from UTC in its own zone: "UTC+2", "UTC−3:30", "UTC"."""
    minutes = int(when.utcoffset().total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")
