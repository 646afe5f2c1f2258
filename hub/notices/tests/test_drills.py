"""The post office against what happens to machines: real workers, a real mail server, real kills."""

import random
import time

import pytest
from django.db import transaction

from hub.notices import acts, jobs
from hub.notices.models import Message, Outage
from hub.notices.tests import sink as post
from hub.notices.tests.factories import let_time_pass, make_letter
from hub.notices.tests.sink import Sink
from hub.notices.tests.workers import Workers, let_the_dead_be_missed, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
State = Message.State
LETTERS, KILLS = 500, 20
CANARY = "quokka-zephyr-code"


def smtp(port: int) -> dict[str, str]:
    return {"EMAIL_URL": f"smtp://{post.HOST}:{port}", "POST_PER_HOUR": "100000"}


def make_letters(number: int) -> list[str]:
    addresses = [f"{CANARY}-{one}@example.org" for one in range(number)]
    with transaction.atomic():
        for address in addresses:
            make_letter(address, f"drill:{address}", context={"name": CANARY})
    return addresses


def is_all_settled() -> bool:
    return not Message.objects.filter(state__in=[State.WAITING, State.SENDING]).exists()


def test_every_letter_arrives_and_none_twice_though_workers_are_killed(tmp_path):
    addresses, sink, log = make_letters(LETTERS), Sink(slowness=0.02), tmp_path / "workers.log"
    chance = random.Random(20)
    moments = sorted(chance.sample(range(5, LETTERS - 20), KILLS))
    begun = time.monotonic()

    with post.running(sink) as port:
        with Workers(2, log, **smtp(port)) as workers:
            for moment in moments:
                assert wait_until(lambda moment=moment: len(sink.letters) >= moment)
                time.sleep(chance.uniform(0, 0.05))
                workers.kill_and_replace(chance.randrange(2))
            assert wait_until(lambda: not Message.objects.due().exists())
        let_the_dead_be_missed()
        let_time_pass()
        jobs.sweep()
        with Workers(2, log, **smtp(port)):
            assert wait_until(is_all_settled)

        unknown = {message.to for message in Message.objects.filter(state=State.UNKNOWN)}
        sent = {message.to for message in Message.objects.filter(state=State.SENT)}
        assert sent | unknown == set(addresses)
        assert sink.received.keys() >= sent
        assert max(sink.received.values()) == 1, "none goes out twice by itself"
        assert len(unknown) <= 2 * KILLS, "a worker has two letters in hand at most"
        arrived_unnoted = len(unknown & sink.received.keys())

        for message in Message.objects.filter(state=State.UNKNOWN):
            acts.send_again(message)
        with Workers(1, log, **smtp(port)):
            assert wait_until(is_all_settled)

    assert sink.received.keys() == set(addresses)
    assert {to for to, number in sink.received.items() if number > 1} <= unknown
    assert CANARY not in log.read_text()
    print(
        f"{LETTERS} letters, {KILLS} kills, {time.monotonic() - begun:.0f} s: "
        f"{len(unknown)} unknown, of which {arrived_unnoted} had arrived"
    )


def write_in_a_request(number: int) -> float:
    """One letter in a transaction of its own, as a page does it; how long that took."""
    begun = time.monotonic()
    with transaction.atomic():
        make_letter(f"{CANARY}-{number}@example.org", context={"name": CANARY})
    return time.monotonic() - begun


def test_a_mail_server_that_hangs_holds_up_nobody_and_loses_nothing(tmp_path):
    log, sink = tmp_path / "workers.log", Sink()

    with post.hanging() as port, Workers(1, log, **smtp(port)):
        times = [write_in_a_request(number) for number in range(40)]
        assert wait_until(Outage.objects.exists)

    assert sorted(times)[37] < 0.5  # 95 of 100
    assert Message.objects.filter(state=State.WAITING).count() == 40
    let_the_dead_be_missed()
    let_time_pass()
    jobs.sweep()
    with post.running(sink) as port, Workers(1, log, **smtp(port)):
        assert wait_until(is_all_settled)
    # A letter to one address is a letter: none went twice, and none was left.
    assert sorted(sink.received.values()) == [1] * 40
    assert not Outage.objects.exists()
    assert CANARY not in log.read_text()


def test_when_the_mail_server_is_back_all_goes_out_without_anybody_s_doing(tmp_path):
    log, sink, port = tmp_path / "workers.log", Sink(), post.free_port()

    with Workers(1, log, **smtp(port)):
        times = [write_in_a_request(number) for number in range(40)]
        assert wait_until(Outage.objects.exists)
        assert Message.objects.filter(state=State.WAITING).count() == 40
        with post.running(sink, port):
            # The pause of half a minute, then the sweep of the next full one.
            assert wait_until(is_all_settled, seconds=120)

    assert sorted(times)[37] < 0.5
    assert sorted(sink.received.values()) == [1] * 40
    assert not Outage.objects.exists()
    assert CANARY not in log.read_text()
