"""Who has an interview is reminded of it the day before."""

from datetime import timedelta

from django.utils.timezone import now

from taskforce import interview_letters
from taskforce.models import Interview

BEFORE = timedelta(days=1)


def remind_of_interviews() -> int:
    """Write to those whose interview begins within a day; who has booked it within that day has a fresh
    letter. How many interviews there were; a letter that went out does not go out again."""
    soon = Interview.objects.filter(
        status=Interview.Status.BOOKED,
        slot__starts_at__gt=now(),
        slot__starts_at__lte=now() + BEFORE,
    )
    rows = soon.select_related(
        "slot__interviewer", "participation__round", "participation__government"
    )
    count = 0
    for interview in rows:
        if interview.booked_at <= interview.slot.starts_at - BEFORE:
            interview_letters.reminder(interview)
            count += 1
    return count
