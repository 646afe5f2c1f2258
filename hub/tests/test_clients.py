import pytest
from django.test import RequestFactory

from hub.clients import client_of


def asked_through(proxies, settings, *, direct="10.0.0.9", told=None):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if told is None else {"X-Forwarded-For": told}
    return client_of(RequestFactory().get("/", REMOTE_ADDR=direct, headers=headers))


@pytest.mark.parametrize(
    ("proxies", "told", "client"),
    [
        (0, None, "10.0.0.9"),
        (0, "198.51.100.1", "10.0.0.9"),  # nobody of ours wrote that
        (1, None, "10.0.0.9"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the first entry is the visitor's own claim
        (1, " 198.51.100.1 ", "198.51.100.1"),
        (1, "198.51.100.1:4711", "198.51.100.1"),
        (1, "unknown", "10.0.0.9"),
        (1, "198.51.100.1,", "10.0.0.9"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.7", "198.51.100.1"),
        (2, "198.51.100.1", "10.0.0.9"),  # too short to have come through both
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "[2001:db8:1:2:ffff::1]:443", "2001:db8:1:2::/64"),
        (1, "fe80::1%eth0", "fe80::/64"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
    ],
)
def test_client_is_who_our_outermost_proxy_was_asked_by(proxies, told, client, settings):
    assert asked_through(proxies, settings, told=told) == client


def test_one_who_comes_through_a_socket_has_no_address(settings):
    assert asked_through(0, settings, direct="") == ""
