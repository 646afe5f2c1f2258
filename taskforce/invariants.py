"""What must hold of the taskforce whatever happens, beside what the database sees to: calendars, times, and
that somebody is there to answer for each government."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.timezone import now

from events.invariants import moved
from hub.audit.recording import recording_of
from taskforce.models import Interview, InterviewSlot, Participation, ParticipationContact


def findings() -> Iterator[str]:
    """Each thing that does not hold, in a line: numbers of rows, no names."""
    for slot in InterviewSlot.objects.filter(is_withdrawn=False, starts_at__gt=now()):
        yield from moved(slot)
    for interview in Interview.objects.order_by("pk"):
        yield from _sequence_gaps(interview)
    of_none = Interview.objects.to_come().exclude(participation__status__in=Participation.ACTIVE)
    for pk in of_none.order_by("pk").values_list("pk", flat=True):
        yield f"interview {pk}: its government does not take part"
    there = ParticipationContact.objects.filter(participation=OuterRef("pk"), left_at=None)
    mute = Participation.objects.active().filter(
        Exists(there),
        ~Exists(ParticipationContact.objects.speaking().filter(participation=OuterRef("pk"))),
    )
    for pk in mute.order_by("pk").values_list("pk", flat=True):
        yield f"participation {pk}: nobody speaks for it, though somebody asks to"


def _sequence_gaps(interview: Interview) -> Iterator[str]:
    if interview.told_sequence > interview.sequence:
        yield f"interview {interview.pk}: calendars were told of {interview.told_sequence} already"
    told = recording_of(Interview).of(interview.pk).order_by("pgh_id")
    earlier = None
    for sequence in told.values_list("sequence", flat=True):
        if earlier is not None and sequence not in (earlier, earlier + 1):
            yield f"interview {interview.pk}: sequence {sequence} follows {earlier}"
        earlier = sequence
