"""Registrations at the desk: the table, exports, the list of participants, the door, and letters."""

import csv
from io import BytesIO, StringIO
from time import monotonic

import openpyxl
import pytest
from django.urls import reverse
from django.utils.timezone import now

from events import checking_in, organiser_letters, own
from events.models import Attendance, Event, JoinAddress, Registration
from events.tests.factories import local, make_event, make_registration, make_session
from hub.audit.models import Access
from hub.notices.models import Message
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of
from hub.tests.queue import run_waiting_jobs as run_jobs

pytestmark = pytest.mark.django_db

SECRET = "https://meet.example.org/secret"


@pytest.fixture
def partner():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def event(partner) -> Event:
    event = make_event(
        owner=partner,
        title="Coal Week",
        mode="hybrid",
        capacity_in_person=10,
        starts_local=local("2030-10-24 14:30"),
        ends_local=local("2030-10-24 16:00"),
        questions=[
            {
                "key": "diet",
                "label": "What do you eat?",
                "kind": "text",
                "choices": [],
                "is_required": False,
            }
        ],
    )
    JoinAddress.objects.create(event=event, url=SECRET)
    return event


@pytest.fixture
def desk(client, partner):
    client.force_login(make_editor(partner, email="editor@example.org"))
    return client


def page(event: Event, name: str = "registrations", **more) -> str:
    return reverse(f"admin:events_event_{name}", args=[event.pk, *more.values()])


def names(answer) -> list[str]:
    return [one.name for one in answer.context["page"].object_list]


def test_nobody_is_registered_yet(desk, event):
    assert "Nobody is registered yet" in desk.get(page(event)).content.decode()


def test_the_table_tells_and_sifts(desk, event):
    union = make_organisation("Miners' Union")
    session = make_session(event, capacity=3, title="Site visit")
    ana = make_registration(event, name="Ana", organisation=union, mode="in_person")
    ana.session_seats.create(session=session, status="confirmed")
    make_registration(
        event, name="Ben", organisation_name="Steel Ltd", mode="online", wants_mode="in_person"
    )
    make_registration(
        event, name="Cem", status="waitlisted", mode="in_person", email_confirmed_at=None
    )
    make_registration(event, name="Dee", status="cancelled", mode="online", ended_at=now())
    make_registration(make_event(), name="Elsewhere")

    def shown(**asked) -> list[str]:
        return names(desk.get(page(event), asked))

    everybody = desk.get(page(event))
    assert names(everybody) == ["Ana", "Ben", "Cem", "Dee"]
    assert "In person: 1 of 10 seats taken" in everybody.content.decode()
    assert "1 on the waiting list" in everybody.content.decode()
    assert shown(q="union") == ["Ana"]
    assert shown(q="steel") == ["Ben"]
    assert shown(status="active") == ["Ana", "Ben", "Cem"]
    assert shown(status="unconfirmed") == ["Cem"]
    assert shown(status="cancelled") == ["Dee"]
    assert shown(mode="in_person") == ["Ana", "Ben", "Cem"]
    assert shown(session=session.pk) == ["Ana"]
    assert shown(q="nobody") == []
    # What cannot be is left out.
    assert shown(status="odd", session="x", page="99") == ["Ana", "Ben", "Cem", "Dee"]


def test_who_looked_at_whom_is_noted(desk, event):
    one = make_registration(event)

    desk.get(page(event))
    desk.get(page(event, "registration", registration=one.pk))

    listed, viewed = Access.objects.filter(act__in=["listed", "viewed"]).order_by("pk")
    assert (listed.model, listed.detail) == (
        "events.event",
        {"kind": "events.registration", "shown": [one.pk]},
    )
    assert (viewed.model, viewed.object_id) == ("events.registration", one.pk)


def test_a_registration_tells_all_of_itself_but_no_join_address(desk, event):
    one = make_registration(
        event, name="Ana", access_needs="A ramp", answers={"diet": "Soup"}, may_be_listed=True
    )
    Attendance.objects.create(registration=one, how="list")

    text = desk.get(page(event, "registration", registration=one.pk)).content.decode()

    for told in ("A ramp", "What do you eat?", "Soup", "Was there", "Europe/Brussels"):
        assert told in text
    assert SECRET not in text


def exported(
    client, event: Event, ending: str, query: str = "", name: str = "registrations_export"
):
    answer = client.post(page(event, name) + query, {"format": ending})
    assert answer.status_code == 200
    content = answer.getvalue()
    if ending == "csv":
        return list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    return [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_shown_is_taken_along(desk, event, ending):
    union = make_organisation("Miners' Union", stakeholder_group="workers")
    session = make_session(event, capacity=3, title="Site visit")
    ana = make_registration(
        event,
        "ana@example.org",
        name="=HYPERLINK(1)",
        organisation=union,
        answers={"diet": "Soup"},
        may_be_listed=True,
        created_at=event.starts_at,
    )
    ana.session_seats.create(session=session, status="waitlisted")
    Attendance.objects.create(registration=ana, how="list")
    make_registration(event, name="Ben", status="cancelled", ended_at=now())

    header, line = exported(desk, event, ending, "?status=active")

    told = dict(zip(header, line, strict=True))
    assert told == {
        "Name": "'=HYPERLINK(1)",
        "E-mail address": "ana@example.org",
        "Organisation": "Miners' Union",
        "Group": "Workers",
        "Status": "Has a seat",
        "Takes part": "In person",
        "Waits for": "",
        "Language": "English",
        "Access needs": "",
        "Agrees to the list of participants": "yes",
        "Agrees to pictures and recordings": "no",
        "Address confirmed": "yes",
        "Checked in": "yes",
        "Registered at (Europe/Brussels)": "2030-10-24 14:30",
        "Session: Site visit": "On the waiting list",
        "What do you eat?": "Soup",
    }
    note = Access.objects.get(act="exported")
    assert note.detail == {
        "kind": "events.registration",
        "rows": 1,
        "format": ending,
        "what": "registrations",
    }


def test_scenario_29_five_thousand_are_a_workbook_in_five_seconds(desk, event):
    organisations = [make_organisation() for _ in range(20)]
    Registration.objects.bulk_create(
        Registration(
            event=event,
            email=f"guest{number}@example.org",
            name=f"Guest {number}",
            mode="online",
            status="confirmed",
            organisation=organisations[number % 20],
            answers={"diet": "Soup"},
        )
        for number in range(5000)
    )

    began = monotonic()
    answer = desk.post(page(event, "registrations_export"), {"format": "xlsx"})
    content = answer.getvalue()
    seconds = monotonic() - began

    sheet = openpyxl.load_workbook(BytesIO(content), read_only=True).active
    assert sum(1 for _row in sheet.iter_rows(values_only=True)) == 5001
    # It takes some two seconds; the machines of tests do much else meanwhile.
    assert seconds < 15


def test_no_other_format_is_written(desk, event):
    assert desk.post(page(event, "registrations_export"), {"format": "exe"}).status_code == 404
    assert desk.get(page(event, "registrations_export")).status_code == 405


def test_participants_stand_by_organisation_if_they_agreed(desk, event):
    union = make_organisation("Miners' Union")
    make_registration(event, name="Cem", organisation=union, may_be_listed=True)
    make_registration(event, name="Ana", organisation=union, may_be_listed=True)
    make_registration(event, name="Ben", organisation_name="Aachen Town", may_be_listed=True)
    make_registration(event, name="Zoe", may_be_listed=True)
    make_registration(event, name="Silent", organisation=union)
    make_registration(event, name="Waits", may_be_listed=True, status="waitlisted")
    make_registration(event, name="Unsure", may_be_listed=True, email_confirmed_at=None)

    lines = exported(desk, event, "csv", name="participants")

    assert lines == [
        ["Organisation", "Name"],
        ["Aachen Town", "Ben"],
        ["Miners' Union", "Ana"],
        ["Miners' Union", "Cem"],
        ["", "Zoe"],
    ]
    text = desk.get(page(event, "participants")).content.decode()
    assert "Miners&#x27; Union" in text
    assert "Silent" not in text
    assert "2 more did not" in text


ADDRESSES = ["registrations", "participants", "door", "letter", "seats"]


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("who", ["author", "other"])
def test_registrations_are_for_the_editors_of_the_owners(client, event, partner, name, who):
    make_registration(event, name="Ana Ruiz")
    author = make_editor(partner, role=Membership.Role.AUTHOR)
    client.force_login(author if who == "author" else make_editor(make_organisation()))

    assert client.get(page(event, name)).status_code == 404
    assert client.post(page(event, name)).status_code in (404, 405)


def test_one_registration_is_shown_below_its_own_event_alone(desk, event, partner):
    elsewhere = make_registration(make_event(owner=partner))

    assert desk.get(page(event, "registration", registration=elsewhere.pk)).status_code == 404


# At the door


def tick(client, event: Event, query: str = "", **pressed):
    return client.post(page(event, "door") + query, pressed)


def test_people_are_ticked_once_and_the_tick_is_taken_back(desk, event):
    one = make_registration(event, name="Ana")

    for _ in range(2):
        answer = tick(desk, event, here=one.pk)
        assert answer["Location"].endswith(f"#r{one.pk}")
    came = Attendance.objects.get()
    assert (came.registration, came.how, came.session) == (one, "list", None)
    assert came.by.email == "editor@example.org"
    assert "1 of 1 are here" in desk.get(page(event, "door")).content.decode()

    tick(desk, event, gone=one.pk)
    assert not Attendance.objects.exists()


def test_the_list_at_the_door_is_looked_through(desk, event):
    make_registration(event, name="Ana Ruiz")
    make_registration(event, name="Ben Long", organisation_name="Steel Ltd")
    make_registration(event, name="Cem", status="waitlisted")

    def shown(**asked) -> list[str]:
        return [one.name for one in desk.get(page(event, "door"), asked).context["rows"]]

    assert shown() == ["Ana Ruiz", "Ben Long"]
    assert shown(q="ruiz ana") == ["Ana Ruiz"]
    assert shown(q="steel") == ["Ben Long"]
    assert shown(session="x") == ["Ana Ruiz", "Ben Long"]


def test_a_session_has_a_list_of_its_own(desk, event):
    session = make_session(event, capacity=5)
    one, other = make_registration(event, name="Ana"), make_registration(event, name="Ben")
    one.session_seats.create(session=session, status="confirmed")
    other.session_seats.create(session=session, status="waitlisted")

    rows = desk.get(page(event, "door"), {"session": session.pk}).context["rows"]
    tick(desk, event, f"?session={session.pk}", here=one.pk)

    assert [row.name for row in rows] == ["Ana"]
    assert Attendance.objects.get().session == session


def test_who_has_no_seat_is_not_checked_in(desk, event):
    one = make_registration(event, name="Ana", status="waitlisted")

    answer = desk.post(page(event, "door"), {"here": one.pk}, follow=True)

    assert "Ana has no seat" in answer.content.decode()
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "0", "999999999999999999999", "²"])
def test_odd_keys_are_not_there(desk, event, key):
    assert tick(desk, event, here=key).status_code == 404


def test_nobody_of_another_event_is_ticked(desk, event):
    elsewhere = make_registration(make_event())

    assert tick(desk, event, here=elsewhere.pk).status_code == 404
    assert not Attendance.objects.exists()


def test_the_page_at_the_door_is_small(desk, event):
    for number in range(200):
        make_registration(event, name=f"Guest number {number}")

    answer = desk.get(page(event, "door"))

    assert len(answer.context["rows"]) == 150
    assert "There are more" in answer.content.decode()
    assert len(answer.content) < 120_000
    assert "<script" not in answer.content.decode().partition('id="content"')[2]


def test_a_code_is_scanned_and_the_button_checks_in_once(desk, event):
    one = make_registration(event, name="Ana")
    path = checking_in.code_path(one)
    assert 'class="qr"' in checking_in.code(one)

    for method in (desk.get, desk.head):
        assert method(path).status_code == 200
    assert not Attendance.objects.exists()
    for _ in range(2):
        assert desk.post(path).status_code == 302

    assert Attendance.objects.get().how == "qr"
    assert "Here since" in desk.get(path).content.decode()
    assert desk.get(path)["Cache-Control"].count("no-store")


def test_who_has_a_seat_in_the_room_finds_the_code_on_their_page(client, event):
    seated = make_registration(event, mode="in_person")
    online = make_registration(event, mode="online")

    pages = {one.mode: client.get(own.path_of(one)).content.decode() for one in (seated, online)}

    assert 'class="qr"' in pages["in_person"]
    assert 'class="qr"' not in pages["online"]


def test_a_code_helps_nobody_else(client, event):
    one = make_registration(event, name="Ana Ruiz")
    path = checking_in.code_path(one)

    anonymous = client.get(path)
    assert anonymous.status_code == 302
    assert "Ana" not in anonymous["Location"]
    for user in (make_user(), make_editor(make_organisation())):
        client.force_login(user)
        assert client.post(path).status_code == 404
    assert not Attendance.objects.exists()


def test_a_code_that_is_none_or_no_more_is_not_there(desk, event):
    one = make_registration(event)
    path = checking_in.code_path(one)
    Registration.objects.update(link_version=2)

    assert desk.get(path).status_code == 404
    assert desk.get("/check-in/1:1:odd/").status_code == 404


# Letters


def write(client, event: Event, **fields):
    form = form_of(client.get(page(event, "letter")), "letter_form")
    return client.post(
        page(event, "letter"), form | {"subject": "The bus", "words": "It leaves at 9."} | fields
    )


def test_a_letter_is_looked_at_counted_and_sent_once_to_each(desk, event):
    make_registration(event, "a@example.org", mode="in_person")
    make_registration(event, "b@example.org", mode="in_person", language="es")
    make_registration(event, "c@example.org", mode="online")
    make_registration(event, "d@example.org", mode="in_person", status="waitlisted")
    make_registration(event, "e@example.org", mode="in_person", email_confirmed_at=None)

    seen = write(desk, event, mode="in_person", answers_to_me="on")

    text = seen.content.decode()
    assert "2 people get this letter" in text
    assert "It leaves at 9." in text
    assert not Message.objects.exists()
    form = form_of(seen, "letter_form")
    form.pop("back", None)
    for _ in range(2):
        assert desk.post(page(event, "letter"), form | {"send": "Send"}).status_code == 302
    run_jobs()
    letters = Message.objects.order_by("to")
    assert [one.to for one in letters] == ["a@example.org", "b@example.org"]
    assert {one.subject for one in letters} == {"The bus"}
    assert {one.reply_to for one in letters} == {"editor@example.org"}
    assert "It leaves at 9." in letters[0].text
    assert SECRET not in letters[0].text


def test_if_it_is_others_by_now_it_is_asked_again(desk, event):
    make_registration(event)
    form = form_of(write(desk, event), "letter_form")
    form.pop("back", None)
    make_registration(event)

    answer = desk.post(page(event, "letter"), form | {"send": "Send"})

    assert "another number of people" in answer.content.decode()
    run_jobs()
    assert not Message.objects.exists()


def test_one_may_go_on_writing(desk, event):
    make_registration(event)
    form = form_of(write(desk, event), "letter_form")
    form.pop("send", None)

    answer = desk.post(page(event, "letter"), form | {"back": "Back"})

    assert form_of(answer, "letter_form")["words"] == ["It leaves at 9."]


def test_a_letter_to_nobody_is_refused(desk, event):
    answer = write(desk, event)

    assert "Nobody is registered whom" in answer.content.decode()


def test_who_cancelled_before_the_letter_was_written_gets_none(event):
    stays, leaves = make_registration(event, "a@x.org"), make_registration(event, "b@x.org")
    organiser_letters.send(event, "key", "Hello", "Words", "", [stays.pk, leaves.pk])
    Registration.objects.filter(pk=leaves.pk).update(status="cancelled", ended_at=now())

    run_jobs()

    assert [one.to for one in Message.objects.all()] == ["a@x.org"]
