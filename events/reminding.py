"""Letters to who is sure to come, as the event comes near."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import letters, telling
from events.models import Event, Registration
from events.registered import asked_of
from hub.notices.models import Message

Status = Event.Status


@dataclass(frozen=True)
class Reminder:
    """A letter so long before the start."""

    before: timedelta
    heading: "Promise"
    # Somebody who was told a day late, after a fault, reads of it at the next one instead.
    late: timedelta
    has_hours: bool = False


REMINDERS = (
    Reminder(timedelta(days=7), _("In a week"), timedelta(hours=12)),
    Reminder(timedelta(days=1), _("Tomorrow"), timedelta(hours=6)),
    Reminder(timedelta(hours=1), _("In an hour"), timedelta(minutes=50), has_hours=True),
)


def remind() -> int:
    """Remind who is sure to come a week, a day and an hour before, by the time that there is now; each
    once for each time. How many letters were written."""
    at, soon = now(), now() + REMINDERS[0].before
    events = Event.objects.filter(status=Status.PUBLISHED, starts_at__gt=at, starts_at__lte=soon)
    return sum(_remind_of(event, at) for event in events)


def _remind_of(event: Event, at: datetime) -> int:
    found = None
    for reminder in REMINDERS:
        if event.starts_at - reminder.before <= at and (event.has_hours or not reminder.has_hours):
            found = reminder
    if found is None or at - (event.starts_at - found.before) > found.late:
        return 0
    due = event.starts_at - found.before
    minutes = int(found.before.total_seconds() // 60)
    # Who registers later has a fresh letter.
    rows = list(event.registrations.coming().filter(created_at__lt=due))
    keys = {
        f"registration:{row.pk}:reminder:{minutes}:{event.starts_at:%Y%m%dT%H%M}": row
        for row in rows
    }
    known = set(Message.objects.filter(dedup_key__in=keys).values_list("dedup_key", flat=True))
    for key in keys.keys() - known:
        _write_reminder(keys[key], event, key, found)
    return len(keys.keys() - known)


def _write_reminder(registration: Registration, event: Event, key: str, reminder: Reminder) -> None:
    registration.event = event
    is_lost = registration.has_lost_its_mode
    letters.send(
        registration,
        key,
        reminder.heading,
        [asked_of(registration)] if is_lost else [telling.CANCEL],
        facts=letters.facts_of(event, "" if is_lost else registration.mode),
    )
