"""Two who have the same session open at the desk: nothing of either is lost."""

import pytest
from django.urls import reverse

from events.tests.factories import make_appearance, make_event, make_session
from hub.partners.tests.factories import make_editor, make_organisation, make_person
from hub.tests.pages import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    event = make_event(owner=make_organisation("Coal Valley Institute"), mode="hybrid")
    return make_session(event, title="Opening", summary="")


@pytest.fixture
def page(session) -> str:
    return reverse("admin:events_event_session", args=[session.event_id, session.pk])


@pytest.fixture
def desk(client, session):
    client.force_login(make_editor(session.event.owner))
    return client


def opened(desk, page: str) -> dict[str, str]:
    return form_of(desk.get(page), "session_form")


def test_the_second_is_told_what_the_first_has_changed(desk, session, page):
    ana = make_appearance(session, "Ana Ruiz", role="speaker")
    form = opened(desk, page)
    assert (
        desk.post(page, form | {"summary": "Theirs", "people-0-role": "chair"}).status_code == 302
    )

    answer = desk.post(page, form | {"title": "Welcome", "summary": "Mine"})

    text = answer.content.decode()
    assert "there now: Theirs" in text
    assert "there now: Chair" in text
    session.refresh_from_db()
    ana.refresh_from_db()
    assert (session.title, session.summary, ana.role) == ("Opening", "Theirs", "chair")
    again = form_of(answer, "session_form")
    assert (again["title"], again["summary"]) == (["Welcome"], ["Mine"])
    assert desk.post(page, again).status_code == 302
    session.refresh_from_db()
    assert (session.title, session.summary) == ("Welcome", "Mine")


def test_another_session_of_the_event_is_no_conflict(desk, session, page):
    other = make_session(session.event, title="Panel")
    form = opened(desk, page)
    elsewhere = reverse("admin:events_event_session", args=[session.event_id, other.pk])
    desk.post(elsewhere, opened(desk, elsewhere) | {"summary": "Changed"})

    assert desk.post(page, form | {"title": "Welcome"}).status_code == 302


def test_who_was_added_meanwhile_is_named_and_stays(desk, session, page):
    form = opened(desk, page)
    desk.post(page, form | {"people-0-name": "Ben Long"})

    answer = desk.post(page, form | {"people-0-name": "Ana Ruiz"})

    assert "there now: Ben Long" in answer.content.decode()
    assert desk.post(page, form_of(answer, "session_form")).status_code == 302
    assert {one.name for one in session.appearances.all()} == {"Ana Ruiz", "Ben Long"}


def test_what_was_typed_about_somebody_who_was_removed_meanwhile_is_kept(desk, session, page):
    make_appearance(session, "Ana Ruiz")
    form = opened(desk, page)
    desk.post(page, form | {"people-0-DELETE": "on"})
    assert not session.appearances.exists()

    answer = desk.post(page, form | {"people-0-credited_as": "Mayor"})

    assert "Somebody else has saved this session" in answer.content.decode()
    assert desk.post(page, form_of(answer, "session_form")).status_code == 302
    assert [one.credited_as for one in session.appearances.all()] == ["Mayor"]


@pytest.mark.parametrize(
    "rows",
    [
        {"people-0-name": "Ana Ruiz", "people-1-name": "Ana Ruiz"},
        {"people-0-name": "Ana Ruiz", "people-1-name": " Ana Ruiz "},
        {"people-0-name": "Ana Ruiz", "people-1-person": "ana"},
        {"people-0-person": "ana", "people-1-person": "ana"},
    ],
)
def test_the_same_person_twice_in_one_role_is_said_in_words(desk, session, page, rows):
    ana = make_person("Ana Ruiz")
    rows = {name: str(ana.pk) if value == "ana" else value for name, value in rows.items()}
    roles = {"people-0-role": "speaker", "people-1-role": "speaker"}

    answer = desk.post(page, opened(desk, page) | rows | roles)

    assert answer.status_code == 200
    assert "has this role already" in answer.content.decode()
    assert not session.appearances.exists()


def test_somebody_who_is_there_already_is_said_in_words(desk, session, page):
    make_appearance(session, "Ana Ruiz", role="speaker")

    answer = desk.post(
        page, opened(desk, page) | {"people-1-name": "Ana Ruiz", "people-1-role": "speaker"}
    )

    assert answer.status_code == 200
    assert "has this role already" in answer.content.decode()
