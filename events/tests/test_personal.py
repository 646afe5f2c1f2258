"""What is kept about who registers, and how it ends."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from events import own, personal
from events.models import Event, Registration
from events.tests.acting import enter, letters_to, statuses
from events.tests.factories import make_event, make_registration
from hub.partners.holdings import holdings

pytestmark = pytest.mark.django_db


def holding():
    return next(one for one in holdings if one.model is Registration)


def is_anybody(registration: Registration) -> bool:
    registration.refresh_from_db()
    told = f"{registration.email}{registration.name}{registration.access_needs}"
    return "ana" in told.lower() or bool(registration.answers)


def over_since(event: Event, **time: float) -> None:
    starts = (now() - timedelta(**time)).replace(tzinfo=None)
    event.timezone, event.starts_local = "UTC", starts
    event.ends_local = starts + timedelta(hours=1)
    event.save()


def test_somebody_sees_and_takes_along_what_is_kept_of_them():
    event = make_event()
    ana = make_registration(event, "Ana@x.org", access_needs="Captions")

    rows = holding().rows("ana@X.org")

    [(title, path)] = holding().panel(rows)
    assert title == event.title
    assert own.registration_of(path.split("/")[2]) == ana  # each link bears the second it was made
    told = holding().export(rows.get())
    assert {"Captions", "Ana@x.org", "Has a seat"} <= {str(value) for value in told.values()}


def test_erasing_gives_the_seat_to_who_waits_and_leaves_nobody():
    event = make_event(capacity_online=1)
    ana = enter(event, "ana@x.org", access_needs="Captions for Ana", answers={"diet": "Vegan"})
    enter(event, "bo@x.org")
    path, letters = own.path_of(ana), len(letters_to("ana@x.org"))

    holding().erase(holding().rows("ana@x.org"))

    assert not is_anybody(ana)
    assert statuses(event)["bo"] == "confirmed"
    assert len(letters_to("ana@x.org")) == letters
    assert own.registration_of(path.split("/")[2]) is None
    assert not holding().rows("ana@x.org").exists()


def test_ninety_days_after_an_event_its_guests_are_numbers():
    old, recent, to_come = make_event(), make_event(), make_event()
    over_since(old, days=91)
    over_since(recent, days=89)
    guests = [
        make_registration(old, f"ana{number}@x.org", name="Ana", access_needs="Ana's needs")
        for number in range(3)
    ]
    kept = [make_registration(event, "ana@x.org", name="Ana") for event in (recent, to_come)]

    assert holding().retain(Registration.objects.all()) == 3
    assert holding().retain(Registration.objects.all()) == 0

    assert not any(is_anybody(one) for one in guests)
    assert all(is_anybody(one) for one in kept)
    assert old.registrations.confirmed().count() == 3


def test_what_is_blanked_is_all_that_tells_of_somebody():
    """A column that is added later is either blanked or said here to tell of nobody."""
    tells_of_nobody = {
        *("id", "event", "email_confirmed_at", "mode", "wants_mode", "status", "queued_at"),
        *("language", "replaced_by", "is_held_by_organiser", "told_sequence", "created_at"),
        "ended_at",
    }
    columns = {field.name for field in Registration._meta.concrete_fields}

    assert columns - tells_of_nobody - {*personal.BLANK, "email", "link_version"} == set()
