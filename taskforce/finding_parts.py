"""What the findings add to a government's own page: the lines to look at, and who shares a barrier."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from taskforce import approving, participating, passport
from taskforce.models import Participation, ParticipationContact
from taskforce.passport import Part
from taskforce.peers import peers_of


def findings(participation: Participation, contact: ParticipationContact) -> Part | None:
    """What was sent to the government, what awaits its word first."""
    if not participation.is_accepted:
        return None
    rows = list(participation.findings.filter(asked_at__isnull=False))
    if not rows:
        return None
    rows.sort(key=lambda one: one.is_approved)
    title = _("What we wrote down of you")
    return Part("findings", title, "taskforce/own/_findings.html", 40, {"findings": rows})


def peers(participation: Participation, contact: ParticipationContact) -> Part | None:
    found = peers_of(participation, get_language())
    if not found:
        return None
    title = _("Who stands before the same, and who has an approach")
    return Part("peers", title, "taskforce/own/_peers.html", 45, {"beside": found})


def declare() -> None:
    """Register them."""
    participating.ended.register(approving.end_with)
    passport.sources.register(findings)
    passport.sources.register(peers)
