"""Many governments at once, on a real server and a real database. The numbers are those of the
scenarios."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.utils.timezone import now

from events.tests.factories import make_event
from hub.accounts.tests.factories import make_member
from hub.notices.models import Message
from hub.tests.stamps import stamped
from taskforce import applying, own, own_seats
from taskforce.models import Interview, Participation, ParticipationContact, Round
from taskforce.tests.acting import submit
from taskforce.tests.factories import (
    make_contact,
    make_finding,
    make_government,
    make_group,
    make_group_membership,
    make_meeting,
    make_participation,
    make_round,
    make_slot,
)
from tests.servers import Answer, Server
from tests.test_races import AT_ONCE, FORM, TOKEN, at_once, serving

pytestmark = pytest.mark.django_db(transaction=True)
Status = Participation.Status


@pytest.fixture(scope="module")
def server(
    published_files: Path, tmp_path_factory: pytest.TempPathFactory, django_db_setup: None
) -> Iterator[Server]:
    with serving(published_files, tmp_path_factory.mktemp("taskforce") / "log") as server:
        yield server


class Caller:
    """Somebody with a browser and an address of their own on the net, at one page with a form."""

    def __init__(self, server: Server, number: int, path: str) -> None:
        self.server, self.path = Server(server.port, server.pid), path
        self.headers = {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250 + 1}"}
        page = self.server.ask("GET", path, **self.headers)
        assert page.status_code == 200, page.status_code
        self.token = TOKEN.search(page.content.decode())[1]

    def sends(self, path: str = "", **said: str) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.token} | said).encode()
        return self.server.ask("POST", path or self.path, body, **FORM, **self.headers)


def registration(email: str, **said: str) -> dict[str, str]:
    told = {"government": "Cesar", "name": email.partition("@")[0], "email": email}
    chosen = {"activities": "interview", "language": "en", "timezone": "Europe/London"}
    return {"shown": stamped("ParticipationForm")} | told | chosen | said


def confirm_at_once(server: Server, round: Round, count: int = AT_ONCE, **said) -> list[Answer]:
    """So many people of one government registered it; they confirm at the same moment."""
    contacts = [submit(round, f"guest{number}@gov.example", **said) for number in range(count)]
    callers = [Caller(server, number, own.path_of(one)) for number, one in enumerate(contacts)]
    return at_once(lambda caller: caller.sends(act="confirm"), callers)


def assert_one_registered_and_others_wait(round: Round) -> None:
    participation = round.participations.get()
    assert participation.status == Status.REGISTERED
    contacts = ParticipationContact.objects.filter(participation=participation)
    assert contacts.speaking().count() == 1
    assert contacts.asking().count() == AT_ONCE - 1
    first = contacts.speaking().get()
    assert first.is_first
    asked = Message.objects.filter(to=first.email, dedup_key__contains=":asked:")
    assert asked.count() == AT_ONCE - 1


def test_eight_people_of_one_government_confirm_at_once(server: Server):
    for _round in range(5):
        round, government = make_round(), make_government()

        answers = confirm_at_once(server, round, government=government)

        assert {answer.status_code for answer in answers} == {302}
        assert_one_registered_and_others_wait(round)
        Message.objects.all().delete()


def test_eight_people_of_a_government_that_the_hub_does_not_know_confirm_at_once(server: Server):
    round = make_round()

    answers = confirm_at_once(server, round, proposed_name="Province of Elsewhere")

    assert {answer.status_code for answer in answers} == {302}
    assert_one_registered_and_others_wait(round)


def test_without_the_lock_somebody_would_read_of_an_error(published_files, tmp_path):
    """The control: the constraint holds by itself, but only the lock lets all of them through."""
    with serving(published_files, tmp_path / "log", WITHOUT_LOCK="1") as server:
        for _round in range(20):
            round, government = make_round(), make_government()
            answers = confirm_at_once(server, round, government=government)
            assert round.participations.active().count() == 1
            if {answer.status_code for answer in answers} != {302}:
                return

    pytest.fail("Without the lock all of them got through as well: these races are none.")


def test_scenario_9_one_form_sent_eight_times_is_one_row_and_one_letter(server: Server):
    round = make_round()
    path = f"/taskforce/{round.slug}/register/"
    callers = [Caller(server, number, path) for number in range(AT_ONCE)]

    answers = at_once(lambda one: one.sends(**registration("ana@gov.example")), callers)

    assert {(one.status_code, one.headers["Location"]) for one in answers} == {
        (302, f"{path}sent/")
    }
    assert round.participations.count() == 1
    assert ParticipationContact.objects.count() == 1
    assert Message.objects.filter(to="ana@gov.example").count() == 1


def test_scenario_10_eight_spellings_of_one_address_are_one_row(server: Server):
    round = make_round()
    path = f"/taskforce/{round.slug}/register/"
    callers = [Caller(server, number, path) for number in range(AT_ONCE)]
    spelt = [
        "A@x.org",
        "a@X.ORG ",
        " a@x.org",
        "a@x.Org",
        "A@X.org",
        "a@x.org",
        "A@x.ORG",
        "a@x.oRG",
    ]

    answers = at_once(
        lambda one: one[0].sends(**registration(one[1], name="Ana")),
        list(zip(callers, spelt, strict=True)),
    )

    assert {one.status_code for one in answers} == {302}
    assert round.participations.count() == 1
    assert ParticipationContact.objects.count() == 1


def test_one_link_confirmed_eight_times_is_confirmed_once(server: Server):
    contact = submit(make_round(), "ana@gov.example")
    callers = [Caller(server, number, own.path_of(contact)) for number in range(AT_ONCE)]

    answers = at_once(lambda one: one.sends(act="confirm"), callers)

    assert {one.status_code for one in answers} == {302}
    keys = Message.objects.values_list("dedup_key", flat=True)
    assert Counter(re.sub(r"[\d.]+", "#", key) for key in keys) == {
        "participation:#:#:submitted:#": 1,
        "participation:#:#:registered": 1,
    }


def test_who_withdraws_while_others_confirm_leaves_one_participation(server: Server):
    """However they fall: never two active ones of a government, never an error."""
    for _round in range(3):
        round, government = make_round(), make_government()
        first = submit(round, "first@gov.example", government=government)
        Caller(server, 0, own.path_of(first)).sends(act="confirm")
        others = [
            submit(round, f"guest{number}@gov.example", government=government)
            for number in range(AT_ONCE - 1)
        ]
        leaving = Caller(server, 0, f"{own.path_of(first)}withdraw/")
        coming = [Caller(server, n + 1, own.path_of(one)) for n, one in enumerate(others)]

        answers = at_once(lambda one: one.sends(act="confirm"), [leaving, *coming])

        assert all(answer.status_code in (302, 422) for answer in answers)
        assert round.participations.active().count() <= 1


def test_11_eight_governments_choose_one_time(server: Server):
    """One of them has it, and each of the others is shown the next three; fifty times."""
    interviewer = make_member("interviewer@secretariat.example")
    round = make_round()
    governments = [make_participation(round) for _ in range(AT_ONCE)]
    begins = now().replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    slots = [
        make_slot(round, interviewer, f"{begins + timedelta(days=3 + number):%Y-%m-%d %H:%M}")
        for number in range(54)
    ]
    callers = [
        Caller(server, number, own.path_of(one.contact)) for number, one in enumerate(governments)
    ]

    for _time in range(50):
        wanted, *following = round.slots.free().order_by("starts_at")

        answers = at_once(
            lambda caller, slot=wanted.pk: caller.sends(f"{caller.path}interview/", slot=f"{slot}"),
            callers,
        )

        assert Counter(answer.status_code for answer in answers) == {302: 1, 422: AT_ONCE - 1}
        offered = {tuple(offers_of(answer)) for answer in answers if answer.status_code == 422}
        assert offered == {tuple(slot.pk for slot in following[:3])}
        booked = Interview.objects.holding().get()
        assert booked.slot == wanted
        # The government that has it drops out of the way: its row is put aside, and the time taken back.
        Interview.objects.all().delete()
        wanted.is_withdrawn = True
        wanted.save()
        Message.objects.all().delete()
    assert len(slots) - round.slots.free().count() == 50


def offers_of(answer: Answer) -> list[int]:
    """The times that stand first on the page, as the next ones."""
    html = answer.content.decode().partition("<details")[0]
    return [int(pk) for pk in re.findall(r'name="slot"\s+value="(\d+)"', html)]


def test_two_contacts_who_agree_to_a_finding_and_amend_it_at_once_lose_no_words(server: Server):
    """One agrees and the other sends other words, both having read the same: one is first, and the other
    is shown both texts."""
    for number in range(10):
        participation = make_participation()
        colleague = make_contact(participation, email=f"colleague{number}@gov.example")
        finding = make_finding(participation, "As it was written", asked_at=now())
        callers = [
            Caller(server, place, f"{own.path_of(contact)}findings/{finding.pk}/")
            for place, contact in enumerate((participation.contact, colleague))
        ]
        said = [
            {"act": "approve", "text": "As it was written", "visibility": "public", "version": "1"},
            {"act": "amend", "text": "As we say it", "visibility": "secretariat", "version": "1"},
        ]

        answers = at_once(
            lambda one: one[0].sends(**one[1]),
            list(zip(callers, said, strict=True)),
        )

        assert finding.version == 1
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [302, 422], statuses
        finding.refresh_from_db()
        assert finding.version == 2
        has_agreed = statuses[0] == 302
        assert finding.is_approved is has_agreed
        assert finding.visibility == ("public" if has_agreed else "secretariat")
        assert finding.text == ("As it was written" if has_agreed else "As we say it")
        late = answers[1 if has_agreed else 0].content.decode()
        assert "As it was written" in late
        assert "As we say it" in late


@pytest.mark.parametrize("_time", range(3))
def test_one_government_moves_and_cancels_its_interview_at_once(server: Server, _time: int):
    """Two colleagues press all buttons: one interview at most, each letter once, never an error."""
    round, interviewer = make_round(), make_member()
    participation = make_participation(round)
    colleague = make_contact(participation)
    slots = [make_slot(round, interviewer) for _number in range(5)]
    homes = [own.path_of(participation.contact), own.path_of(colleague)]
    callers = [Caller(server, number, homes[number % 2]) for number in range(AT_ONCE)]
    callers[0].sends(f"{homes[0]}interview/", slot=f"{slots[0].pk}")

    def press(job: tuple[int, Caller]) -> Answer:
        number, caller = job
        if number % 3 == 2:
            return caller.sends(f"{caller.path}interview/cancel/")
        return caller.sends(f"{caller.path}interview/", slot=f"{slots[1 + number % 4].pk}")

    answers = at_once(press, list(enumerate(callers)))

    assert {answer.status_code for answer in answers} <= {302, 422}
    assert Interview.objects.to_come().filter(participation=participation).count() <= 1
    for interview in participation.interviews.all():
        rises = Message.objects.filter(
            to=interviewer.email, dedup_key__startswith=f"interview:{interview.pk}:"
        )
        assert rises.count() == interview.sequence + 1
    free = set(round.slots.free().values_list("pk", flat=True))
    held = set(Interview.objects.holding().values_list("slot_id", flat=True))
    assert free == {slot.pk for slot in slots} - held


def test_eight_at_once_agree_refuse_and_ask_the_secretariat(server: Server):
    """The same person is let in, refused and appeals at the same moment: what was first counts."""
    for _round in range(3):
        participation = make_participation(make_round())
        asking = make_contact(participation, agreed_at=None, email="asks@gov.example")
        home = own.path_of(participation.contact)
        path = f"{home}colleague/{asking.pk}/"
        callers = [Caller(server, number, path) for number in range(AT_ONCE - 2)]
        theirs = [Caller(server, AT_ONCE - n, own.path_of(asking)) for n in range(2)]
        jobs = [(one, ("agree", "refuse")[n % 2]) for n, one in enumerate(callers)]

        answers = at_once(
            lambda job: job[0].sends(act=job[1]), [*jobs, *((one, "appeal") for one in theirs)]
        )

        assert {answer.status_code for answer in answers} <= {302, 422, 404}
        asking.refresh_from_db()
        assert bool(asking.agreed_at) != bool(asking.left_at)
        told = Message.objects.filter(to=asking.email)
        assert told.filter(dedup_key__endswith=":agreed").count() == bool(asking.agreed_at)
        assert told.filter(dedup_key__endswith=":refused").count() == bool(asking.left_at)
        Message.objects.all().delete()


def test_an_application_is_confirmed_and_taken_back_at_once(server: Server):
    for _round in range(3):
        group = make_group(is_open_to_applications=True)
        application = applying.apply(
            group, applying.Wish("a@x.example", "A", "Mill", "core", "Why not?")
        )
        path = applying.path_of(application)
        callers = [Caller(server, number, path) for number in range(AT_ONCE)]

        answers = at_once(
            lambda job: job[1].sends(act=("confirm", "withdraw")[job[0] % 2]),
            list(enumerate(callers)),
        )

        assert {answer.status_code for answer in answers} <= {302, 422}
        application.refresh_from_db()
        assert application.status == "withdrawn"
        received = Message.objects.filter(to="a@x.example").count()
        assert received <= 2
        Message.objects.all().delete()


def test_a_member_who_comes_to_a_meeting_eight_times_has_one_seat(server: Server):
    group = make_group()
    begins = (now() + timedelta(days=3)).replace(tzinfo=None, microsecond=0)
    hours = {"starts_local": begins, "ends_local": begins + timedelta(hours=2)}
    event = make_event(audience="members", registration="open", **hours)
    meeting = make_meeting(group=group, event=event)
    member = make_group_membership(group)
    path = f"/taskforce/members/{own_seats.token_of(member)}/meetings/{meeting.slug}/"
    callers = [Caller(server, number, path) for number in range(AT_ONCE)]

    answers = at_once(lambda one: one.sends(f"{path}come/"), callers)

    assert {answer.status_code for answer in answers} == {302}
    assert event.registrations.active().count() == 1
    assert Message.objects.filter(to=member.email).count() == 1
    assert event.registrations.get().is_coming
