"""What must hold whatever happens, looked for in the data themselves: seats, queues, letters, calendars,
times. Nothing of it should ever be found; what is found is a fault of ours, or needs a person."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.db.models import F, Q
from django.utils.timezone import now

from events import times
from events.models import Event, Registration, Session, SessionSeat
from events.models.timed import Timed
from hub.audit.recording import recording_of
from hub.notices.models import Message
from hub.registry import Registry

STUCK = timedelta(hours=1)
Status = Registration.Status


# What later apps have to look for; each answers a line for each thing that it finds.
further: Registry[Callable[[], Iterable[str]]] = Registry("what looks for what must never be")


def findings() -> list[str]:
    """Each thing that does not hold, in a line for those who run the hub: numbers of rows, no names."""
    found = [*_stuck_letters()]
    for event in Event.objects.exclude(registrations=None).order_by("pk"):
        found += [
            *_over_capacity(event),
            *_waiting_while_free(event),
            *_unanswered_for(event),
        ]
    for session in Session.objects.filter(capacity__isnull=False).order_by("pk"):
        found += _session_over_capacity(session)
    for event in Event.objects.order_by("pk"):
        found += _sequence_gaps(event)
    for timed in [*Event.objects.to_come(), *Session.objects.filter(starts_at__gt=now())]:
        found += moved(timed)
    for look in further:
        found += look()
    return found


def _over_capacity(event: Event) -> Iterator[str]:
    """More seats than there ever were: who has one keeps it when there are fewer later."""
    for mode in event.seat_modes:
        most = _most_ever(event, "capacity_in_person" if mode == "in_person" else "capacity_online")
        taken = _confirmed(event, mode).count()
        if most is not None and taken > most:
            yield f"event {event.pk}: {taken} seats {mode}, of {most}"


def _waiting_while_free(event: Event) -> Iterator[str]:
    """Somebody waits while a seat is free that they may have."""
    is_on = event.status == Event.Status.PUBLISHED and event.starts_at > now()
    for mode in event.seat_modes if is_on else ():
        capacity = event.capacity(mode)
        if capacity is not None and _confirmed(event, mode).count() >= capacity:
            continue
        wants = Q(status=Status.WAITLISTED, mode=mode)
        wants |= Q(status=Status.CONFIRMED, wants_mode=mode)
        for row in event.registrations.filter(wants).order_by("queued_at", "pk"):
            if not _is_held_by_cap(event, row):
                yield f"event {event.pk}: registration {row.pk} waits while a seat {mode} is free"


def _is_held_by_cap(event: Event, row: Registration) -> bool:
    if event.seats_per_organisation is None or row.status == Status.CONFIRMED:
        return False
    same = Q(organisation=row.organisation_id) if row.organisation_id else Q(pk__in=[])
    if row.organisation_name:
        same |= Q(organisation_name__iexact=row.organisation_name)
    taken = event.registrations.confirmed().filter(same).count()
    return taken >= event.seats_per_organisation


def _unanswered_for(event: Event) -> Iterator[str]:
    """A seat that nobody's mailbox answers for is given on after its time, within an hour."""
    rows = event.registrations.confirmed().filter(email_confirmed_at=None)
    for row in rows if event.starts_at > now() else ():
        row.event = event
        until = row.seat_until()
        if until is not None and until < now() - STUCK:
            yield f"event {event.pk}: registration {row.pk} keeps its seat without an address"


def _session_over_capacity(session: Session) -> Iterator[str]:
    taken = session.seats.filter(
        status=SessionSeat.Status.CONFIRMED, registration__status=Status.CONFIRMED
    ).count()
    most = _most_ever(session, "capacity")
    if most is not None and taken > most:
        yield f"session {session.pk}: {taken} seats, of {most}"


def _sequence_gaps(event: Event) -> Iterator[str]:
    """A calendar that was told of one sequence waits for the next: none is left out, none comes back."""
    told = recording_of(Event).of(event.pk).order_by("pgh_id").values_list("sequence", flat=True)
    earlier = None
    for sequence in told:
        if earlier is not None and sequence not in (earlier, earlier + 1):
            yield f"event {event.pk}: sequence {sequence} follows {earlier}"
        earlier = sequence


def _stuck_letters() -> Iterator[str]:
    due = Message.objects.filter(not_before__lt=now() - STUCK, is_held=False)
    late = due.filter(state=Message.State.WAITING, created_at__lt=now() - STUCK)
    for pk in late.order_by("pk").values_list("pk", flat=True):
        yield f"letter {pk} has waited for more than an hour"


def moved(timed: Timed) -> Iterator[str]:
    """A moment that is not what the clocks of the zone say."""
    name, before = type(timed).__name__.lower(), (timed.starts_at, timed.ends_at)
    try:
        timed.derive()
    except times.Skipped:
        yield f"{name} {timed.pk}: its time never comes"
        return
    if before != (timed.starts_at, timed.ends_at):
        yield f"{name} {timed.pk}: its moments are not those of its wall times"


def _confirmed(event: Event, mode: str):
    return event.registrations.confirmed().filter(mode=mode)


def _most_ever(row: Event | Session, column: str) -> int | None:
    """The most seats that there ever were, as the history has it; ``None`` for any number."""
    told = recording_of(type(row)).of(row.pk)
    if getattr(row, column) is None or told.filter(**{f"{column}__isnull": True}).exists():
        return None
    most = told.order_by(F(column).desc()).values_list(column, flat=True).first()
    return max(getattr(row, column), most or 0)
