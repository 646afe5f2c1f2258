"""The agenda of a meeting with its clock times: reckoned from the beginning of the event and the minutes
of the points before, never stored. They are moments, so a change of the clocks between two points shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from events.models import Event, Material
from events.outcomes import Shown
from events.wording import zone_words
from hub.languages import language_name
from hub.links import host_of
from taskforce.models import AgendaItem, Meeting


@dataclass(frozen=True)
class Point:
    """A point of the agenda; its times are empty where the event has a day alone."""

    item: AgendaItem
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    papers: tuple[Shown, ...] = ()

    @property
    def is_break(self) -> bool:
        return self.item.kind == AgendaItem.Kind.BREAK

    @property
    def starts(self) -> str:
        """The hour by the clocks of the event, as "10:00": templates would tell those of the reader."""
        return date_format(self.starts_at, "H:i") if self.starts_at else ""

    @property
    def ends(self) -> str:
        return date_format(self.ends_at, "H:i") if self.ends_at else ""

    @property
    def lead(self) -> str:
        government = self.item.lead_government
        names = [self.item.lead_name, government.name if government else ""]
        return ", ".join(filter(None, names))


@dataclass(frozen=True)
class Agenda:
    points: tuple[Point, ...]
    # Minutes by which the points last longer than the meeting; none where they fit.
    over: int = 0

    def __bool__(self) -> bool:
        return bool(self.points)

    @property
    def zone(self) -> str:
        """Whose clocks the times are of; empty where there are none."""
        begins = self.points[0].starts_at if self.points else None
        return zone_words(begins) if begins else ""

    @property
    def minutes(self) -> int:
        return sum(point.item.minutes for point in self.points)


def agenda_of(meeting: Meeting, *, with_papers: bool = False, language: str = "en") -> Agenda:
    """The points in their order with the times at which they come, in the zone of the event; their papers
    for those alone for whom they are."""
    rows = meeting.agenda.select_related("lead_government")
    if with_papers:
        rows = rows.prefetch_related("papers__resource", "papers__session")
    return timed(meeting.event, list(rows), with_papers=with_papers, language=language)


def timed(
    event: Event, items: Sequence[AgendaItem], *, with_papers: bool = False, language: str = "en"
) -> Agenda:
    """The same of points that are at hand, saved or not."""
    points = []
    at = event.starts_at if event.has_hours else None
    zone = ZoneInfo(event.timezone or "UTC")
    for item in items:
        ends = at and at + timedelta(minutes=item.minutes)
        papers = tuple(shown_papers(item.papers.all(), language)) if with_papers else ()
        points.append(
            Point(item, at and at.astimezone(zone), ends and ends.astimezone(zone), papers)
        )
        at = ends
    over = 0
    if at is not None and event.ends_at is not None and at > event.ends_at:
        over = round((at - event.ends_at).total_seconds() / 60)
    return Agenda(tuple(points), over)


def shown_papers(materials: Sequence[Material], language: str) -> list[Shown]:
    """Papers as pages of members show them."""
    return [
        Shown(
            kind=one.get_kind_display(),
            title=one.title,
            url=one.resource.get_absolute_url() if one.resource else one.url,
            host="" if one.resource else host_of(one.url),
            language=one.language,
            language_name=language_name(one.language, language) if one.language else "",
            licence=one.licence,
            captions_url=one.captions_url,
            transcript_url="",
            is_for_all=one.visibility == Material.Visibility.PUBLIC,
        )
        for one in materials
        if one.is_out
    ]
