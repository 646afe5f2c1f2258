"""Meetings: how one comes to be, with the event behind it, and what may be told of it in public."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from events import publishing
from events.kinds import EventKind
from events.models import Appearance, Event
from events.to_knowledge import named_in
from hub.slugs import unique_slug
from taskforce.models import Meeting, Round, WorkingGroup


@transaction.atomic
def make(
    event: Event,
    *,
    group: WorkingGroup | None = None,
    round: Round | None = None,
    quorum: int | None = None,
) -> Meeting:
    """A meeting with this new event behind it, which is a draft until it is announced; its owner, kind
    and address follow from the group, else the round. ``ValidationError`` in words."""
    if group is None and round is None:
        raise ValidationError(_("Say of which group or round it is a meeting."), code="of")
    event.owner = (group or round).owner
    event.kind = EventKind.GROUP_MEETING if group else EventKind.MEETING
    slug = unique_slug(event.title, Event.objects.all(), Meeting.objects.all(), otherwise="meeting")
    meeting = Meeting(group=group, round=round, slug=slug, number=next_number(group, round))
    meeting.quorum = quorum
    # Whoever asks for the event is led to the page of the meeting.
    event.slug, event.page_path = slug, path_of(meeting)
    event.full_clean()
    event.save()
    meeting.event = event
    meeting.full_clean()
    meeting.save()
    publishing.saved(event)
    return meeting


def path_of(meeting: Meeting) -> str:
    """The page of a meeting in the language without prefix, which events lead on to."""
    with translation.override(settings.LANGUAGE_CODE):
        return meeting.get_absolute_url()


def next_number(group: WorkingGroup | None, round: Round | None) -> int:
    rows = Meeting.objects.filter(group=group, round=round)
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def attendees(meeting: Meeting) -> list[str]:
    """All whose names may not be told under the Chatham House Rule: who was registered with a seat or
    checked in, who spoke, who led a point of the agenda, and who sat in the group by name."""
    event = meeting.event
    names = [
        *event.registrations.confirmed().values_list("name", flat=True),
        *Appearance.objects.filter(session__event=event).values_list("name", flat=True),
        *meeting.agenda.values_list("lead_name", flat=True),
    ]
    if meeting.group_id:
        day = event.starts_local.date()
        names += meeting.group.memberships.sitting_on(day).values_list("name", flat=True)
    return list(dict.fromkeys(filter(None, names)))


def check_summary(meeting: Meeting, summary: str) -> None:
    """``ValidationError`` where the summary for everybody of a meeting under the Chatham House Rule names
    somebody who was there."""
    if not meeting.is_chatham_house:
        return
    if names := named_in(summary, attendees(meeting)):
        text = _("Under the Chatham House Rule nobody is named, but the summary names %(names)s.")
        raise ValidationError({"public_summary": text % {"names": ", ".join(names)}}, code="named")


@transaction.atomic
def tell(meeting: Meeting, summary: str) -> Meeting:
    """Keep what everybody may read of the meeting, once it is seen to name nobody whom it must not."""
    check_summary(meeting, summary)
    meeting.public_summary = summary
    meeting.full_clean(exclude=["event"])
    meeting.save(update_fields=["public_summary"])
    return meeting
