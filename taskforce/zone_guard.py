"""Interviews when a zone changes its rules: the wall time at which one was offered stays, its moment follows,
and both sides hear of it once. See ``events.zone_guard``."""

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from events import times
from taskforce import booking
from taskforce.models import InterviewSlot


def rederive_slots() -> int:
    """Look at all times to come; of how many the moment has moved. Safe to run twice."""
    rows = InterviewSlot.objects.filter(is_withdrawn=False, starts_at__gt=now()).order_by("pk")
    return sum(_rederive(pk) for pk in list(rows.values_list("pk", flat=True)))


def _rederive(pk: int) -> bool:
    try:
        with transaction.atomic():
            return _moved(pk)
    except (times.Skipped, IntegrityError):
        # What the clocks leave out now, or what meets another interview of the same person, people have
        # to settle: ``invariants`` says so.
        return False


def _moved(pk: int) -> bool:
    slot = InterviewSlot.objects.select_related("interviewer").get(pk=pk)
    before = slot.starts_at, slot.ends_at
    slot.derive()
    if (slot.starts_at, slot.ends_at) == before:
        return False
    slot.save(update_fields=["starts_at", "ends_at"])
    booking.shifted(slot)
    return True
