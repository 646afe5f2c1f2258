"""Scenario 21 at the desk: the way into a meeting is in no page, file or log but the two forms in which
it is written, and there for those alone who may announce the event."""

import logging
import zipfile
from io import BytesIO

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from conftest import Browser
from events import checking_in, own, release
from events.models import Event, JoinAddress, Registration, Session
from events.tests.factories import make_event, make_registration, make_session
from hub.members.tests.test_data import rows_with
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
CANARY = "quokka-zephyr-9317"
# Where it is written.
FORMS = {"events_event_change", "events_event_session"}


@pytest.fixture
def partner():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def event(partner) -> Event:
    event = make_event(owner=partner, title="Coal meeting", mode="hybrid", venue="Hall")
    session = make_session(event, capacity=3)
    release.release(event)
    JoinAddress.objects.create(event=event, url=f"https://meet.example.org/{CANARY}")
    JoinAddress.objects.create(session=session, url=f"https://meet.example.org/{CANARY}-s")
    return event


def signed_in(user) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


def seat(event: Event, **fields) -> Registration:
    row = make_registration(event, may_be_listed=True, **fields)
    row.session_seats.create(session=event.sessions.get(), status="confirmed")
    return row


def pages(event: Event, row: Registration, session: Session) -> dict[str, str]:
    """Every page that the desk has about an event, by the name of its address."""
    keys = {"registration": row.pk, "session": session.pk}
    found = {}
    for pattern in admin.site.get_model_admin(Event).get_urls():
        if not pattern.name:
            continue
        known = pattern.pattern.converters.keys()
        values = {"object_id": event.pk} | {name: keys[name] for name in known if name in keys}
        wanted = {name: value for name, value in values.items() if name in known}
        try:
            found[pattern.name] = reverse(f"admin:{pattern.name}", kwargs=wanted)
        except NoReverseMatch:
            found[pattern.name] = ""
    return found


def content_of(answer) -> bytes:
    """All of it, a workbook unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            return b"".join(packed.read(name) for name in packed.namelist())
    return content


def test_scenario_21_the_canary_is_in_no_page_file_or_log_of_the_desk(event, partner, caplog):
    row, waiting = seat(event, mode="online"), seat(event, mode="in_person", status="waitlisted")
    desk, known = signed_in(make_editor(partner)), pages(event, row, event.sessions.get())
    assert all(known.values())
    with caplog.at_level(logging.DEBUG):
        answers = {name: desk.get(path) for name, path in known.items() if name not in FORMS}
        answers["of the waiting"] = desk.get(
            reverse("admin:events_event_registration", args=[event.pk, waiting.pk])
        )
        answers["code"] = desk.get(checking_in.code_path(row))
        answers["own page"] = Browser().get(own.path_of(waiting))
        for name in ("registrations_export", "participants"):
            for ending in ("csv", "xlsx"):
                answers[f"{name}.{ending}"] = desk.post(
                    known[f"events_event_{name}"], {"format": ending}
                )

    shown = {name for name, answer in answers.items() if answer.status_code == 200}
    assert shown >= {
        *("events_event_changelist", "events_event_registrations", "events_event_participants"),
        *("events_event_door", "events_event_registration", "events_event_timetable"),
        *("events_event_release", "events_event_history", "events_event_letter", "code"),
        *("registrations_export.csv", "registrations_export.xlsx"),
        *("participants.csv", "participants.xlsx"),
    }
    texts = {name: content_of(one).decode(errors="ignore") for name, one in answers.items()}
    for name, answer in answers.items():
        assert CANARY not in texts[name], name
        assert CANARY not in str(answer.headers), name
    assert row.name in texts["participants.xlsx"]
    assert CANARY not in caplog.text
    assert rows_with(CANARY) == {"events_joinaddress"}


def test_scenario_21_the_forms_show_it_to_those_who_may_announce_the_event(event, partner):
    known = pages(event, seat(event, mode="online"), event.sessions.get())
    author = make_editor(partner, role=Membership.Role.AUTHOR)

    for name in FORMS:
        assert CANARY in signed_in(make_editor(partner)).get(known[name]).content.decode()
        answer = signed_in(author).get(known[name])
        assert CANARY not in answer.content.decode()
