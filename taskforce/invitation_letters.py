"""What invited governments are written: the invitation, and a word that it still waits."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hub.links import Ours, absolute
from hub.notices import rendering
from hub.notices import services as notices
from hub.notices.models import Message
from hub.notices.rendering import Letter
from taskforce.letters import day_words
from taskforce.models import Round, RoundInvitation

TEMPLATE = "taskforce/invitation"
# In place of an address that was erased: unlike any other, and nobody can be written to there.
NOWHERE = "erased.invalid"
INVITED = _("Your government is invited")
REMINDED = _("The invitation to your government still waits")
LINKS_OPEN = _(
    "The link opens a form that names your government; nothing is registered before you send it."
)


def invited(invitation: RoundInvitation, register: Ours, decline: Ours) -> Message:
    return _send(invitation, "invited", INVITED, _says(is_reminder=False), register, decline)


def reminded(invitation: RoundInvitation, register: Ours, decline: Ours) -> Message:
    key = f"reminder:{invitation.reminders}"
    return _send(invitation, key, REMINDED, _says(is_reminder=True), register, decline)


def preview(round: Round, to: str, *, is_reminder: bool) -> Letter:
    """The letter as its readers get it, to nobody in particular: its links lead to the round."""
    page = absolute(round.get_absolute_url())
    somebody = RoundInvitation(round=round, government_name="…", email=to)
    return rendering.render(
        TEMPLATE,
        to=to,
        language=round.language,
        context=_context(somebody, _says(is_reminder=is_reminder), page, page),
        subject_context={"heading": REMINDED if is_reminder else INVITED, "title": round.title},
    )


def _says(*, is_reminder: bool) -> list[Any]:
    if is_reminder:
        first = _("We wrote to you about the round below and have not heard from you yet.")
    else:
        first = _("Your government is invited to take part in the round below.")
    return [first, LINKS_OPEN]


def _send(
    invitation: RoundInvitation,
    key: str,
    heading: Any,
    says: list[Any],
    register: Ours,
    decline: Ours,
) -> Message:
    return notices.send(
        TEMPLATE,
        invitation.email,
        f"round-invitation:{invitation.pk}:{key}",
        context=_context(invitation, says, register, decline),
        subject_context={"heading": heading, "title": invitation.round.title},
        language=invitation.language,
        is_private=True,
    )


def _context(
    invitation: RoundInvitation, says: list[Any], register: Ours, decline: Ours
) -> dict[str, Any]:
    round = invitation.round
    facts = [
        (_("Round"), round.title),
        (_("Government"), str(invitation)),
        (_("Until"), day_words(round.ends_on)),
        (_("Invites"), round.owner.name),
    ]
    return {
        "name": invitation.name,
        "says": says,
        "facts": [list(fact) for fact in facts],
        "register_link": register,
        "decline_link": decline,
        "round_link": absolute(round.get_absolute_url()),
    }
