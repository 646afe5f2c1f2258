"""What tests of registrations do and read."""

from events import registering
from events.models import Event, Registration
from hub.notices.models import Message


def wish(email: str, **said: object) -> registering.Wish:
    defaults: dict[str, object] = {"name": email.partition("@")[0], "mode": "online"}
    return registering.Wish(email=email, **defaults | said)


def enter(event: Event, email: str, **said: object) -> Registration:
    """Register as a visitor does."""
    return registering.register(event, wish(email, **said))


def statuses(event: Event) -> dict[str, str]:
    """Who stands where, in the order of the queue, by the name before the @."""
    rows = event.registrations.order_by("queued_at", "id")
    return {one.email.partition("@")[0]: one.status for one in rows}


def letters_to(email: str) -> list[Message]:
    return list(Message.objects.filter(to__iexact=email).order_by("id"))


def last_letter(email: str) -> Message:
    return letters_to(email)[-1]
