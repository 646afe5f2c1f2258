"""Many people at once who want the same seats, on a real server and a real database. The numbers are
those of the scenarios."""

import os
import random
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.timezone import now

from events import reminding, seats
from events.cloning import clone
from events.models import Event, Registration
from events.tests.factories import make_event, make_registration
from hub.notices.models import Message
from hub.partners.tests.factories import make_organisation
from hub.tests.stamps import stamped
from tests.servers import Answer, Server, gunicorn

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
AT_ONCE = 8
# So many workers are killed, one after the other, and so many seconds people try again for one seat.
KILLED = 4
PATIENCE = 90


@contextmanager
def serving(published_files: Path, log: Path, **environment: str) -> Iterator[Server]:
    own = {"STATIC_ROOT": str(published_files)}
    with gunicorn("tests.race_settings", log, workers=2, **own, **environment) as server:
        yield server


@pytest.fixture(scope="module")
def server(
    published_files: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Server]:
    with serving(published_files, tmp_path_factory.mktemp("races") / "log") as server:
        yield server


def at_once(act: Callable[[Any], Any], wanted: list[Any]) -> list[Any]:
    """Do ``act`` with each of ``wanted``, all of them beginning at the same moment."""
    ready = threading.Barrier(len(wanted))

    def begin(one: Any) -> Any:
        ready.wait(30)
        try:
            return act(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(begin, wanted))


class Visitor:
    """Somebody with a browser and an address of their own on the net."""

    def __init__(self, server: Server, number: int) -> None:
        self.server = Server(server.port, server.pid)
        self.headers = {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"}

    def opens(self, event: Event) -> "Visitor":
        page = self.server.ask("GET", f"/events/{event.slug}/register/", **self.headers)
        self.token = TOKEN.search(page.content.decode())[1]
        return self

    def sends(self, event: Event, email: str, **said: str) -> Answer:
        told = {
            "csrfmiddlewaretoken": self.token,
            "shown": stamped("RegistrationForm"),
            "name": email.partition("@")[0],
            "email": email,
            "language": "en",
        }
        body = urlencode(told | said).encode()
        path = f"/events/{event.slug}/register/"
        return self.server.ask("POST", path, body, **FORM, **self.headers)


def race(server: Server, event: Event, emails: list[str], **said: str) -> list[Answer]:
    visitors = [Visitor(server, number).opens(event) for number in range(len(emails))]
    return send_at_once(visitors, event, emails, **said)


def send_at_once(
    visitors: list[Visitor], event: Event, emails: list[str], **said: str
) -> list[Answer]:
    return at_once(
        lambda one: one[0].sends(event, one[1], **said), list(zip(visitors, emails, strict=True))
    )


def tally(event: Event) -> Counter:
    return Counter(event.registrations.values_list("status", flat=True))


def emails(count: int = AT_ONCE) -> list[str]:
    return [f"guest{number}@x.org" for number in range(count)]


def test_scenario_1_the_last_seat_goes_to_one_of_eight(server: Server):
    visitors: list[Visitor] = []
    for number in range(50):
        event = make_event(capacity_online=1)
        visitors = visitors or [Visitor(server, one).opens(event) for one in range(AT_ONCE)]
        # Others each time: the hub writes to one mailbox only so often a day.
        wanted = [f"round{number}-{email}" for email in emails()]

        answers = send_at_once(visitors, event, wanted)

        assert {answer.status_code for answer in answers} == {302}
        assert tally(event) == {"confirmed": 1, "waitlisted": AT_ONCE - 1}
        first = event.registrations.order_by("queued_at", "id").first()
        assert first.status == "confirmed"


def test_scenario_1_without_the_lock_there_would_be_too_many(published_files, tmp_path):
    """The control: if this never overbooks, the test above proves nothing."""
    with serving(published_files, tmp_path / "log", WITHOUT_LOCK="1") as server:
        for _round in range(20):
            event = make_event(capacity_online=1)
            race(server, event, emails())
            if tally(event)["confirmed"] > 1:
                return

    pytest.fail("Without the lock nobody was seated twice: these races are none.")


def test_scenario_8_an_organisation_has_three_seats_for_six_who_come_at_once(server: Server):
    make_organisation("Union of Miners")
    event = make_event(seats_per_organisation=3)

    answers = race(server, event, emails(6), organisation_name="Union of Miners")

    assert Counter(answer.status_code for answer in answers) == {302: 3, 422: 3}
    refused = [answer.content.decode() for answer in answers if answer.status_code == 422]
    assert all("3 seats" in text for text in refused)
    assert tally(event) == {"confirmed": 3}


def test_scenario_9_one_form_sent_eight_times_is_one_row_and_one_letter(server: Server):
    event = make_event(capacity_online=1, has_waiting_list=False)

    answers = race(server, event, ["ana@x.org"] * AT_ONCE)

    assert {(one.status_code, one.headers["Location"]) for one in answers} == {
        (302, f"/events/{event.slug}/register/sent/")
    }
    assert tally(event) == {"confirmed": 1}
    assert Message.objects.filter(to="ana@x.org").count() == 1


def test_scenario_3_eight_who_cancel_at_once_make_room_for_the_first_eight():
    for _round in range(30):
        event = make_event(capacity_online=AT_ONCE)
        leaving = [make_registration(event) for _number in range(AT_ONCE)]
        waiting = [make_registration(event, status="waitlisted") for _number in range(12)]

        at_once(seats.cancel, [one.pk for one in leaving])

        found = [Registration.objects.get(pk=one.pk).status for one in waiting]
        assert found == ["confirmed"] * AT_ONCE + ["waitlisted"] * 4
        told = Message.objects.filter(dedup_key__contains=":promoted:")
        told = told.filter(to__in=[one.email for one in waiting])
        assert Counter(told.values_list("to", flat=True)) == {
            one.email: 1 for one in waiting[:AT_ONCE]
        }


def test_scenario_4_one_seat_is_given_by_itself_or_by_hand_and_not_twice():
    for _round in range(5):
        event = make_event(capacity_online=1)
        leaving = make_registration(event)
        first, second = (make_registration(event, status="waitlisted") for _number in range(2))

        def act(one: tuple[Callable, int]) -> str:
            try:
                one[0](one[1])
            except ValidationError as refused:
                return refused.messages[0]
            return ""

        said = at_once(act, [(seats.cancel, leaving.pk), (seats.promote, second.pk)])

        assert said == ["", "There is no free seat any more."]
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.status, second.status) == ("confirmed", "waitlisted")


def test_scenario_25_two_workers_who_remind_at_once_write_each_letter_once():
    event = make_event(
        starts_local=(now() + timedelta(hours=23)).replace(tzinfo=None),
        ends_local=None,
        timezone="UTC",
    )
    signed_up = now() - timedelta(days=20)
    coming = [make_registration(event, created_at=signed_up) for _number in range(20)]

    for _round in range(3):
        at_once(lambda _worker: reminding.remind(), [1, 2])

    told = Message.objects.filter(dedup_key__contains=":reminder:")
    assert Counter(told.values_list("to", flat=True)) == {one.email: 1 for one in coming}


def test_a_clone_that_is_asked_for_twice_at_once_is_one_draft():
    event = make_event(starts_local=datetime(2030, 10, 24, 9), ends_local=None)
    hands = {"owner": event.owner, "is_shared": True}

    made = at_once(
        lambda title: clone(event, title, date(2031, 10, 23), **hands), ["Coal Week"] * AT_ONCE
    )

    assert len({one.pk for one, _is_new in made}) == 1
    assert sum(is_new for _one, is_new in made) == 1


def test_two_hundred_who_register_while_workers_are_killed(server: Server):
    """32 clients, 50 seats: nobody is seated twice or lost, and the queue is in order. Who is cut off
    by a dying worker sends the form once more, as people do."""
    event, over = make_event(capacity_online=50), threading.Event()
    wanted = emails(200)
    visitors = [Visitor(server, number).opens(event) for number in range(32)]
    shares = [wanted[number::32] for number in range(32)]
    statuses: list[int] = []

    def register_all(one: tuple[Visitor, list[str]]) -> None:
        visitor, share = one
        for email in share:
            statuses.append(_sent_until_answered(visitor, event, email))

    killer = threading.Thread(target=_kill_workers, args=(server.pid, over))
    killer.start()
    try:
        at_once(register_all, list(zip(visitors, shares, strict=True)))
    finally:
        over.set()
        killer.join()

    assert Counter(statuses) == {302: 200}
    assert tally(event) == {"confirmed": 50, "waitlisted": 150}
    queue = list(event.registrations.order_by("queued_at", "id"))
    assert [one.status for one in queue] == ["confirmed"] * 50 + ["waitlisted"] * 150
    assert [one.pk for one in queue] == sorted(one.pk for one in queue)
    letters = Message.objects.filter(to__in=wanted)
    assert Counter(letters.values_list("to", flat=True)) == dict.fromkeys(wanted, 1)


def _sent_until_answered(visitor: Visitor, event: Event, email: str) -> int:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            return visitor.sends(event, email).status_code
        except (OSError, HTTPException):  # the worker that had it is dead
            time.sleep(0.2)
    return 0


def _kill_workers(master: int, over: threading.Event) -> None:
    for _time in range(KILLED):
        if over.wait(1.5):
            return
        worker = random.choice(psutil.Process(master).children())
        os.kill(worker.pid, signal.SIGKILL)
