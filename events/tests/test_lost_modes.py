"""An event that can be taken part in in one way less: nobody is left with a seat that there is no more."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from conftest import Browser
from events import own, reminding, seats, telling
from events.kinds import Mode
from events.models import Event, Registration, Untold
from events.tests.acting import enter, last_letter, letters_to
from events.tests.factories import make_event
from hub.partners.tests.factories import make_editor, make_organisation
from hub.tests.pages import form_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
ASKED = "which is not possible any more. Please switch"


@pytest.fixture
def event() -> Event:
    return make_event(
        owner=make_organisation("Coal Valley Institute"),
        mode=Mode.HYBRID,
        venue="Hall",
        capacity_in_person=2,
        capacity_online=2,
    )


@pytest.fixture
def desk(event) -> Browser:
    browser = Browser()
    browser.force_login(make_editor(event.owner))
    return browser


def address(event: Event) -> str:
    return reverse("admin:events_event_change", args=[event.pk])


def becomes(desk: Browser, event: Event, mode: str) -> str:
    """Save another mode at the desk, and let the letters be written; what the desk says."""
    form = form_of(desk.get(address(event)), "event_form")
    answer = desk.post(address(event), form | {"mode": mode}, follow=True)
    assert Event.objects.get(pk=event.pk).mode == mode
    Untold.objects.update(due_at=now())
    telling.tell_due()
    return answer.content.decode()


def sure(event: Event, name: str, mode: str) -> Registration:
    return seats.confirm_address(enter(event, f"{name}@x.org", mode=mode).pk)


def test_who_registered_in_the_other_way_is_asked_and_the_rest_are_told(desk, event):
    ana, bo = sure(event, "ana", "online"), sure(event, "bo", "in_person")
    sure(event, "cleo", "online")
    waits = sure(event, "dee", "online")
    assert waits.status == "waitlisted"

    before = desk.get(address(event)).content.decode()
    said = becomes(desk, event, Mode.IN_PERSON)

    assert "Registered so far: In person: 1, Online: 3" in before
    assert "4 people are told" in said
    assert "3 of them cannot take part as they registered" in said
    for name in ("ana", "cleo", "dee"):
        letter = last_letter(f"{name}@x.org")
        assert letter.subject.startswith("Please choose anew")
        assert ASKED in letter.text
        assert "/registrations/" in letter.text
    assert ASKED not in last_letter(bo.email).text
    assert "How (before)" in last_letter(bo.email).text
    # They keep what they have until they choose: nobody is dropped.
    assert Registration.objects.get(pk=ana.pk).is_active
    registrations = reverse("admin:events_event_registrations", args=[event.pk])
    assert "Online, which there is no more: 3 have to choose" in desk.get(
        registrations
    ).content.decode().replace("&#x27;", "'")


def test_on_their_page_they_switch_and_get_the_seat(desk, event):
    ana = sure(event, "ana", "online")
    becomes(desk, event, Mode.IN_PERSON)
    path = own.path_of(ana)
    page = Browser().get(path).content.decode()
    assert ASKED in page
    assert 'value="in_person"' in page

    Browser().post(path, {"act": "switch", "mode": "in_person"})

    ana = Registration.objects.get(pk=ana.pk)
    assert (ana.mode, ana.status, ana.wants_mode) == ("in_person", "confirmed", "")
    assert ASKED not in Browser().get(path).content.decode()


def test_who_switches_while_the_room_is_full_waits_and_is_told_so(desk, event):
    sure(event, "bo", "in_person"), sure(event, "cleo", "in_person")
    ana = sure(event, "ana", "online")
    becomes(desk, event, Mode.IN_PERSON)

    Browser().post(own.path_of(ana), {"act": "switch", "mode": "in_person"})

    ana.refresh_from_db()
    assert ana.wants_mode == "in_person"
    assert "You wait for a seat in the room" in last_letter("ana@x.org").text
    bo = Registration.objects.get(email="bo@x.org")
    seats.cancel(bo.pk)
    ana.refresh_from_db()
    assert (ana.mode, ana.wants_mode) == ("in_person", "")


def test_a_wish_for_what_there_is_no_more_ends_with_a_word(desk, event):
    sure(event, "bo", "in_person"), sure(event, "cleo", "in_person")
    ana = sure(event, "ana", "online")
    seats.switch(ana.pk, "in_person")
    assert Registration.objects.get(pk=ana.pk).wants_mode == "in_person"

    becomes(desk, event, Mode.ONLINE)

    ana.refresh_from_db()
    assert (ana.mode, ana.wants_mode, ana.status) == ("online", "", "confirmed")
    texts = [letter.subject for letter in letters_to("ana@x.org")]
    assert any("Your registration has changed" in subject for subject in texts)


def test_the_reminder_asks_once_more(desk, event):
    ana = sure(event, "ana", "online")
    becomes(desk, event, Mode.IN_PERSON)
    event.refresh_from_db()
    Registration.objects.filter(pk=ana.pk).update(created_at=event.starts_at.replace(year=2020))
    reminder = reminding.REMINDERS[1]

    reminding._write_reminder(Registration.objects.get(pk=ana.pk), event, "again", reminder)

    letter = last_letter("ana@x.org")
    assert ASKED in letter.text
    assert "You take part" not in letter.text


def test_a_change_back_in_time_asks_nobody(desk, event):
    sure(event, "ana", "online")
    form = form_of(desk.get(address(event)), "event_form")
    desk.post(address(event), form | {"mode": Mode.IN_PERSON})
    count = len(letters_to("ana@x.org"))

    becomes(desk, event, Mode.HYBRID)

    assert len(letters_to("ana@x.org")) == count
