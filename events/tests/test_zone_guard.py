"""Scenario 31: a zone changes its rules, and people go by what they agreed on."""

import shutil
import zoneinfo
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from events import invariants, release, zone_guard
from events.models import Event
from events.tests.factories import make_event, make_registration, make_session

pytestmark = pytest.mark.django_db
# It has no summer time; as its rules of old serve those of a zone one hour off.
ZONE, AS_IT_WAS = "Africa/Tunis", "Africa/Cairo"


def file_of(zone: str) -> Path:
    return next(path for root in zoneinfo.TZPATH if (path := Path(root, zone)).exists())


@pytest.fixture
def older_zones(tmp_path):
    """The zone data in which Tunis is as far east as Cairo; calling it brings today's."""
    paths, old = zoneinfo.TZPATH, tmp_path / ZONE
    old.parent.mkdir(parents=True)
    shutil.copy(file_of(AS_IT_WAS), old)

    def switch(to: list) -> None:
        zoneinfo.reset_tzpath(to)
        zoneinfo.ZoneInfo.clear_cache()

    switch([str(tmp_path), *paths])
    yield lambda: switch(list(paths))
    switch(list(paths))


def stored(event: Event) -> Event:
    return Event.objects.get(pk=event.pk)


def test_scenario_31_wall_times_stay_and_moments_follow(older_zones, told):
    event = make_event(timezone=ZONE)
    session = make_session(event)
    make_registration(event)
    release.release(stored(event))
    before = stored(event)

    older_zones()
    assert any("not those of its wall times" in line for line in invariants.findings())
    assert zone_guard.rederive_all() == 1

    after = stored(event)
    assert after.starts_local == before.starts_local
    assert after.starts_at != before.starts_at
    assert after.starts_at.astimezone(after.zone).replace(tzinfo=None) == after.starts_local
    assert after.sequence == before.sequence + 1
    session = event.sessions.get()
    assert session.starts_at == after.starts_at
    assert session.released["starts_at"] == after.starts_at.isoformat()
    assert session.released["starts_local"] == after.starts_local.isoformat()
    assert session.sequence == 1
    assert told == [("change", event.pk)]
    assert invariants.findings() == []


def test_scenario_31_a_second_night_changes_nothing(older_zones, told):
    event = make_event(timezone=ZONE)
    make_session(event)
    release.release(stored(event))
    older_zones()
    zone_guard.rederive_all()
    before = stored(event)

    assert zone_guard.rederive_all() == 0

    assert stored(event).sequence == before.sequence
    assert stored(event).version == before.version
    assert len(told) == 1


def test_what_is_over_stays_as_it_was(older_zones, told):
    start = now().replace(tzinfo=None, microsecond=0)
    past = make_event(timezone=ZONE, starts_local=start.replace(year=2022, day=1), ends_local=None)
    before = stored(past)
    older_zones()

    assert zone_guard.rederive_all() == 0
    assert stored(past).starts_at == before.starts_at
    assert told == []


def test_what_did_not_move_is_left_alone(told):
    event = make_event()
    make_session(event)
    release.release(stored(event))
    before = stored(event)

    assert zone_guard.rederive_all() == 0

    assert stored(event).version == before.version
    assert told == []


@pytest.fixture
def told(monkeypatch):
    """Who is told of what, in place of the letters themselves, which have tests of their own."""
    calls = []
    monkeypatch.setattr(
        zone_guard, "told_of", lambda act, before, after: calls.append((act, after.pk))
    )
    return calls


def test_a_sound_hub_has_nothing_to_find():
    make_registration(make_event())

    call_command("check_invariants", verbosity=0)
