"""The real events of the starting content, and the example."""

import pytest
from django.utils.timezone import now

from events.kinds import EventKind
from events.models import Appearance, Event, Session
from hub.catalogue.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("starting_content")]

REAL = {"is_example": False}


def test_all_events_and_sessions_are_there():
    assert Event.objects.public().filter(**REAL).count() == 57
    assert Session.objects.public().filter(event__is_example=False).count() == 41
    assert Record.objects.public().filter(kind__in=EventKind.values).count() == 59
    assert Record.objects.public().filter(kind="session").count() == 43


def test_what_is_not_known_stays_unknown():
    events = Event.objects.filter(**REAL)

    assert events.filter(mode="").count() == 9
    assert events.filter(timezone="").count() == 5
    assert events.filter(ends_local=None).count() == 21
    assert events.filter(precision="minute").count() == 10
    assert events.filter(country=None).count() == 18
    assert Session.objects.filter(starts_local=None).count() == 9
    assert not events.filter(timezone="", precision="minute").exists()
    assert not events.exclude(registration="none").exists()


def test_the_panel_of_2022_has_its_hours_its_speaker_and_her_organisation():
    session = Session.objects.get(title__startswith="Sector coupling")

    assert session.released["starts_at"] == "2022-10-24T12:30:00+00:00"
    assert session.mode == "online"
    [one] = session.appearances.all()
    assert (one.name, one.organisation_name) == ("Monika Banka", "ECRN")


def test_nobody_is_given_an_organisation_that_the_source_does_not_give_them():
    session = Session.objects.get(title__startswith="Meeting of the JTP Working Group on Chem")

    assert [(one.name, one.organisation_name) for one in session.appearances.all()] == [
        ("Jan-Philipp Kramer", ""),
        ("Neysan Khabirpour", ""),
        ("Vera Fuhs", ""),
        ("", "Prognos"),
        ("", "European Commission"),
    ]
    assert Appearance.objects.filter(organisation__isnull=False).exists()


def test_organisers_are_organisations_here_where_they_are_known():
    event = Event.objects.get(title__startswith="COP28: Presentation")

    names = [(one.name, one.organisation is not None) for one in event.organisers.all()]
    assert names == [
        ("IKI JET", True),
        ("CAN International", True),
        ("GIZ", True),
        ("IISD", True),
        ("ILO", True),
        ("ITUC", True),
        ("Wuppertal Institute", True),
    ]
    assert event.owner.is_partner
    assert event.co_owners.exists()


def test_titles_say_their_language():
    languages = Event.objects.exclude(title_language="").values_list("title_language", flat=True)

    assert sorted(languages) == ["pt", "pt", "th", "vi"]


def test_the_example_is_marked_and_open():
    event = Event.objects.get(is_example=True, meeting=None)

    assert event.is_open()
    assert 28 <= (event.starts_at - now()).days <= 42
    assert (event.capacity_in_person, event.capacity_online) == (12, 40)
    assert event.sessions.released().count() == 2
    assert len(event.questions) == 1
    event.full_clean()


def test_every_event_keeps_every_rule():
    for event in Event.objects.all():
        event.full_clean()
    for session in Session.objects.select_related("event"):
        session.full_clean()
