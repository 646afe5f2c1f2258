from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from hub.notices import leases, retention, services
from hub.notices.models import ADDRESS_IS_KEPT, SECRET_IS_KEPT, TEXT_IS_KEPT, Address, Message
from hub.notices.tests import sink as post
from hub.notices.tests.factories import make_blocked, make_letter, make_settled
from hub.partners.holdings import holdings

pytestmark = pytest.mark.django_db
State = Message.State
MINUTE = timedelta(minutes=1)


def make_old(state: str, age: timedelta, **fields) -> Message:
    then = timezone.now() - age
    return make_settled(state, at=then, created_at=then, **fields)


def test_texts_go_after_their_time_and_rows_stay():
    kept = [
        make_old(State.SENT, TEXT_IS_KEPT - MINUTE),
        make_old(State.UNKNOWN, SECRET_IS_KEPT - MINUTE, is_secret=True),
        make_letter(not_before=timezone.now() + timedelta(days=60)),
    ]
    Message.objects.filter(pk=kept[2].pk).update(created_at=timezone.now() - 2 * TEXT_IS_KEPT)
    gone = [
        make_old(State.SENT, TEXT_IS_KEPT + MINUTE),
        make_old(State.FAILED, TEXT_IS_KEPT + MINUTE),
        make_old(State.UNKNOWN, SECRET_IS_KEPT + MINUTE, is_secret=True),
    ]

    retention.let_go(Message.objects.all())

    texts = dict(Message.objects.values_list("pk", "text"))
    assert all(texts[message.pk] for message in kept)
    assert [texts[message.pk] for message in gone] == ["", "", ""]


def test_what_was_written_long_before_it_went_out_is_as_old_as_that():
    message = make_settled(State.SENT, created_at=timezone.now() - 2 * TEXT_IS_KEPT)

    retention.let_go(Message.objects.all())

    message.refresh_from_db()
    assert message.text


def test_after_a_year_nobody_knows_to_whom_but_the_key_still_holds():
    message = make_old(State.SENT, ADDRESS_IS_KEPT + MINUTE, to="ada@example.org")

    retention.let_go(Message.objects.all())

    message.refresh_from_db()
    assert (message.to, message.subject, message.text) == ("", "", "")
    again = services.send("post_test", "ada@example.org", message.dedup_key)
    assert (again.pk, again.state) == (message.pk, State.SENT)


def holding_of(model):
    return next(holding for holding in holdings if holding.model is model)


def test_a_person_gets_and_erases_their_letters_whatever_the_case():
    holding = holding_of(Message)
    sent = make_settled(State.SENT, to="Ada@example.org")
    waiting, other = make_letter("ada@example.org"), make_letter("bob@example.org")

    rows = holding.rows("ADA@example.org")
    exported = [holding.export(row) for row in rows]
    holding.erase(rows)

    assert [row["subject"] for row in exported] == [waiting.subject, sent.subject]
    left = {message.pk: message for message in Message.objects.all()}
    assert [left[one.pk].to for one in (sent, waiting, other)] == ["", "", "bob@example.org"]
    assert left[waiting.pk].state == State.CANCELLED
    assert left[other.pk].text == other.text


def test_a_person_is_erased_from_letters_to_others_who_stay_their_readers():
    (holding,) = [one for one in holdings if one.erase == retention.forget_words]
    told = make_settled(State.SENT, to="bob@example.org", tells_of="Ada@example.org")
    asked = make_letter("bob@example.org", reply_to="ada@example.org")
    own = make_letter("ada@example.org", tells_of="ada@example.org")

    holding.erase(holding.rows("ADA@example.org"))

    left = {message.pk: message for message in Message.objects.all()}
    assert [(left[one.pk].to, left[one.pk].text) for one in (told, asked)] == [
        ("bob@example.org", "")
    ] * 2
    assert [left[one.pk].state for one in (told, asked)] == [State.SENT, State.CANCELLED]
    assert (left[told.pk].tells_of, left[asked.pk].reply_to) == ("", "")
    assert left[own.pk].text


def test_a_letter_that_was_erased_while_it_was_handed_over_stays_empty():
    message = make_letter("ada@example.org")
    lease = timezone.now() + timedelta(minutes=2)
    Message.objects.update(state=State.SENDING, leased_until=lease, handed_over_at=timezone.now())
    message.refresh_from_db()

    retention.forget_readers(Message.objects.all())
    leases.settle(message, State.SENT)
    leases.give_back(message, "450 ada@example.org", wait=MINUTE)

    message.refresh_from_db()
    assert (message.state, message.to, message.text, message.error) == (State.UNKNOWN, "", "", "")


def test_of_whom_a_letter_tells_is_an_address():
    with pytest.raises(ValueError, match="not an e-mail address"):
        make_letter(tells_of="Ada")


def test_erasing_forgets_what_came_back_but_still_writes_to_nobody_blocked():
    holding = holding_of(Address)
    make_blocked("ada@example.org", last_said="550 no such user")
    Address.objects.create(address="bob@example.org", soft_bounces=2)

    for email in ("Ada@example.org", "bob@example.org"):
        holding.erase(holding.rows(email))

    left = [(address.address, address.last_said) for address in Address.objects.all()]
    assert left == [("ada@example.org", "")]


def test_post_test_sends_a_letter_and_says_so(settings):
    settings.EMAIL_BACKEND = "hub.notices.smtp.EmailBackend"
    settings.EMAIL_HOST, said, sink = post.HOST, StringIO(), post.Sink()

    with post.running(sink) as port:
        settings.EMAIL_PORT = port
        call_command("post_test", "ada@example.org", stdout=said)

    message = Message.objects.get()
    assert said.getvalue() == f"sent to ada@example.org as {message.message_id}\n"
    assert sink.received == {"ada@example.org": 1}


def test_post_test_says_what_went_wrong(settings):
    settings.EMAIL_BACKEND = "hub.notices.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = post.HOST, post.free_port()
    with pytest.raises(CommandError, match="waiting: ConnectionRefusedError"):
        call_command("post_test", "ada@example.org")
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("post_test", "nobody")
    settings.EMAIL_BACKEND = ""
    with pytest.raises(CommandError, match="Neither EMAIL_URL nor EMAIL_PROVIDER is set"):
        call_command("post_test", "ada@example.org")
