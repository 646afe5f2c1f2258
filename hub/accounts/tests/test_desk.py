import os
import subprocess
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.core.management import CommandError, call_command

from conftest import Browser
from hub.accounts import factors
from hub.accounts.tests.acting import (
    PASSWORD,
    add_app,
    make_member,
    shown,
    sign_in,
)
from hub.partners.models import Membership, User
from hub.partners.tests.factories import make_organisation, make_user
from tests.isolation import PLACEHOLDER, routes
from tests.pages import Page
from tests.test_settings import GOOD

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_production(settings) -> None:
    settings.REQUIRE_STAFF_MFA = True


def make_staff(**fields) -> User:
    user = make_member(**fields)
    Membership.objects.create(user=user, organisation=make_organisation(), role="editor")
    return user


def test_the_desk_has_no_sign_in_of_its_own(client):
    make_member()

    asked = client.get("/admin/login/?next=/admin/partners/person/")
    tried = client.post("/admin/login/", {"username": "ana@example.org", "password": PASSWORD})

    assert asked["Location"] == "/account/login/?next=/admin/partners/person/"
    assert tried["Location"] == "/account/login/?next=/admin/"
    assert client.get("/account/sign-in/").status_code == 302


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "%00"]
)
def test_the_desk_leads_nobody_away(client, wanted):
    response = client.get("/admin/login/", {"next": wanted})

    assert response["Location"] in ("/account/login/?next=/admin/", "/account/login/?next=%2500")


def test_signing_out_of_the_desk_takes_a_button(client):
    add_app(make_staff())
    client.force_login(User.objects.get())

    looked = client.get("/admin/logout/")
    signed_in = client.get("/account/sign-in/").status_code
    pressed = client.post("/admin/logout/")

    assert (looked.status_code, signed_in) == (405, 200)
    assert pressed["Location"] == "/account/signed-out/"
    assert client.get("/account/sign-in/").status_code == 302


def test_who_has_no_desk_is_told_so(client):
    make_member()
    sign_in(client, "ana@example.org")

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert Page(response.content.decode()).title.startswith("This account has no partner desk")


def test_staff_without_a_second_step_see_nothing_of_the_desk(client):
    make_staff()
    client.force_login(User.objects.get())
    addresses = [route for route in routes() if not PLACEHOLDER.search(route)]

    seen = {address for address in addresses if client.get(address).status_code == 200}
    led = client.get("/admin/", follow=True)

    assert len(addresses) > 20
    assert seen <= {"/admin/jsi18n/"}
    assert led.redirect_chain[-1] == ("/account/second-step/", 302)
    assert "The partner desk opens as soon as" in led.content.decode()


@pytest.mark.parametrize("kind", [factors.Type.RECOVERY_CODES, factors.Type.TOTP])
def test_recovery_codes_alone_open_nothing(client, kind):
    user = make_staff()
    Authenticator.objects.create(user=user, type=kind, data={})
    client.force_login(user)

    assert client.get("/admin/").status_code == (200 if kind == factors.Type.TOTP else 302)


def test_the_first_administrator_comes_in_by_setting_up_an_app(client):
    make_user("root@example.org", is_superuser=True)
    sign_in(client, "root@example.org")
    before = client.get("/admin/").status_code

    client.get("/account/second-step/app/add/")
    code = shown(client.session["mfa.totp.secret"])
    added = client.post("/account/second-step/app/add/", {"code": code})

    assert (before, client.get("/admin/").status_code) == (302, 200)
    assert added["Location"] == "/account/second-step/recovery-codes/"


def test_the_desk_shuts_again_when_the_last_factor_goes(client):
    add_app(make_staff())
    client.force_login(User.objects.get())
    before = client.get("/admin/").status_code

    client.post("/account/second-step/app/remove/")

    assert (before, client.get("/admin/").status_code) == (200, 302)


def test_without_the_rule_the_desk_opens_at_once(client, settings):
    settings.REQUIRE_STAFF_MFA = False
    make_staff()
    client.force_login(User.objects.get())

    assert client.get("/admin/").status_code == 200


def test_the_desk_shows_no_secrets_of_accounts():
    shown_at_the_desk = {model._meta.label for model in admin.site._registry}

    assert not {label for label in shown_at_the_desk if label.startswith(("account.", "mfa."))}
    assert "usersessions.UserSession" not in shown_at_the_desk


def test_who_has_lost_all_is_let_in_again_by_whoever_runs_the_hub(client, capsys):
    user = make_staff()
    add_app(user)
    factors.new_recovery_codes(user)
    sign_in(client, user.email)

    call_command("remove_second_steps", "ANA@example.org")

    assert not Authenticator.objects.exists()
    assert sign_in(Browser(), user.email)["Location"] == "/admin/"
    with pytest.raises(CommandError):
        call_command("remove_second_steps", "nobody@example.org")


@pytest.mark.parametrize(
    ("changes", "is_required"),
    [
        ({}, True),
        ({"REQUIRE_STAFF_MFA": "0"}, False),
        ({"LOCAL": "1"}, False),
        ({"LOCAL": "1", "REQUIRE_STAFF_MFA": "1"}, True),
    ],
)
def test_in_production_the_rule_holds_unless_it_is_switched_off(changes, is_required):
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    command = [sys.executable, "-c", "from hub import settings; print(settings.REQUIRE_STAFF_MFA)"]

    said = subprocess.run(
        command,
        cwd=settings.ROOT,
        env=kept | GOOD | changes,
        capture_output=True,
        text=True,
        check=True,
    )

    assert said.stdout == f"{is_required}\n"
