"""The forms of events: keys of what belongs to others' events change nothing and show nothing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events import release
from events.models import Event, Material, Outcome, Registration, Session
from events.tests.factories import make_event, make_material, make_registration, make_session
from hub.tests.pages import form_of
from tests.isolation import House, changed_rows, has_canary

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(house: House) -> Event:
    event = make_event(owner=house.mine.owner, title="Our own event")
    make_session(event, title="Our own session")
    make_material(event)
    release.release(event)
    return Event.objects.get(pk=event.pk)


def page(event: Event, name: str) -> str:
    return reverse(f"admin:events_event_{name}", args=[event.pk])


def foreign(house: House) -> dict[str, dict[str, Any]]:
    theirs = house.rows[Event][1]
    material, outcome = theirs.materials.get(), theirs.outcome
    of_material = {"materials-0-id": material.pk, "materials-0-title": "Mine"}
    of_outcome = {
        "outcome-TOTAL_FORMS": "1",
        "outcome-INITIAL_FORMS": "1",
        "outcome-0-id": outcome.pk,
        "outcome-0-summary": "Mine",
        "outcome-0-is_shown": "on",
    }
    return {
        "owner": {"owner": theirs.owner_id},
        "material": of_material,
        "material of theirs": of_material | {"materials-0-event": theirs.pk},
        "material to be deleted": of_material | {"materials-0-DELETE": "on"},
        "session of a material": {"materials-0-session": theirs.sessions.get().pk},
        "outcome": of_outcome,
        "outcome of theirs": of_outcome | {"outcome-0-event": theirs.pk},
        "organiser": {
            "organisers-TOTAL_FORMS": "1",
            "organisers-INITIAL_FORMS": "1",
            "organisers-0-id": theirs.organisers.get().pk,
            "organisers-0-name": "Mine",
        },
    }


NAMES = [
    *("owner", "material", "material of theirs", "material to be deleted"),
    *("session of a material", "outcome", "outcome of theirs", "organiser"),
]


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_others_change_nothing_in_the_form_of_an_event(client: Client, house, mine, name):
    client.force_login(house.people["editor"])
    form = form_of(client.get(page(mine, "change")), "event_form")

    answer = client.post(page(mine, "change"), form | foreign(house)[name])

    # What is to be deleted and is not there is passed over; all else is refused.
    assert answer.status_code == (302 if name.endswith("deleted") else 200)
    assert not has_canary(answer)
    assert changed_rows(house) == {}
    assert Material.objects.filter(event=mine).count() == 1
    assert not Outcome.objects.filter(event=mine).exists()
    assert Event.objects.get(pk=mine.pk).owner == house.mine.owner


@pytest.mark.parametrize("name", ["timetable", "registrations_act"])
def test_rows_of_others_are_not_reached_by_our_pages(client: Client, house, mine, name):
    client.force_login(house.people["editor"])
    theirs = house.rows[Event][1]
    make_registration(mine)
    if name == "timetable":
        data = form_of(client.get(page(mine, name)), "timetable_form")
        data |= {"sessions-0-id": theirs.sessions.get().pk, "sessions-0-title": "Mine"}
        data |= {"sessions-0-DELETE": "on"}
        answers = [client.post(page(mine, name), data)]
    else:
        keys = list(theirs.registrations.values_list("pk", flat=True))
        sent = {"chosen": keys, "confirmed": "1", "reason": "Mine now"}
        answers = [
            client.post(page(mine, name), sent | {"act": act}, follow=True)
            for act in ("approve", "decline", "cancel", "promote")
        ]

    assert not any(has_canary(answer) for answer in answers)
    assert changed_rows(house) == {}
    assert Session.objects.filter(event=mine).count() == 1
    assert Registration.objects.filter(event=mine).confirmed().count() == 1


@pytest.mark.parametrize("name", ["session", "registration"])
def test_what_is_theirs_is_not_below_our_event(client: Client, house, mine, name):
    client.force_login(house.people["editor"])
    theirs = house.rows[Event][1]
    row = theirs.sessions.get() if name == "session" else theirs.registrations.named().get()
    address = reverse(f"admin:events_event_{name}", args=[mine.pk, row.pk])

    assert [client.get(address).status_code, client.post(address, {}).status_code][0] == 404
    assert changed_rows(house) == {}
