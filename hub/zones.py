"""In which zone people read times: on their own pages and at the desk in theirs, on public pages, which
are the same for all, in UTC."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import get_language_from_path

OWN_PAGES = ("/account/", "/admin/")


class OwnZone:
    """Times of day on a person's own pages and at the desk are those of the zone that they chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(timezone.get_default_timezone()):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        if is_own_page(request.path_info):
            timezone.activate(zone_named(getattr(request.user, "timezone", "")))


def is_own_page(path: str) -> bool:
    """Whether it is a person's own page or the desk's, in any language."""
    language = get_language_from_path(path)
    return path.removeprefix(f"/{language}").startswith(OWN_PAGES)


def zone_named(name: str) -> ZoneInfo:
    """The zone of this name, or UTC where there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


@cache
def current_names() -> tuple[str, ...]:
    """The zones that people choose from, in the order of the alphabet: each under the name that it has
    today, without those that are kept for old programs (Asia/Calcutta, Mexico/BajaNorte). What was
    stored under an old name stays valid; offer it by ``with_stored``."""
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return tuple(sorted({row[2] for row in rows} & available_timezones()))


def with_stored(choices: list[Any], zone: str) -> list[Any]:
    """``choices`` of zones, flat or by groups, with the one that somebody has already, whatever it is
    called: else saving a form would change or refuse it."""
    offered = {
        name
        for value, label in choices
        for name in ([one for one, _label in label] if isinstance(label, list | tuple) else [value])
    }
    return choices if not zone or zone in offered else [*choices, (zone, zone.replace("_", " "))]


# The name of the zone in which times are told where this is shown.
zone_name = lazy(timezone.get_current_timezone_name, str)()


def told(moment: datetime) -> str:
    """A moment as its reader's clock has it, with the name of the zone."""
    moment = timezone.localtime(moment)
    return f"{date_format(moment, 'j F Y, H:i')} ({timezone.get_current_timezone_name()})"
