from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from hub.partners.models import User
from hub.zones import OwnZone, told

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
