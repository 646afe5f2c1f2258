from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from hub import limits
from hub.limits import Limit
from hub.models import Allowance

THREE_AN_HOUR = Limit("three an hour", 3, timedelta(hours=1))


def taken(times, key="ana@example.org", limit=THREE_AN_HOUR):
    return [limits.take(limit, key) for _ in range(times)]


def let_pass(**time):
    Allowance.objects.update(empty_at=F("empty_at") - timedelta(**time))


@pytest.mark.django_db
def test_no_more_than_the_number_may_be_done():
    assert taken(5) == [True, True, True, False, False]


@pytest.mark.django_db
def test_every_key_and_every_limit_counts_by_itself():
    taken(3)

    assert limits.take(THREE_AN_HOUR, "ben@example.org")
    assert limits.take(Limit("another", 3, timedelta(hours=1)), "ana@example.org")


@pytest.mark.django_db
def test_one_more_is_allowed_whenever_its_share_of_the_time_has_passed():
    taken(3)

    let_pass(minutes=21)

    assert taken(2) == [True, False]


@pytest.mark.django_db
def test_what_is_refused_does_not_count():
    taken(50)

    let_pass(minutes=61)

    assert taken(4) == [True, True, True, False]


@pytest.mark.django_db
def test_forgetting_lets_the_count_begin_anew():
    taken(3)

    limits.forget(THREE_AN_HOUR, "ana@example.org")

    assert taken(1) == [True]


@pytest.mark.django_db
def test_nothing_is_kept_by_which_one_could_read_who_it_was():
    taken(1)

    assert "ana" not in str(Allowance.objects.values().get())


@pytest.mark.django_db
def test_what_is_free_again_is_forgotten():
    taken(1)
    limits.take(Limit("daily", 1, timedelta(days=1)), "ana@example.org")
    let_pass(hours=2)

    limits.forget_old()

    assert Allowance.objects.get().empty_at > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_callers_at_the_same_time_take_no_more_than_there_are():
    def ask(_number):
        try:
            return limits.take(THREE_AN_HOUR, "ana@example.org")
        finally:
            connection.close()

    for _round in range(5):
        with ThreadPoolExecutor(16) as pool:
            assert sum(pool.map(ask, range(64))) == 3
        limits.forget(THREE_AN_HOUR, "ana@example.org")
