"""What the secretariat takes along of a round, as the header and the rows of a table."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.tables import Cell
from taskforce.kinds import Activity
from taskforce.models import Finding, Interview, Participation, ParticipationContact, Round

Lines = Iterator[list[Cell]]


@dataclass(frozen=True)
class Table:
    """One kind of export."""

    name: str
    label: Promise
    header: Any
    rows: Any


def _participations(round: Round) -> Lines:
    """Once for each contact who may speak; a government without one has a row all the same."""
    speaking: dict[int, list[ParticipationContact]] = {}
    contacts = ParticipationContact.objects.speaking().filter(participation__round=round)
    for contact in contacts:
        speaking.setdefault(contact.participation_id, []).append(contact)
    rows = round.participations.exclude(
        status__in=(Participation.Status.DRAFT, Participation.Status.SUBMITTED)
    )
    rows = rows.select_related("government").order_by("pk")
    for one in rows:
        said: list[Cell] = [
            one.government_name,
            one.get_status_display(),
            *(_("yes") if getattr(one, each.value) else "" for each in Activity),
            one.priorities,
            one.language,
            one.timezone,
            _("yes") if one.may_be_named else _("no"),
            _day(one.registered_at),
            _day(one.accepted_at),
        ]
        for contact in speaking.get(one.pk) or [None]:
            person = [contact.name, contact.position, contact.email] if contact else ["", "", ""]
            yield [*said, *person]


def _interviews(round: Round) -> Lines:
    """Without notes: these stay at the desk."""
    rows = Interview.objects.filter(participation__round=round).select_related(
        "participation__government", "slot__interviewer"
    )
    for one in rows.order_by("slot__starts_at", "pk"):
        slot = one.slot
        yield [
            one.participation.government_name,
            one.get_status_display(),
            f"{slot.starts_local:%Y-%m-%d %H:%M}",
            slot.timezone,
            f"{slot.starts_at:%Y-%m-%d %H:%M} UTC",
            slot.interviewer.known_as,
        ]


def findings_of(round: Round) -> QuerySet[Finding]:
    """Those that their governments have approved, each with who may read it."""
    rows = Finding.objects.approved().filter(participation__round=round)
    return rows.select_related("participation__government").prefetch_related("sectors__labels")


def _findings(round: Round) -> Lines:
    for one in findings_of(round).order_by("participation", "position", "pk"):
        yield [
            one.participation.government_name,
            one.get_area_display(),
            one.get_kind_display(),
            one.text,
            one.language,
            "; ".join(str(sector) for sector in one.sectors.all()),
            one.get_visibility_display(),
            _("yes") if one.may_be_quoted else _("no"),
            _day(one.approved_by_government_at),
        ]


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


TABLES = {
    table.name: table
    for table in (
        Table(
            "participations",
            gettext_lazy("Participations with their contacts"),
            lambda: [
                *(_("Government"), _("Status"), *(str(one.label) for one in Activity)),
                *(_("Priorities"), _("Language"), _("Time zone"), _("May be named")),
                *(_("Registered"), _("Accepted"), _("Contact"), _("Position"), _("E-mail address")),
            ],
            _participations,
        ),
        Table(
            "interviews",
            gettext_lazy("Interviews"),
            lambda: [
                *(_("Government"), _("Status"), _("Time there"), _("Time zone"), _("Time in UTC")),
                _("Interviewer"),
            ],
            _interviews,
        ),
        Table(
            "findings",
            gettext_lazy("Approved findings, and who may read them"),
            lambda: [
                *(_("Government"), _("Area"), _("Kind"), _("Finding"), _("Language")),
                *(_("Sectors"), _("Who may read it"), _("May be quoted"), _("Approved")),
            ],
            _findings,
        ),
    )
}
