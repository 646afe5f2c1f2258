"""By a provider: its answers to letters, and its reports on them. It is asked over real HTTP."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client

from hub.notices import delivery, suppression
from hub.notices.models import Address, Message, Outage
from hub.notices.tests import sink as post
from hub.notices.tests.factories import make_blocked, make_letter
from hub.notices.tests.test_calendar import invitation

pytestmark = pytest.mark.django_db
State = Message.State
SECRET = "provider:a-password-of-some-length"
ADDRESS = "/post/webhook/postmark/"


@contextmanager
def provider(status: int, answer: object) -> Iterator[tuple[int, list[dict]]]:
    """A provider's API that answers every letter like this (a status of 0: hangs up), its port, and
    what it was asked."""
    asked = []

    class Api(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            if status:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer((post.HOST, 0), Api)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def by_postmark(settings):
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.EMAIL_PROVIDER = "postmark"

    def to(port: int) -> None:
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": "token",
            "POSTMARK_API_URL": f"http://{post.HOST}:{port}/",
            "REQUESTS_TIMEOUT": 1,
        }

    return to


TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": "ada@example.org"}
REFUSED = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive.\n"
    "Found inactive addresses: ada@example.org.\nInactive recipients are ones that have bounced.",
}


@pytest.mark.parametrize(
    ("status", "answer", "state", "is_outage"),
    [
        (200, TAKEN, State.SENT, False),
        (422, REFUSED, State.FAILED, False),
        (422, {"ErrorCode": 406, "Message": "Said anew"}, State.UNKNOWN, False),
        (422, {"ErrorCode": 300, "Message": "Invalid"}, State.FAILED, False),
        (401, {"ErrorCode": 10, "Message": "Bad token"}, State.WAITING, True),
        (429, {}, State.WAITING, True),
        (503, {}, State.WAITING, True),
        (500, {}, State.UNKNOWN, False),
        (504, {}, State.UNKNOWN, False),
        (0, {}, State.UNKNOWN, False),
        (200, "no answer that we know", State.UNKNOWN, False),
    ],
)
def test_what_a_provider_answers_settles_the_letter(by_postmark, status, answer, state, is_outage):
    message = make_letter("ada@example.org")

    with provider(status, answer) as (port, asked):
        by_postmark(port)
        delivery.deliver_next()

    message.refresh_from_db()
    assert (message.state, Outage.objects.exists()) == (state, is_outage)
    assert [one["To"] for one in asked] == ["ada@example.org"]
    assert "Good day" not in message.error
    assert message.leased_until is None or state == State.UNKNOWN


def test_a_provider_that_cannot_be_called_got_nothing(by_postmark):
    message = make_letter()

    by_postmark(post.free_port())
    delivery.deliver_next()

    message.refresh_from_db()
    assert (message.state, message.handed_over_at) == (State.WAITING, None)
    assert Outage.objects.count() == 1


def test_a_provider_that_does_not_answer_may_have_it(by_postmark):
    message = make_letter()

    with post.hanging() as port:
        by_postmark(port)
        delivery.deliver_next()

    message.refresh_from_db()
    assert message.state == State.UNKNOWN


def test_by_a_provider_the_invitation_is_a_file_with_its_method(by_postmark):
    make_letter("ada@example.org", calendar=invitation())

    with provider(200, TAKEN) as (port, asked):
        by_postmark(port)
        delivery.deliver_next()

    ((file,),) = [one["Attachments"] for one in asked]
    assert file["Name"] == "invite.ics"
    assert 'method="REQUEST"' in file["ContentType"]
    assert b"BEGIN:VCALENDAR" in base64.b64decode(file["Content"])


@pytest.fixture
def reported_to(settings):
    settings.POST_WEBHOOK_SECRET = SECRET
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}


def report(client: Client, body: object, secret: str = SECRET, address: str = ADDRESS):
    token = base64.b64encode(secret.encode()).decode()
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(
        address, text, content_type="application/json", headers={"Authorization": f"Basic {token}"}
    )


def bounce(kind: str, **fields) -> dict:
    return {
        "RecordType": "Bounce",
        "Type": kind,
        "ID": 1,
        "MessageID": "1",
        "Email": "Ada@Example.org",
        "Details": "smtp;550 5.1.1 unknown",
        "BouncedAt": "2026-11-22T10:00:00Z",
        **fields,
    }


COMPLAINT = {**bounce("SpamComplaint"), "RecordType": "SpamComplaint"}
ARRIVED = {
    "RecordType": "Delivery",
    "MessageID": "1",
    "Recipient": "ada@example.org",
    "DeliveredAt": "2026-11-22T10:00:00Z",
}


@pytest.mark.parametrize(
    ("body", "reason"),
    [(bounce("HardBounce"), Address.Reason.BOUNCE), (COMPLAINT, Address.Reason.COMPLAINT)],
)
def test_webhook_blocks_who_does_not_exist_or_complains(client, reported_to, body, reason):
    assert report(client, body).status_code == 200
    assert report(client, body).status_code == 200

    (address,) = Address.objects.suppressed()
    assert (address.address, address.reason) == ("ada@example.org", reason)


def test_webhook_counts_what_came_back_for_now(client, reported_to):
    soft = bounce("SoftBounce", Details="smtp;452 4.2.2 mailbox full")
    for _time in range(suppression.SOFT_BOUNCES_IN_A_ROW - 1):
        report(client, soft)
    assert not suppression.is_suppressed("ada@example.org")

    report(client, ARRIVED)
    report(client, soft)
    assert Address.objects.get().soft_bounces == 1

    for _time in range(suppression.SOFT_BOUNCES_IN_A_ROW - 1):
        report(client, soft)
    assert suppression.is_suppressed("ADA@example.org")
    assert Address.objects.get().reason == Address.Reason.SOFT


@pytest.mark.parametrize("secret", ["provider:wrong", "", ":", "provider:", f"{SECRET}x"])
def test_webhook_refuses_a_forged_secret(client, reported_to, secret):
    assert report(client, bounce("HardBounce"), secret).status_code == 400
    assert client.post(ADDRESS, "{}", content_type="application/json").status_code == 400
    assert Address.objects.count() == 0


def test_webhook_is_not_there_without_a_secret(client, settings):
    settings.EMAIL_PROVIDER = "postmark"

    assert report(client, bounce("HardBounce")).status_code == 404


@pytest.mark.parametrize("name", ["sendgrid", "postmarks", "inbound", "none"])
def test_webhook_is_not_there_for_other_providers(client, reported_to, name):
    answer = report(client, bounce("HardBounce"), address=f"/post/webhook/{name}/")

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        "1",
        b"\xff\xfe",
        '{"RecordType": {}}',
        '{"RecordType": "Bounce", "Type": 1, "Email": 5}',
        {"RecordType": "Bounce", "Type": "HardBounce", "Email": 7},
        bounce("HardBounce", Email="a\x00b@example.org"),
        bounce("HardBounce", Email="a" * 400),
        bounce("HardBounce", Email=None),
        bounce("HardBounce", BouncedAt="yesterday"),
        bounce("HardBounce", Details={"a": 1}),
    ],
    ids=str,
)
def test_webhook_bears_any_report(client, reported_to, body):
    assert report(client, body).status_code in (200, 400)
    assert not Address.objects.filter(address__regex=r"[[:cntrl:]]").exists()


def test_webhook_answers_the_questions_of_providers(client, reported_to):
    assert client.head(ADDRESS).status_code == 200
    assert client.put(ADDRESS).status_code == 405


def test_a_blocked_address_can_be_written_to_again(client, reported_to):
    make_blocked("ada@example.org", soft_bounces=3)

    suppression.lift(Address.objects.all())

    assert not suppression.is_suppressed("ada@example.org")
    assert Address.objects.get().soft_bounces == 0
