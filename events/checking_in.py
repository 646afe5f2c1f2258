"""Who was there: ticked on the list, or by the code on somebody's registration."""

from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from events.models import Attendance, Event, Registration, Session
from hub import links, qr
from hub.partners.models import User

PURPOSE = "check-in"
# A code on paper serves as long as the registration is kept.
LASTS = timedelta(days=3 * 365)


class Door(NamedTuple):
    """How many have come, of how many with a seat."""

    here: int
    expected: int


def code_path(registration: Registration) -> str:
    """The address behind the code: only staff of the event get any further by it."""
    return reverse("events_check_in", args=[links.sign(PURPOSE, registration)])


def code(registration: Registration) -> SafeString:
    """The code of a registration to show at the door, as a drawing for its page."""
    return qr.drawn(links.absolute(code_path(registration)), label=_("Your code for the door"))


def by_code(token: str) -> Registration | None:
    """The registration whose code this is; ``None`` for what is none, or no more."""
    rows = Registration.objects.select_related("event", "organisation")
    return links.resolve(PURPOSE, token, rows, max_age=LASTS)


@transaction.atomic
def check_in(
    registration: Registration, session: Session | None, how: Attendance.How, by: User
) -> bool:
    """Note that somebody is here, once; whether that was news. ``ValidationError`` in words for who
    has no seat."""
    stored = Registration.objects.select_for_update(of=["self"]).get(pk=registration.pk)
    if stored.status != Registration.Status.CONFIRMED:
        text = _("%(name)s has no seat: “%(status)s”.")
        told = {"name": stored.name, "status": stored.get_status_display()}
        raise ValidationError(text % told, code="status")
    _row, is_new = Attendance.objects.get_or_create(
        registration=stored, session=session, defaults={"how": how, "by": by}
    )
    return is_new


@transaction.atomic
def take_back(registration: Registration, session: Session | None) -> bool:
    """Undo a wrong tick; whether there was one."""
    rows = Attendance.objects.filter(registration=registration, session=session)
    return bool(rows.delete()[0])


def expected(event: Event, session: Session | None = None) -> QuerySet[Registration]:
    """Those with a seat, by name, each with whether they are here; of a session of limited size those
    with a seat in that."""
    here = Attendance.objects.filter(registration=OuterRef("pk"), session=session)
    rows = event.registrations.confirmed().select_related("organisation")
    if session is not None and session.capacity is not None:
        rows = rows.filter(session_seats__session=session, session_seats__status="confirmed")
    return rows.annotate(is_here=Exists(here)).order_by("name", "id")


def found(rows: QuerySet[Registration], words: str) -> QuerySet[Registration]:
    """Those among them whose name or organisation has each of the words."""
    for word in words.split()[:5]:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(organisation_name__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(email__iexact=word)
        )
    return rows


def door(event: Event, session: Session | None = None) -> Door:
    rows = expected(event, session)
    return Door(rows.filter(is_here=True).count(), rows.count())
