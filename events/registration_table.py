"""The registrations of an event as organisers look at them: sifted, and as tables to take along."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.kinds import Mode
from events.models import Event, Registration, SessionSeat
from events.wall_times import local_time
from hub.languages import language_name
from hub.partners.models import Organisation
from hub.slugs import sort_key
from hub.tables import Cell

KIND = Registration._meta.label_lower
ACTIVE = "active"
UNCONFIRMED = "unconfirmed"


class SiftForm(forms.Form):
    """Which registrations are shown. What cannot be is left out."""

    q = forms.CharField(
        label=_("Name, address or organisation"),
        required=False,
        max_length=200,
        widget=forms.SearchInput,
    )
    status = forms.ChoiceField(label=_("Status"), required=False)
    mode = forms.ChoiceField(label=_("Takes part"), required=False)
    session = forms.ModelChoiceField(
        None, label=_("Session"), required=False, empty_label=_("all sessions")
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [
            ("", _("all")),
            (ACTIVE, _("all but declined and cancelled")),
            (UNCONFIRMED, _("address not confirmed yet")),
            *Registration.Status.choices,
        ]
        self.fields["mode"].choices = [("", _("in any way")), *Registration.SEAT_MODES]
        self.fields["session"].queryset = event.sessions.filter(capacity__isnull=False)

    def sifted(self, rows: QuerySet[Registration]) -> QuerySet[Registration]:
        self.is_valid()
        asked = self.cleaned_data
        if words := asked.get("q"):
            rows = rows.filter(
                Q(name__icontains=words)
                | Q(email__icontains=words)
                | Q(organisation_name__icontains=words)
                | Q(organisation__name__icontains=words)
            )
        if status := asked.get("status"):
            rows = _of_status(rows, status)
        if mode := asked.get("mode"):
            rows = rows.filter(Q(mode=mode) | Q(wants_mode=mode))
        if session := asked.get("session"):
            rows = rows.filter(session_seats__session=session)
        return rows

    @property
    def sifts(self) -> bool:
        self.is_valid()
        return any(self.cleaned_data.values())


def _of_status(rows: QuerySet[Registration], status: str) -> QuerySet[Registration]:
    if status == ACTIVE:
        return rows.active()
    if status == UNCONFIRMED:
        return rows.active().filter(email_confirmed_at=None, is_held_by_organiser=False)
    return rows.filter(status=status)


def rows_of(event: Event) -> QuerySet[Registration]:
    """All registrations, who came first in front, with what a line of the table shows."""
    seats = SessionSeat.objects.select_related("session")
    return (
        event.registrations.select_related("organisation")
        .prefetch_related(Prefetch("session_seats", queryset=seats))
        .order_by("queued_at", "id")
    )


def organisation_of(registration: Registration) -> str:
    """Whom somebody comes from, by its name here or as they wrote it."""
    if registration.organisation:
        return registration.organisation.name
    return registration.organisation_name


def header(event: Event) -> list[str]:
    """The columns of the table to take along."""
    zone = event.timezone or "UTC"
    fixed: list[str | Promise] = [
        *(_("Name"), _("E-mail address"), _("Organisation"), _("Group"), _("Status")),
        *(_("Takes part"), _("Waits for"), _("Language"), _("Access needs")),
        *(_("Agrees to the list of participants"), _("Agrees to pictures and recordings")),
        *(_("Address confirmed"), _("Checked in")),
        _("Registered at (%(zone)s)") % {"zone": zone},
    ]
    sessions = [gettext("Session: %s") % session for session in _limited(event)]
    asked = [question["label"] for question in event.questions]
    return [str(one) for one in fixed] + sessions + asked


def table(event: Event, rows: QuerySet[Registration]) -> Iterator[list[Cell]]:
    """A line for each registration, as ``header`` names its cells. The way into the meeting is in
    none of them."""
    yes, no = gettext("yes"), gettext("no")
    # Asked once: of thousands of rows each would make its own dictionary of them.
    statuses, modes, groups = map(_told, (Registration.Status, Mode, Organisation.StakeholderGroup))
    sessions = [session.pk for session in _limited(event)]
    here = set(event_attendances(event))
    languages: dict[str, str] = {}
    for one in rows:
        seats = {seat.session_id: seat.get_status_display() for seat in one.session_seats.all()}
        if one.language not in languages:
            languages[one.language] = language_name(one.language, "en")
        local = local_time(one.created_at, event.timezone)
        answers = [_answer(one.answers.get(question["key"])) for question in event.questions]
        yield [
            one.name,
            one.email,
            organisation_of(one),
            groups.get(one.organisation.stakeholder_group, "") if one.organisation else "",
            statuses[one.status],
            modes[one.mode],
            modes[one.wants_mode] if one.wants_mode else "",
            languages[one.language],
            one.access_needs,
            yes if one.may_be_listed else no,
            yes if one.may_be_pictured else no,
            yes if one.email_confirmed_at or one.is_held_by_organiser else no,
            yes if one.pk in here else no,
            f"{local:%Y-%m-%d %H:%M}",
            *(seats.get(session, "") for session in sessions),
            *answers,
        ]


def _told(choices: type[models.TextChoices]) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def event_attendances(event: Event) -> QuerySet:
    """The keys of the registrations of those who were there, at the event or a session of it."""
    rows = event.registrations.filter(attendances__isnull=False)
    return rows.order_by().values_list("pk", flat=True)


def _answer(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return "" if value is None else str(value)


def _limited(event: Event) -> list:
    """The sessions that people choose when they register."""
    return list(event.sessions.in_order().filter(capacity__isnull=False))


def participants(event: Event) -> list[tuple[str, list[Registration]]]:
    """Those with a seat who agreed to be listed, by organisation; those without one come last."""
    rows = event.registrations.coming() | event.registrations.confirmed().filter(
        is_held_by_organiser=True
    )
    listed = rows.filter(may_be_listed=True).select_related("organisation")
    people = sorted(listed, key=lambda one: (_place(one), sort_key(one.name)))
    return [(name, list(rows)) for name, rows in groupby(people, organisation_of)]


def _place(one: Registration) -> tuple[bool, str, str]:
    name = organisation_of(one)
    return not name, sort_key(name), name


def seat_words(event: Event) -> list[str]:
    """How full it is, each way to take part, in words."""
    found = []
    rows = event.registrations
    for mode in event.seat_modes:
        taken = rows.confirmed().filter(mode=mode).count()
        capacity = event.capacity(mode)
        told = {"mode": Mode(mode).label, "taken": taken, "capacity": capacity}
        if capacity is None:
            found.append(gettext("%(mode)s: %(taken)s seats taken") % told)
        else:
            found.append(gettext("%(mode)s: %(taken)s of %(capacity)s seats taken") % told)
    for mode, label in Registration.SEAT_MODES:
        if mode not in event.seat_modes and (lost := rows.active().filter(mode=mode).count()):
            told = {"mode": label, "count": lost}
            found.append(
                gettext("%(mode)s, which there is no more: %(count)s have to choose") % told
            )
    for status, words in (
        (Registration.Status.WAITLISTED, gettext("%d on the waiting list")),
        (Registration.Status.PENDING, gettext("%d wait for approval")),
    ):
        if count := rows.filter(status=status).count():
            found.append(words % count)
    return found
