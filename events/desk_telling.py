"""Who is told by letter of what somebody does at the desk."""

from events import telling
from events.models import Event


def told_of(act: str, before: Event, after: Event) -> int:
    """Have those who come told of a step, in the transaction of the step; how many they are."""
    if act == "cancel":
        return telling.called_off(after, after.reason)
    return telling.changed(after, before)
