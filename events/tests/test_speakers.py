"""Who spoke and wants to be erased is named by no programme any more, nor by what is recorded of it."""

import pytest

from events import release
from events.models import Appearance, Event, ProgrammeChange, Session
from events.tests.factories import make_appearance, make_event, make_session
from hub.accounts.tests.factories import make_member
from hub.catalogue import reindexing
from hub.members import data
from hub.members.tests.test_data import rows_with, unpacked
from hub.partners.tests.factories import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_files")]
CANARY = "quollcanary"


@pytest.fixture
def event() -> Event:
    return make_event(title="Coal and steel")


@pytest.fixture
def quoll():
    user = make_member(f"{CANARY}@example.org", name=f"{CANARY} name")
    return user, make_person(f"{CANARY} name", email=user.email, slug=CANARY)


def names_in(session: Session) -> list[str]:
    return [one["name"] for one in Session.objects.get(pk=session.pk).released["people"]]


def test_erasure_reaches_the_released_programme_its_changes_and_what_is_recorded(event, quoll):
    user, person = quoll
    session = make_session(event, title="Panel")
    make_appearance(session, "Ana Ruiz")
    row = make_appearance(session, person.name, person=person, credited_as=f"{CANARY} the third")
    release.release(event)
    row.name = f"Dr {CANARY}"
    row.save()
    release.release(event)
    # No more in the draft, and still in what readers see.
    other = make_session(event, title="Other", room="B")
    gone = make_appearance(other, person.name, person=person)
    release.release(event)
    gone.delete()
    assert ProgrammeChange.objects.filter(after__people__isnull=False).exists()
    tables = {"events_session", "events_programmechange", "events_appearance", "catalogue_record"}
    assert tables | {"events_sessionevent", "events_appearanceevent"} <= rows_with(CANARY)

    data.erase(user)

    assert rows_with(CANARY) == set()
    assert names_in(session) == ["Ana Ruiz"]
    assert names_in(other) == []
    assert list(reindexing.differences()) == []
    assert release.differences(Event.objects.get(pk=event.pk)) == []


def test_somebody_of_the_same_name_elsewhere_stays(event, quoll):
    user, person = quoll
    theirs, others = make_session(event), make_session(make_event())
    make_appearance(theirs, "Ana Ruiz", person=person)
    make_appearance(others, "Ana Ruiz")
    release.release(event)
    release.release(others.event)

    data.erase(user)

    assert names_in(theirs) == []
    assert names_in(others) == ["Ana Ruiz"]
    assert Appearance.objects.filter(name="Ana Ruiz").count() == 1


def test_somebody_takes_along_where_they_spoke(event, quoll):
    user, person = quoll
    make_appearance(make_session(event, title="Panel on lignite"), person.name, person=person)

    told = unpacked(data.archive_of(user))

    assert any("Panel on lignite" in text for text in told.values())
