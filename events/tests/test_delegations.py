"""Delegations: an organisation holds seats, and names who takes them now or later."""

import pytest
from django.core.exceptions import ValidationError

from events import delegations, invariants, seats
from events.kinds import Mode
from events.models import Event, Registration
from events.tests.factories import make_event, make_registration
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
Status = Registration.Status


@pytest.fixture
def union():
    return make_organisation("Miners' Union", slug="union")


@pytest.fixture
def head(union):
    return make_editor(union, Membership.Role.DELEGATE)


@pytest.fixture
def event():
    return make_event(slug="conference", capacity_online=5, seats_per_organisation=3)


PATH = "/events/conference/delegation/union/"


def reserve(event, union, number=2) -> int:
    return delegations.reserve(event.pk, union, number=number, mode=Mode.ONLINE)


def name(event, union, row, email, who="Ben Ode") -> Registration:
    return delegations.name_delegate(event.pk, union, row.pk, email=email, name=who)


def test_seats_are_held_before_anybody_is_named(event, union):
    assert reserve(event, union) == 2

    held = delegations.seats_of(event, union)
    assert [(row.status, row.email, row.name) for row in held] == [(Status.CONFIRMED, "", "")] * 2
    assert {row.organisation for row in held} == {union}
    assert not any(row.is_coming for row in held)
    assert seats.free(event, Mode.ONLINE) == 3
    assert not Message.objects.exists()
    assert invariants.findings() == []


def test_no_more_than_each_organisation_has(event, union):
    make_registration(event, organisation=union)
    with pytest.raises(ValidationError, match="You can hold 2 more"):
        reserve(event, union, 3)
    assert event.registrations.count() == 1

    reserve(event, union, 2)
    with pytest.raises(ValidationError, match="You can hold 0 more"):
        reserve(event, union, 1)


def test_who_gets_no_seat_waits_in_the_queue(event, union):
    for _ in range(4):
        make_registration(event)

    assert reserve(event, union, 3) == 1
    assert [row.status for row in delegations.seats_of(event, union)] == [
        *(Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED)
    ]

    event.capacity_online = 7
    event.save()
    seats.settle_now(event.pk)

    assert {row.status for row in delegations.seats_of(event, union)} == {Status.CONFIRMED}


def test_who_is_named_is_written_to_and_confirms_their_address(event, union):
    reserve(event, union, 1)
    [row] = delegations.seats_of(event, union)

    named = name(event, union, row, "ben@example.org")

    assert (named.pk, named.status, named.is_coming) == (row.pk, Status.CONFIRMED, False)
    assert Message.objects.get().to == "ben@example.org"
    assert named.seat_until() is None  # the organisation answers for the seat
    seats.confirm_address(named.pk)
    assert Registration.objects.get(pk=row.pk).is_coming


def test_one_delegate_is_exchanged_for_another_and_the_seat_stays(event, union):
    event.capacity_online = 1
    event.save()
    reserve(event, union, 1)
    [row] = delegations.seats_of(event, union)
    waits = make_registration(event, status=Status.WAITLISTED)
    name(event, union, row, "ben@example.org")

    name(event, union, row, "eva@example.org", "Eva Lund")

    [seat] = delegations.seats_of(event, union)
    assert (seat.email, seat.status, seat.delegation) == ("eva@example.org", "confirmed", union)
    assert seat.seat_until() is None
    row.refresh_from_db()
    assert (row.status, row.replaced_by) == (Status.CANCELLED, seat)
    waits.refresh_from_db()
    assert waits.status == Status.WAITLISTED
    assert set(Message.objects.values_list("to", flat=True)) == {
        *("ben@example.org", "eva@example.org")
    }


def test_a_delegate_hands_the_seat_on_and_the_delegation_keeps_it(event, union):
    reserve(event, union, 1)
    [row] = delegations.seats_of(event, union)
    name(event, union, row, "ben@example.org")

    seats.replace(row.pk, email="eva@example.org", name="Eva Lund")

    assert [one.email for one in delegations.seats_of(event, union)] == ["eva@example.org"]


def test_what_is_given_back_goes_to_who_waits(event, union):
    event.capacity_online = 1
    event.save()
    reserve(event, union, 1)
    [row] = delegations.seats_of(event, union)
    waits = make_registration(event, status=Status.WAITLISTED)

    delegations.give_back(event.pk, union, row.pk)

    waits.refresh_from_db()
    assert waits.status == Status.CONFIRMED
    assert delegations.seats_of(event, union) == []
    with pytest.raises(Registration.DoesNotExist):
        delegations.give_back(event.pk, union, row.pk)


def test_an_address_is_named_once(event, union):
    make_registration(event, "Ben@example.org")
    reserve(event, union, 1)
    [row] = delegations.seats_of(event, union)

    with pytest.raises(ValidationError, match="registered already"):
        name(event, union, row, "ben@EXAMPLE.org")


def test_where_somebody_approves_they_approve_delegations_too(union):
    event = make_event(registration="approval")

    assert reserve(event, union) == 0

    rows = delegations.seats_of(event, union)
    assert {row.status for row in rows} == {Status.PENDING}
    seats.approve(rows[0].pk)
    assert delegations.seats_of(event, union)[0].status == Status.CONFIRMED


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"registration": "none"}, "cannot register"),
        ({"status": "postponed"}, "postponed"),
        ({"has_waiting_list": False, "capacity_online": 1}, "1 seats of this sort left"),
    ],
)
def test_where_nobody_can_register_no_delegation_can(union, fields, words):
    event = make_event(**fields)

    with pytest.raises(ValidationError) as refused:
        reserve(event, union)
    assert words in " ".join(refused.value.messages)
    assert not event.registrations.exists()


# The page


def test_the_head_holds_names_exchanges_and_gives_back(client, event, union, head):
    client.force_login(head)
    page = client.get(PATH)
    assert "holds no seats yet" in page.content.decode()
    assert "no-store" in page["Cache-Control"]

    sent = client.post(PATH, {"act": "reserve", "number": "2", "mode": "online"})
    assert sent.status_code == 302
    first, second = delegations.seats_of(event, union)
    key = f"seat-{first.pk}"
    told = {"act": "name", "seat": first.pk, f"{key}-name": "Ben Ode"}
    refused = client.post(PATH, {**told, f"{key}-email": "nonsense"})
    assert refused.status_code == 422
    assert "Ben Ode" in refused.content.decode()
    assert client.post(PATH, {**told, f"{key}-email": "ben@example.org"}).status_code == 302
    assert "ben@example.org" in client.get(PATH).content.decode()

    client.post(PATH, {"act": "give_back", "seat": second.pk})

    assert [row.email for row in delegations.seats_of(event, union)] == ["ben@example.org"]


def test_the_page_is_for_who_speaks_for_the_organisation(client, event, union):
    assert client.get(PATH).status_code == 302
    others = make_editor(make_organisation(), Membership.Role.DELEGATE)
    for somebody in (others, make_editor(union, Membership.Role.AUTHOR)):
        client.force_login(somebody)
        assert client.get(PATH).status_code == 404
        assert (
            client.post(PATH, {"act": "reserve", "number": 1, "mode": "online"}).status_code == 404
        )
    assert not event.registrations.exists()


def test_seats_of_others_cannot_be_touched(client, event, union, head):
    alone = make_registration(event, organisation=union)
    other = make_organisation()
    reserve(event, other, 1)
    [theirs] = delegations.seats_of(event, other)
    client.force_login(head)
    assert alone.email not in client.get(PATH).content.decode()

    for row in (alone, theirs):
        key = f"seat-{row.pk}"
        named = {"act": "name", "seat": row.pk, f"{key}-name": "X", f"{key}-email": "x@x.org"}
        for sent in ({"act": "give_back", "seat": row.pk}, named):
            assert client.post(PATH, sent).status_code == 404
    assert Event.objects.get().registrations.active().count() == 2


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"act": "nonsense"},
        {"act": "reserve"},
        {"act": "reserve", "number": "0", "mode": "online"},
        {"act": "reserve", "number": "9" * 40, "mode": "online"},
        {"act": "reserve", "number": "1", "mode": "in_person"},
        {"act": "reserve", "number": "4", "mode": "online"},
        {"act": "name", "seat": "x"},
    ],
)
def test_odd_input_is_refused_and_changes_nothing(client, event, union, head, sent):
    client.force_login(head)

    assert client.post(PATH, sent).status_code == 422
    assert not event.registrations.exists()


def test_what_is_left_out_is_asked_for_in_words(client, event, union, head):
    client.force_login(head)
    text = client.post(PATH, {"act": "reserve"}).content.decode()
    assert "Say how many seats you need." in text
