"""The page of a meeting: all that its template asks for. Nothing on it is for members alone."""

from functools import cached_property

from django.urls import reverse
from django.utils.timezone import now

from events.choosing import Zone
from events.models import Event
from events.pages import EventPage
from hub.meta import Crumb, Meta
from taskforce.actions import Tally, tally_of
from taskforce.agenda import Agenda, agenda_of
from taskforce.group_pages import crumbs
from taskforce.models import Meeting


class MeetingPage(EventPage):
    """As ``is_open`` it shows all that one needs to come; otherwise, to everybody, that it was."""

    PARTS = (
        *("event", "zone", "place", "mode_label", "when", "other_when", "standing", "meeting"),
        *("agenda", "tally", "is_open", "is_past", "members_url"),
    )

    def __init__(self, meeting: Meeting, zone: Zone, language: str, *, is_open: bool) -> None:
        super().__init__(meeting.event, zone, language)
        self.meeting, self.is_open = meeting, is_open

    @cached_property
    def agenda(self) -> Agenda:
        return agenda_of(self.meeting)

    @property
    def is_past(self) -> bool:
        return self.event.is_over_from <= now()

    @cached_property
    def tally(self) -> Tally | None:
        """What was agreed there, unless the members keep that to themselves."""
        group = self.meeting.group
        if group is not None and not group.tells_actions:
            return None
        return tally_of(self.meeting.actions.all())

    @property
    def members_url(self) -> str:
        group = self.meeting.group
        return reverse("taskforce:group_area", args=[group.slug]) if group else ""

    def meta(self, path: str) -> Meta:
        return Meta(
            self.event.title,
            self.meeting.get_absolute_url(),
            description=self.meeting.public_summary or self.event.summary,
            crumbs=crumbs_of(self.meeting),
            kind="ItemPage",
            is_indexed=self.event.audience == Event.Audience.PUBLIC,
        )


def crumbs_of(meeting: Meeting) -> tuple[Crumb, ...]:
    """The pages above that of a meeting: of its group where everybody may open that."""
    group = meeting.group
    if group is None or not group.is_public:
        return crumbs()[:1]
    return crumbs(Crumb(group.name, group.get_absolute_url()))
