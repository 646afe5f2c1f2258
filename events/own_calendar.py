"""What somebody with an account takes part in, for their own calendar."""

from collections.abc import Iterator

from events import access
from events.calendars import entries_of, session_entry
from events.models import Event, SessionSeat
from events.programme import Released
from hub.notices.calendar import Invitation
from hub.partners.models import User


def registrations_of(user: User) -> Iterator[Invitation]:
    """The events where they have a sure seat, and the sessions that they chose with it. Never the way
    in: the address of a calendar is known to more than one program."""
    seats = access.registrations_of(user).coming().filter(event__status__in=Event.SHOWN)
    events = Event.objects.filter(pk__in=seats.values("event")).select_related("country")
    yield from entries_of(events)
    chosen = SessionSeat.objects.filter(
        registration__in=seats.values("pk"),
        status=SessionSeat.Status.CONFIRMED,
        session__released__isnull=False,
    )
    for seat in chosen.select_related("session__event"):
        entry = session_entry(Released(seat.session), seat.session.event)
        if entry is not None:
            yield entry
