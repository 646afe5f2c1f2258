"""What tests of participations do and read."""

from hub.notices.models import Message
from hub.partners.models import User
from taskforce import registering
from taskforce.models import ParticipationContact, Round


def wish(email: str, **said: object) -> registering.Wish:
    defaults: dict[str, object] = {
        "name": email.partition("@")[0],
        "activities": ("interview",),
        "timezone": "Europe/London",
    }
    if "government" not in said:
        defaults["proposed_name"] = "Province of Elsewhere"
    return registering.Wish(email=email, **defaults | said)


def submit(
    round: Round, email: str, *, by: User | None = None, is_draft: bool = False, **said: object
) -> ParticipationContact:
    """Send the form as a visitor does."""
    return registering.submit(round, wish(email, **said), by=by, is_draft=is_draft)


def register(round: Round, email: str, **said: object) -> ParticipationContact:
    """The same, and confirm the address."""
    return registering.confirm(submit(round, email, **said).pk)


def letters_to(email: str) -> list[Message]:
    return list(Message.objects.filter(to__iexact=email).order_by("id"))


def last_letter(email: str) -> Message:
    return letters_to(email)[-1]
