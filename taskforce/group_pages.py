"""The page of a working group: all that its template asks for. It shows nothing that is for members."""

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from events import wording
from hub.links import host_of
from hub.meta import Crumb, Meta
from hub.parts import Parts
from hub.vocabulary.labels import Label, labels_of
from taskforce.actions import Tally, tally_of
from taskforce.balance import Balance, balance_of
from taskforce.group_listing import lead_words
from taskforce.kinds import Circle, Stage
from taskforce.models import ActionItem, GroupMembership, Meeting, WorkingGroup


def crumbs(*above: Crumb) -> tuple[Crumb, ...]:
    groups = Crumb(_("Working groups"), reverse("taskforce:group_list"))
    return (Crumb(_("Taskforce"), reverse("taskforce:round_list")), groups, *above)


@dataclass(frozen=True)
class Step:
    """A stage in the life of a group."""

    label: str
    is_past: bool
    is_now: bool


@dataclass(frozen=True)
class ShownMeeting:
    """A meeting in a list, with the time in its own zone."""

    title: str
    url: str
    when: str
    is_cancelled: bool = False


class GroupPage(Parts):
    """``PARTS`` are what its template asks for."""

    PARTS = (
        *("group", "steps", "sector", "lead", "lead_url", "website_host", "balance", "circles"),
        *("coming", "past", "outputs", "tally", "takes_applications", "members_url"),
    )

    def __init__(self, group: WorkingGroup, language: str) -> None:
        self.group, self._language = group, language

    @property
    def steps(self) -> list[Step]:
        stages = list(Stage)
        here = stages.index(Stage(self.group.stage))
        return [
            Step(str(stage.label), place < here, place == here)
            for place, stage in enumerate(stages)
        ]

    @property
    def sector(self) -> Label | None:
        return labels_of([self.group.sector_id], self._language).get(self.group.sector_id)

    @property
    def lead(self) -> str:
        return lead_words(self.group)

    @property
    def lead_url(self) -> str:
        leader = self.group.lead_government
        return leader.get_absolute_url() if leader and leader.has_page else ""

    @property
    def website_host(self) -> str:
        return host_of(self.group.website or self.group.source_url)

    @cached_property
    def _sitting(self) -> list[GroupMembership]:
        rows = self.group.memberships.sitting_on(localdate())
        return list(rows.select_related("organisation"))

    @cached_property
    def balance(self) -> Balance:
        """Of those for whom the work of the group is."""
        return balance_of(one for one in self._sitting if one.circle == Circle.CORE)

    @property
    def circles(self) -> list[tuple[str, list[str]]]:
        """Who stands further out, by circle, each organisation once."""
        found = []
        for circle, words in ((Circle.OBSERVER, _("Observers")), (Circle.OTHER, _("Wider circle"))):
            names = {one.organisation.name for one in self._sitting if one.circle == circle}
            if names:
                found.append((words, sorted(names)))
        return found

    @cached_property
    def _meetings(self) -> list[Meeting]:
        rows = Meeting.objects.public().filter(group=self.group).select_related("event")
        return list(rows.in_order())

    @property
    def coming(self) -> list[ShownMeeting]:
        return [shown(one) for one in self._meetings if one.event.is_over_from > now()]

    @property
    def past(self) -> list[ShownMeeting]:
        """The last one first."""
        return [shown(one) for one in reversed(self._meetings) if one.event.is_over_from <= now()]

    @property
    def outputs(self) -> str:
        return self.group.outputs

    @cached_property
    def tally(self) -> Tally | None:
        """How much was agreed and done, unless the members keep that to themselves."""
        if not self.group.tells_actions:
            return None
        return tally_of(ActionItem.objects.filter(meeting__group=self.group))

    @property
    def takes_applications(self) -> bool:
        return self.group.takes_applications

    @property
    def members_url(self) -> str:
        return reverse("taskforce:group_area", args=[self.group.slug])

    @property
    def meta(self) -> Meta:
        return Meta(
            self.group.name,
            self.group.get_absolute_url(),
            description=self.group.summary,
            crumbs=crumbs(),
            subject={
                "@type": "Organization",
                "name": self.group.name,
                "description": self.group.summary,
            },
            kind="ItemPage",
        )


def shown(meeting: Meeting) -> ShownMeeting:
    event = meeting.event
    return ShownMeeting(
        event.title, meeting.get_absolute_url(), wording.when_html(event), event.is_cancelled
    )
