"""Who hears of it when a session that they chose, or speak in, is moved or called off. The numbers are
those of the scenarios."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.timezone import now
from icalendar import Calendar

from events import publishing, seats, telling, timetable
from events.desk_telling import released_by
from events.kinds import Mode
from events.models import Event, Registration, Session, Untold
from events.tests.acting import enter, last_letter, letters_to
from events.tests.factories import make_appearance, make_event, make_registration, make_session
from hub.notices.models import Message
from hub.partners.models import Organisation
from hub.partners.tests.factories import make_editor, make_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def event() -> Event:
    event = make_event(mode=Mode.HYBRID, venue="Square", capacity_online=None)
    for title in ("Coal", "Steel", "Cement"):
        make_session(event, title=title, capacity=20, room=f"Hall {title}")
    released_by(event)
    return Event.objects.get(pk=event.pk)


def session_of(event: Event, title: str) -> Session:
    return event.sessions.get(title=title)


def coming(event: Event, name: str, *titles: str) -> Registration:
    """Somebody with a seat in these sessions and the entry in the calendar."""
    chosen = tuple(session_of(event, title) for title in titles)
    return seats.confirm_address(enter(event, f"{name}@x.org", sessions=chosen).pk)


def move(event: Event, which: str, /, **fields: object) -> int:
    """What the desk does: change a session, then release; how many are told."""
    session = session_of(event, which)
    fields = fields or {
        "starts_local": session.starts_local + HOUR,
        "ends_local": session.ends_local + HOUR,
    }
    for name, value in fields.items():
        setattr(session, name, value)
    session.save()
    return released_by(event)[1]


def later() -> None:
    Untold.objects.update(due_at=now())
    telling.tell_due()


def entry(letter: Message):
    return Calendar.from_ical(letter.calendar).walk("VEVENT")[0]


def test_who_chose_a_session_that_is_moved_is_told_of_it_and_nobody_else(event):
    ana = coming(event, "ana", "Coal", "Steel")
    coming(event, "bo", "Cement")
    coming(event, "cleo")
    told = {name: len(letters_to(f"{name}@x.org")) for name in ("ana", "bo", "cleo")}
    was = session_of(event, "Coal")

    assert move(event, "Coal") == 1
    telling.tell_due()
    assert len(letters_to("ana@x.org")) == told["ana"]  # it waits for ten minutes
    assert Untold.objects.get().due_at > now() + timedelta(minutes=9)
    later()
    later()

    (letter,) = letters_to("ana@x.org")[told["ana"] :]
    assert letter.subject.startswith("The programme has changed")
    assert f"{was.starts_local + HOUR:%H:%M}" in letter.text
    assert "Coal (before): " in letter.text
    assert f"{was.starts_local:%H:%M}" in letter.text.partition("Coal (before): ")[2]
    assert "Steel" not in letter.text
    for name in ("bo", "cleo"):
        assert len(letters_to(f"{name}@x.org")) == told[name]
    first, last = [entry(one) for one in letters_to(ana.email) if one.calendar]
    assert (first["UID"], last["UID"]) == (event.uid, event.uid)
    assert last["SEQUENCE"] > first["SEQUENCE"]
    assert f"{was.starts_local + HOUR:%H:%M}" in last["DESCRIPTION"]
    assert f"Coal: {was.starts_local:%A}" in first["DESCRIPTION"]


def test_what_is_not_released_tells_nobody(event):
    coming(event, "ana", "Coal")
    session = session_of(event, "Coal")
    session.room = "Hall Z"
    session.save()
    later()

    assert not Untold.objects.exists()
    assert last_letter("ana@x.org").subject.startswith("You have a seat")


def test_several_changes_of_several_sessions_are_one_letter_with_the_last_state(event):
    coming(event, "ana", "Coal", "Steel")
    count = len(letters_to("ana@x.org"))

    move(event, "Coal", room="Hall X")
    move(event, "Coal", room="Hall Y")
    move(event, "Steel", status="cancelled")
    later()

    (letter,) = letters_to("ana@x.org")[count:]
    assert "Hall Y" in letter.text
    assert "Hall X" not in letter.text
    assert "Hall Coal" in letter.text.partition("Coal (before)")[2]
    assert "Steel: Cancelled" in letter.text
    assert "Steel: Cancelled" in entry(letter)["DESCRIPTION"]


def test_a_change_of_mode_is_told(event):
    coming(event, "ana", "Coal")

    move(event, "Coal", mode=Mode.ONLINE)
    later()

    assert "Online" in last_letter("ana@x.org").text.partition("Coal: ")[2].splitlines()[0]


def test_scenario_20_a_typo_and_what_is_taken_back_are_nobodys_news(event):
    coming(event, "ana", "Coal")
    count = len(letters_to("ana@x.org"))

    assert move(event, "Coal", title="Coal!", summary="Put right", language="en") == 0
    move(event, "Coal!", room="Hall X")
    move(event, "Coal!", room="Hall Coal")
    later()

    assert len(letters_to("ana@x.org")) == count
    assert not Untold.objects.exists()


def test_a_change_of_the_event_and_of_a_session_is_one_letter(event):
    coming(event, "ana", "Coal")
    coming(event, "bo")
    count = len(letters_to("ana@x.org"))
    move(event, "Coal", room="Hall X")
    before, after = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)
    after.venue = "Palace"
    after.save()
    publishing.saved(after, before)
    telling.changed(after, before)
    later()

    (letter,) = letters_to("ana@x.org")[count:]
    assert "Palace" in letter.text
    assert "Hall X" in letter.text
    assert "Palace" in last_letter("bo@x.org").text
    assert "Hall X" not in last_letter("bo@x.org").text


def test_who_gave_the_seat_back_meanwhile_hears_nothing(event):
    ana, bo = coming(event, "ana", "Coal"), coming(event, "bo", "Coal")
    move(event, "Coal")
    seats.cancel(ana.pk)
    seats.choose_sessions(bo.pk, [])
    count = Message.objects.count()
    later()

    assert Message.objects.count() == count


def test_who_waits_for_a_seat_in_a_session_is_told_without_an_entry_of_it(event):
    Session.objects.filter(title="Coal").update(capacity=1)
    coming(event, "ana", "Coal")
    coming(event, "bo", "Coal")
    move(event, "Coal", room="Hall X")
    later()

    letter = last_letter("bo@x.org")
    assert "Coal: " in letter.text
    assert "Coal" not in entry(letter).get("DESCRIPTION", "")


def test_speakers_with_an_address_are_told_of_their_sessions(event):
    speaker = make_person("Eva Long", email="eva@x.org")
    make_appearance(session_of(event, "Coal"), "Eva Long", person=speaker)
    make_appearance(session_of(event, "Coal"), "Nobody Known")
    make_appearance(session_of(event, "Steel"), "Ida", person=make_person("Ida", email="ida@x.org"))
    assert move(event, "Coal", room="Hall X") == 1
    later()
    later()

    (letter,) = letters_to("eva@x.org")
    assert "in which you speak" in letter.text
    assert "Hall X" in letter.text
    assert not letters_to("ida@x.org")


def test_a_speaker_who_is_registered_has_one_letter_of_both(event):
    speaker = make_person("Eva Long", email="Eva@x.org")
    make_appearance(session_of(event, "Coal"), "Eva Long", person=speaker)
    coming(event, "eva", "Steel")
    count = len(letters_to("eva@x.org"))
    move(event, "Coal", room="Hall X")
    move(event, "Steel", room="Hall Y")
    later()

    (letter,) = letters_to("eva@x.org")[count:]
    assert "Hall X" in letter.text
    assert "Hall Y" in letter.text


def test_speakers_are_told_that_the_event_does_not_take_place(event):
    speaker = make_person("Eva Long", email="eva@x.org")
    make_appearance(session_of(event, "Coal"), "Eva Long", person=speaker)
    event = publishing.cancel(event.pk, "The hall has burnt down.")
    assert telling.called_off(event, event.reason) == 1
    telling.tell_called_off(event.pk)
    telling.tell_called_off(event.pk)

    (letter,) = letters_to("eva@x.org")
    assert "The hall has burnt down" in letter.text


def test_of_an_event_that_is_called_off_no_change_of_its_programme_is_told(event):
    coming(event, "ana", "Coal")
    move(event, "Coal")
    event = publishing.postpone(event.pk, "The hall has burnt down.")
    assert move(event, "Coal", room="Hall X") == 0
    count = len(letters_to("ana@x.org"))
    later()

    assert len(letters_to("ana@x.org")) == count + 1
    assert "Postponed" in last_letter("ana@x.org").subject
    assert "Hall X" not in last_letter("ana@x.org").text


def test_a_change_while_letters_are_written_is_told_in_the_next_round(event, monkeypatch):
    coming(event, "ana", "Coal")
    count = len(letters_to("ana@x.org"))
    move(event, "Coal", room="Hall X")
    to_speakers = telling._to_speakers

    def meanwhile(*args: object) -> None:
        monkeypatch.setattr(telling, "_to_speakers", to_speakers)
        move(event, "Coal", room="Hall Y")

    monkeypatch.setattr(telling, "_to_speakers", meanwhile)
    later()
    later()

    first, second = letters_to("ana@x.org")[count:]
    assert "Hall X" in first.text
    assert "Hall Y" in second.text
    assert "Hall X" in second.text.partition("(before)")[2]
    assert not Untold.objects.exists()


def test_after_the_event_nobody_is_told(event):
    Event.objects.filter(pk=event.pk).update(
        starts_at=now() - timedelta(days=2), ends_at=now() - timedelta(days=1)
    )
    make_registration(event).session_seats.create(
        session=session_of(event, "Coal"), status="confirmed"
    )

    assert move(Event.objects.get(pk=event.pk), "Coal", room="Hall X") == 0


def test_the_desk_says_how_many_are_told(client, event):
    coming(event, "ana", "Coal")
    session = session_of(event, "Coal")
    session.room = "Hall X"
    session.save()
    client.force_login(make_editor(Organisation.objects.desk()))

    response = client.post(f"/admin/events/event/{event.pk}/release/", follow=True)

    assert "1 person is told." in response.content.decode()
    later()
    assert "Hall X" in last_letter("ana@x.org").text


def test_who_speaks_in_a_session_that_is_removed_is_told_at_once(event):
    session = session_of(event, "Coal")
    speaker = make_person("Ida", email="ida@x.org")
    make_appearance(session, person=speaker)
    make_appearance(session_of(event, "Steel"), person=make_person("Uma", email="uma@x.org"))
    released_by(event)
    told = len(letters_to("uma@x.org"))
    rows = timetable.rows_of(event, removing(event, "Coal"))
    assert rows.is_valid(), rows.errors

    timetable.save(event, rows)

    assert not event.sessions.filter(title="Coal").exists()
    letter = last_letter("ida@x.org")
    assert letter.subject.startswith("The programme has changed")
    assert "is not in the programme any more" in letter.text
    assert f"Coal: {session.starts_local:%A}" in letter.text
    assert len(letters_to("uma@x.org")) == told


def test_a_session_with_seats_stays_until_it_is_cancelled_and_then_they_are_told(event):
    coming(event, "ana", "Coal")
    rows = timetable.rows_of(event, removing(event, "Coal"))
    assert rows.is_valid(), rows.errors

    with pytest.raises(ValidationError, match="cancel it instead"):
        timetable.save(event, rows)

    assert move(event, "Coal", status="cancelled") == 1
    later()
    assert "Coal: Cancelled" in last_letter("ana@x.org").text


def removing(event: Event, title: str) -> QueryDict:
    """The table of the desk as it stands, with a tick at one session."""
    rows = timetable.rows_of(event)
    sent = QueryDict(mutable=True)
    for name, value in rows.management_form.initial.items():
        sent[f"sessions-{name}"] = str(value)
    sent["sessions-TOTAL_FORMS"] = sent["sessions-INITIAL_FORMS"]
    for number, form in enumerate(rows.initial_forms):
        for field in form.visible_fields() + form.hidden_fields():
            sent[field.html_name] = str(field.value() or "")
        if form.instance.title == title:
            sent[f"sessions-{number}-DELETE"] = "on"
    return sent
