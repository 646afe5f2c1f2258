"""How a registration stands, in sentences: for letters and for its own page."""

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.kinds import Mode
from events.models import Registration, SessionSeat
from events.questions import NO, YES

Status = Registration.Status
Said = Sequence["Promise | str"]
STANDING = {
    Status.PENDING: _("The organisers look at your registration and will write to you."),
    Status.CONFIRMED: _("You have a seat."),
    Status.WAITLISTED: _(
        "All seats are taken. You are on the waiting list, and we write to you as soon as there is "
        "one."
    ),
    Status.DECLINED: _("The organisers have declined this registration."),
    Status.CANCELLED: _("This registration is cancelled."),
}
# Asked of who registered for a way to take part that there is no more.
LOST = {
    Mode.IN_PERSON: _(
        "You registered to take part in person, which is not possible any more. Please switch to "
        "taking part online on the page of your registration, or cancel."
    ),
    Mode.ONLINE: _(
        "You registered to take part online, which is not possible any more. Please switch to "
        "taking part in person on the page of your registration, or cancel."
    ),
}
LOST_AND_WAITS = {
    Mode.IN_PERSON: _(
        "Taking part in person is not possible any more. You wait for a seat online, and we write to "
        "you as soon as there is one."
    ),
    Mode.ONLINE: _(
        "Taking part online is not possible any more. You wait for a seat in the room, and we write to "
        "you as soon as there is one."
    ),
}


def standing_of(registration: Registration) -> Said:
    """How a registration stands, in sentences."""
    says: list[Promise | str] = [STANDING[registration.status]]
    if registration.has_lost_its_mode:
        says = [asked_of(registration)]
    elif registration.wants_mode:
        says.append(
            {
                Mode.IN_PERSON: _("You keep your seat online until there is one in the room."),
                Mode.ONLINE: _("You keep your seat in the room until there is one online."),
            }[registration.wants_mode]
        )
    return says


def asked_of(registration: Registration) -> "Promise":
    """What somebody has to decide whose way of taking part there is no more."""
    return (LOST_AND_WAITS if registration.wants_mode else LOST)[registration.mode]


# By the columns: what one agrees to, for the form, and what somebody has agreed to.
CONSENTS = {
    "may_be_listed": _("My name and organisation may stand in the list that participants get"),
    "may_be_pictured": _("I may be seen in pictures and recordings"),
}
YES_OR_NO = {YES: _("Yes"), NO: _("No")}
AGREED, NOT_AGREED = _("You agreed"), _("You did not agree")


def said_by(registration: Registration) -> list[tuple[Any, Any]]:
    """The sessions that somebody chose, what they answered and what they agreed to: each with its
    name."""
    seats = registration.session_seats.select_related("session")
    facts: list[tuple[Any, Any]] = [
        (seat.session.title, SessionSeat.Status(seat.status).label) for seat in seats
    ]
    for question in registration.event.questions:
        if answer := registration.answers.get(question["key"]):
            is_word = question["kind"] == "yes_no"
            facts.append((question["label"], YES_OR_NO.get(answer, answer) if is_word else answer))
    return facts + [
        (text, AGREED if getattr(registration, name) else NOT_AGREED)
        for name, text in CONSENTS.items()
    ]
