"""Plain functions that make rows as they stand, past the services that usually write them."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate, now

from events.tests.factories import make_event
from hub.partners.models import Organisation, User
from hub.partners.tests.factories import make_organisation
from taskforce.kinds import Area, FindingKind
from taskforce.models import (
    ActionItem,
    AgendaItem,
    Finding,
    GroupMembership,
    Interview,
    InterviewSlot,
    Meeting,
    Participation,
    ParticipationContact,
    Round,
    WorkingGroup,
)

numbers = count(1)


def local(text: str) -> datetime:
    """A wall time, written 2022-04-14 10:00."""
    return datetime.fromisoformat(text)


def make_round(**fields: Any) -> Round:
    """A public round that began a week ago and goes on for two months."""
    number = next(numbers)
    today = localdate()
    defaults: dict[str, Any] = {
        "slug": f"round-{number}",
        "title": f"Round {number}",
        "summary": "Governments talk to each other.",
        "period": DateRange(today - timedelta(days=7), today + timedelta(days=60)),
        "timezone": "Europe/London",
        "published_at": now() - timedelta(days=8),
        "owner": Organisation.objects.desk(),
    }
    return Round.objects.create(**defaults | fields)


def make_government(name: str = "", **fields: Any) -> Organisation:
    name = name or f"Government {next(numbers)}"
    kind = Organisation.Kind.REGIONAL_GOVERNMENT
    return make_organisation(name, **{"kind": kind} | fields)


def make_participation(
    round: Round | None = None, government: Organisation | None = None, **fields: Any
) -> Participation:
    """An accepted one that asked for an interview, with a first contact ``.contact``."""
    email = fields.pop("email", f"contact{next(numbers)}@gov.example")
    moment = now() - timedelta(days=1)
    defaults: dict[str, Any] = {
        "interview": True,
        "status": Participation.Status.ACCEPTED,
        "submitted_at": moment,
        "registered_at": moment,
        "accepted_at": moment,
        "timezone": "Europe/London",
    }
    participation = Participation.objects.create(
        round=round or make_round(), government=government or make_government(), **defaults | fields
    )
    participation.contact = make_contact(participation, email=email, is_first=True)
    return participation


def make_contact(participation: Participation, **fields: Any) -> ParticipationContact:
    """Somebody who may speak for the government."""
    number = next(numbers)
    defaults: dict[str, Any] = {
        "name": f"Contact {number}",
        "email": f"contact{number}@gov.example",
        "confirmed_at": now(),
        "agreed_at": now(),
    }
    return ParticipationContact.objects.create(participation=participation, **defaults | fields)


def make_slot(round: Round, interviewer: User, starts: str = "", **fields: Any) -> InterviewSlot:
    """Three quarters of an hour in London, days apart unless ``starts`` says when."""
    begins = local(starts) if starts else _next_free()
    defaults: dict[str, Any] = {
        "starts_local": begins,
        "ends_local": begins + timedelta(minutes=45),
        "timezone": "Europe/London",
    }
    slot = InterviewSlot(round=round, interviewer=interviewer, **defaults | fields)
    slot.full_clean()
    slot.save()
    return slot


def _next_free() -> datetime:
    day = localdate() + timedelta(days=3 + next(numbers))
    return datetime.combine(day, datetime.min.time()).replace(hour=10)


def make_interview(participation: Participation, slot: InterviewSlot, **fields: Any) -> Interview:
    defaults: dict[str, Any] = {"status": Interview.Status.BOOKED}
    return Interview.objects.create(participation=participation, slot=slot, **defaults | fields)


def make_finding(participation: Participation, text: str = "", **fields: Any) -> Finding:
    """A line about jobs that the secretariat alone reads."""
    defaults: dict[str, Any] = {
        "area": Area.JOBS,
        "kind": FindingKind.APPROACH,
        "text": text or f"Finding {next(numbers)}",
    }
    return Finding.objects.create(participation=participation, **defaults | fields)


def make_public_finding(participation: Participation, text: str = "", **fields: Any) -> Finding:
    shown = {
        "visibility": Finding.Visibility.PUBLIC,
        "approved_by_government_at": now(),
        "published_at": now(),
    }
    return make_finding(participation, text, **shown | fields)


def make_group(**fields: Any) -> WorkingGroup:
    number = next(numbers)
    defaults: dict[str, Any] = {
        "slug": f"group-{number}",
        "name": f"Group {number}",
        "summary": "Meets over one matter.",
        "published_at": now() - timedelta(days=1),
        "owner": Organisation.objects.desk(),
    }
    return WorkingGroup.objects.create(**defaults | fields)


def make_group_membership(
    group: WorkingGroup,
    organisation: Organisation | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    **fields: Any,
) -> GroupMembership:
    """A core member since a month ago whose term runs."""
    since = since or localdate() - timedelta(days=30)
    return GroupMembership.objects.create(
        group=group,
        organisation=organisation or make_government(),
        term=DateRange(since, until),
        **{"email": f"member{next(numbers)}@gov.example"} | fields,
    )


def make_meeting(**fields: Any) -> Meeting:
    """A members' meeting in a month, of a group of its own unless one is given."""
    number = next(numbers)
    if "group" not in fields and "round" not in fields:
        fields["group"] = make_group()
    event = fields.pop("event", None) or make_event(audience="members", title=f"Meeting {number}")
    return Meeting.objects.create(
        **{"slug": f"meeting-{number}", "number": number, "event": event} | fields
    )


def make_agenda_item(meeting: Meeting, title: str = "A point", **fields: Any) -> AgendaItem:
    position = meeting.agenda.count() + 1
    return AgendaItem.objects.create(
        meeting=meeting, title=title, **{"position": position, "minutes": 20} | fields
    )


def make_action(meeting: Meeting, text: str = "Do it", **fields: Any) -> ActionItem:
    fields.setdefault("owner_government", None)
    owner = fields.pop("owner_government") or make_government()
    return ActionItem.objects.create(meeting=meeting, text=text, owner_government=owner, **fields)
