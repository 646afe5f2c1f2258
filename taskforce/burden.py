"""What the planner needs to know: who is to meet, by which clocks, and what they have carried so far."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate, now

from events.models import Attendance, Registration
from taskforce import planner
from taskforce.kinds import Circle
from taskforce.models import Meeting, Participation, Round, WorkingGroup
from taskforce.planner import Member

LONGEST_MINUTES = 24 * 60


def members_of(round: Round, group: WorkingGroup | None = None) -> tuple[list[Member], list[str]]:
    """The governments of the round, or those who sit in the group, each once with its zone and what it
    has carried; beside them the names of those whose zone nobody knows."""
    zones = _of_group(group) if group else _of_round(round)
    carried = planner.ledger(_past(round, group, zones))
    known = [
        Member(name, zone, carried.get(name, 0)) for name, zone in sorted(zones.items()) if zone
    ]
    return known, sorted(name for name, zone in zones.items() if not zone)


def _of_round(round: Round) -> dict[str, str]:
    rows = round.participations.active().select_related("government")
    return {one.government_name: one.timezone for one in rows}


def _of_group(group: WorkingGroup) -> dict[str, str]:
    """By organisation: the zone that it has named in its latest round, or that of the account of whoever
    sits there."""
    rows = group.memberships.filter(term__contains=localdate())
    rows = list(rows.filter(circle=Circle.CORE).select_related("organisation", "user"))
    said = dict(
        Participation.objects.active()
        .filter(government__in=[one.organisation_id for one in rows])
        .order_by("registered_at")
        .values_list("government", "timezone")
    )
    zones: dict[str, str] = {}
    for one in rows:
        own = one.user.timezone if one.user else ""
        name = one.organisation.name
        zones[name] = said.get(one.organisation_id) or zones.get(name) or own
    return zones


def _past(
    round: Round, group: WorkingGroup | None, zones: dict[str, str]
) -> Iterable[tuple[datetime, int, dict[str, str]]]:
    """The meetings that were, with those who were there; where nobody noted who came, those with a
    seat."""
    ours = Q(group=group) if group else Q(round=round)
    rows = Meeting.objects.filter(ours, event__starts_at__lt=now(), event__ends_at__isnull=False)
    meetings = list(rows.exclude(event__status="cancelled").select_related("event"))
    of_events = {"registration__event__in": [one.event_id for one in meetings]}
    came = _by_event(
        Attendance.objects.filter(**of_events).values_list(
            "registration__event", "registration__organisation__name"
        )
    )
    seated = _by_event(
        Registration.objects.confirmed()
        .filter(event__in=[one.event_id for one in meetings])
        .values_list("event", "organisation__name")
    )
    for one in meetings:
        event = one.event
        names = came.get(event.pk) or seated.get(event.pk) or set()
        minutes = int((event.ends_at - event.starts_at).total_seconds() // 60)
        there = {name: zones[name] for name in names if zones.get(name)}
        yield event.starts_at, min(minutes, LONGEST_MINUTES), there


def _by_event(rows: Iterable[tuple[int, str | None]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for event, name in rows:
        if name:
            found.setdefault(event, set()).add(name)
    return found
