"""What happens to an issue on its way to its readers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from hub.catalogue.models import Record
from hub.newsletter import course, jobs, sending, signing_up
from hub.newsletter.models import Delivery, Issue, Subscription
from hub.newsletter.tests.issue_factories import make_begun, make_issue, make_reader, make_record
from hub.notices import ceilings, leases, suppression
from hub.notices.models import Address, Outage
from hub.notices.tests import sink as post
from hub.notices.tests.factories import make_letter
from hub.notices.tests.sink import Sink

pytestmark = pytest.mark.django_db
State = Delivery.State


def send_all(sink: Sink, by_smtp) -> Sink:
    with post.running(sink) as port:
        by_smtp(port)
        while sending.turn():
            pass
    course.finish()
    return sink


def link_of(mail) -> str:
    """Where its mail program ends the newsletter; long headers are folded."""
    return mail["List-Unsubscribe"].strip().strip("<>")


def whole(mail) -> str:
    parts = [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return "\n".join([*map(str, mail.values()), *parts])


def states() -> dict[str, str]:
    return {row.to: row.state for row in Delivery.objects.select_related("subscription")}


def because() -> set[str]:
    return set(Delivery.objects.values_list("because", flat=True))


def let_leases_end() -> None:
    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.filter(leased_until__isnull=False).update(leased_until=past)
    Delivery.objects.filter(state=State.WAITING).update(not_before=past)
    Outage.objects.update(until=past)


def test_everybody_gets_it_once_however_often_it_is_begun(by_smtp):
    for name in ("ada", "bea", "cam"):
        make_reader(f"{name}@example.org")
    issue = make_begun()
    assert course.begin(issue.pk) is False

    sink = send_all(Sink(), by_smtp)
    send_all(sink, by_smtp)

    assert sink.received == {f"{name}@example.org": 1 for name in ("ada", "bea", "cam")}
    assert set(states().values()) == {State.SENT}
    issue.refresh_from_db()
    assert (issue.state, issue.number) == (Issue.State.SENT, 1)
    assert issue.finished_at >= issue.begun_at


def test_a_second_delivery_to_a_reader_is_refused_by_the_database():
    reader = make_reader()
    issue = make_begun()

    with pytest.raises(IntegrityError, match="delivery_once"), transaction.atomic():
        Delivery.objects.create(issue=issue, subscription=reader)


def test_deliveries_are_made_in_one_statement():
    for _number in range(20):
        make_reader()
    issue = make_issue()

    with CaptureQueriesContext(connection) as queries:
        course.begin(issue.pk)

    made = [q["sql"] for q in queries if "INSERT INTO newsletter_delivery" in q["sql"]]
    assert len(made) == 1
    assert Delivery.objects.count() == 20


def test_the_letter_can_be_ended_by_the_mail_program(by_smtp, settings):
    reader = make_reader("ada@example.org")
    issue = make_begun(("research", make_record("On <pits> & lakes")))

    [mail] = send_all(Sink(), by_smtp).parsed()

    delivery = Delivery.objects.get()
    link = link_of(mail)
    assert link.startswith(f"{settings.BASE_URL}/newsletter/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "Just Transition Hub <newsletter.hub.example.org>"
    assert mail["Precedence"] == "bulk"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == delivery.message_id
    assert mail["Message-ID"].startswith(f"<newsletter.{issue.pk}.{delivery.pk}@")
    assert mail["To"] == reader.email
    html = mail.get_body(("html",)).get_content()
    text = mail.get_body(("plain",)).get_content()
    assert link in html
    assert link in text
    assert "On &lt;pits&gt; &amp; lakes" in html
    assert "On <pits> & lakes" in text
    assert "<!--" not in text


def test_nobody_reads_the_links_or_the_address_of_another(by_smtp):
    for name in ("ada", "bea"):
        make_reader(f"{name}@example.org")
    make_begun()

    mails = send_all(Sink(), by_smtp).parsed()

    links = {link_of(mail) for mail in mails}
    assert len(links) == 2
    for mail in mails:
        for other in links - {link_of(mail)}:
            assert other not in whole(mail)
        others = {"ada@example.org", "bea@example.org"} - {mail["To"]}
        assert not any(other in whole(mail) for other in others)


def end(reader: Subscription) -> None:
    signing_up.end(reader.pk)


def block(reader: Subscription) -> None:
    suppression.suppress(reader.email, Address.Reason.BOUNCE)


def erase(reader: Subscription) -> None:
    reader.delete()


@pytest.mark.parametrize(
    ("act", "state"), [(end, "cancelled"), (block, "suppressed"), (erase, "cancelled")]
)
def test_who_left_since_it_began_gets_nothing(by_smtp, act, state):
    leaving, staying = make_reader("Ada@example.org"), make_reader("bea@example.org")
    make_begun()

    act(leaving)
    sink = send_all(Sink(), by_smtp)

    assert sink.received == {staying.email: 1}
    assert Delivery.objects.exclude(state=State.SENT).get().state == state


@pytest.mark.parametrize("act", [end, block, erase])
def test_who_leaves_at_the_last_moment_gets_nothing(by_smtp, act):
    reader = make_reader("Ada@example.org")
    make_begun()
    [claimed] = sending.claim()

    act(reader)

    with pytest.raises(leases.LeaseLost):
        leases.begin(claimed, sending.still_wanted())
    sink = Sink()
    let_leases_end()
    send_all(sink, by_smtp)
    assert sink.letters == []


def test_what_is_public_no_more_is_in_no_letter(by_smtp):
    make_reader("ada@example.org")
    kept, gone = make_record("Kept work"), make_record("Gone work")
    make_begun(("research", kept), ("research", gone))

    Record.objects.filter(ref=gone).delete()
    [mail] = send_all(Sink(), by_smtp).parsed()

    for kind in ("plain", "html"):
        words = mail.get_body((kind,)).get_content()
        assert "Kept work" in words
        assert "Gone work" not in words


def test_who_is_left_with_nothing_gets_nothing(by_smtp):
    make_reader("ada@example.org", groups=["events"])
    bea = make_reader("bea@example.org", groups=["research", "events"])
    ref = make_record()
    event = make_record("A meeting", kind="conference")
    make_begun(("research", ref), ("events", event))

    Record.objects.filter(ref=event).delete()
    sink = send_all(Sink(), by_smtp)

    assert sink.received == {bea.email: 1}
    assert because() == {"", "nothing"}


def test_who_asked_for_other_sections_is_no_recipient():
    make_reader(groups=["events"])
    make_reader(groups=["research"])

    make_begun()

    assert Delivery.objects.count() == 1


def test_once_a_month_at_most_for_whom_wants_it_so(by_smtp):
    monthly = make_reader(cadence="monthly")
    make_reader()
    make_begun()
    send_all(Sink(), by_smtp)

    make_begun()
    assert not Delivery.objects.filter(issue__number=2, subscription=monthly).exists()
    assert Delivery.objects.filter(issue__number=2).count() == 1

    long_ago = timezone.now() - timedelta(days=30, minutes=1)
    Delivery.objects.filter(subscription=monthly).update(handed_over_at=long_ago)
    make_begun()
    assert Delivery.objects.filter(issue__number=3, subscription=monthly).exists()


def test_a_stopped_issue_stops_and_goes_on(by_smtp):
    make_reader("ada@example.org")
    issue = make_begun()
    sink = Sink()

    assert course.stop(issue)
    send_all(sink, by_smtp)
    assert sink.letters == []

    assert course.go_on(issue)
    send_all(sink, by_smtp)
    assert sink.received == {"ada@example.org": 1}


def test_what_was_claimed_before_it_was_stopped_does_not_go_over(by_smtp):
    make_reader("ada@example.org")
    issue = make_begun()
    [claimed] = sending.claim()

    course.stop(issue)

    with pytest.raises(leases.LeaseLost):
        leases.begin(claimed, sending.still_wanted())


def test_an_issue_ended_while_stopped_is_sent_to_nobody_else(by_smtp):
    make_reader()
    issue = make_begun()
    assert course.end(issue) is False

    course.stop(issue)
    assert course.end(issue)

    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT
    assert because() == {"stopped"}


def test_ceilings_hold_an_issue_back_and_letters_go_on(by_smtp, settings):
    settings.POST_PER_HOUR = 10
    for _number in range(8):
        make_reader()
    make_begun()

    sink = send_all(Sink(), by_smtp)

    assert len(sink.letters) == 6
    assert ceilings.room_for_many() == 0
    assert ceilings.room_in_this_hour(is_secret=False) == 2
    assert ceilings.room_in_this_hour(is_secret=True) == 4
    assert Delivery.objects.filter(state=State.WAITING).count() == 2


def test_a_turn_ends_when_somebody_waits_to_get_in(by_smtp):
    for _number in range(3):
        make_reader()
    make_begun()
    make_letter(is_secret=True)
    sink = Sink()

    with post.running(sink) as port:
        by_smtp(port)
        assert sending.turn() is True

    assert sink.letters == []
    assert not Delivery.objects.filter(leased_until__isnull=False).exists()


def test_an_issue_goes_over_one_line(by_smtp, monkeypatch):
    for _number in range(60):
        make_reader()
    make_begun()
    calls = []

    class Counting(Sink):
        async def handle_MAIL(self, _server, session, envelope, address, _options):
            calls.append(session.peer)
            envelope.mail_from = address
            return "250 OK"

    send_all(Counting(), by_smtp)

    assert (len(calls), len(set(calls))) == (60, 1)


def test_a_server_that_hangs_up_after_some_letters_is_called_again(by_smtp):
    for _number in range(7):
        make_reader()
    make_begun()

    class Tired(Sink):
        async def handle_MAIL(self, server, session, envelope, address, _options):
            session.seen = getattr(session, "seen", 0) + 1
            if session.seen > 3:
                server.transport.abort()
            envelope.mail_from = address
            return "250 OK"

    sink = send_all(Tired(), by_smtp)

    assert sorted(sink.received.values()) == [1] * 7
    assert not Outage.objects.exists()


def test_a_refused_address_does_not_hold_up_the_next(by_smtp):
    make_reader("gone@example.org")
    make_reader("ada@example.org")
    make_begun()

    class Picky(Sink):
        async def handle_RCPT(self, _server, _session, envelope, address, _options):
            if address.startswith("gone"):
                return "550 5.1.1 no such mailbox"
            envelope.rcpt_tos.append(address)
            return "250 OK"

    sink = send_all(Picky(), by_smtp)

    assert sink.received == {"ada@example.org": 1}
    assert states() == {"gone@example.org": State.FAILED, "ada@example.org": State.SENT}
    assert suppression.is_suppressed("gone@example.org")


def test_a_silent_server_costs_nothing(by_smtp):
    make_reader("ada@example.org")
    make_begun()

    by_smtp(post.free_port())
    assert sending.turn() is True
    assert Outage.objects.exists()
    assert states() == {"ada@example.org": State.WAITING}

    let_leases_end()
    assert send_all(Sink(), by_smtp).received == {"ada@example.org": 1}


def test_a_lost_answer_leaves_it_unknown_and_people_may_send_it_again(by_smtp):
    make_reader("ada@example.org")
    issue = make_begun()

    send_all(Sink(drops=True), by_smtp)
    assert states() == {"ada@example.org": State.UNKNOWN}
    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT

    assert course.send_again(Delivery.objects.get())
    sink = send_all(Sink(), by_smtp)
    assert sink.received == {"ada@example.org": 1}
    issue.refresh_from_db()
    assert issue.state == Issue.State.SENT


def test_an_issue_begins_at_its_moment_and_not_before():
    make_reader()
    issue = make_issue()
    course.schedule(issue, timezone.now() + timedelta(minutes=5))
    jobs.sweep()
    assert not Delivery.objects.exists()

    course.schedule(issue, timezone.now())
    jobs.sweep()

    assert Delivery.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name=jobs.send.name).count() == jobs.LANES


def test_what_was_cancelled_does_not_begin():
    make_reader()
    issue = make_issue()
    course.schedule(issue, timezone.now())

    assert course.cancel(issue)
    jobs.sweep()

    assert not Delivery.objects.exists()
    assert course.cancel(issue) is False


def test_the_first_of_a_reader_s_languages_that_it_has(by_smtp):
    make_reader("es@example.org", languages=["th", "es", "en"])
    make_reader("th@example.org", languages=["th"])
    make_begun(texts={"en": "What is new", "es": "Novedades"})

    mails = {mail["To"]: mail for mail in send_all(Sink(), by_smtp).parsed()}

    assert mails["es@example.org"]["Subject"] == "Novedades"
    assert mails["th@example.org"]["Subject"] == "What is new"
    said = "not in any of the languages"
    assert said not in mails["es@example.org"].get_body(("plain",)).get_content()
    assert said in mails["th@example.org"].get_body(("plain",)).get_content()
