"""The members' pages of a group: what each of those who sit there may read. Papers, minutes and actions
are for its core; observers see the meetings."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.timezone import localdate, now

from events import own, registering, wording
from events.models import Event, Material, Registration
from events.outcomes import Shown
from events.registering import Wish
from hub.accounts.people import known_addresses
from hub.partners.models import User
from hub.parts import Parts
from taskforce import actions, agenda, minutes
from taskforce.membership import Seat, Speaker
from taskforce.models import ActionItem, GroupMembership, Meeting, MinutesRevision


@dataclass(frozen=True)
class MeetingLine:
    """A meeting in the list of members, with the way to its page."""

    meeting: Meeting
    url: str
    when: str


def meetings_of(seat: Seat | Speaker) -> QuerySet[Meeting]:
    """Those of the group, or of the whole taskforce, that are announced, whoever else they are for."""
    events = Event.objects.filter(status__in=Event.SHOWN, published_at__lte=now())
    rows = Meeting.objects.filter(seat.meetings, event__in=events)
    return rows.select_related("event__country", "group", "round", "adopted_in__event")


class AreaPage(Parts):
    """``PARTS`` are what its template asks for."""

    PARTS = ("group", "seat", "coming", "past", "papers", "open_actions", "members", "area_url")

    def __init__(self, seat: Seat, language: str) -> None:
        self.seat, self._language = seat, language

    @property
    def group(self):
        return self.seat.group

    @property
    def area_url(self) -> str:
        return self.seat.url("area")

    @cached_property
    def _meetings(self) -> list[Meeting]:
        return list(meetings_of(self.seat).in_order())

    def _line(self, meeting: Meeting) -> MeetingLine:
        url = self.seat.url("meeting", meeting.slug)
        return MeetingLine(meeting, url, wording.when_html(meeting.event))

    @property
    def coming(self) -> list[MeetingLine]:
        return [self._line(one) for one in self._meetings if one.event.is_over_from > now()]

    @property
    def past(self) -> list[MeetingLine]:
        return [
            self._line(one) for one in reversed(self._meetings) if one.event.is_over_from <= now()
        ]

    @property
    def papers(self) -> list[Shown]:
        """Of all meetings, those of the latest first; none for who observes."""
        if not self.seat.is_core:
            return []
        rows = Material.objects.filter(event__in=[one.event_id for one in self._meetings])
        rows = rows.select_related("resource", "session").order_by("-event__starts_at", "position")
        return agenda.shown_papers(list(rows), self._language)

    @property
    def open_actions(self) -> list[ActionItem]:
        if not self.seat.is_core:
            return []
        rows = ActionItem.objects.open().filter(meeting__group=self.group)
        return list(rows.select_related("owner_government", "meeting__event"))

    @property
    def members(self) -> list[tuple[GroupMembership, str]]:
        """Who sits in the group, with the names of those who agreed; nobody's address."""
        rows = self.group.memberships.sitting_on(localdate()).select_related("organisation")
        order = rows.order_by("circle", "organisation__name", "pk")
        return [(one, one.name if one.may_be_named else "") for one in order]


class AreaMeetingPage(Parts):
    """A meeting on the members' pages."""

    PARTS = (
        *("group", "seat", "meeting", "event", "when", "agenda", "carried_over", "minutes"),
        *("minutes_number", "actions", "papers", "registration", "registration_url", "modes"),
        *("may_come", "area_url", "come_url", "is_past", "history"),
    )

    def __init__(
        self, seat: Seat | Speaker, meeting: Meeting, user: User | None, language: str
    ) -> None:
        self.seat, self.meeting, self._user, self._language = seat, meeting, user, language

    @property
    def group(self):
        return self.seat.group

    @property
    def event(self) -> Event:
        return self.meeting.event

    @property
    def area_url(self) -> str:
        return self.seat.url("area")

    @property
    def come_url(self) -> str:
        return self.seat.url("come", self.meeting.slug)

    @property
    def when(self) -> str:
        return wording.when_html(self.event)

    @property
    def is_past(self) -> bool:
        return self.event.is_over

    @property
    def agenda(self) -> agenda.Agenda:
        return agenda.agenda_of(
            self.meeting, with_papers=self.seat.is_core, language=self._language
        )

    @property
    def carried_over(self) -> list[ActionItem]:
        """What stands on the agenda by itself."""
        return list(actions.open_before(self.meeting)) if self.seat.is_core else []

    @cached_property
    def _last(self) -> MinutesRevision | None:
        return minutes.last_of(self.meeting) if self.seat.is_core else None

    @property
    def minutes(self) -> str:
        """As they were saved last; until they are circulated for those who write them alone."""
        if self._last is None:
            return ""
        is_out = self.meeting.minutes_status in (
            Meeting.Minutes.CIRCULATED,
            Meeting.Minutes.ADOPTED,
        )
        return self._last.body if is_out or self.seat.may_write else ""

    @property
    def minutes_number(self) -> int:
        return self._last.number if self._last else 0

    @property
    def history(self) -> list[MinutesRevision]:
        """What was corrected after the minutes were adopted."""
        if not self.seat.is_core or self.meeting.minutes_status != Meeting.Minutes.ADOPTED:
            return []
        return list(self.meeting.revisions.filter(is_correction=True))

    @property
    def actions(self) -> list[ActionItem]:
        if not self.seat.is_core:
            return []
        rows = self.meeting.actions.select_related("owner_government", "evidence")
        return list(rows.prefetch_related("evidence__editions"))

    @property
    def papers(self) -> list[Shown]:
        """Those that stand beside no point of the agenda."""
        if not self.seat.is_core:
            return []
        rows = self.event.materials.filter(agenda_items=None).select_related("resource", "session")
        return agenda.shown_papers(list(rows), self._language)

    @cached_property
    def registration(self) -> Registration | None:
        return registration_of(self.seat, self.event, self._user)

    @property
    def registration_url(self) -> str:
        return own.path_of(self.registration) if self.registration else ""

    @property
    def may_come(self) -> bool:
        return self.registration is None and not registering.refusal(self.event)

    @property
    def modes(self) -> list[tuple[str, str]]:
        labels = dict(Registration.SEAT_MODES)
        return [(mode, labels[mode]) for mode in self.event.seat_modes]


def registration_of(seat: Seat | Speaker, event: Event, user: User | None) -> Registration | None:
    """What stands under the address of the link, or under those that the account has shown to be its."""
    rows = event.registrations.active().select_related("event")
    if user is None:
        return rows.filter(email__iexact=seat.email).first()
    return rows.alias(address=Lower("email")).filter(address__in=known_addresses(user)).first()


def come(seat: Seat | Speaker, event: Event, user: User | None, mode: str) -> Registration:
    """Take a seat at a meeting for who sits in the group: nothing is asked that is known already.
    ``ValidationError`` in words where one cannot register."""
    found = registration_of(seat, event, user)
    if found is not None:
        return found
    wish = Wish(
        email=user.email if user else seat.email,
        name=(user.name if user else "") or seat.name,
        mode=mode or (event.seat_modes[0] if event.seat_modes else ""),
        organisation=seat.organisation,
        organisation_name=seat.organisation.name,
        language=user.language if user else seat.language,
    )
    return registering.register(event, wish, by=user, has_mailbox=user is None)
