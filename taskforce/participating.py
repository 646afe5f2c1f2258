"""What becomes of a government's participation once it is registered: accepted, declined, changed,
withdrawn."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from hub.partners.models import Organisation, User
from hub.registry import Registry
from taskforce import letters, locks
from taskforce.kinds import Activity
from taskforce.models import Interview, Participation, Round

Status = Participation.Status

# Each is told of a participation that is withdrawn or declined, in the transaction in which it ends.
ended: Registry[Callable[[Participation], None]] = Registry("what hears of an ended participation")


def refusal(round: Round) -> str:
    """Why no government can register now, in words; empty if one can."""
    if not round.is_public:
        return _("This round is not open.")
    if round.is_over():
        return _("This round is over.")
    return ""


def accept(pk: int, *, by: User, government: Organisation | None = None) -> Participation:
    """The secretariat knows whom it deals with; ``government`` says which organisation of the hub it
    is, where somebody gave only a name."""
    with locks.participation_of(pk) as participation:
        if participation.status != Status.REGISTERED:
            raise ValidationError(_("Only what is registered can be accepted."), code="status")
        accepted(participation, government)
        return participation


def decline(pk: int, reason: str, *, by: User) -> Participation:
    """The secretariat says no, with a reason that the government reads."""
    with locks.participation_of(pk) as participation:
        if participation.status in Participation.ENDED:
            raise ValidationError(_("This participation has ended already."), code="ended")
        if not reason.strip():
            raise ValidationError({"reason": _("Say why: the government will read it.")}, "reason")
        _end(participation, Status.DECLINED, reason.strip())
        letters.declined(participation)
        return participation


def withdraw(pk: int, reason: str = "") -> Participation:
    """Take part no more. What hangs on it is told, so that interviews and the like end with it."""
    with locks.participation_of(pk) as participation:
        if participation.status not in Participation.ENDED:
            _end(participation, Status.WITHDRAWN, reason.strip())
            letters.withdrawn(participation)
        return participation


def change(pk: int, about: dict[str, Any], *, version: int | None = None) -> Participation:
    """Put right what a government has said: activities, priorities, language, zone, whether it may be
    named. ``version`` is that of what the writer has read. ``ValidationError`` with the code ``stale``
    if a colleague was faster, and for the last activity taken away."""
    with locks.participation_of(pk) as participation:
        locks.require_active(participation)
        if version is not None and version != participation.version:
            raise ValidationError(
                _("A colleague has changed this since you opened the page. Look at it once more."),
                code="stale",
            )
        if "activities" in about:
            _choose(participation, about["activities"])
        said = ("priorities", "language", "timezone", "may_be_named")
        for name in about.keys() & set(said):
            setattr(participation, name, about[name])
        keep(participation, *said, *Activity.values)
        return participation


def choose(participation: Participation, activity: Activity) -> None:
    """Add one activity, within a transaction that has locked the participation: who books an
    interview has chosen it."""
    setattr(participation, activity.value, True)
    keep(participation, activity.value)


def accepted(
    participation: Participation, government: Organisation | None = None, *, is_told: bool = True
) -> None:
    """Under the lock: it takes part, as this organisation of the hub. ``ValidationError`` where nobody
    knows which, or that one takes part already."""
    if government is not None:
        participation.government = government
    if participation.government is None:
        text = _("Say first which organisation of the hub this is.")
        raise ValidationError({"government": text}, code="government")
    others = participation.round.participations.active().exclude(pk=participation.pk)
    if others.filter(government=participation.government).exists():
        text = _("This government takes part in the round already.")
        raise ValidationError({"government": text}, code="twice")
    participation.status, participation.accepted_at = Status.ACCEPTED, now()
    keep(participation, "status", "accepted_at", "government")
    if is_told:
        letters.accepted(participation)


def _end(participation: Participation, status: str, reason: str) -> None:
    participation.status, participation.reason, participation.ended_at = status, reason, now()
    participation.submitted_at = participation.submitted_at or now()
    keep(participation, "status", "reason", "ended_at", "submitted_at")
    for hear in ended:
        hear(participation)


def _choose(participation: Participation, activities: Iterable[str]) -> None:
    offered = {one.value for one in participation.round.activities}
    chosen = set(activities) & offered
    if not chosen:
        text = _("Keep at least one activity. To take part no more, withdraw instead.")
        raise ValidationError({"activities": text}, code="none")
    has_interview = Interview.objects.to_come().filter(participation=participation).exists()
    if has_interview and Activity.INTERVIEW.value not in chosen:
        text = _("An interview is booked. Cancel it first, and then drop the activity.")
        raise ValidationError({"activities": text}, code="booked")
    for one in Activity:
        setattr(participation, one.value, one.value in chosen)


def keep(participation: Participation, *columns: str) -> None:
    """Under the lock: save these columns, as a version of their own."""
    participation.version += 1
    participation.updated_at = now()
    participation.save(update_fields=[*columns, "version", "updated_at"])
