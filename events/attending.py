"""Who was there: at meetings of members each says so themselves, for as long as that can be true."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events.models import Attendance, Event, Registration
from events.models.events import UNENDING

EARLY, LATE = timedelta(minutes=10), timedelta(hours=24)


def says_so_themselves(event: Event) -> bool:
    """Whether those who come to it check themselves in: at public events somebody does it at the
    door."""
    return event.audience != Event.Audience.PUBLIC


def is_open(event: Event, at: datetime | None = None) -> bool:
    """From ten minutes before the start to a day after the end."""
    at = at or now()
    end = event.ends_at or event.starts_at + UNENDING
    return event.status == Event.Status.PUBLISHED and event.starts_at - EARLY <= at <= end + LATE


def was_there(registration: Registration) -> bool:
    return registration.attendances.filter(session=None).exists()


def check_in(registration: Registration) -> Attendance:
    """Note that somebody was there, once however often they say so. ``ValidationError`` in words where
    that cannot be said now."""
    event = registration.event
    if not says_so_themselves(event):
        raise ValidationError(_("At this event the organisers note who is there."), code="staff")
    if not registration.is_coming:
        raise ValidationError(_("This is for those with a confirmed seat."), code="seat")
    if not is_open(event):
        raise ValidationError(
            _("You can say so from ten minutes before the start to a day after the end."),
            code="closed",
        )
    how = {"how": Attendance.How.SELF}
    attendance, _is_new = Attendance.objects.get_or_create(
        registration=registration, session=None, defaults=how
    )
    return attendance
