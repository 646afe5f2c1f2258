"""Interviewers offer times: a plan of days and hours becomes single times, shown before they are made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import times
from hub.partners.models import User
from taskforce.models import Interview, InterviewSlot, Round

# More than this nobody offers in one go.
MOST_DAYS = 200
MOST_SLOTS = 500


@dataclass(frozen=True)
class Plan:
    """What an interviewer fills in: on which days of which weeks, in which hours of which zone.
    ``weekdays`` are 0 for Monday to 6; ``exceptions`` are days left out; times in minutes."""

    first_on: date
    last_on: date
    weekdays: frozenset[int]
    begins: time
    ends: time
    length: int
    buffer: int
    timezone: str
    exceptions: frozenset[date] = frozenset()
    join_url: str = ""
    # Of an hour that clocks show twice: the later one. ``None`` until somebody has said which.
    is_second: bool | None = None


@dataclass(frozen=True)
class Offer:
    """One time of a plan; ``refusal`` says why it cannot be offered."""

    slot: InterviewSlot
    refusal: str | Promise = ""

    @property
    def is_possible(self) -> bool:
        return not self.refusal


def offers(round: Round, interviewer: User, plan: Plan) -> list[Offer]:
    """Every time of the plan, those that cannot be with the reason. ``ValidationError`` for a plan that
    makes none, or too many."""
    if not 0 <= (plan.last_on - plan.first_on).days < MOST_DAYS:
        raise ValidationError({"last_on": _("Choose days that lie within half a year.")})
    starts = list(_starts(plan))
    if not starts:
        raise ValidationError(_("No time fits into these days and hours."))
    if len(starts) > MOST_SLOTS:
        raise ValidationError(_("These are too many times for one go. Choose fewer days."))
    busy = _busy(interviewer, plan)
    return [_offer(round, interviewer, plan, start, busy) for start in starts]


def create(round: Round, interviewer: User, plan: Plan) -> list[InterviewSlot]:
    """Offer the times of the plan that can be, and answer them. ``ValidationError`` if somebody has
    taken the interviewer's time meanwhile: look at the plan once more."""
    made = [offer.slot for offer in offers(round, interviewer, plan) if offer.is_possible]
    try:
        with transaction.atomic():
            for slot in made:
                slot.save(force_insert=True)
    except IntegrityError as error:
        text = _("The interviewer's times have changed meanwhile. Look at the list once more.")
        raise ValidationError(text, code="changed") from error
    return made


@transaction.atomic
def take_back(pk: int) -> InterviewSlot:
    """Offer a time no more; ``ValidationError`` while somebody has it."""
    slot = InterviewSlot.objects.select_for_update(of=["self"]).get(pk=pk)
    if Interview.objects.holding().filter(slot=slot).exists():
        text = _("Somebody has booked this time. Cancel the interview first, with a reason.")
        raise ValidationError(text, code="booked")
    slot.is_withdrawn = True
    slot.save(update_fields=["is_withdrawn"])
    return slot


def _starts(plan: Plan) -> Iterator[datetime]:
    step = timedelta(minutes=plan.length + plan.buffer)
    for number in range((plan.last_on - plan.first_on).days + 1):
        day = plan.first_on + timedelta(days=number)
        if day.weekday() not in plan.weekdays or day in plan.exceptions:
            continue
        start, end = datetime.combine(day, plan.begins), datetime.combine(day, plan.ends)
        while start + timedelta(minutes=plan.length) <= end:
            yield start
            start += step


def _busy(interviewer: User, plan: Plan) -> list[InterviewSlot]:
    """What the interviewer offers already about these days, in whatever round."""
    around = timedelta(days=2)
    rows = interviewer.interview_slots.filter(
        is_withdrawn=False,
        starts_local__gte=datetime.combine(plan.first_on, time()) - around,
        starts_local__lte=datetime.combine(plan.last_on, time()) + around,
    )
    return list(rows)


def _offer(
    round: Round, interviewer: User, plan: Plan, start: datetime, busy: list[InterviewSlot]
) -> Offer:
    end = start + timedelta(minutes=plan.length)
    is_twice = [times.is_repeated(moment, plan.timezone) for moment in (start, end)]
    slot = InterviewSlot(
        round=round,
        interviewer=interviewer,
        starts_local=start,
        ends_local=end,
        starts_is_second=is_twice[0] and bool(plan.is_second),
        ends_is_second=is_twice[1] and bool(plan.is_second),
        timezone=plan.timezone,
        buffer=plan.buffer,
        join_url=plan.join_url,
    )
    if any(is_twice) and plan.is_second is None:
        return Offer(slot, _("The clocks show this hour twice: say which one you mean."))
    try:
        slot.derive()
    except times.Skipped:
        return Offer(slot, _("The clocks are put forward over this time: it never comes."))
    if slot.starts_at >= slot.ends_at:
        return Offer(slot, _("The clocks are put back in between: choose another time."))
    if slot.starts_at <= now():
        return Offer(slot, _("This time is over."))
    if any(_meet(slot, other) for other in busy):
        return Offer(slot, _("The interviewer has another interview at this time."))
    return Offer(slot)


def _meet(one: InterviewSlot, other: InterviewSlot) -> bool:
    return one.starts_at < other.free_again_at and other.starts_at < one.free_again_at
