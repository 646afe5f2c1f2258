from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hub import links
from hub.notices import acts, delivery, jobs, leases, services
from hub.notices.handover import LeaseLost
from hub.notices.models import Address, Message, Outage
from hub.notices.tests import sink as post
from hub.notices.tests.factories import (
    let_time_pass,
    make_letter,
)
from hub.notices.tests.sink import Sink, deliver_by

pytestmark = pytest.mark.django_db
State = Message.State


def test_deliver_sends_what_was_written(by_smtp):
    message = make_letter("ada@example.org", reply_to="desk@example.org")
    sink = Sink()

    deliver_by(sink, by_smtp)

    (mail,) = sink.parsed()
    assert [mail["To"], mail["Reply-To"]] == ["ada@example.org", "desk@example.org"]
    assert mail["From"] == "Just Transition Hub <noreply@hub.example.org>"
    assert mail["Subject"] == message.subject
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert read(mail, "plain") == message.text
    assert read(mail, "html").rstrip() == message.html.rstrip()
    message.refresh_from_db()
    assert (message.state, message.leased_until) == (State.SENT, None)
    assert message.created_at <= message.handed_over_at <= message.sent_at


def read(mail, kind: str) -> str:
    return mail.get_body([kind]).get_content().replace("\r\n", "\n")


def test_deliver_sends_each_letter_once(by_smtp):
    make_letter("ada@example.org")
    sink = Sink()

    with post.running(sink) as port:
        by_smtp(port)
        told = [delivery.deliver_next() for _turn in range(3)]

    assert told == [True, False, False]
    assert sink.received == {"ada@example.org": 1}


def test_who_waits_to_sign_in_goes_before_the_bulk(by_smtp):
    make_letter("bulk@example.org")
    make_letter("code@example.org", is_secret=True)
    sink = Sink()

    deliver_by(sink, by_smtp)

    assert sink.received == {"code@example.org": 1}


def test_a_secret_is_gone_once_it_is_sent(by_smtp, settings):
    secret, plain = make_letter(is_secret=True), make_letter()

    with post.running(Sink()) as port:
        by_smtp(port)
        while delivery.deliver_next():
            pass

    secret.refresh_from_db()
    plain.refresh_from_db()
    assert (secret.text, secret.html) == ("", "")
    assert "Good day" in plain.text


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"at_recipient": "450 4.2.1 Mailbox busy"}, "450 4.2.1 Mailbox busy"),
        ({"at_text": "451 4.3.0 Try later"}, "451 4.3.0 Try later"),
        ({"at_text": "421 4.3.2 Closing"}, "421 4.3.2 Closing"),
    ],
)
def test_refused_for_now_is_tried_again_later(by_smtp, answers, error):
    message = make_letter("ada@example.org")

    deliver_by(Sink(**answers), by_smtp)

    message.refresh_from_db()
    assert (message.state, message.error, message.leased_until) == (State.WAITING, error, None)
    wait = (message.not_before - timezone.now()).total_seconds()
    assert 15 < wait < 40
    assert delivery.deliver_next() is False
    let_time_pass()
    sink = Sink()
    deliver_by(sink, by_smtp)
    assert sink.received == {"ada@example.org": 1}


def test_waits_grow_and_are_not_all_the_same():
    first = {leases.back_off(1) for _time in range(20)}
    late = [leases.back_off(attempts) for attempts in (30, 2000)]

    assert len(first) == 20
    assert all(timedelta(seconds=22) <= wait <= timedelta(seconds=38) for wait in first)
    assert all(timedelta(minutes=45) <= wait <= timedelta(minutes=75) for wait in late)


def test_refused_for_now_for_three_days_is_given_up(by_smtp):
    message = make_letter()
    long_ago = timezone.now() - leases.PATIENCE - timedelta(minutes=1)
    Message.objects.update(tried_since=long_ago)

    deliver_by(Sink(at_recipient="450 4.2.1 Mailbox busy"), by_smtp)

    message.refresh_from_db()
    assert message.state == State.FAILED
    assert message.error == "Given up after three days: 450 4.2.1 Mailbox busy"


@pytest.mark.parametrize(
    ("answers", "is_blocked"),
    [
        ({"at_recipient": "550 5.1.1 No such user"}, True),
        ({"at_recipient": "550 5.7.1 We do not like you"}, False),
        ({"at_text": "554 5.6.0 Not this"}, False),
    ],
)
def test_refused_for_good_fails_with_the_reason(by_smtp, answers, is_blocked):
    message = make_letter("Ada@example.org")

    deliver_by(Sink(**answers), by_smtp)

    message.refresh_from_db()
    assert (message.state, message.error) == (State.FAILED, next(iter(answers.values())))
    blocked = [address.address for address in Address.objects.suppressed()]
    assert blocked == (["ada@example.org"] if is_blocked else [])


@pytest.mark.parametrize("word", [b"ehlo", b"mail", b"rcpt", b"data"])
def test_a_connection_lost_before_the_text_is_certain(by_smtp, word):
    message = make_letter()

    with post.hanging_up_at(word) as port:
        by_smtp(port)
        delivery.deliver_next()

    message.refresh_from_db()
    assert (message.state, message.handed_over_at) == (State.WAITING, None)
    assert Outage.objects.count() == 1


@pytest.mark.parametrize("word", [b"content-type", b"."])
def test_a_connection_lost_with_or_after_the_text_is_in_doubt(by_smtp, word):
    message = make_letter()

    with post.hanging_up_at(word) as port:
        by_smtp(port)
        delivery.deliver_next()
    let_time_pass()

    message.refresh_from_db()
    assert message.state == State.UNKNOWN
    assert message.error.startswith("The connection broke before the answer: ")
    assert list(Message.objects.due()) == []


def test_no_answer_to_the_text_is_in_doubt(by_smtp):
    message = make_letter()

    deliver_by(Sink(slowness=3), by_smtp)

    message.refresh_from_db()
    assert message.state == State.UNKNOWN


def test_an_answer_counts_whatever_happens_to_the_connection_then(by_smtp):
    message = make_letter()

    with post.hanging_up_at(b"quit") as port:
        by_smtp(port)
        delivery.deliver_next()

    message.refresh_from_db()
    assert message.state == State.SENT


def test_while_nobody_answers_one_letter_is_tried_and_none_is_lost(by_smtp):
    letters = [make_letter() for _letter in range(5)]

    by_smtp(post.free_port())
    told = [delivery.deliver_next() for _turn in range(5)]

    assert told == [True, False, False, False, False]
    assert Message.objects.filter(state=State.WAITING).count() == 5
    outage = Outage.objects.get()
    assert "ConnectionRefusedError" in outage.reason
    assert timedelta(0) < outage.until - timezone.now() <= timedelta(seconds=30)
    jobs.sweep()
    assert turns() == 5, "no new ones while nobody answers"

    let_time_pass()
    sink = Sink()
    with post.running(sink) as port:
        by_smtp(port)
        while delivery.deliver_next():
            pass
    assert sink.received == {letter.to: 1 for letter in letters}
    assert not Outage.objects.exists()


def test_pauses_grow_to_two_minutes(by_smtp):
    make_letter()
    by_smtp(post.free_port())

    for _time in range(8):
        let_time_pass()
        delivery.deliver_next()

    outage = Outage.objects.get()
    assert outage.failures == 8
    assert timedelta(seconds=80) < outage.until - timezone.now() <= timedelta(minutes=2)


def test_a_fault_of_ours_costs_no_letter(settings):
    settings.EMAIL_BACKEND = "hub.notices.nowhere.EmailBackend"
    message = make_letter()

    with pytest.raises(ImportError):
        delivery.deliver_next()

    message.refresh_from_db()
    assert (message.state, message.leased_until) == (State.WAITING, None)
    assert message.error.startswith("ModuleNotFoundError")
    assert message.not_before > timezone.now()


def test_without_a_mail_server_letters_wait(settings):
    settings.EMAIL_BACKEND = ""
    message = make_letter()

    assert delivery.deliver_next() is False
    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.WAITING, 0)


def test_whoever_lost_the_lease_sends_nothing(by_smtp):
    message = make_letter("ada@example.org")
    slow = delivery.claim()
    let_time_pass()
    sink = Sink()
    deliver_by(sink, by_smtp)

    with post.running(sink) as port:
        by_smtp(port)
        with pytest.raises(LeaseLost):
            delivery.hand_over(slow, before=lambda: leases.begin(slow))

    assert sink.received == {"ada@example.org": 1}
    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_letter_cancelled_at_the_last_moment_does_not_go_out(by_smtp):
    make_letter("ada@example.org", "the one")
    claimed = delivery.claim()
    services.cancel("the one")
    sink = Sink()

    with post.running(sink) as port:
        by_smtp(port)
        with pytest.raises(LeaseLost):
            delivery.hand_over(claimed, before=lambda: leases.begin(claimed))

    assert sink.letters == []


def test_what_a_dead_worker_was_sending_becomes_unknown_and_stays():
    message = make_letter()
    leases.begin(delivery.claim())
    let_time_pass()

    jobs.sweep()
    jobs.sweep()

    message.refresh_from_db()
    assert message.state == State.UNKNOWN
    assert delivery.deliver_next() is False


def test_a_worker_thought_dead_may_still_tell_how_it_ended():
    message = make_letter()
    claimed = delivery.claim()
    leases.begin(claimed)
    Message.objects.update(state=State.UNKNOWN)

    leases.settle(claimed, State.SENT)

    message.refresh_from_db()
    assert message.state == State.SENT


def test_a_worker_thought_dead_does_not_settle_what_was_sent_again():
    message = make_letter()
    claimed = delivery.claim()
    leases.begin(claimed)
    Message.objects.update(state=State.UNKNOWN)
    acts.send_again(message)

    leases.settle(claimed, State.SENT)

    message.refresh_from_db()
    assert message.state == State.WAITING


def test_what_a_dead_worker_had_only_claimed_is_due_again():
    message = make_letter()
    delivery.claim()
    assert list(Message.objects.due()) == []

    let_time_pass()

    assert list(Message.objects.due()) == [message]


def test_sweep_gives_turns_to_what_lost_its_own():
    make_letter()
    make_letter()
    make_letter(not_before=timezone.now() + timedelta(hours=1))
    ProcrastinateJob.objects.filter(task_name=jobs.deliver.name).delete()

    jobs.sweep()
    jobs.sweep()

    assert turns() == 2


def test_a_stale_code_is_dropped():
    old = timezone.now() - timedelta(days=2)
    code = make_letter(is_secret=True)
    Message.objects.update(created_at=old, not_before=old)
    plain = make_letter()

    jobs.sweep()

    code.refresh_from_db()
    plain.refresh_from_db()
    assert (code.state, code.text) == (State.CANCELLED, "")
    assert plain.state == State.WAITING


def turns() -> int:
    return ProcrastinateJob.objects.filter(task_name=jobs.deliver.name).count()


def test_what_comes_again_and_again_is_ended_by_a_mail_program(by_smtp):
    stop = links.absolute("/saved-searches/stop/abc/")
    services.send("post_test", "ada@example.org", "repeated:1", stop_url=stop)
    services.send("post_test", "bo@example.org", "once:1")
    sink = Sink()

    with post.running(sink) as port:
        by_smtp(port)
        while delivery.deliver_next():
            pass

    repeated, once = sorted(sink.parsed(), key=lambda mail: mail["To"])
    assert repeated["List-Unsubscribe"] == f"<{stop}>"
    assert repeated["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert once["List-Unsubscribe"] is once["List-Unsubscribe-Post"] is None


def test_letters_are_ended_here_and_nowhere_else():
    with pytest.raises(ValueError, match="of this site"):
        services.send("post_test", "ada@example.org", "odd:1", stop_url="https://evil.example/")
