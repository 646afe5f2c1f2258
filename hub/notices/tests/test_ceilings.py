from datetime import timedelta

import pytest
from django.utils import timezone

from hub.notices import ceilings, delivery
from hub.notices.models import Message
from hub.notices.tests import sink as post
from hub.notices.tests.factories import make_blocked, make_letter, make_settled
from hub.notices.tests.sink import Sink, deliver_by

pytestmark = pytest.mark.django_db
State = Message.State


def test_a_blocked_address_gets_nothing(by_smtp):
    make_blocked("ada@example.org")
    message, other = make_letter("Ada@Example.org"), make_letter("a.da@example.org")
    sink = Sink()

    deliver_by(sink, by_smtp)

    assert sink.received == {other.to: 1}
    message.refresh_from_db()
    assert message.state == State.SUPPRESSED


def test_above_the_ceiling_of_an_address_letters_wait(settings, by_smtp):
    settings.POST_PER_ADDRESS = 2
    first = timezone.now() - timedelta(hours=20)
    make_settled(State.SENT, to="ada@example.org", at=first)
    make_settled(State.UNKNOWN, to="ADA@example.org", at=first + timedelta(hours=1))
    make_settled(State.SENT, to="ada@example.org", at=first - timedelta(hours=5))
    held, other = make_letter("Ada@example.org"), make_letter("bob@example.org")
    sink = Sink()

    deliver_by(sink, by_smtp)

    assert sink.received == {other.to: 1}
    held.refresh_from_db()
    assert (held.state, held.is_held, held.attempts) == (State.WAITING, True, 0)
    assert held.not_before == first + ceilings.DAY


def test_what_lets_somebody_in_is_not_held_by_what_came_before_it(settings, by_smtp):
    settings.POST_PER_ADDRESS = 2
    for _letter in range(5):
        make_settled(State.SENT, to="ada@example.org")
    plain, secret = make_letter("ada@example.org"), make_letter("Ada@example.org", is_secret=True)
    sink = Sink()

    deliver_by(sink, by_smtp)

    assert sink.received == {secret.to: 1}
    plain.refresh_from_db()
    assert plain.state == State.WAITING


def test_above_the_ceiling_of_the_hour_letters_wait_but_codes_have_a_reserve(settings, by_smtp):
    settings.POST_PER_HOUR = 5
    for _letter in range(4):
        make_settled(State.SENT)
    plain, codes = make_letter(), [make_letter(is_secret=True) for _code in range(2)]
    sink = Sink()

    with post.running(sink) as port:
        by_smtp(port)
        told = [delivery.deliver_next() for _turn in range(3)]

    assert told == [True, False, False]
    assert sink.received == {codes[0].to: 1}
    Message.objects.filter(state=State.SENT).update(handed_over_at=timezone.now() - ceilings.HOUR)
    with post.running(sink) as port:
        by_smtp(port)
        told = [delivery.deliver_next() for _turn in range(3)]
    assert told == [True, True, False]
    assert set(sink.received) == {plain.to, codes[0].to, codes[1].to}
