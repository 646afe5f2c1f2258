"""A programme that is worked on, and the one that readers see."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from events import release
from events.kinds import Role
from events.models import Event, ProgrammeChange, Session
from events.tests.factories import make_appearance, make_event, make_registration, make_session
from hub.partners.tests.factories import make_organisation, make_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def event() -> Event:
    return make_event()


def move(session: Session, **fields) -> Session:
    session = Session.objects.get(pk=session.pk)
    for name, value in fields.items():
        setattr(session, name, value)
    session.save()
    return session


def stored(session: Session) -> Session:
    return Session.objects.get(pk=session.pk)


def test_readers_see_what_was_released_and_no_later_work(event):
    union = make_organisation("Miners' Union", stakeholder_group="workers")
    session = make_session(event, title="Opening", room="Hall A")
    make_appearance(
        session,
        "Ana Ruiz",
        role=Role.CHAIR,
        credited_as="Mayor",
        organisation=union,
        person=make_person("Ana Ruiz", slug="ana-ruiz"),
    )
    assert not Session.objects.public().exists()

    assert release.release(event) == []
    move(session, title="The opening", room="Hall B")

    seen = stored(session).released
    assert (seen["title"], seen["room"], seen["status"]) == ("Opening", "Hall A", "live")
    assert seen["starts_at"] == session.starts_at.isoformat()
    assert seen["starts_local"] == session.starts_local.isoformat()
    assert seen["people"] == [
        {
            "name": "Ana Ruiz",
            "role": "chair",
            "credited_as": "Mayor",
            "organisation": "Miners' Union",
            "organisation_slug": union.slug,
            "person_slug": "ana-ruiz",
            "stakeholder_group": "workers",
            "is_remote": False,
        }
    ]
    assert list(Session.objects.public()) == [session]


def test_who_is_not_listed_is_named_without_a_page(event):
    session = make_session(event)
    person = make_person("Ben Long", is_listed=False, consented_at=None)
    make_appearance(session, "Ben Long", person=person)

    release.release(event)

    (told,) = stored(session).released["people"]
    assert (told["name"], told["person_slug"]) == ("Ben Long", "")


def test_a_moved_session_stays_visible_as_moved(event):
    session = make_session(event, room="Hall A")
    release.release(event)
    before = stored(session).released

    move(session, starts_local=session.starts_local + HOUR, ends_local=session.ends_local + HOUR)
    (line,) = release.release(event)

    after = stored(session)
    assert after.released["moved_from"] == {"starts_at": before["starts_at"], "room": "Hall A"}
    assert after.sequence == 1
    assert line.act == "moved"
    assert line.before["starts_at"] == before["starts_at"]
    assert line.after["starts_at"] == after.released["starts_at"]
    assert "room" not in line.before
    # With the next release it has still been moved.
    make_session(event, title="One more", room="Hall C")
    assert [line.act for line in release.release(event)] == ["added"]
    assert stored(session).released["moved_from"]["room"] == "Hall A"


def test_a_cancelled_session_is_told_of_and_may_take_place_after_all(event):
    session = make_session(event)
    release.release(event)

    move(session, status="cancelled")
    (line,) = release.release(event)
    assert (line.act, line.before, line.after) == (
        "cancelled",
        {"status": "live"},
        {"status": "cancelled"},
    )
    assert stored(session).released["status"] == "cancelled"
    assert stored(session).sequence == 1

    move(session, status="live")
    assert [line.act for line in release.release(event)] == ["revived"]
    assert stored(session).sequence == 2


def test_a_new_title_is_news_but_moves_nothing(event):
    session = make_session(event, title="Opnening")
    release.release(event)

    move(session, title="Opening")
    (line,) = release.release(event)

    assert (line.act, line.before, line.after) == (
        "changed",
        {"title": "Opnening"},
        {"title": "Opening"},
    )
    assert stored(session).sequence == 0
    assert stored(session).released["moved_from"] is None


def test_a_word_put_right_in_a_summary_is_shown_and_not_told_of(event):
    session = make_session(event)
    release.release(event)

    move(session, summary="Put right")

    assert release.release(event) == []
    assert stored(session).released["summary"] == "Put right"
    assert stored(session).sequence == 0


def test_a_release_without_changes_changes_nothing(event):
    make_session(event)
    release.release(event)
    event.refresh_from_db()
    at = event.released_at

    assert release.release(event) == []

    event.refresh_from_db()
    assert event.released_at == at
    assert event.sequence == 0


def test_what_was_cancelled_before_anybody_knew_is_not_shown(event):
    make_session(event)
    gone = make_session(event, status="cancelled")

    release.release(event)

    assert stored(gone).released is None


def test_a_released_session_that_is_removed_leaves_a_line(event):
    session = make_session(event, title="Side event", room="Hall A")
    unseen = make_session(event, title="Idea", room="Hall B")
    unseen_pk = unseen.pk
    Session.objects.filter(pk=unseen_pk).update(status="cancelled")
    release.release(event)

    release.remove_session(stored(session))
    release.remove_session(Session.objects.get(pk=unseen_pk))

    (line,) = ProgrammeChange.objects.all()
    assert (line.act, line.title, line.before["room"]) == ("removed", "Side event", "Hall A")
    assert not Session.objects.exists()


def test_a_session_in_which_people_have_seats_is_not_removed(event):
    session = make_session(event, capacity=3)
    registration = make_registration(event)
    session.seats.create(registration=registration, status="confirmed")

    with pytest.raises(ValidationError, match="cancel it instead"):
        release.remove_session(session)

    assert Session.objects.filter(pk=session.pk).exists()


def test_an_empty_programme_is_not_released(event):
    with pytest.raises(ValidationError, match="no session"):
        release.release(event)

    event.refresh_from_db()
    assert not release.is_released(event)


def test_what_a_release_would_change_is_told_before(event):
    session = make_session(event, title="Opening")
    release.release(event)
    move(session, room="Hall Z")
    make_session(event, title="More", starts_local=session.starts_local + 5 * HOUR, ends_local=None)

    found = release.differences(event)

    assert [(one.act, str(one.session)) for one in found] == [
        ("moved", "Opening"),
        ("added", "More"),
    ]
    assert Event.objects.get(pk=event.pk).released_at < now()
    assert stored(session).released["room"] == ""
