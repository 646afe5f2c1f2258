"""The interview on a government's own page: the time that is booked, or those that can be."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events import wording
from taskforce import booking
from taskforce.models import Interview, InterviewSlot, Participation, ParticipationContact
from taskforce.passport import Part

# So many times are shown; who needs another one writes to the secretariat.
MOST_SHOWN = 60


@dataclass(frozen=True)
class Choice:
    """A free time: its hours where the government is, and where it was offered if that is elsewhere."""

    pk: int
    hours: SafeString
    beside: SafeString | str


@dataclass(frozen=True)
class Day:
    date: date
    choices: tuple[Choice, ...]

    @property
    def words(self) -> str:
        return wording.day_words(self.date)


@dataclass(frozen=True)
class Week:
    """The days of one week, from Monday on, on which times are free."""

    monday: date
    days: tuple[Day, ...]

    @property
    def words(self) -> str:
        return _("Week of %(day)s") % {"day": date_format(self.monday, "j F Y")}

    @property
    def count(self) -> int:
        return sum(len(day.choices) for day in self.days)


def days_of(slots: list[InterviewSlot], zone: str) -> list[Day]:
    """Times by the date that they have in this zone, each with its hours there."""
    days = groupby(slots, key=lambda slot: wording.day_of(slot, zone))
    return [Day(day, tuple(_choice(slot, zone) for slot in of_day)) for day, of_day in days if day]


def weeks_of(days: list[Day]) -> list[Week]:
    """These days by their weeks."""
    weeks = groupby(days, key=lambda day: day.date - timedelta(days=day.date.weekday()))
    return [Week(monday, tuple(of_week)) for monday, of_week in weeks]


def _choice(slot: InterviewSlot, zone: str) -> Choice:
    is_elsewhere = slot.timezone != zone
    beside = wording.when_html(slot) if is_elsewhere else ""
    return Choice(slot.pk, wording.hours_html(slot, zone), beside)


def coming(participation: Participation) -> Interview | None:
    """The interview to come, if there is one."""
    rows = participation.interviews.to_come().select_related("slot__interviewer")
    interview = rows.first()
    if interview is not None:
        interview.participation = participation
    return interview


def interview_part(participation: Participation, contact: ParticipationContact) -> Part | None:
    """The part of the page; none where there are no interviews, or the government wants none."""
    round = participation.round
    interview = coming(participation)
    has_been = participation.interviews.filter(status=Interview.Status.HELD).exists()
    if not round.offers_interview or not (participation.interview or interview or has_been):
        return None
    if has_been:
        context: dict[str, object] = {"has_been": True}
    elif interview is not None:
        context = {"interview": interview, **told(interview)}
    else:
        context = choices(participation)
    return Part(
        "interview",
        _("Interview"),
        "taskforce/own/_interview.html",
        position=20,
        context=context,
        is_for_new=True,
    )


def choices(participation: Participation) -> dict[str, object]:
    """What a template needs to let a government choose."""
    zone = participation.timezone
    slots = list(booking.free_slots(participation)[:MOST_SHOWN])
    return {
        "weeks": weeks_of(days_of(slots, zone)),
        "zone": wording.zones_words(zone),
    }


def told(interview: Interview) -> dict[str, object]:
    """When it is where the government is, and where it was offered if that is elsewhere."""
    slot, zone = interview.slot, interview.participation.timezone
    return {
        "time": wording.when_html(slot, zone),
        "time_there": wording.when_html(slot) if slot.timezone != zone else "",
        "is_asked": interview.status == Interview.Status.REQUESTED,
        "join_url": slot.join_url if interview.status == Interview.Status.BOOKED else "",
    }
