"""What a government's own page tells by itself: next steps, activities, meetings, actions, papers. Interview
and findings are told where they are made.

What somebody says of a government is theirs from the first moment; what others have for it (meetings that
are not public, actions, papers) they see once the secretariat has accepted that they speak for it.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import own as event_links
from events import wording
from events.models import Attendance, Event, Material, Registration
from taskforce.kinds import Activity
from taskforce.membership import meeting_path
from taskforce.models import (
    ActionItem,
    Finding,
    GroupMembership,
    Interview,
    Meeting,
    Participation,
    ParticipationContact,
)
from taskforce.passport import Part


@dataclass(frozen=True)
class Chosen:
    """An activity that the round offers, and what became of it."""

    label: str | Promise
    is_chosen: bool
    is_done: bool


@dataclass(frozen=True)
class Coming:
    """A meeting to come: ``url`` leads to the registration, or to where one can register."""

    title: str
    when: SafeString
    url: str
    page: str
    is_registered: bool
    needs_account: bool


@dataclass(frozen=True)
class Step:
    label: str
    url: str


@dataclass
class Passport:
    """What the page of one contact is made of, each thing asked for once."""

    participation: Participation
    contact: ParticipationContact

    @cached_property
    def meetings(self) -> QuerySet[Meeting]:
        """Those of the round: of all who take part, and of its groups."""
        of_round = self.participation.round
        shown = Event.objects.filter(status__in=Event.SHOWN, published_at__lte=now())
        rows = Meeting.objects.filter(Q(round=of_round) | Q(group__rounds=of_round))
        return rows.filter(event__in=shown).select_related("event").distinct()

    @cached_property
    def own_groups(self) -> list[int]:
        """The groups in which this contact sits for the government today, in any circle."""
        return [one.group_id for one in self._memberships]

    @cached_property
    def _memberships(self) -> list[GroupMembership]:
        if not self.participation.is_accepted:
            return []
        sitting = GroupMembership.objects.sitting_on(localdate())
        return list(
            sitting.filter(
                organisation=self.participation.government_id, email__iexact=self.contact.email
            )
        )

    @cached_property
    def done(self) -> set[Activity]:
        """What was held, and where somebody of the government was: reckoned, never stored."""
        found = set()
        if self.participation.interviews.filter(status=Interview.Status.HELD).exists():
            found.add(Activity.INTERVIEW)
        if not self.participation.is_accepted:
            return found
        addresses = self.participation.contacts.values_list(Lower("email"), flat=True)
        came = Attendance.objects.alias(address=Lower("registration__email")).filter(
            Q(registration__organisation=self.participation.government_id)
            | Q(address__in=list(addresses)),
            registration__event__meeting__in=self.meetings,
        )
        for group in came.values_list("registration__event__meeting__group", flat=True):
            found.add(Activity.WORKING_GROUP if group else Activity.TASKFORCE_MEETING)
        return found

    @cached_property
    def activities(self) -> list[Chosen]:
        chosen = self.participation.activities
        return [
            Chosen(one.label, one in chosen, one in self.done)
            for one in self.participation.round.activities
        ]

    @cached_property
    def coming(self) -> list[Coming]:
        """Meetings to come, of which this contact may know."""
        of_all = Q(event__audience=Event.Audience.PUBLIC)
        if self.participation.is_accepted:
            of_all |= Q(group=None, event__audience=Event.Audience.MEMBERS)
            of_all |= Q(group__in=self.own_groups)
        rows = self.meetings.filter(of_all, event__in=Event.objects.to_come()).in_order()
        mine = self._registrations
        return [self._coming(one, mine.get(one.event_id)) for one in rows]

    @cached_property
    def _registrations(self) -> dict[int, Registration]:
        rows = Registration.objects.active().filter(email__iexact=self.contact.email)
        return {one.event_id: one for one in rows.filter(event__meeting__in=self.meetings)}

    def _coming(self, meeting: Meeting, registration: Registration | None) -> Coming:
        event = meeting.event
        page = event.page_path or event.get_absolute_url()
        if meeting.group_id is None and event.audience == Event.Audience.MEMBERS:
            # By the link alone, without an account.
            page = meeting_path(self.contact, meeting.slug)
        if registration is not None:
            url = event_links.path_of(registration)
        else:
            is_open = event.takes_registrations and event.status == Event.Status.PUBLISHED
            url = reverse("registering:register", args=[event.slug]) if is_open else ""
        return Coming(
            event.title,
            wording.when_html(event, self.participation.timezone),
            url,
            page,
            is_registered=registration is not None,
            needs_account=event.audience != Event.Audience.PUBLIC,
        )

    @cached_property
    def actions(self) -> list[ActionItem]:
        """What the government has taken on and not closed."""
        if not self.participation.is_accepted:
            return []
        rows = ActionItem.objects.open().filter(owner_government=self.participation.government_id)
        return list(rows.select_related("meeting__event"))

    @cached_property
    def papers(self) -> list[Material]:
        """Papers for members: of meetings of all, and of groups in whose core this contact sits."""
        if not self.participation.is_accepted:
            return []
        core = [one.group_id for one in self._memberships if one.circle == "core"]
        meetings = self.meetings.filter(Q(group=None) | Q(group__in=core))
        rows = Material.objects.filter(
            event__meeting__in=meetings, visibility=Material.Visibility.MEMBERS
        )
        rows = rows.select_related("event", "session", "resource")
        return [one for one in rows if one.is_out]

    @cached_property
    def steps(self) -> list[Step]:
        return [*self._steps()]

    def _steps(self):
        participation = self.participation
        to_come = participation.interviews.to_come().exists()
        if participation.interview and not to_come and Activity.INTERVIEW not in self.done:
            yield Step(_("Choose a time for the interview"), "#interview")
        asked = Finding.objects.filter(
            participation=participation, asked_at__isnull=False, approved_by_government_at=None
        ).count()
        if asked:
            text = ngettext(
                "Look at %(count)d finding that awaits your approval",
                "Look at %(count)d findings that await your approval",
                asked,
            )
            yield Step(text % {"count": asked}, "#findings")
        if waiting := participation.contacts.asking().count():
            text = ngettext(
                "Say whether %(count)d colleague speaks for your government",
                "Say whether %(count)d colleagues speak for your government",
                waiting,
            )
            yield Step(text % {"count": waiting}, "#people")
        for one in self.coming:
            if one.url and not one.is_registered:
                yield Step(_("Register for: %(meeting)s") % {"meeting": one.title}, one.url)
        for action in self.actions:
            if action.due_on:
                told = {"day": date_format(action.due_on, "j F Y"), "action": action.text}
                yield Step(_("By %(day)s: %(action)s") % told, "#actions")


def passport_of(participation: Participation, contact: ParticipationContact) -> Passport:
    """The same for all parts of one page, so that nothing is asked for twice."""
    if not hasattr(contact, "passport"):
        contact.passport = Passport(participation, contact)
    return contact.passport


def next_steps(participation: Participation, contact: ParticipationContact) -> Part:
    steps = passport_of(participation, contact).steps
    return Part("steps", _("Next steps"), "taskforce/own/_steps.html", 10, {"steps": steps})


def activities(participation: Participation, contact: ParticipationContact) -> Part:
    """What was chosen and done, and whether at least one activity is met."""
    passport = passport_of(participation, contact)
    told = {"activities": passport.activities, "is_met": bool(passport.done)}
    return Part("activities", _("Activities"), "taskforce/own/_activities.html", 20, told)


def meetings(participation: Participation, contact: ParticipationContact) -> Part:
    told = {"meetings": passport_of(participation, contact).coming}
    return Part("meetings", _("Meetings to come"), "taskforce/own/_meetings.html", 50, told)


def actions(participation: Participation, contact: ParticipationContact) -> Part | None:
    found = passport_of(participation, contact).actions
    told = {"actions": found, "today": localdate()}
    title = _("What your government has taken on")
    return Part("actions", title, "taskforce/own/_actions.html", 60, told) if found else None


def papers(participation: Participation, contact: ParticipationContact) -> Part | None:
    found = passport_of(participation, contact).papers
    title = _("Papers for you")
    return (
        Part("papers", title, "taskforce/own/_papers.html", 70, {"papers": found})
        if found
        else None
    )


ALL = (next_steps, activities, meetings, actions, papers)
