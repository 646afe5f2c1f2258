"""Events at the partner desk: the form, who may do what, and the steps of an event."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from events.models import Event, JoinAddress
from events.tests.factories import local, make_event, make_registration, make_session
from hub.partners.models import Membership
from hub.partners.tests.factories import make_editor, make_organisation, make_user
from hub.tests.pages import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return make_organisation("Coal Valley Institute")


@pytest.fixture
def desk(client, partner):
    client.force_login(make_editor(partner))
    return client


def page(event: Event, name: str = "change") -> str:
    return reverse(f"admin:events_event_{name}", args=[event.pk])


def described(**fields) -> dict:
    return {
        "title": "Coal Week",
        "kind": "conference",
        "language": "en",
        "starts_on": "2030-10-24",
        "starts_time": "14:30",
        "ends_on": "2030-10-26",
        "ends_time": "12:00",
        "timezone": "Europe/Brussels",
        "mode": "hybrid",
        "audience": "public",
        "registration": "open",
        "attribution": "open",
        **fields,
    }


def add(client, **fields):
    address = reverse("admin:events_event_add")
    form = form_of(client.get(address), "event_form")
    return client.post(address, form | described(**fields))


def errors_of(answer) -> dict:
    assert answer.status_code == 200
    return dict(answer.context["adminform"].form.errors)


def change(client, event: Event, **fields):
    form = form_of(client.get(page(event)), "event_form")
    return client.post(page(event), form | fields)


def test_an_event_is_described_and_is_a_draft(desk, partner):
    answer = add(
        desk,
        opens_local="2030-09-01T09:00",
        closes_local="2030-10-20T18:00",
        join_url="meet.example.org/secret",
        question_1_label="What do you eat?",
        question_1_kind="choice",
        question_1_choices="All\nVegetarian",
        question_1_is_required="on",
        question_3_label="May we write your name?",
        question_3_kind="yes_no",
    )

    assert answer.status_code == 302, errors_of(answer)
    event = Event.objects.get()
    assert (event.status, event.slug, event.owner) == ("draft", "coal-week", partner)
    assert event.starts_local == local("2030-10-24 14:30")
    assert event.starts_at.isoformat() == "2030-10-24T12:30:00+00:00"
    assert event.ends_local == local("2030-10-26 12:00")
    assert event.opens_at.isoformat() == "2030-09-01T07:00:00+00:00"
    assert event.closes_at.isoformat() == "2030-10-20T16:00:00+00:00"
    assert [(q["key"], q["kind"], q["choices"]) for q in event.questions] == [
        ("question_1", "choice", ["All", "Vegetarian"]),
        ("question_3", "yes_no", []),
    ]
    assert event.join_address.url == "https://meet.example.org/secret"


def test_what_was_described_is_there_again(desk, partner):
    add(desk, question_1_label="Why?", opens_local="2030-09-01T09:00", join_url="https://x.org/1")
    event = Event.objects.get()

    answer = change(desk, event)

    assert answer.status_code == 302, errors_of(answer)
    fresh = Event.objects.get()
    assert {
        n: v for n, v in vars(fresh).items() if n not in ("_state", "version", "updated_at")
    } == {n: v for n, v in vars(event).items() if n not in ("_state", "version", "updated_at")}
    assert fresh.join_address.url == "https://x.org/1"


def test_days_without_hours_are_days(desk):
    add(desk, starts_time="", ends_time="", timezone="", registration="none", mode="")

    event = Event.objects.get()
    assert (event.precision, event.starts_local, event.ends_local) == (
        "day",
        local("2030-10-24"),
        local("2030-10-26"),
    )


@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"starts_on": ""}, "starts_on", "which day"),
        ({"starts_time": ""}, "starts_time", "begins at one"),
        ({"ends_time": ""}, "ends_time", "what time"),
        ({"ends_on": "2030-10-23"}, "__all__", "after the start"),
        ({"timezone": ""}, "__all__", "needs its time zone"),
        ({"timezone": "Europe/Nowhere"}, "timezone", "valid choice"),
        (
            {"starts_on": "2031-03-30", "starts_time": "02:30", "ends_on": "2031-03-31"},
            "starts_time",
            "never comes",
        ),
        ({"opens_local": "2030-03-31T02:30"}, "opens_local", "never comes"),
        (
            {"opens_local": "2030-10-03T10:00", "closes_local": "2030-10-02T10:00"},
            "__all__",
            "close after",
        ),
        ({"registration": "external"}, "__all__", "which address"),
        ({"mode": ""}, "__all__", "before they register"),
        ({"mode": "in_person", "join_url": "https://x.org"}, "join_url", "in person alone"),
        ({"slug": "calendar"}, "slug", "taken"),
        ({"question_1_choices": "Yes\nNo"}, "question_1_label", "Write the question"),
        (
            {
                "question_1_label": "Which?",
                "question_1_kind": "choice",
                "question_1_choices": "One",
            },
            "question_1_choices",
            "two answers",
        ),
        ({"starts_on": "24 October"}, "starts_on", "valid date"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(desk, fields, name, words):
    answer = add(desk, **fields)

    found = errors_of(answer)
    assert words in str(found.get(name)), found
    assert not Event.objects.exists()
    # Nothing that was typed is lost.
    assert form_of(answer, "event_form")["title"] == ["Coal Week"]


def test_scenario_15_of_the_hour_that_comes_twice_it_is_asked_which(desk):
    twice = {"starts_on": "2022-10-30", "starts_time": "02:30", "ends_on": "", "ends_time": ""}

    asked = add(desk, **twice)

    assert "twice" in str(errors_of(asked)["starts_which"])
    assert 'type="radio" name="starts_which"' in asked.content.decode()
    answer = add(desk, **twice, starts_which="second")
    assert answer.status_code == 302, errors_of(answer)
    event = Event.objects.get()
    assert event.starts_at.isoformat() == "2022-10-30T01:30:00+00:00"
    # The answer is there when the form is opened again.
    assert form_of(desk.get(page(event)), "event_form")["starts_which"] == ["second"]


def test_the_second_of_two_is_told_what_the_first_has_changed(desk, partner):
    event = make_event(owner=partner, title="Coal Week", venue="The Egg")
    form = form_of(desk.get(page(event)), "event_form")
    change(desk, event, venue="Hall 7")

    refused = desk.post(page(event), form | {"title": "Steel Week"})

    (words,) = errors_of(refused)["__all__"]
    assert "Somebody else has saved" in words
    assert "Hall 7" in words
    event.refresh_from_db()
    assert (event.title, event.venue) == ("Coal Week", "Hall 7")
    again = form_of(refused, "event_form")
    assert again["title"] == ["Steel Week"]
    answer = desk.post(page(event), again | {"venue": "Hall 7"})
    assert answer.status_code == 302, errors_of(answer)
    event.refresh_from_db()
    assert (event.title, event.venue) == ("Steel Week", "Hall 7")


def test_a_moved_event_rises_in_calendars_and_its_sessions_follow_its_zone(desk, partner):
    event = make_event(owner=partner)
    session = make_session(event)

    change(desk, event, timezone="Asia/Jakarta")

    event.refresh_from_db()
    session.refresh_from_db()
    assert event.sequence == 1
    assert (session.timezone, session.starts_local) == ("Asia/Jakarta", event.starts_local)
    assert session.starts_at == event.starts_at
    change(desk, event, title="Put right")
    event.refresh_from_db()
    assert event.sequence == 1


def test_the_status_is_in_no_form(desk, partner):
    event = make_event(owner=partner, status="draft", published_at=None)

    change(desk, event, status="published", published_at="2020-01-01", sequence="9", version="7")

    event.refresh_from_db()
    assert (event.status, event.published_at, event.sequence) == ("draft", None, 0)


@pytest.mark.parametrize(
    ("steps", "status", "sequence"),
    [
        (["publish"], "published", 0),
        (["publish", "postpone"], "postponed", 1),
        (["publish", "postpone", "revive"], "published", 2),
        (["publish", "cancel"], "cancelled", 1),
        (["publish", "withdraw"], "withdrawn", 1),
    ],
)
def test_steps_have_buttons_and_pages(desk, partner, steps, status, sequence):
    event = make_event(owner=partner, status="draft", published_at=None)

    for step in steps:
        assert page(event, step) in desk.get(page(event)).content.decode()
        assert desk.get(page(event, step)).status_code == 200
        answer = desk.post(page(event, step), {"reason": "So it is"})
        assert answer.status_code == 302

    event.refresh_from_db()
    assert (event.status, event.sequence) == (status, sequence)


def test_a_step_without_a_reason_is_refused_in_words(desk, partner):
    event = make_event(owner=partner)

    answer = desk.post(page(event, "cancel"), {"reason": " "})

    assert "This field is required" in answer.content.decode()
    event.refresh_from_db()
    assert event.status == "published"


def test_a_step_that_is_not_open_leads_back_with_words(desk, partner):
    event = make_event(owner=partner)

    answer = desk.post(page(event, "publish"), follow=True)

    assert "cannot be done now" in answer.content.decode()


def test_who_would_be_told_is_counted_before(desk, partner):
    event = make_event(owner=partner)
    for _ in range(3):
        make_registration(event)
    make_registration(event, status="waitlisted")
    make_registration(event, status="cancelled", ended_at=now())

    text = desk.get(page(event, "cancel")).content.decode()

    assert "3 with a seat" in text
    assert "1 on the waiting list" in text


def test_authors_make_drafts_and_announce_nothing(client, partner):
    client.force_login(make_editor(partner, role=Membership.Role.AUTHOR))
    answer = add(client, join_url="https://secret.example.org/")
    assert answer.status_code == 302, errors_of(answer)
    event = Event.objects.get()
    JoinAddress.objects.create(event=event, url="https://secret.example.org/")

    form = client.get(page(event)).content.decode()

    assert "secret.example.org" not in form
    assert page(event, "publish") not in form
    assert client.post(page(event, "publish")).status_code == 404
    change(client, event, title="Better")
    assert JoinAddress.objects.filter(event=event).exists()
    Event.objects.update(status="published", published_at=now())
    seen = client.get(page(event)).content.decode()
    assert "2030-10-24 14:30 Europe/Brussels" in seen
    assert "secret.example.org" not in seen
    assert client.post(page(event), {"title": "Mine"}).status_code == 403


def test_other_partners_find_nothing_and_co_owners_everything(client, partner):
    other = make_organisation("Wind Coast Union")
    event = make_event(owner=partner)
    client.force_login(make_editor(other))
    names = ["change", "cancel", "timetable", "release", "clone", "history"]

    closed = {name: client.get(page(event, name)).status_code for name in names}
    assert set(closed.values()) <= {302, 404}
    event.co_owners.add(other)

    opened = {name: client.get(page(event, name)).status_code for name in names}
    assert set(opened.values()) == {200}, opened


def test_only_what_nobody_has_seen_is_deleted(desk, partner):
    draft = make_event(owner=partner, status="draft", published_at=None)
    event = make_event(owner=partner)

    assert desk.post(page(draft, "delete"), {"post": "yes"}).status_code == 302
    assert desk.post(page(event, "delete"), {"post": "yes"}).status_code == 403

    assert list(Event.objects.all()) == [event]


def test_the_list_tells_days_and_seats(client):
    client.force_login(make_user(is_secretariat=True))
    event = make_event(starts_local=local("2022-10-24 14:30"), ends_local=None)
    make_registration(event)
    make_event(starts_local=local("2022-10-25"), ends_local=None, precision="day")

    text = client.get(reverse("admin:events_event_changelist")).content.decode()

    assert "2022-10-24 14:30 Europe/Brussels" in text
    assert "2022-10-25<" in text
