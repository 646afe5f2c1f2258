"""What an event goes through, and what of it calendars have to hear."""

import pytest
from django.core.exceptions import ValidationError

from events import publishing
from events.models import Event
from events.tests.factories import local, make_event

pytestmark = pytest.mark.django_db

Status = Event.Status


def make_draft(**fields) -> Event:
    return make_event(**{"status": Status.DRAFT, "published_at": None} | fields)


def edit(event: Event, **fields) -> bool:
    before = Event.objects.get(pk=event.pk)
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()
    return publishing.saved(event, before)


def test_a_draft_is_announced_with_its_first_sequence():
    draft = make_draft()

    event = publishing.publish(draft.pk)

    event.refresh_from_db()
    assert event.is_public
    assert (event.status, event.sequence, event.version) == (Status.PUBLISHED, 0, 2)
    with pytest.raises(ValidationError, match="announced already"):
        publishing.publish(event.pk)


@pytest.mark.parametrize(
    "change",
    [
        {"starts_local": local("2030-05-01 10:00"), "ends_local": local("2030-05-01 11:00")},
        {"ends_local": local("2099-01-01 10:00")},
        {"timezone": "Asia/Jakarta"},
        {"mode": "hybrid"},
        {"venue": "The Egg"},
        {"city": "Brussels"},
    ],
)
def test_what_calendars_show_raises_the_sequence_once(change):
    event = make_event()

    assert edit(event, **change) is True
    assert publishing.saved(event, Event.objects.get(pk=event.pk)) is False

    event.refresh_from_db()
    assert event.sequence == 1


@pytest.mark.parametrize(
    "change",
    [{"title": "Put right"}, {"summary": "Longer"}, {"capacity_online": 7}, {"questions": []}],
)
def test_scenario_20_a_typo_raises_nothing(change):
    event = make_event()

    assert edit(event, **change) is False

    event.refresh_from_db()
    assert (event.sequence, event.version) == (0, 2)


def test_a_draft_may_move_as_it_likes():
    draft = make_draft()

    assert edit(draft, venue="The Egg") is False
    assert draft.sequence == 0


def test_postponed_announced_again_cancelled_and_withdrawn():
    event = make_event()

    def told(event: Event) -> tuple:
        event = Event.objects.get(pk=event.pk)
        return event.status, event.reason, event.sequence

    publishing.postpone(event.pk, " The hall is flooded ")
    assert told(event) == (Status.POSTPONED, "The hall is flooded", 1)
    publishing.publish(event.pk)
    assert told(event) == (Status.PUBLISHED, "", 2)
    publishing.cancel(event.pk, "No speakers")
    assert told(event) == (Status.CANCELLED, "No speakers", 3)
    publishing.publish(event.pk)
    assert Event.objects.get(pk=event.pk).cancelled_at is None
    publishing.withdraw(event.pk, "Entered twice")
    assert told(event) == (Status.WITHDRAWN, "Entered twice", 5)
    assert not Event.objects.public().exists()


@pytest.mark.parametrize(
    ("act", "status", "words"),
    [
        (publishing.postpone, Status.DRAFT, "announced"),
        (publishing.postpone, Status.POSTPONED, "announced"),
        (publishing.cancel, Status.DRAFT, "announced"),
        (publishing.cancel, Status.CANCELLED, "announced"),
        (publishing.withdraw, Status.DRAFT, "on the site"),
        (publishing.withdraw, Status.WITHDRAWN, "on the site"),
    ],
)
def test_what_cannot_be_is_refused(act, status, words):
    event = make_draft()
    if status != Status.DRAFT:
        publishing.publish(event.pk)
        {
            Status.POSTPONED: publishing.postpone,
            Status.CANCELLED: publishing.cancel,
            Status.WITHDRAWN: publishing.withdraw,
        }[status](event.pk, "Why")

    with pytest.raises(ValidationError, match=words):
        act(event.pk, "Why not")


@pytest.mark.parametrize("act", [publishing.postpone, publishing.cancel, publishing.withdraw])
def test_a_reason_is_asked_for_and_without_one_nothing_changes(act):
    event = make_event()

    with pytest.raises(ValidationError, match="Say why"):
        act(event.pk, "  ")

    event.refresh_from_db()
    assert (event.status, event.sequence, event.version) == (Status.PUBLISHED, 0, 1)


def test_a_draft_can_be_deleted_and_nothing_else():
    draft, event = make_draft(), make_event()

    assert publishing.discard(draft.pk) is True
    assert publishing.discard(event.pk) is False
    assert list(Event.objects.all()) == [event]
