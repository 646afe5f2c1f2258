"""What organisers do with registrations: each act ends in ``events.seats``, with its letter."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from events.models import Event, Registration, Untold
from events.tests.factories import make_event, make_registration
from hub.notices.models import Message
from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests.pages import form_of
from hub.tests.queue import run_waiting_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def event(partner) -> Event:
    return make_event(owner=partner, mode="hybrid", registration="approval", capacity_in_person=1)


@pytest.fixture
def desk(client, partner):
    client.force_login(make_editor(partner))
    return client


def page(event: Event, name: str = "registrations") -> str:
    return reverse(f"admin:events_event_{name}", args=[event.pk])


def act(client, event: Event, name: str, *chosen: Registration, **more):
    """Choose, press, and answer the question that follows."""
    data = {"act": name, "chosen": [one.pk for one in chosen]}
    asked = client.post(page(event, "registrations_act"), data)
    if asked.status_code == 302:
        return asked
    form = form_of(asked, "act_form")
    return client.post(page(event, "registrations_act"), form | more)


def states(event: Event) -> dict[str, str]:
    return dict(event.registrations.values_list("name", "status"))


def test_many_are_approved_at_once_as_far_as_there_are_seats(desk, event):
    people = [
        make_registration(event, name=name, mode="in_person", status="pending")
        for name in ("Ana", "Ben")
    ]

    answer = act(desk, event, "approve", *people)

    assert answer.status_code == 302
    assert states(event) == {"Ana": "confirmed", "Ben": "waitlisted"}
    assert {one.to for one in Message.objects.all()} == {one.email for one in people}


def test_the_question_comes_before_the_act(desk, event):
    one = make_registration(event, name="Ana", status="pending")

    asked = desk.post(page(event, "registrations_act"), {"act": "approve", "chosen": [one.pk]})

    assert "Approve these registrations" in asked.content.decode()
    assert states(event) == {"Ana": "pending"}


def test_one_is_declined_with_a_reason(desk, event):
    one = make_registration(event, name="Ana", status="pending")

    act(desk, event, "decline", one, reason="It is for mayors.")

    assert states(event) == {"Ana": "declined"}
    assert "It is for mayors." in Message.objects.get().text


def test_who_is_cancelled_makes_room_for_the_next(desk, event):
    ana = make_registration(event, name="Ana", mode="in_person")
    make_registration(event, name="Ben", mode="in_person", status="waitlisted")

    act(desk, event, "cancel", ana, reason="You asked for it.")

    assert states(event) == {"Ana": "cancelled", "Ben": "confirmed"}


def test_a_seat_is_given_out_of_turn_if_there_is_one(desk, event):
    make_registration(event, name="Ana", mode="in_person")
    ben = make_registration(event, name="Ben", mode="in_person", status="waitlisted")

    answer = act(desk, event, "promote", ben)

    page_after = desk.get(answer["Location"]).content.decode()
    assert "Ben: There is no free seat any more." in page_after
    assert states(event)["Ben"] == "waitlisted"


def test_whose_status_does_not_fit_is_left_out(desk, event):
    pending = make_registration(event, name="Ana", status="pending")
    seated = make_registration(event, name="Ben", mode="online")

    asked = desk.post(
        page(event, "registrations_act"), {"act": "approve", "chosen": [pending.pk, seated.pk]}
    )

    assert "1 more that you chose is left out" in asked.content.decode()
    assert [one.name for one in asked.context["rows"]] == ["Ana"]


def test_nothing_chosen_leads_back_with_words(desk, event):
    answer = desk.post(page(event, "registrations_act"), {"act": "approve"}, follow=True)

    assert "choose registrations" in answer.content.decode()


@pytest.mark.parametrize("name", ["", "odd", "confirmed"])
def test_no_other_act_is_there(desk, event, name):
    assert desk.post(page(event, "registrations_act"), {"act": name}).status_code == 404


def test_nobody_of_another_event_is_touched(desk, event):
    elsewhere = make_registration(make_event(), status="pending")

    act(desk, event, "approve", elsewhere)

    elsewhere.refresh_from_db()
    assert elsewhere.status == "pending"


def test_other_partners_do_nothing(client, event):
    client.force_login(make_editor(make_organisation()))
    one = make_registration(event, status="pending")
    data = {"act": "approve", "chosen": [one.pk], "confirmed": "1"}

    assert client.post(page(event, "registrations_act"), data).status_code == 404
    assert client.post(page(event, "registration_add"), {"name": "Me"}).status_code == 404
    assert client.post(page(event, "seats"), {"capacity_online": "1"}).status_code == 404

    one.refresh_from_db()
    assert one.status == "pending"


def test_scenario_5_more_seats_go_to_who_waits(desk, event):
    make_registration(event, name="Ana", mode="in_person")
    make_registration(event, name="Ben", mode="in_person", status="waitlisted")
    make_registration(event, name="Cem", mode="in_person", status="waitlisted")

    answer = desk.post(page(event, "seats"), {"capacity_in_person": "2", "has_waiting_list": "on"})

    assert answer.status_code == 302
    assert states(event) == {"Ana": "confirmed", "Ben": "confirmed", "Cem": "waitlisted"}
    desk.post(page(event, "seats"), {"capacity_in_person": "1", "has_waiting_list": "on"})
    assert states(event) == {"Ana": "confirmed", "Ben": "confirmed", "Cem": "waitlisted"}


def test_the_form_of_the_event_gives_seats_on_too(desk, event):
    make_registration(event, name="Ana", mode="in_person", status="waitlisted")
    form = form_of(desk.get(page(event, "change")), "event_form")

    answer = desk.post(page(event, "change"), form | {"capacity_in_person": "5"})

    assert answer.status_code == 302
    assert states(event) == {"Ana": "confirmed"}


def test_somebody_is_put_in_by_hand(desk, event):
    form = form_of(desk.get(page(event, "registration_add")), "act_form")
    person = {"name": "Ana Ruiz", "email": "ana@example.org", "mode": "in_person"}

    answer = desk.post(page(event, "registration_add"), form | person)

    assert answer.status_code == 302, answer.context["form"].errors
    one = event.registrations.get()
    assert (one.status, one.is_held_by_organiser, one.may_be_listed) == ("confirmed", True, False)
    assert Message.objects.get().to == "ana@example.org"
    again = desk.post(page(event, "registration_add"), form | person)
    assert "registered already" in again.content.decode()


@pytest.mark.parametrize(
    "odd", [{"email": "nobody"}, {"mode": "by bus"}, {"name": ""}, {"organisation": "x"}]
)
def test_what_cannot_be_put_in_is_said(desk, event, odd):
    form = form_of(desk.get(page(event, "registration_add")), "act_form")
    person = {"name": "Ana Ruiz", "email": "ana@example.org", "mode": "in_person"}

    answer = desk.post(page(event, "registration_add"), form | person | odd)

    assert next(iter(odd)) in answer.context["form"].errors
    assert not event.registrations.exists()


def test_scenario_19_who_comes_is_told_of_a_cancelled_event(desk, event):
    seated = [make_registration(event, mode="online") for _ in range(3)]
    waiting = make_registration(event, mode="in_person", status="waitlisted")
    make_registration(event, status="cancelled", ended_at=now())

    answer = desk.post(page(event, "cancel"), {"reason": "The hall is flooded"}, follow=True)
    run_waiting_jobs()

    assert "4 people are told" in answer.content.decode()
    letters = Message.objects.all()
    assert {one.to for one in letters} == {one.email for one in [*seated, waiting]}
    assert all("The hall is flooded" in one.text for one in letters)


def test_scenario_20_of_a_moved_event_people_are_told_and_of_a_typo_nobody(desk, event):
    make_registration(event, mode="online")

    def save(**fields):
        form = form_of(desk.get(page(event, "change")), "event_form")
        return desk.post(page(event, "change"), form | fields, follow=True).content.decode()

    assert "told of the change" not in save(title="Put right")
    assert not Untold.objects.exists()
    assert "1 person is told of the change in about ten minutes" in save(venue="The Egg")
    assert Untold.objects.get().event == event


def test_who_waits_for_approval_waits_at_the_desk(desk, event):
    make_registration(event, status="pending")
    make_registration(event)
    make_registration(make_event(registration="approval"), status="pending")

    (task,) = [one for one in desk.get("/admin/").context["inbox"] if "approve" in one.label]

    assert (task.count, str(event) in task.label) == (1, True)
    assert desk.get(task.url).context["page"].paginator.count == 1
