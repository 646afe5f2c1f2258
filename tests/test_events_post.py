"""Scenario 23: who registers does not wait for the mail server, and hears from it once."""

import time
from collections import Counter

import pytest

from conftest import Browser
from events.tests.factories import make_event
from hub.notices import acts, jobs
from hub.notices.models import Message, Outage
from hub.notices.tests import sink as post
from hub.notices.tests.factories import let_time_pass
from hub.notices.tests.sink import Sink
from hub.notices.tests.workers import Workers, let_the_dead_be_missed, wait_until
from hub.tests.stamps import stamped

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("published_files"),
]
State = Message.State
GUESTS = 40


def smtp(port: int) -> dict[str, str]:
    return {"EMAIL_URL": f"smtp://{post.HOST}:{port}", "POST_PER_HOUR": "100000"}


def register(path: str, number: int) -> float:
    """How long somebody waits for the answer to their form."""
    browser = Browser()
    browser.defaults["REMOTE_ADDR"] = f"10.0.0.{number + 1}"
    said = {"name": "Ana", "email": f"guest{number}@x.org", "language": "en", "mode": "online"}
    begun = time.monotonic()
    answer = browser.post(path, said | {"shown": stamped("RegistrationForm")})
    took = time.monotonic() - begun
    assert answer.status_code == 302
    return took


def is_all_settled() -> bool:
    return not Message.objects.filter(state__in=[State.WAITING, State.SENDING]).exists()


def an_hour_later() -> None:
    let_the_dead_be_missed()
    let_time_pass()
    jobs.sweep()


def test_scenario_23_registering_goes_on_while_no_mail_goes_out(tmp_path):
    event, log = make_event(capacity_online=10), tmp_path / "workers.log"
    path = f"{event.get_absolute_url()}register/"
    with post.hanging() as port, Workers(1, log, **smtp(port)):
        register(path, 0)
        assert wait_until(Outage.objects.exists)
        times = sorted(register(path, number) for number in range(1, GUESTS))
    assert times[int(GUESTS * 0.95) - 1] < 0.5
    assert Counter(event.registrations.values_list("status", flat=True)) == {
        "confirmed": 10,
        "waitlisted": GUESTS - 10,
    }
    assert Message.objects.filter(state=State.WAITING).count() == GUESTS
    an_hour_later()

    # The mail server is back, and thinks for long over the first letter: its worker is killed then.
    slow = Sink(slowness=30)
    with post.running(slow) as port, Workers(1, log, **smtp(port)):
        assert slow.is_taking.wait(40)
    an_hour_later()
    sink = Sink()
    with post.running(sink) as port, Workers(1, log, **smtp(port)):
        assert wait_until(is_all_settled)
    everybody = {f"guest{number}@x.org" for number in range(GUESTS)}
    unknown = list(Message.objects.filter(state=State.UNKNOWN))
    in_hand = {message.to for message in unknown}
    assert slow.received.keys() <= in_hand
    assert len(in_hand) <= 2, "a worker has two letters in hand at most"
    assert sink.received == dict.fromkeys(everybody - in_hand, 1)

    # Whether these arrived the hub cannot know: it says so, and who sends them again repeats the letter.
    for message in unknown:
        acts.send_again(message)
    with post.running(sink) as port, Workers(1, log, **smtp(port)):
        assert wait_until(is_all_settled)
    assert sink.received == dict.fromkeys(everybody, 1)
    again = {letter["To"]: letter["Message-ID"] for letter in sink.parsed()}
    assert all(again[letter["To"]] == letter["Message-ID"] for letter in slow.parsed())
