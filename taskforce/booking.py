"""Interviews are booked: the one writer of ``Interview.status`` and ``Interview.slot``.

Whoever books takes the lock on the participation and then on the times concerned, in the order of their
keys, and looks only after that whether they are free. What happens past these locks the database refuses:
a time is held once, and a government has one interview to come.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub.limits import Limit
from taskforce import interview_letters as letters
from taskforce import participating
from taskforce.kinds import Activity
from taskforce.models import Interview, InterviewSlot, Participation

Status = Interview.Status
# How many other times are offered to who came too late.
OFFERED_INSTEAD = 3
# Each move and each cancellation is a letter to the interviewer.
CHANGED = Limit("interviews changed by", 20, timedelta(days=1))
TAKEN = "taken"


def choose(participation_pk: int, slot_pk: int) -> Interview:
    """Book the interview of a government at this time, or move the one to come there. The row, and with
    it the entry in calendars, stays the same.

    ``ValidationError`` in words; with the code ``taken`` where somebody else was faster: then an earlier
    booking stays as it was.
    """
    with _acting(participation_pk, slot_pk) as (participation, interview):
        slot = _bookable(participation, slot_pk)
        if interview is not None and interview.slot_id == slot.pk:
            return interview
        if Interview.objects.holding().filter(slot=slot).exists():
            raise ValidationError(_("This time has just been taken."), code=TAKEN)
        if not participation.interview:
            participating.choose(participation, Activity.INTERVIEW)
        is_asked = participation.round.approves_interviews
        status = Status.REQUESTED if is_asked else Status.BOOKED
        if interview is None:
            interview = Interview.objects.create(
                participation=participation,
                slot=slot,
                status=status,
                language=participation.language,
            )
            letters.booked(interview)
            return interview
        before = interview.slot
        interview.slot, interview.status = slot, status
        _rise(interview, "slot", "status")
        letters.moved(interview, before)
        return interview


def agree(pk: int) -> Interview:
    """The interviewer agrees to a time that was asked for."""
    with _of(pk) as interview:
        if interview.status != Status.REQUESTED:
            raise ValidationError(_("Nobody waits for an answer about this interview."))
        interview.status = Status.BOOKED
        interview.save(update_fields=["status"])
        letters.agreed(interview)
        return interview


def cancel(pk: int, reason: str = "", *, by_secretariat: bool = False) -> Interview:
    """Give the time back; what has been cancelled already stays so. The secretariat says why."""
    with _of(pk) as interview:
        if not interview.is_to_come:
            return interview
        if by_secretariat and not reason.strip():
            raise ValidationError({"reason": _("Say why: the government will read it.")})
        _end(interview, Status.CANCELLED, reason.strip())
        letters.cancelled(interview, by_secretariat=by_secretariat)
        return interview


def hold(pk: int) -> Interview:
    """It has taken place."""
    return _past(pk, Status.HELD)


def miss(pk: int) -> Interview:
    """Nobody of the government was there. They can choose another time."""
    return _past(pk, Status.MISSED)


def shifted(slot: InterviewSlot) -> None:
    """The clocks of the zone of a time follow other rules: who has booked it hears of that, within the
    transaction that moves it."""
    for interview in Interview.objects.to_come().filter(slot=slot):
        interview.participation = _locked(interview.participation_id)
        interview.slot = slot
        _rise(interview)
        letters.shifted(interview)


def end_with(participation: Participation) -> None:
    """A government takes part no more: its interview is cancelled. It is told of that anyway."""
    for interview in participation.interviews.to_come().select_for_update(of=["self"]):
        interview.participation = participation
        _end(interview, Status.CANCELLED, "")
        letters.cancelled(interview)


def free_slots(participation: Participation) -> QuerySet[InterviewSlot]:
    """The times that the government can choose now, the next first."""
    return participation.round.slots.free().order_by("starts_at", "pk")


def instead_of(participation: Participation) -> list[InterviewSlot]:
    """The next times for who came too late."""
    return list(free_slots(participation)[:OFFERED_INSTEAD])


@contextmanager
def _acting(
    participation_pk: int, slot_pk: int
) -> Iterator[tuple[Participation, Interview | None]]:
    """The participation and its interview to come, if there is one, as they stand under the locks."""
    with transaction.atomic():
        participation = _locked(participation_pk)
        coming = participation.interviews.to_come().select_related("slot__interviewer")
        interview = coming.first()
        concerned = {slot_pk} | ({interview.slot_id} if interview else set())
        times = InterviewSlot.objects.filter(pk__in=concerned).order_by("pk")
        list(times.select_for_update().values_list("pk", flat=True))
        if interview is not None:
            interview.participation = participation
        yield participation, interview


@contextmanager
def _of(pk: int) -> Iterator[Interview]:
    with transaction.atomic():
        of = Interview.objects.values_list("participation_id", flat=True).get(pk=pk)
        participation = _locked(of)
        interview = Interview.objects.select_related("slot__interviewer").get(pk=pk)
        interview.participation = participation
        yield interview


def _locked(pk: int) -> Participation:
    rows = Participation.objects.select_related("round__owner", "government")
    return rows.select_for_update(of=["self"]).get(pk=pk)


def _bookable(participation: Participation, slot_pk: int) -> InterviewSlot:
    if not participation.is_active:
        raise ValidationError(_("Your government does not take part now."), code="ended")
    if not participation.round.offers_interview:
        raise ValidationError(_("This round offers no interviews."), code="none")
    if participation.interviews.filter(status=Status.HELD).exists():
        raise ValidationError(_("Your government has had its interview."), code="held")
    slots = participation.round.slots.offered().select_related("interviewer")
    slot = slots.filter(pk=slot_pk).first()
    if slot is None:
        raise ValidationError(_("This time is not offered any more."), code=TAKEN)
    return slot


def _past(pk: int, status: str) -> Interview:
    with _of(pk) as interview:
        if interview.status != Status.BOOKED:
            raise ValidationError(_("Only an interview that was booked can have taken place."))
        if interview.slot.starts_at > now():
            raise ValidationError(_("The interview is still to come."))
        interview.status, interview.ended_at = status, now()
        interview.save(update_fields=["status", "ended_at"])
        return interview


def _end(interview: Interview, status: str, reason: str) -> None:
    interview.status, interview.reason, interview.ended_at = status, reason, now()
    _rise(interview, "status", "reason", "ended_at")


def _rise(interview: Interview, *columns: str) -> None:
    """Keep these columns, as the next state that calendars are told of."""
    interview.sequence += 1
    interview.save(update_fields=[*columns, "sequence"])
