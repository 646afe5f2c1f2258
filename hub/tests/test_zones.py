from datetime import UTC, datetime
from importlib.resources import files
from zoneinfo import available_timezones

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from hub.partners.models import User
from hub.zones import OwnZone, current_names, told, with_stored

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def zone_at(path: str, chosen: str) -> str:
    """How a page at this address tells noon to somebody who chose this zone."""
    request = RequestFactory().get(path)
    request.user = User(timezone=chosen)
    middleware = OwnZone(lambda request: middleware.process_view(request) or answer())

    def answer() -> HttpResponse:
        return HttpResponse(told(NOON))

    return middleware(request).content.decode()


@pytest.mark.parametrize("path", ["/account/", "/account/sessions/", "/admin/", "/en/account/"])
def test_ones_own_pages_and_the_desk_tell_ones_own_time(path):
    assert zone_at(path, "America/Bogota") == "31 January 2026, 07:00 (America/Bogota)"


@pytest.mark.parametrize("path", ["/", "/resources/", "/accounts/", "/people/admin/"])
def test_public_pages_are_the_same_for_all(path):
    assert zone_at(path, "America/Bogota") == "31 January 2026, 12:00 (UTC)"


@pytest.mark.parametrize("chosen", ["", "Mars/Olympus", "../etc/passwd", "\0"])
def test_a_zone_that_is_none_is_utc(chosen):
    assert zone_at("/account/", chosen).endswith("12:00 (UTC)")


def test_the_next_request_begins_anew():
    zone_at("/account/", "America/Bogota")

    assert timezone.get_current_timezone_name() == "UTC"


def test_zones_are_offered_under_the_names_of_today():
    names = current_names()

    assert {"Asia/Kolkata", "Europe/Kyiv", "America/Tijuana", "Asia/Ho_Chi_Minh"} <= {*names}
    old = {"Asia/Calcutta", "Europe/Kiev", "Mexico/BajaNorte", "US/Eastern", "Etc/GMT+3", "UTC"}
    assert not old & {*names}
    assert list(names) == sorted(names)
    assert {*names} <= available_timezones()
    countries = {line.split("\t")[0] for line in zone_table()}
    assert len(countries) > 240  # each of them has one that is offered


def zone_table() -> list[str]:
    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text("utf-8").splitlines()
    return [one for one in lines if one.split("\t")[2:] and one.split("\t")[2] in current_names()]


@pytest.mark.parametrize(
    ("zone", "added"),
    [("", []), ("Europe/Kyiv", []), ("Asia/Calcutta", [("Asia/Calcutta", "Asia/Calcutta")])],
)
def test_what_is_stored_stays_one_to_choose(zone, added):
    flat = [("UTC", "UTC"), ("Europe/Kyiv", "Kyiv")]
    grouped = [("UTC", "UTC"), ("Europe", [("Europe/Kyiv", "Kyiv")])]

    assert with_stored(flat, zone) == [*flat, *added]
    assert with_stored(grouped, zone) == [*grouped, *added]
