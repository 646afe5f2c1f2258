from datetime import timedelta

import pytest
from django.db.models import F

from conftest import Browser
from hub.accounts.tests.acting import (
    NEW_PASSWORD,
    PASSWORD,
    is_signed_in,
    letters,
    link_for,
    make_member,
    sign_in,
    sign_up,
)
from hub.models import Allowance
from hub.notices.models import Message
from hub.partners.tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]


def let_pass(**time: int) -> None:
    Allowance.objects.update(empty_at=F("empty_at") - timedelta(**time))


def from_each(count: int) -> list[Browser]:
    return [Browser(REMOTE_ADDR=f"192.0.2.{number}") for number in range(1, count + 1)]


def test_ten_wrong_passwords_shut_an_account_wherever_they_come_from():
    make_member()

    statuses = [sign_in(one, "ana@example.org", "no").status_code for one in from_each(12)]
    right = sign_in(Browser(REMOTE_ADDR="192.0.2.99"), "ana@example.org")

    assert statuses == [200] * 10 + [429] * 2
    assert (right.status_code, right["Retry-After"]) == (429, "90")
    assert "choose a new password by mail" in right.content.decode()


@pytest.mark.parametrize("spelt", ["ANA@example.org", " ana@example.org ", "Ana@Example.ORG"])
def test_however_an_address_is_spelt_it_is_one_account(spelt):
    make_member()
    for one in from_each(10):
        sign_in(one, spelt, "no")

    assert sign_in(Browser(), "ana@example.org").status_code == 429


def test_the_count_begins_anew_with_the_right_password(client):
    make_member()
    for one in from_each(9):
        sign_in(one, "ana@example.org", "no")
    sign_in(client, "ana@example.org")

    statuses = [sign_in(one, "ana@example.org", "no").status_code for one in from_each(10)]

    assert statuses == [200] * 10


def test_its_owner_gets_in_by_a_new_password_and_others_stay_out(client):
    make_member()
    for one in from_each(10):
        sign_in(one, "ana@example.org", "no")

    client.post("/account/password/reset/", {"email": "ana@example.org"})
    form = client.get(link_for("ana@example.org"))["Location"]
    client.post(form, {"password1": NEW_PASSWORD})
    sign_in(client, "ana@example.org", NEW_PASSWORD)

    assert is_signed_in(client)
    assert sign_in(Browser(), "ana@example.org", "no").status_code == 200


def test_its_owner_gets_in_though_somebody_goes_on_trying(client):
    make_member()
    for one in from_each(10):
        sign_in(one, "ana@example.org", "no")
    client.post("/account/password/reset/", {"email": "ana@example.org"})
    form = client.get(link_for("ana@example.org"))["Location"]
    for one in from_each(10):
        sign_in(one, "ana@example.org", "no")

    client.post(form, {"password1": NEW_PASSWORD})

    assert is_signed_in(client)


def test_no_neighbour_s_sign_in_has_wrong_passwords_forgotten():
    make_member()
    for spelling in ("ana+evil@example.org", "a.na@example.org"):
        make_user(spelling)
    statuses = []
    for number, one in enumerate(from_each(12)):
        statuses.append(sign_in(one, "ana@example.org", "no").status_code)
        sign_in(one, ["ana+evil@example.org", "a.na@example.org"][number % 2])

    assert statuses == [200] * 10 + [429] * 2


def test_from_one_place_thirty_wrong_passwords_an_hour_whatever_the_accounts():
    statuses = [
        sign_in(Browser(), f"person{number}@example.org", "no").status_code for number in range(32)
    ]

    assert statuses == [200] * 30 + [429] * 2


def test_a_place_that_is_shut_cannot_shut_an_account():
    make_member()
    for number in range(30):
        sign_in(Browser(), f"person{number}@example.org", "no")
    for _ in range(20):
        sign_in(Browser(), "ana@example.org", "no")

    assert sign_in(Browser(REMOTE_ADDR="192.0.2.1"), "ana@example.org").status_code == 302


def test_right_passwords_do_not_count_against_a_place_nor_for_it():
    make_member()
    for number in range(29):
        sign_in(Browser(), f"person{number}@example.org", "no")
    right = [sign_in(Browser(), "ana@example.org").status_code for _ in range(5)]

    statuses = [
        sign_in(Browser(), f"last{number}@example.org", "no").status_code for number in "12"
    ]

    assert right == [302] * 5
    assert statuses == [200, 429]


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"])
def test_headers_that_anybody_can_write_change_nothing(header):
    make_member()

    statuses = [
        sign_in(Browser(), f"person{number}@example.org", "no", **{header: f"203.0.113.{number}"})
        for number in range(31)
    ]

    assert [answer.status_code for answer in statuses] == [200] * 30 + [429]


def test_behind_a_proxy_each_client_counts_by_itself(settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(30):
        sign_in(
            Browser(), f"a{number}@example.org", "no", **{"X-Forwarded-For": f"{number}, 9.9.9.9"}
        )

    same = sign_in(Browser(), "b@example.org", "no", **{"X-Forwarded-For": "1.2.3.4, 9.9.9.9"})
    other = sign_in(Browser(), "b@example.org", "no", **{"X-Forwarded-For": "9.9.9.9, 1.2.3.4"})

    assert (same.status_code, other.status_code) == (429, 200)


@pytest.mark.parametrize("path", ["password/change/", "reauthenticate/"])
def test_whoever_holds_a_session_may_not_guess_the_password_either(client, path):
    make_member()
    sign_in(client, "ana@example.org")
    data = {"oldpassword": "no", "password": "no", "password1": NEW_PASSWORD}

    statuses = [client.post(f"/account/{path}", data).status_code for _ in range(11)]

    assert statuses == [200] * 10 + [429]


def test_an_address_gets_one_code_a_minute_and_eight_a_day():
    statuses = []
    for minute in range(10):
        for one in from_each(2):
            address = f"a{'+' * minute}{minute or ''}@example.org"
            statuses.append(sign_up(one, address).status_code)
        let_pass(seconds=61)

    assert statuses == [302, 429] * 8 + [429] * 4
    assert Message.objects.count() == 8


def test_whoever_is_pestered_with_resets_always_has_a_link_that_works(client):
    make_member()
    for one in from_each(40):
        one.post("/account/password/reset/", {"email": "ana@example.org"})
        let_pass(seconds=61)
    sent = letters("ana@example.org")
    let_pass(minutes=60)

    response = client.post("/account/password/reset/", {"email": "ana@example.org"})

    assert sent == ["password_reset_key"] * 24
    assert response.status_code == 302
    assert letters("ana@example.org") == ["password_reset_key"] * 25


def test_from_one_place_come_few_sign_ups_and_resets():
    signed_up = [sign_up(Browser(), f"a{number}@example.org") for number in range(21)]
    reset = [
        Browser().post("/account/password/reset/", {"email": f"b{number}@example.org"})
        for number in range(21)
    ]

    assert [answer.status_code for answer in signed_up] == [302] * 20 + [429]
    assert [answer.status_code for answer in reset] == [302] * 20 + [429]


def test_a_right_password_for_an_unconfirmed_address_mails_one_code_a_minute():
    sign_up(Browser(), "ana@example.org", PASSWORD)

    statuses = [sign_in(Browser(), "ana@example.org").status_code for _ in range(3)]

    assert statuses == [429] * 3
    assert letters("ana@example.org") == ["email_confirmation_signup"]
