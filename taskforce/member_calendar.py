"""Meetings of somebody's groups and rounds for their own calendar, as far as they are not there already
because they are registered. Never the way in."""

from collections.abc import Iterator

from django.db.models import Q

from events import access
from events.calendars import entries_of
from events.models import Event
from hub.notices.calendar import Invitation
from hub.partners.models import User
from taskforce.access import among_core, among_observers


def meetings_of(user: User) -> Iterator[Invitation]:
    """Those that are announced and still to come, or were called off a short time ago."""
    circles = Q(pk__in=Event.objects.filter(among_core(user)).values("pk"))
    circles |= Q(pk__in=Event.objects.filter(among_observers(user)).values("pk"))
    seats = access.registrations_of(user).coming().values("event")
    rows = Event.objects.filter(circles, status__in=Event.SHOWN, meeting__isnull=False)
    rows = rows.to_come().filter(pk__in=access.visible_to(user).values("pk"))
    yield from entries_of(rows.exclude(pk__in=seats).select_related("country"))
