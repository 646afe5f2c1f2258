from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from conftest import Browser
from hub.accounts import factors, vault
from hub.accounts.tests.acting import (
    add_app,
    is_signed_in,
    letters,
    make_member,
    shown,
    sign_in,
)
from hub.audit.models import Access
from tests.pages import Page

STEP = "/account/login/second-step/"


def begin(client, email: str = "ana@example.org") -> None:
    assert sign_in(client, email)["Location"] == STEP


@pytest.mark.django_db
def test_a_person_with_an_app_signs_in_with_a_code(client):
    secret = add_app(make_member())
    begin(client)
    before = is_signed_in(client)

    client.post(STEP, {"code": "000000"})
    wrong = is_signed_in(client)
    client.post(STEP, {"code": f" {shown(secret)[:3]} {shown(secret)[3:]} "})

    assert (before, wrong, is_signed_in(client)) == (False, False, True)


@pytest.mark.django_db
@pytest.mark.parametrize("steps_ago", [0, 1])
def test_no_code_works_twice_nor_an_earlier_one_after_it(client, steps_ago):
    user = make_member()
    secret = add_app(user)
    assert factors.accepting(user, shown(secret))

    begin(client)
    client.post(STEP, {"code": shown(secret, steps_ago)})

    assert not is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("steps_ago", [2, 10, -2])
def test_a_code_of_another_time_is_refused(steps_ago):
    user = make_member()
    secret = add_app(user)

    assert factors.accepting(user, shown(secret, steps_ago)) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_who_send_the_same_code_at_once_one_gets_in():
    user = make_member()
    secret = add_app(user)
    code = shown(secret)

    def attempt(_number: int) -> bool:
        try:
            return factors.accepting(user, code) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        accepted = list(pool.map(attempt, range(24)))

    assert accepted.count(True) == 1


@pytest.mark.django_db
def test_the_code_that_added_an_app_is_used_up(client):
    user = make_member()
    sign_in(client, "ana@example.org")
    page = client.get("/account/second-step/app/add/")
    code = shown(client.session["mfa.totp.secret"])

    client.post("/account/second-step/app/add/", {"code": code})

    assert Page(page.content.decode()).inline_code == []
    assert '<svg class="qr"' in page.content.decode()
    assert letters("ana@example.org") == ["totp_activated"]
    assert factors.has_second_factor(user)
    assert factors.accepting(user, code) is None
    assert Access.objects.filter(act="totp_activated", account=user.pk).exists()


@pytest.mark.django_db
def test_secrets_are_not_readable_in_the_database():
    user = make_member()
    secret = add_app(user)
    codes = factors.new_recovery_codes(user)

    kept = " ".join(str(row.data) for row in Authenticator.objects.all())

    assert secret not in kept
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []


@pytest.mark.django_db
def test_recovery_codes_work_once_each_until_there_are_new_ones(client):
    user = make_member()
    add_app(user)
    old = factors.new_recovery_codes(user)
    first = factors.accepting(user, old[0])
    again = factors.accepting(user, old[0])
    left = factors.recovery_codes_left(user)

    new = factors.new_recovery_codes(user)

    assert (first is not None, again, left) == (True, None, 9)
    assert factors.accepting(user, old[1]) is None
    begin(client)
    client.post(STEP, {"code": new[1].upper().replace("-", " ")})
    assert is_signed_in(client)


@pytest.mark.django_db
def test_recovery_codes_are_shown_once(client):
    add_app(make_member())
    begin(client)
    secret = vault.decrypt(Authenticator.objects.get().data["secret"])
    client.post(STEP, {"code": shown(secret)})
    url = "/account/second-step/recovery-codes/"

    made = client.post(url)
    later = client.get(url)

    assert len(made.context["codes"]) == len(set(made.context["codes"])) == 10
    assert made["Cache-Control"] == "private, no-store"
    assert [code for code in made.context["codes"] if code in later.content.decode()] == []


@pytest.mark.django_db
def test_wrong_codes_are_counted_and_right_ones_begin_anew(client):
    secret = add_app(make_member())
    begin(client)

    statuses = [client.post(STEP, {"code": "000000"}).status_code for _ in range(11)]
    right = client.post(STEP, {"code": shown(secret)})

    assert statuses == [200] * 10 + [429]
    assert (right.status_code, right["Retry-After"]) == (429, "90")
    assert not is_signed_in(client)


@pytest.mark.django_db
def test_a_rotated_key_keeps_the_app_working_and_takes_the_secret_over(settings):
    user = make_member()
    secret = add_app(user)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    settings.SECRET_KEY_FALLBACKS = [old]

    accepted = factors.accepting(user, shown(secret))
    settings.SECRET_KEY_FALLBACKS = []

    assert accepted is not None
    assert vault.decrypt(Authenticator.objects.get().data["secret"]) == secret


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["login/passkey/", "login/second-step/"])
@pytest.mark.parametrize(
    "credential",
    [
        *("", "[]", "{}", "null", "7", '"text"', "{", '{"id": 1}', '{"response": []}'),
        *("[" * 100_000, '{"a":' * 2_000, "1" * 5_000, '"\\ud800"', '{"id": "\\ud800"}', "\x00"),
        '{"response": {"userHandle": null}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ"}}',
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30",'
        ' "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}',
    ],
)
def test_nonsense_instead_of_a_passkey_is_refused(client, path, credential):
    add_app(make_member())
    client.get("/account/login/passkey/")
    if path == "login/second-step/":
        begin(client)

    response = client.post(f"/account/{path}", {"credential": credential})

    assert response.status_code in (200, 302)
    assert not is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("credential", ["[" * 100_000, "1" * 5_000, '"\\ud800"', '{"a": 1}'])
def test_nonsense_is_no_new_passkey(client, credential):
    make_member()
    sign_in(client, "ana@example.org")
    client.get("/account/second-step/passkeys/add/")

    response = client.post("/account/second-step/passkeys/add/", {"credential": credential})

    assert response.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
def test_a_passkey_is_offered_as_second_step_to_whoever_has_one(client):
    user = make_member()
    add_app(user)
    begin(client)

    assert "Or with a passkey" not in client.get("/account/login/second-step/").content.decode()


@pytest.mark.django_db
def test_a_person_may_not_remove_the_passkey_of_another(client):
    ben = make_member("ben@example.org")
    key = Authenticator.objects.create(
        user=ben, type=factors.Type.WEBAUTHN, data={"name": "Ben's", "credential": {}}
    )
    make_member("ana@example.org")
    ana = Browser()
    sign_in(ana, "ana@example.org")

    response = ana.post(f"/account/second-step/passkeys/{key.pk}/remove/")

    assert response.status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()
