"""Who is told by letter of what somebody does at the desk."""

from events import release, seats, telling
from events.models import Event, ProgrammeChange
from events.programme_news import programme_of


def told_of(act: str, before: Event, after: Event) -> int:
    """Have those who come told of a step, in the transaction of the step; how many they are."""
    if act == "cancel":
        return telling.called_off(after, after.reason)
    return telling.changed(after, before)


def released_by(event: Event) -> tuple[list[ProgrammeChange], int]:
    """Release the programme, and have those told who chose or speak in what readers see otherwise now:
    the lines for the list of changes, and how many people are told. As ``release.release``."""
    with seats.locked(event.pk) as event:
        before = programme_of(event)
        lines = release.release(event)
        return lines, telling.programme_changed(event, before)
