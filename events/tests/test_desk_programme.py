"""The programme at the desk: the table of sessions, the people of one, warnings, and the release."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from events import release
from events.kinds import Role
from events.models import Appearance, Event, JoinAddress, ProgrammeChange, Session
from events.tests.factories import local, make_appearance, make_event, make_session
from events.warnings import warnings_of
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from hub.tests.pages import form_of

pytestmark = pytest.mark.django_db

START = local("2030-10-24 09:00")


@pytest.fixture
def partner():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def event(partner) -> Event:
    return make_event(
        owner=partner,
        starts_local=START,
        ends_local=local("2030-10-26 17:00"),
        mode="hybrid",
    )


@pytest.fixture
def desk(client, partner):
    client.force_login(make_editor(partner))
    return client


def table(event: Event) -> str:
    return reverse("admin:events_event_timetable", args=[event.pk])


def page_of(session: Session) -> str:
    return reverse("admin:events_event_session", args=[session.event_id, session.pk])


def send(client, event: Event, **fields):
    form = form_of(client.get(table(event)), "timetable_form")
    return client.post(table(event), form | {f"sessions-{k}": v for k, v in fields.items()})


def row(number: int, **fields) -> dict:
    return {f"{number}-{name}": value for name, value in fields.items()}


def at(session: Session) -> tuple:
    session.refresh_from_db()
    return session.starts_local, session.ends_local


def test_sessions_are_filled_in_as_a_table_without_a_script(desk, event):
    opening = make_session(event, title="Opening", room="Hall A")

    answer = send(
        desk,
        event,
        **row(0, starts_time="10:00", ends_time="11:00"),
        **row(
            1,
            title="Sector coupling",
            kind="panel",
            starts_on="2030-10-24",
            starts_time="14:30",
            ends_time="16:00",
            room="Hall B",
            mode="online",
        ),
        **row(2, title="Reception", starts_on="2030-10-24", starts_time="22:00", ends_time="00:30"),
        **row(3, title="Site visit", starts_on="2030-10-26"),
    )

    assert answer.status_code == 302, answer.context["rows"].errors
    assert at(opening) == (local("2030-10-24 10:00"), local("2030-10-24 11:00"))
    panel, reception, visit = event.sessions.exclude(pk=opening.pk).in_order()
    assert (panel.slug, panel.timezone, panel.mode) == (
        "sector-coupling",
        "Europe/Brussels",
        "online",
    )
    assert panel.starts_at.isoformat() == "2030-10-24T12:30:00+00:00"
    assert at(reception) == (local("2030-10-24 22:00"), local("2030-10-25 00:30"))
    assert (visit.precision, visit.starts_local) == ("day", local("2030-10-26"))


def test_what_was_not_touched_stays_as_it_is(desk, event):
    """Also what the table has no column for: a session of three days, a night, days."""
    make_session(event, ends_local=local("2030-10-26 12:00"))
    make_session(
        event, starts_local=local("2030-10-24 22:00"), ends_local=local("2030-10-25 01:00")
    )
    make_session(
        event, starts_local=local("2030-10-24"), ends_local=local("2030-10-25"), precision="day"
    )
    make_session(event, starts_local=None, ends_local=None)
    before = list(event.sessions.order_by("pk").values())

    answer = send(desk, event)

    assert answer.status_code == 302
    assert list(event.sessions.order_by("pk").values()) == before


def test_a_long_session_is_moved_with_its_last_day(desk, event):
    session = make_session(event, ends_local=local("2030-10-25 12:00"))

    send(desk, event, **row(0, starts_on="2030-10-25"))

    assert at(session) == (local("2030-10-25 09:00"), local("2030-10-26 12:00"))


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"ends_time": "08:00"}, "ends_time", "ends before"),
        ({"starts_on": ""}, "starts_on", "which day"),
        ({"title": ""}, "title", "required"),
        ({"starts_on": "soon"}, "starts_on", "valid date"),
        (
            {"starts_on": "2031-03-30", "starts_time": "02:30", "ends_time": "04:00"},
            "starts_time",
            "never comes",
        ),
        (
            {"starts_on": "2030-10-27", "starts_time": "02:30", "ends_time": "04:00"},
            "starts_which",
            "twice",
        ),
        ({"kind": "party"}, "kind", "valid choice"),
    ],
)
def test_what_cannot_be_is_said_in_its_row_and_nothing_is_lost(desk, event, fields, name, words):
    session = make_session(event)
    was = at(session)

    answer = send(desk, event, **row(0, room="Hall Z", **fields))

    assert words in str(answer.context["rows"].forms[0].errors[name])
    assert at(session) == was
    assert form_of(answer, "timetable_form")["sessions-0-room"] == ["Hall Z"]


def test_two_in_one_room_are_named(desk, event):
    make_session(event, title="Opening", room="Hall A")
    make_session(event, title="Panel", room="Hall B")

    answer = send(desk, event, **row(1, room="hall a"))

    assert "“Opening” is in this room" in str(answer.context["rows"].forms[1].errors["room"])


def test_two_may_change_rooms(desk, event):
    one = make_session(event, room="Hall A")
    other = make_session(event, room="Hall B")

    answer = send(desk, event, **row(0, room="Hall B"), **row(1, room="Hall A"))

    assert answer.status_code == 302
    assert [Session.objects.get(pk=s.pk).room for s in (one, other)] == ["Hall B", "Hall A"]


def test_rows_of_other_events_are_refused(desk, event, partner):
    make_session(event)
    other = make_session(make_event(), title="Theirs")

    answer = send(desk, event, **row(0, id=str(other.pk), title="Mine"))

    assert answer.status_code == 200
    other.refresh_from_db()
    assert other.title == "Theirs"


def test_a_session_is_removed_or_kept_with_words(desk, event):
    session, kept = make_session(event), make_session(event, capacity=2)
    registration = event.registrations.create(
        email="a@x.org", name="Ana", mode="online", status="confirmed"
    )
    kept.seats.create(registration=registration, status="confirmed")

    refused = send(desk, event, **row(0, DELETE="on"), **row(1, DELETE="on"))
    assert "cancel it instead" in refused.content.decode()
    assert event.sessions.count() == 2

    send(desk, event, **row(0, DELETE="on"))
    assert list(event.sessions.all()) == [kept]
    assert not Session.objects.filter(pk=session.pk).exists()


def test_the_second_of_two_tables_is_told_what_the_first_has_changed(desk, event):
    session = make_session(event, title="Opening", room="Hall A")
    form = form_of(desk.get(table(event)), "timetable_form")
    send(desk, event, **row(0, room="Hall Z"))

    answer = desk.post(table(event), form | {"sessions-0-title": "Welcome"})

    text = answer.content.decode()
    assert "there now: Hall Z" in text
    session.refresh_from_db()
    assert (session.title, session.room) == ("Opening", "Hall Z")
    again = form_of(answer, "timetable_form")
    assert desk.post(table(event), again | {"sessions-0-room": "Hall Z"}).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.room) == ("Welcome", "Hall Z")


def test_what_another_has_removed_meanwhile_is_not_lost(desk, event):
    late = {"starts_local": local("2030-10-24 16:00"), "ends_local": local("2030-10-24 17:00")}
    kept = make_session(event, title="Closing", room="Hall B", **late)
    make_session(event, title="Opening", room="Hall A", ends_local=local("2030-10-24 10:00"))
    form = form_of(desk.get(table(event)), "timetable_form")
    send(desk, event, **row(0, DELETE="on"))
    assert list(event.sessions.all()) == [kept]

    answer = desk.post(table(event), form | {"sessions-0-title": "Welcome"})

    text = answer.content.decode()
    assert "Somebody else has removed these sessions" in text
    assert "<li>Welcome</li>" in text
    again = form_of(answer, "timetable_form")
    assert [again[f"sessions-{n}-title"] for n in range(2)] == [["Closing"], ["Welcome"]]
    assert desk.post(table(event), again).status_code == 302
    titles = event.sessions.in_order().values_list("title", "room")
    assert list(titles) == [("Welcome", "Hall A"), ("Closing", "Hall B")]


def test_what_another_has_removed_may_stay_removed(desk, event):
    make_session(event, title="Opening", room="Hall A", ends_local=local("2030-10-24 10:00"))
    form = form_of(desk.get(table(event)), "timetable_form")
    send(desk, event, **row(0, DELETE="on"))
    answer = desk.post(table(event), form | {"sessions-0-title": "Welcome"})
    again = form_of(answer, "timetable_form")
    assert "Remove Welcome" in answer.content.decode()

    assert desk.post(table(event), again | {"sessions-0-DELETE": "on"}).status_code == 302

    assert not event.sessions.exists()


def test_a_session_has_people(desk, event):
    session = make_session(event)
    union = make_organisation("Miners' Union")
    person = make_person("Ana Ruiz")
    form = form_of(desk.get(page_of(session)), "session_form")

    answer = desk.post(
        page_of(session),
        form
        | {
            "summary": "What comes after coal.",
            "capacity": "40",
            "join_url": "https://meet.example.org/secret",
            "people-0-person": str(person.pk),
            "people-0-role": "chair",
            "people-1-name": "Ben Long",
            "people-1-organisation": str(union.pk),
            "people-1-is_remote": "on",
            "people-2-organisation": str(union.pk),
        },
    )

    assert answer.status_code == 302, answer.context["people"].errors
    session.refresh_from_db()
    assert (session.summary, session.capacity) == ("What comes after coal.", 40)
    assert [(str(one), one.role) for one in session.appearances.all()] == [
        ("Ana Ruiz", "chair"),
        ("Ben Long", "speaker"),
        ("Miners' Union", "speaker"),
    ]
    assert session.join_address.url == "https://meet.example.org/secret"


def test_people_of_other_sessions_are_refused(desk, event):
    theirs = make_appearance(make_session(make_event()), "Theirs")
    session = make_session(event)
    make_appearance(session)
    form = form_of(desk.get(page_of(session)), "session_form")

    answer = desk.post(page_of(session), form | {"people-0-id": str(theirs.pk)})

    assert answer.status_code == 200
    assert Appearance.objects.get(pk=theirs.pk).session_id == theirs.session_id


def test_sessions_of_other_events_are_not_there(desk, event):
    other = make_session(make_event())

    address = reverse("admin:events_event_session", args=[event.pk, other.pk])

    assert desk.get(address).status_code == 404
    assert desk.get(table(other.event)).status_code == 404


def test_authors_work_on_drafts_and_see_no_join_address(client, partner, event):
    client.force_login(make_editor(partner, role=Membership.Role.AUTHOR))
    session = make_session(event)
    JoinAddress.objects.create(session=session, url="https://meet.example.org/secret")
    assert client.get(table(event)).status_code == 404

    Event.objects.update(status="draft", published_at=None)

    text = client.get(page_of(session)).content.decode()
    assert "meet.example.org" not in text
    form = form_of(client.get(page_of(session)), "session_form")
    client.post(page_of(session), form | {"join_url": "", "summary": "Mine"})
    assert JoinAddress.objects.filter(session=session).exists()
    address = reverse("admin:events_event_release", args=[event.pk])
    assert client.post(address).status_code == 404


def test_a_release_shows_its_changes_before(desk, event):
    session = make_session(event, title="Opening", room="Hall A")
    address = reverse("admin:events_event_release", args=[event.pk])
    assert "Opening" in desk.get(address).content.decode()
    desk.post(address)
    session.refresh_from_db()
    assert session.released["room"] == "Hall A"

    send(desk, event, **row(0, room="Hall B", starts_time="10:00"))
    text = desk.get(address).content.decode()

    assert "Moved: Opening" in text
    assert "<del>2030-10-24 09:00</del> <ins>2030-10-24 10:00</ins>" in text
    assert "<del>Hall A</del> <ins>Hall B</ins>" in text
    desk.post(address)
    assert ProgrammeChange.objects.get().act == "moved"
    assert "Readers see the programme as it is" in desk.get(address).content.decode()


# Warnings


def test_the_history_of_an_event_tells_what_was_released(desk, event):
    make_session(event, title="Pits and pumps", room="Hall A")
    release.release(event)

    page = desk.get(reverse("admin:events_event_history", args=[event.pk])).content.decode()

    assert "title: Pits and pumps" in page
    assert "room: Hall A" in page


def panel(event: Event, *groups: str, **fields) -> Session:
    session = make_session(event, **{"kind": "panel", "title": "The panel"} | fields)
    for number, group in enumerate(groups):
        organisation = make_organisation(stakeholder_group=group)
        role = Role.PANELLIST if number else Role.MODERATOR
        make_appearance(session, f"Person {number}", organisation=organisation, role=role)
    return session


def test_a_balanced_panel_is_no_matter(event):
    panel(event, "government", "workers", "employers")

    assert warnings_of(event) == []


def test_the_voice_that_is_missing_is_named(event):
    panel(event, "government", "research", "employers")

    assert warnings_of(event) == ["No worker voice on “The panel”."]


def test_of_people_without_known_groups_nothing_is_said(event):
    panel(event, "government", "research")

    assert warnings_of(event) == []


def test_nobody_leads_it(event):
    session = make_session(event, kind="panel", title="The panel")
    make_appearance(session)

    assert warnings_of(event) == ["“The panel” has neither chair nor moderator."]


def test_somebody_is_in_two_places(event):
    one = make_session(event, title="One")
    other = make_session(event, title="Other")
    later = make_session(
        event,
        title="Later",
        starts_local=one.ends_local,
        ends_local=one.ends_local.replace(hour=12),
    )
    for session in (one, other, later):
        make_appearance(session, "Ana Ruiz" if session is one else "ana ruiz")

    assert warnings_of(event) == ["ana ruiz is in two sessions at once: “One” and “Other”."]


def test_a_room_taken_by_what_has_no_end_yet(event):
    make_session(event, title="One", room="Hall A")
    make_session(
        event,
        title="Other",
        room="hall a",
        starts_local=START + timedelta(minutes=30),
        ends_local=None,
    )

    assert warnings_of(event) == ["“One” and “Other” are both in Hall A at the same time."]


def test_a_session_outside_the_days_of_the_event(event):
    make_session(event, title="Eve", starts_local=local("2030-10-23 18:00"), ends_local=None)
    make_session(event, title="Some time", starts_local=None, ends_local=None)
    make_session(event, title="Off", status="cancelled", starts_local=None, ends_local=None)

    assert warnings_of(event) == [
        "“Eve” is on 2030-10-23, outside the days of the event.",
        "“Some time” has no time yet.",
    ]


# One like it


def test_a_clone_keeps_the_clocks_and_leaves_people_behind(desk, event, partner):
    """From summer time into winter time: 09:00 stays 09:00."""
    event.opens_at = event.starts_at - timedelta(days=20)
    event.save()
    event.organisers.create(name="Coal Valley Institute", organisation=partner)
    session = make_session(event, title="Opening", room="Hall A", summary="Words")
    make_appearance(session, consent="yes")
    make_session(event, title="Off", status="cancelled")
    event.registrations.create(email="a@x.org", name="Ana", mode="online", status="confirmed")
    JoinAddress.objects.create(event=event, url="https://meet.example.org/secret")
    release.release(event)
    address = reverse("admin:events_event_clone", args=[event.pk])
    assert desk.get(address).status_code == 200

    answer = desk.post(address, {"title": "Coal Week 2031", "first_day": "2031-11-20"})

    made = Event.objects.exclude(pk=event.pk).get()
    assert answer["Location"] == reverse("admin:events_event_change", args=[made.pk])
    assert (made.status, made.slug, made.sequence, made.released_at) == (
        "draft",
        "coal-week-2031",
        0,
        None,
    )
    assert made.uid != event.uid
    assert made.starts_local == local("2031-11-20 09:00")
    assert made.starts_at.isoformat() == "2031-11-20T08:00:00+00:00"
    assert made.opens_at.isoformat()[11:16] == "08:00"
    assert [str(one) for one in made.organisers.all()] == ["Coal Valley Institute"]
    copy = made.sessions.get()
    assert (copy.title, copy.starts_local, copy.released) == (
        "Opening",
        local("2031-11-20 09:00"),
        None,
    )
    assert copy.uid != session.uid
    assert copy.appearances.get().consent == ""
    assert not made.registrations.exists()
    assert not JoinAddress.objects.filter(event=made).exists()
    assert session.appearances.get().consent == "yes"


def test_a_clone_asked_for_twice_is_one_draft(desk, event):
    make_session(event, title="Opening")
    address = reverse("admin:events_event_clone", args=[event.pk])
    asked = {"title": "Coal Week 2031", "first_day": "2031-11-20"}

    first, second = desk.post(address, asked), desk.post(address, asked)

    assert first["Location"] == second["Location"]
    made = Event.objects.exclude(pk=event.pk).get()
    assert made.sessions.count() == 1
    desk.post(address, asked | {"first_day": "2032-11-20"})
    assert Event.objects.count() == 3
    Event.objects.filter(pk=made.pk).update(created_at=now() - timedelta(minutes=11))
    desk.post(address, asked)
    assert Event.objects.count() == 4


def test_a_time_that_would_never_come_is_named(desk, event):
    make_session(event, title="Night owls", starts_local=local("2030-10-24 02:30"), ends_local=None)

    answer = desk.post(
        reverse("admin:events_event_clone", args=[event.pk]),
        {"title": "Spring", "first_day": "2031-03-30"},
    )

    assert "“Night owls” would never come" in answer.content.decode()
    assert Event.objects.count() == 1


def test_a_co_owner_gets_a_clone_of_their_own(client, event):
    other = make_organisation("Wind Coast Union")
    event.co_owners.add(other)
    client.force_login(make_editor(other))

    client.post(
        reverse("admin:events_event_clone", args=[event.pk]),
        {"title": "Ours", "first_day": "2031-03-29"},
    )

    made = Event.objects.get(title="Ours")
    assert (made.owner, list(made.co_owners.all())) == (other, [])
