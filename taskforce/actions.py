"""What meetings have agreed that somebody does: the one writer of an action's status, what stands open
before a meeting, and the letters that remind its owners."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import wording
from hub.links import absolute
from hub.notices import services as notices
from hub.texts import tidy
from taskforce import own, own_seats
from taskforce.models import ActionItem, GroupMembership, Meeting, ParticipationContact

SOON = timedelta(days=7)
AGAIN = timedelta(days=7)
Status = ActionItem.Status


@dataclass(frozen=True)
class Tally:
    """How many actions were agreed, and how many of them are done. What was dropped counts as neither."""

    agreed: int
    done: int

    def __bool__(self) -> bool:
        return bool(self.agreed)


def tally_of(rows: QuerySet[ActionItem]) -> Tally:
    return Tally(
        **rows.aggregate(
            agreed=Count("pk", filter=~Q(status=Status.DROPPED)),
            done=Count("pk", filter=Q(status=Status.DONE)),
        )
    )


def open_before(meeting: Meeting) -> QuerySet[ActionItem]:
    """What earlier meetings of the same group or round have agreed and nobody has closed: it stands on
    the agenda of this one by itself. Of a meeting that is over, what was open when it began."""
    rows = ActionItem.objects.filter(
        of_same_circle(meeting), meeting__event__starts_at__lt=meeting.event.starts_at
    )
    still = Q(status=Status.OPEN)
    if meeting.event.starts_at <= now():
        still |= Q(closed_at__gt=meeting.event.starts_at)
    rows = rows.filter(still).exclude(meeting=meeting)
    return rows.select_related("owner_government", "meeting__event").order_by("due_on", "pk")


def of_same_circle(meeting: Meeting) -> Q:
    """The actions of those who meet there: of the group, or of the whole taskforce in the round."""
    if meeting.group_id:
        return Q(meeting__group=meeting.group_id)
    return Q(meeting__group=None, meeting__round=meeting.round_id)


@transaction.atomic
def close(
    pk: int,
    status: str,
    *,
    outcome: str = "",
    evidence: Any = None,
    evidence_url: str = "",
    closed_in: Meeting | None = None,
) -> ActionItem:
    """Say that an action is done, with evidence or a word of what became of it; or that it was dropped,
    with the reason. ``ValidationError`` without either, and for what is closed already."""
    action = ActionItem.objects.select_for_update(of=["self"]).get(pk=pk)
    if not action.is_open:
        raise ValidationError(_("Somebody has closed it already."), code="closed")
    if status not in (Status.DONE, Status.DROPPED):
        raise ValidationError(_("Choose whether it was done or dropped."), code="status")
    outcome = tidy(outcome)
    if status == Status.DONE and not (outcome or evidence or evidence_url):
        text = _(
            "Say what became of it, or give the evidence: a work of the library or an address."
        )
        raise ValidationError({"outcome": text}, code="evidence")
    if status == Status.DROPPED and not outcome:
        raise ValidationError({"outcome": _("Say why it is dropped.")}, code="evidence")
    action.status, action.closed_at, action.outcome = status, now(), outcome
    action.evidence, action.evidence_url, action.closed_in = evidence, evidence_url, closed_in
    action.full_clean()
    action.save()
    return action


@transaction.atomic
def reopen(pk: int) -> ActionItem:
    """Take back that an action was closed; what was said of it stays."""
    action = ActionItem.objects.select_for_update(of=["self"]).get(pk=pk)
    if action.is_open:
        raise ValidationError(_("It is open already."), code="open")
    action.status, action.closed_at, action.closed_in = Status.OPEN, None, None
    action.save(update_fields=["status", "closed_at", "closed_in"])
    return action


# Reminders


def remind_all(today: date | None = None) -> int:
    """Write to the owners of what is due within a week, and weekly of what is overdue; answers of how
    many actions. Run once more on the same day it writes nothing."""
    today = today or localdate()
    due = ActionItem.objects.open().filter(due_on__lte=today + SOON)
    rows = due.select_related("meeting__event", "meeting__group", "owner_government")
    return sum(_remind(action, today) for action in rows if _is_time(action, today))


def _is_time(action: ActionItem, today: date) -> bool:
    last = action.reminded_on
    if last is None:
        return True
    if action.due_on >= today:
        return False  # reminded once, as it came near
    return last <= action.due_on or last <= today - AGAIN


@transaction.atomic
def _remind(action: ActionItem, today: date) -> bool:
    for reader in owners_of(action):
        _write(action, reader, today)
    ActionItem.objects.filter(pk=action.pk).update(reminded_on=today)
    return True


def owners_of(action: ActionItem) -> list[GroupMembership | ParticipationContact]:
    """Who answers for it: those who sit in the group for its owner, or speak for it in the round; one
    for each mailbox."""
    meeting = action.meeting
    rows: list[Any] = []
    if meeting.group_id:
        sitting = GroupMembership.objects.sitting_on(localdate()).core().reachable()
        rows += sitting.filter(group=meeting.group_id, organisation=action.owner_government_id)
    if meeting.round_id:
        speaking = ParticipationContact.objects.speaking().select_related("participation")
        rows += speaking.filter(
            participation__round=meeting.round_id,
            participation__government=action.owner_government_id,
            participation__status="accepted",
        )
    by_address = {one.email.lower(): one for one in reversed(rows) if one.email}
    return [by_address[address] for address in sorted(by_address)]


def _write(action: ActionItem, reader: Any, today: date) -> None:
    is_late = action.due_on < today
    heading = gettext_lazy("An action is overdue") if is_late else gettext_lazy("An action is due")
    is_member = isinstance(reader, GroupMembership)
    path = own_seats.path_of(reader) if is_member else own.path_of(reader)
    notices.send(
        "taskforce/action",
        reader.email,
        f"action:{action.pk}:{today:%Y-%m-%d}:{reader._meta.model_name}:{reader.pk}",
        context={
            "text": action.text,
            "owner": action.owner_government.name,
            "due": wording.day_words(action.due_on),
            "is_late": is_late,
            "meeting": action.meeting.event.title,
            "link": absolute(path),
        },
        subject_context={"heading": heading, "title": action.meeting.event.title},
        language=reader.language if is_member else reader.participation.language,
        is_private=True,
    )
