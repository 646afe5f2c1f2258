"""Scenario 21: the way into a meeting is seen by who has a sure seat online, from its time on, and by
nobody and nowhere else."""

import logging
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from conftest import Browser
from events import joining, own, seats
from events.kinds import Mode
from events.models import Event, JoinAddress, Registration, SessionSeat
from events.tests.acting import enter, letters_to
from events.tests.factories import make_event, make_registration, make_session
from hub.catalogue.models import Record
from hub.catalogue.services import put
from hub.notices.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
CANARY = "quokka-zephyr-9317"
URL = f"https://meet.example.org/{CANARY}"


@pytest.fixture
def event() -> Event:
    """A meeting with a way in, that begins in a quarter of an hour."""
    event = make_event(capacity_online=3, title="Coal meeting", questions=[])
    starts_in(event, minutes=15)
    JoinAddress.objects.create(event=event, url=URL)
    return event


def starts_in(event: Event, **time: float) -> None:
    starts = (now() + timedelta(**time)).replace(tzinfo=None)
    event.timezone, event.starts_local = "UTC", starts
    event.ends_local = starts + timedelta(hours=2)
    event.save()


def sure(event: Event, name: str = "ana", **said: object) -> Registration:
    return seats.confirm_address(enter(event, f"{name}@x.org", **said).pk)


def path_of(registration: Registration) -> str:
    return urlsplit(joining.link_of(registration)).path


def test_scenario_21_who_has_a_sure_seat_gets_in(event):
    ana = sure(event)
    path = path_of(ana)

    shown, opened = Browser().get(path), Browser().post(path)

    assert shown.status_code == opened.status_code == 200
    assert CANARY not in shown.content.decode()
    assert f'href="{URL}"' in opened.content.decode()
    assert opened["Cache-Control"] == "private, no-store"
    assert opened["Referrer-Policy"] == "no-referrer"
    assert path in letters_to("ana@x.org")[-1].text
    assert path in Browser().get(own.path_of(ana)).content.decode()


def test_the_door_opens_in_time_and_shuts(event):
    path = path_of(sure(event))

    def is_open(**time: float) -> bool:
        starts_in(event, **time)
        return CANARY in Browser().post(path).content.decode()

    assert not is_open(minutes=32)
    assert is_open(minutes=29)
    assert is_open(minutes=-170)
    assert not is_open(minutes=-190)


def test_a_revoked_link_opens_nothing(event):
    ana = sure(event)
    path = path_of(ana)

    joining.revoke(ana)

    assert Browser().post(path).status_code == 404
    assert joining.link_of(ana) == ""
    joining.issue(ana)
    assert CANARY in Browser().post(path_of(ana)).content.decode()


def test_the_secret_is_long_and_kept_as_a_hash(event):
    ana = sure(event)
    secret = path_of(ana).split("/")[2]

    assert len(secret) >= 43
    assert secret not in str(Registration.objects.values().get(pk=ana.pk))


@pytest.mark.parametrize("change", ["unsure", "waiting", "pending", "cancelled", "called off"])
def test_scenario_21_nobody_else_gets_in(event, change):
    ana = sure(event)
    path = path_of(ana)
    own_row = Registration.objects.filter(pk=ana.pk)
    if change == "unsure":
        own_row.update(email_confirmed_at=None)
    elif change == "waiting":
        own_row.update(status="waitlisted")
    elif change == "pending":
        own_row.update(status="pending")
    elif change == "cancelled":
        seats.cancel(ana.pk)
    else:
        Event.objects.filter(pk=event.pk).update(status="cancelled", cancelled_at=now())

    for answer in (Browser().get(path), Browser().post(path)):
        assert answer.status_code == 404
        assert CANARY not in answer.content.decode()
    page = Browser().get(own.path_of(ana)).content.decode()
    assert CANARY not in page
    assert "/join/" not in page


def test_who_has_a_seat_in_the_room_does_not_join_online():
    event = make_event(mode=Mode.HYBRID, venue="Hall")
    starts_in(event, minutes=15)
    JoinAddress.objects.create(event=event, url=URL)

    assert joining.link_of(sure(event, mode="in_person")) == ""


def test_sessions_of_limited_size_let_in_who_has_a_seat_there():
    event = make_event()
    starts_in(event, minutes=15)
    small, wide = make_session(event, capacity=1), make_session(event, room="B")
    for number, session in enumerate((small, wide)):
        JoinAddress.objects.create(session=session, url=f"{URL}-{number}")
    ana, bo = sure(event, "ana", sessions=(small,)), sure(event, "bo", sessions=(small,))

    def doors(registration: Registration) -> set[str]:
        return {door.url for door in joining.doors_of(registration)}

    assert SessionSeat.objects.get(registration=bo).status == "waitlisted"
    assert doors(ana) == {f"{URL}-0", f"{URL}-1"}
    assert doors(bo) == {f"{URL}-1"}


def test_scenario_21_the_canary_is_found_nowhere(event, caplog, tmp_path):
    put(event)
    make_registration(event, "other@x.org", status="pending")
    ana = sure(event)
    with caplog.at_level(logging.DEBUG):
        browser = Browser()
        pages = [browser.get(path) for path in everywhere(event, ana)]
        Browser().post(path_of(ana))
        call_command("reindex", "--check", stdout=(tmp_path / "out").open("w"))

    assert sum(page.status_code == 200 for page in pages) > 8
    for page in pages:
        content = b"".join(page.streaming_content) if page.streaming else page.content
        assert CANARY not in content.decode(errors="ignore"), page.request["PATH_INFO"]
        assert CANARY not in str(page.headers)
    assert CANARY not in caplog.text
    assert CANARY not in str(list(Record.objects.values()))
    for letter in Message.objects.all():
        assert CANARY not in letter.text + letter.html + letter.calendar + letter.subject
    assert CANARY not in str(JoinAddress.objects.get())


def everywhere(event: Event, ana: Registration) -> list[str]:
    own_page, page = own.path_of(ana), event.get_absolute_url()
    return [
        *(
            "/",
            "/events/",
            "/events.atom",
            "/events/calendar.ics",
            "/search/?q=coal",
            "/embed/events/",
        ),
        *("/search/?q=quokka", f"{page.rstrip('/')}.ics", page),
        *(f"{page}programme.json", f"{page}offline.html", f"{page}register/"),
        *(f"{page}register/sent/", f"/embed{page}programme/", "/sitemap.xml", "/robots.txt"),
        *(own_page, f"{own_page}edit/", f"{own_page}event.ics", path_of(ana)),
    ]
