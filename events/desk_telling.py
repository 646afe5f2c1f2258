"""Who is told by letter of what somebody does at the desk."""

from events.models import Event

try:
    from events import telling
except ImportError:
    telling = None


def told_of(act: str, before: Event, after: Event) -> int:
    """Tell those who come of a step, in the transaction of the step; how many they are."""
    if telling is None:
        return 0
    if act == "cancel":
        telling.called_off(after, after.reason)
    else:
        telling.changed(after, before)
    return after.registrations.active().count()
