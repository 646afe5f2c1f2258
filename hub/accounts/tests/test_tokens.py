"""A token opens what it was made for, once, for its time, and nothing else."""

from datetime import timedelta

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import default_token_generator
from django.utils import timezone

from conftest import Browser
from hub import links
from hub.accounts.tests.acting import (
    NEW_PASSWORD,
    PASSWORD,
    code_for,
    link_for,
    make_member,
    sign_in,
    sign_up,
)
from hub.partners.models import User
from hub.partners.tests.factories import make_user

pytestmark = pytest.mark.django_db

PURPOSES = ["newsletter", "invitation", "registration", "calendar", "unsubscribe", "preview"]


def reset_key(user: User) -> str:
    return default_token_generator.make_token(user)


def opens_reset(token: str, user: User) -> bool:
    path = f"/account/password/reset/{user_pk_to_url_str(user)}-{token}/"
    return Browser().get(path).status_code == 302


@pytest.mark.parametrize("made_for", [*PURPOSES, "reset", "code"])
@pytest.mark.parametrize("used_for", [*PURPOSES, "reset"])
def test_a_token_of_one_purpose_is_refused_by_every_other(published_files, made_for, used_for):
    user = make_member()
    if made_for == "reset":
        token = reset_key(user)
    elif made_for == "code":
        sign_up(Browser(), "b@example.org")
        token = code_for("b@example.org")
    else:
        token = links.sign(made_for, user)

    if used_for == "reset":
        is_taken = opens_reset(token, user)
    else:
        found = links.resolve(used_for, token, User.objects.all(), max_age=timedelta(days=1))
        is_taken = found is not None

    assert is_taken == (made_for == used_for)


@pytest.mark.parametrize("made_for", [*PURPOSES, "reset"])
def test_no_token_is_a_code(client, made_for):
    user = make_member()
    sign_up(client, "b@example.org")
    token = reset_key(user) if made_for == "reset" else links.sign(made_for, user)

    response = client.post("/account/confirm-email/", {"code": token})

    assert response.status_code == 200
    assert client.get("/account/sign-in/").status_code == 302


def ask_for_link(email: str) -> str:
    Browser().post("/account/password/reset/", {"email": email})
    return link_for(email)


def test_a_link_works_once(client):
    make_member()
    link = ask_for_link("ana@example.org")
    form = client.get(link)["Location"]
    client.post(form, {"password1": NEW_PASSWORD})

    again = Browser().get(link)
    posted = client.post(form, {"password1": "yet another sentence"})

    assert "This link does not work" in again.content.decode()
    assert "This link does not work" in posted.content.decode()
    assert User.objects.get().check_password(NEW_PASSWORD)


@pytest.mark.parametrize(("minutes", "status"), [(59, 302), (61, 200)])
def test_a_link_works_for_an_hour(client, monkeypatch, minutes, status):
    make_member()
    link = ask_for_link("ana@example.org")
    later = timezone.now().replace(tzinfo=None) + timedelta(minutes=minutes)
    monkeypatch.setattr(type(default_token_generator), "_now", lambda self: later)

    assert client.get(link).status_code == status


@pytest.mark.parametrize("change", ["address", "password", "sign-in", "another account"])
def test_a_link_ends_with_what_it_was_made_for(client, change):
    user = make_member()
    link = ask_for_link("ana@example.org")
    if change == "address":
        User.objects.filter(pk=user.pk).update(email="new@example.org")
    elif change == "password":
        user.set_password(NEW_PASSWORD)
        user.save()
    elif change == "sign-in":
        sign_in(Browser(), "ana@example.org")
    else:
        other = make_user("ben@example.org")
        link = link.replace(f"/{user_pk_to_url_str(user)}-", f"/{user_pk_to_url_str(other)}-")

    assert client.get(link).status_code == 200


def test_links_are_those_of_the_configured_site_whatever_the_request_says(client):
    make_member()

    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    client.post("/account/password/reset/", {"email": "ana@example.org"}, headers=headers)
    refused = client.post(
        "/account/password/reset/", {"email": "ana@example.org"}, headers={"Host": "evil.example"}
    )

    assert link_for("ana@example.org").startswith("/account/password/reset/")
    assert refused.status_code == 400


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_rotated_key_keeps_links_and_sessions_alive_as_long_as_it_is_named(settings, is_kept):
    user = make_member()
    link, token = ask_for_link("ana@example.org"), links.sign("invitation", user)
    browser = Browser()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    settings.SECRET_KEY_FALLBACKS = [old] if is_kept else []

    found = links.resolve("invitation", token, User.objects.all(), max_age=timedelta(days=1))

    assert (found == user) == is_kept
    assert (browser.get(link).status_code == 302) == is_kept


def test_a_rotated_key_keeps_people_signed_in(client, settings):
    make_member()
    sign_in(client, "ana@example.org", PASSWORD)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    settings.SECRET_KEY_FALLBACKS = [old]

    assert client.get("/account/sign-in/").status_code == 200
