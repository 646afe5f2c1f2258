from datetime import timedelta

import pytest

from hub import links
from hub.partners.models import User
from hub.partners.tests.factories import make_user

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def test_absolute_uses_the_configured_address(settings):
    settings.BASE_URL = "https://hub.example.org"

    assert links.absolute("/places/") == "https://hub.example.org/places/"


def test_resolve_answers_the_row_that_was_signed():
    user = make_user()
    make_user()

    token = links.sign("calendar", user)

    assert links.resolve("calendar", token, User.objects.all(), max_age=A_DAY) == user


@pytest.mark.parametrize("purpose", ["confirm", "unsubscribe", "calendar2", ""])
def test_resolve_refuses_another_purpose(purpose):
    token = links.sign("calendar", make_user())

    assert links.resolve(purpose, token, User.objects.all(), max_age=A_DAY) is None


def test_resolve_refuses_a_revoked_link():
    user = make_user()
    token = links.sign("calendar", user)
    User.objects.update(link_version=2)

    assert links.resolve("calendar", token, User.objects.all(), max_age=A_DAY) is None


def test_resolve_refuses_what_is_too_old():
    token = links.sign("calendar", make_user())

    assert links.resolve("calendar", token, User.objects.all(), max_age=timedelta(0)) is None


@pytest.mark.parametrize(
    "token", ["", ":", "1:1", "1:1:abc:def", "\0", "1" * 5000, "１:１:x:y", "not:a:to:ken"]
)
def test_resolve_refuses_forgeries(token):
    make_user()

    assert links.resolve("calendar", token, User.objects.all(), max_age=A_DAY) is None


def test_resolve_accepts_a_link_signed_before_the_key_was_rotated(settings):
    user = make_user()
    token = links.sign("calendar", user)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]

    assert links.resolve("calendar", token, User.objects.all(), max_age=A_DAY) == user


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.ilo.org/x", "ilo.org"),
        ("http://119.78.100.173/page", "a site without a name"),
        ("http://[::1]/", "a site without a name"),
        ("http://[", ""),
        ("", ""),
        ("no address", ""),
    ],
)
def test_host_of_names_the_site(url, host):
    assert links.host_of(url) == host
