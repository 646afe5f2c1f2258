"""The minutes of a meeting: revisions that are never rewritten. The number of the last one is the lock:
who saves on top of another is shown both texts and decides, so that of two editors nobody loses a word.

What was adopted is not edited; what is wrong in it is put right by a revision that says so.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events import wording
from hub.links import absolute
from hub.notices import services as notices
from hub.partners.models import User
from hub.texts import tidy
from taskforce.membership import meeting_path
from taskforce.models import (
    GroupMembership,
    Meeting,
    MinutesRevision,
    Participation,
    ParticipationContact,
)
from taskforce.models.groups import NOWHERE

Minutes = Meeting.Minutes


@dataclass
class Conflict(Exception):
    """Somebody has saved the minutes meanwhile: ``last`` is what they wrote, ``body`` what was sent, and
    ``base`` from what both began."""

    last: MinutesRevision
    body: str
    base: MinutesRevision | None = None


def last_of(meeting: Meeting) -> MinutesRevision | None:
    return meeting.revisions.select_related("author").first()


def number_of(meeting: Meeting) -> int:
    """That of the last revision; 0 where nobody has written any."""
    last = meeting.revisions.first()
    return last.number if last else 0


@transaction.atomic
def save(
    meeting: Meeting,
    body: str,
    *,
    on_top_of: int,
    by: User | None,
    note: str = "",
    is_correction: bool = False,
) -> MinutesRevision:
    """The next revision. ``Conflict`` where ``on_top_of`` is not the last one any more;
    ``ValidationError`` for no words, for what changes nothing, and for adopted minutes unless it is said
    that they are corrected, and of what."""
    meeting = _locked(meeting.pk)
    body, note = tidy(body), " ".join(tidy(note).split())
    last = last_of(meeting)
    if on_top_of != (last.number if last else 0):
        raise Conflict(last, body, meeting.revisions.filter(number=on_top_of).first())
    _require_change(meeting, body, note, last, is_correction)
    is_adopted = meeting.minutes_status == Minutes.ADOPTED
    revision = MinutesRevision.objects.create(
        meeting=meeting,
        number=(last.number if last else 0) + 1,
        body=body,
        note=note,
        is_correction=is_adopted,
        author=by,
    )
    if meeting.minutes_status in (Minutes.NONE, Minutes.CIRCULATED):
        # What was circulated is another text now: it is to be circulated once more.
        meeting.minutes_status = Minutes.DRAFT
        meeting.save(update_fields=["minutes_status"])
    return revision


def _require_change(
    meeting: Meeting, body: str, note: str, last: MinutesRevision | None, is_correction: bool
) -> None:
    if not body:
        raise ValidationError({"body": _("Write the minutes first.")}, code="empty")
    if last is not None and last.body == body:
        raise ValidationError({"body": _("Nothing has changed.")}, code="same")
    if meeting.minutes_status == Minutes.ADOPTED:
        if not is_correction:
            text = _("These minutes are adopted. They can be corrected, not edited: say so.")
            raise ValidationError({"is_correction": text}, code="adopted")
        if not note:
            raise ValidationError({"note": _("Say what is corrected.")}, code="note")


@transaction.atomic
def circulate(meeting: Meeting, number: int) -> int:
    """Send the members word that the minutes are there to be read; to how many. ``ValidationError`` where
    there are none, or ``number`` is not the last revision any more."""
    meeting = _locked(meeting.pk)
    if meeting.minutes_status == Minutes.NONE:
        raise ValidationError(_("There are no minutes yet."), code="none")
    if number != number_of(meeting):
        raise ValidationError(
            _("Somebody has saved the minutes meanwhile. Look at them once more."), code="stale"
        )
    if meeting.minutes_status == Minutes.DRAFT:
        meeting.minutes_status, meeting.circulated_at = Minutes.CIRCULATED, now()
        meeting.save(update_fields=["minutes_status", "circulated_at"])
    readers = readers_of(meeting)
    for reader in readers:
        _write(meeting, number, reader)
    return len(readers)


def readers_of(meeting: Meeting) -> list[GroupMembership | ParticipationContact]:
    """For whom the minutes are: the core members of the group today, or those who speak for the
    governments that take part; one for each address."""
    if meeting.group_id:
        rows = meeting.group.memberships.sitting_on(localdate()).core().reachable()
    else:
        rows = ParticipationContact.objects.speaking().filter(
            participation__round=meeting.round_id,
            participation__status=Participation.Status.ACCEPTED,
        )
        rows = rows.exclude(email__endswith=f"@{NOWHERE}").select_related("participation")
    found = {one.email.lower(): one for one in rows}
    return [found[address] for address in sorted(found)]


@transaction.atomic
def adopt(meeting: Meeting, number: int, *, adopted_in: Meeting | None = None) -> Meeting:
    """Adopt the last revision, in a later meeting of the same circle, or in writing. ``ValidationError``
    where they were not circulated, another revision came meanwhile, or the meeting is no later one."""
    meeting = _locked(meeting.pk)
    if meeting.minutes_status == Minutes.ADOPTED:
        raise ValidationError(_("They are adopted already."), code="adopted")
    if meeting.minutes_status != Minutes.CIRCULATED:
        raise ValidationError(_("Circulate the minutes first."), code="status")
    if number != number_of(meeting):
        raise ValidationError(
            _("Somebody has saved the minutes meanwhile. Look at them once more."), code="stale"
        )
    if adopted_in is not None and adopted_in not in adopting(meeting):
        raise ValidationError(
            {"adopted_in": _("Choose a later meeting of the same group or round.")}, code="meeting"
        )
    meeting.minutes_status, meeting.adopted_at = Minutes.ADOPTED, now()
    meeting.adopted_in = adopted_in
    meeting.save(update_fields=["minutes_status", "adopted_at", "adopted_in"])
    return meeting


def adopting(meeting: Meeting) -> Any:
    """The later meetings of those who met there, by which its minutes may be adopted."""
    rows = Meeting.objects.filter(
        group=meeting.group_id, event__starts_at__gt=meeting.event.starts_at
    )
    if not meeting.group_id:
        rows = rows.filter(round=meeting.round_id)
    return rows.select_related("event").order_by("event__starts_at")


def _locked(pk: int) -> Meeting:
    rows = Meeting.objects.select_for_update(of=["self"])
    return rows.select_related("event", "group", "round").get(pk=pk)


def _write(meeting: Meeting, number: int, reader: GroupMembership | ParticipationContact) -> None:
    is_member = isinstance(reader, GroupMembership)
    notices.send(
        "taskforce/group",
        reader.email,
        f"minutes:{meeting.pk}:{number}:{reader._meta.model_name}:{reader.pk}",
        context={
            "says": [
                gettext_lazy("The minutes of the meeting below are there to be read."),
                gettext_lazy("If something in them is wrong, answer those who lead the meetings."),
            ],
            "facts": [
                [gettext_lazy("Meeting"), meeting.event.title],
                [gettext_lazy("When"), wording.when_words(meeting.event)],
            ],
            "words": "",
            "group": str(meeting.group or meeting.round),
            "group_link": "",
            "link": absolute(meeting_path(reader, meeting.slug)),
            "label": gettext_lazy("Read the minutes"),
        },
        subject_context={"heading": gettext_lazy("Minutes to read"), "title": meeting.event.title},
        language=reader.language if is_member else reader.participation.language,
        is_private=True,
    )
