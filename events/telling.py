"""What everybody concerned is told of an event: that it has changed, that it does not take place, that it
is near. Each once, and each person in the state in which they are when they are told.

Who organises may put a time right five times in a row: changes wait for some minutes, and what is told is
what has become of all of them. Work goes by parts, each under the lock of the seats, so that nobody who
cancels meanwhile hears of it after that; a killed worker's work is taken up where it ended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import letters, seats
from events.listed import country_names, place_words
from events.models import Event, Registration, Untold
from events.publishing import IN_CALENDARS
from hub import jobs
from hub.notices.calendar import Invitation
from hub.notices.models import Message

WAIT = timedelta(minutes=10)
AT_ONCE = 100
Status = Event.Status
# What an event was before: enough to say it, and to see whether anything has changed in the end.
MOMENTS = ("starts_local", "ends_local", "starts_at", "ends_at")
KEPT = (*MOMENTS, "precision", "timezone", "mode", "venue", "city", "country_id", "status")


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


def changed(event: Event, before: Event) -> int:
    """Have everybody who is registered told of a change of time, place, mode or standing, in ten
    minutes and once for all changes until then; how many they are. Nobody is told of anything else.
    Call it in the transaction of the change."""
    if all(getattr(event, name) == getattr(before, name) for name in IN_CALENDARS):
        return 0
    concerned = event.registrations.active().count()
    if concerned:
        Untold.objects.get_or_create(
            event=event, defaults={"before": _kept(before), "due_at": now() + WAIT}
        )
    return concerned


def called_off(event: Event, reason: str) -> int:
    """Have everybody who is registered told at once that an event does not take place; how many they
    are. Call it in the transaction in which it is cancelled; the reason is the event's."""
    Untold.objects.filter(event=event).delete()
    jobs.enqueue(_call_off, event=event.pk)
    return event.registrations.active().count()


@jobs.task
def _call_off(event: int) -> None:
    tell_called_off(event)


def tell_called_off(event_pk: int) -> None:
    """Write to everybody who is registered that the event is cancelled."""
    _to_all(event_pk, "cancelled", _write_called_off)


def tell_due() -> None:
    """Write of all changes whose time has come."""
    for untold in Untold.objects.filter(due_at__lte=now()):
        _tell_of(untold)


def _tell_of(untold: Untold) -> None:
    was = _event_of(untold)

    def write(registration: Registration, key: str) -> None:
        _write_changed(registration, was, key)

    with seats.locked(untold.event_id) as event:
        told, is_news = event.sequence, _kept(event) != untold.before
    if is_news:
        _to_all(event.pk, "changed", write)
    with seats.locked(untold.event_id) as now_so:
        if now_so.sequence == told:
            Untold.objects.filter(pk=untold.pk).delete()
        else:
            # It has changed once more while we wrote: the next round tells of that.
            Untold.objects.filter(pk=untold.pk).update(before=_kept(event))


def _to_all(event_pk: int, act: str, write: Callable[[Registration, str], None]) -> None:
    last = 0
    while True:
        with seats.locked(event_pk) as event:
            rows = event.registrations.active().filter(pk__gt=last).order_by("pk")[:AT_ONCE]
            keys = {f"event:{event.pk}:{act}:{event.sequence}:{row.pk}": row for row in rows}
            known = set(
                Message.objects.filter(dedup_key__in=keys).values_list("dedup_key", flat=True)
            )
            for key, registration in keys.items():
                if key not in known:
                    registration.event = event
                    write(registration, key)
        if not keys:
            return
        last = max(row.pk for row in keys.values())


def _write_called_off(registration: Registration, key: str) -> None:
    event = registration.event
    letters.send(
        registration,
        key,
        _("Cancelled"),
        [_("The event below does not take place. You need not do anything.")],
        words=event.reason,
        facts=letters.facts_of(event),
        label="",
        calendar=letters.cancellation(registration),
    )


def _write_changed(registration: Registration, was: Event, key: str) -> None:
    event = registration.event
    heading, says = _news(event, was)
    letters.send(
        registration,
        key,
        heading,
        says,
        words=event.reason if event.status != Status.PUBLISHED else "",
        facts=[*letters.facts_of(event), *_before(event, was)],
        calendar=_entry(registration),
    )


def _entry(registration: Registration) -> Invitation | None:
    """Its new time for the calendar of who comes; what is at no time now leaves the calendar."""
    if registration.event.status != Status.PUBLISHED:
        return letters.cancellation(registration)
    return letters.request(registration) if registration.is_coming else None


def _news(event: Event, was: Event) -> "tuple[Promise, Sequence[Promise]]":
    if event.status == Status.POSTPONED:
        says = [
            _("The event below does not take place at this time. A new one is not known yet."),
            _("You keep your registration, and we write to you as soon as there is a new time."),
        ]
        return _("Postponed"), says
    if event.status == Status.WITHDRAWN:
        return _("Withdrawn"), [_("The event below was taken off the site.")]
    if was.status != event.status:
        return _("It takes place"), [_("The event below takes place, at the time that you see.")]
    says = [
        _(
            "Time, place or way of taking part have changed. Below is how it is now, and was before."
        ),
        _("If you cannot come any more, please cancel: somebody else may wait for a seat."),
    ]
    return _("Changed"), says


def _before(event: Event, was: Event) -> list[tuple[Any, Any]]:
    """What it was, of what is otherwise now."""
    facts: list[tuple[Any, Any]] = []
    timed = ("starts_at", "ends_at", "timezone", "precision")
    if any(getattr(event, name) != getattr(was, name) for name in timed):
        facts.append((_("When (before)"), letters.when_words(was)))
    places = [
        place_words(one, country_names([one]).get(one.country_id, "")) for one in (was, event)
    ]
    if places[0] != places[1]:
        facts.append((_("Where (before)"), places[0] or "–"))
    if event.mode != was.mode:
        facts.append((_("How (before)"), was.get_mode_display()))
        facts.append((_("How"), event.get_mode_display()))
    return facts


def _event_of(untold: Untold) -> Event:
    """The event as it was, in memory alone."""
    columns = dict(untold.before)
    for name in MOMENTS:
        columns[name] = columns[name] and datetime.fromisoformat(columns[name])
    return Event(**columns)


def _kept(event: Event) -> dict[str, Any]:
    """What ``Untold.before`` holds of an event."""
    found = {name: getattr(event, name) for name in KEPT}
    return found | {name: found[name] and found[name].isoformat() for name in MOMENTS}


# Reminders


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
    letters.send(
        registration,
        key,
        reminder.heading,
        [_("If you cannot come any more, please cancel: somebody else may wait for a seat.")],
        facts=letters.facts_of(event, registration.mode),
    )
