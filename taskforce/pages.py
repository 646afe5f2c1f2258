"""The pages of rounds: all that their templates ask for."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.links import host_of
from hub.meta import Crumb, Meta
from hub.parts import Parts
from hub.portal.maps.drawing import Drawing
from hub.vocabulary.labels import Label, labels_of
from taskforce import timeline
from taskforce.governments import Continent, Located, by_continent, located, map_of
from taskforce.kinds import Activity
from taskforce.models import Finding, Participation, Round

WHAT_IT_IS = {
    Activity.INTERVIEW: gettext_lazy(
        "One conversation with the secretariat about how you go about a just transition and what "
        "matters most to you. You choose the time. What is written down, you approve line by line."
    ),
    Activity.WORKING_GROUP: gettext_lazy(
        "One meeting with governments that face the same difficulties, to see what others have tried."
    ),
    Activity.TASKFORCE_MEETING: gettext_lazy(
        "One meeting of all states and regions that take part, to find where each of them and all "
        "together can do more."
    ),
}


def crumbs(*above: Crumb) -> tuple[Crumb, ...]:
    return (Crumb(_("Taskforce"), reverse("taskforce:round_list")), *above)


@dataclass(frozen=True)
class Offer:
    """An activity that one can choose."""

    value: str
    label: str | Promise
    what: str | Promise


@dataclass(frozen=True)
class Listed:
    """A round in the list of all."""

    round: Round
    when: SafeString
    named_count: int


class RoundIndex(Parts):
    """All public rounds: those that are open, those to come with them, those that are over."""

    PARTS = ("open", "over")

    @cached_property
    def _rounds(self) -> list[Listed]:
        named = Q(
            participations__status=Participation.Status.ACCEPTED,
            participations__may_be_named=True,
            participations__government__isnull=False,
        )
        rounds = Round.objects.public().annotate(named_count=Count("participations", filter=named))
        return [Listed(one, timeline.period_html(one), one.named_count) for one in rounds]

    @property
    def open(self) -> list[Listed]:
        return [one for one in self._rounds if not one.round.is_over()]

    @property
    def over(self) -> list[Listed]:
        return [one for one in self._rounds if one.round.is_over()]


class RoundPage(Parts):
    """One round for a reader of ``language``; ``PARTS`` are what its template asks for."""

    PARTS = (
        *("round", "when", "is_open", "has_begun", "convenors", "topics", "offers", "timeline"),
        *("governments", "continents", "map", "unnamed_count", "findings_count", "synthesis_url"),
        *("website_host",),
    )

    def __init__(self, round: Round, language: str) -> None:
        self.round, self.language = round, language

    @property
    def when(self) -> SafeString:
        return timeline.period_html(self.round)

    @property
    def is_open(self) -> bool:
        return self.round.is_open()

    @property
    def has_begun(self) -> bool:
        return self.round.today() >= self.round.starts_on

    @property
    def convenors(self) -> list[Any]:
        return sorted(self.round.convenors.all(), key=lambda one: one.name)

    @cached_property
    def topics(self) -> list[Label]:
        return list(labels_of({term.pk for term in self.round.terms.all()}, self.language).values())

    @property
    def offers(self) -> list[Offer]:
        return [Offer(one.value, one.label, WHAT_IT_IS[one]) for one in self.round.activities]

    @cached_property
    def timeline(self) -> timeline.Timeline:
        return timeline.timeline_of(self.round, list(self.round.milestones.all()))

    @cached_property
    def governments(self) -> list[Located]:
        """Those that agreed to be named."""
        rows = self.round.participations.named().select_related("government")
        return located([one.government for one in rows], self.language)

    @property
    def continents(self) -> list[Continent]:
        return by_continent(self.governments)

    @cached_property
    def map(self) -> Drawing | None:
        return map_of(self.governments)

    @property
    def unnamed_count(self) -> int:
        return self.round.participations.accepted().count() - len(self.governments)

    @cached_property
    def findings_count(self) -> int:
        return Finding.objects.public().filter(participation__round=self.round).count()

    @property
    def synthesis_url(self) -> str:
        """Where public findings are counted; empty while there are none."""
        if not self.findings_count:
            return ""
        try:
            return reverse("taskforce:synthesis", kwargs={"slug": self.round.slug})
        except NoReverseMatch:
            return ""

    @property
    def website_host(self) -> str:
        return host_of(self.round.website) if self.round.website else ""

    def meta(self) -> Meta:
        return Meta(
            self.round.title,
            self.round.get_absolute_url(),
            description=self.round.summary,
            crumbs=crumbs(),
            kind="ItemPage",
        )
