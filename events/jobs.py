"""Background work on events."""

import logging

from django.utils.timezone import now

from events import afterwards, reminding, seats, telling, zone_guard
from events.models import Event, Registration
from hub import jobs

log = logging.getLogger(__name__)


@jobs.nightly
def thank_participants() -> None:
    """Write to those who took part in what was over yesterday."""
    afterwards.thank_all()


@jobs.nightly
def mind_zones() -> None:
    """Follow zones that have changed their rules."""
    zone_guard.rederive_all()


@jobs.often
def tell() -> None:
    """Write of changes whose time has come, and remind of what is near."""
    telling.tell_due()
    reminding.remind()


@jobs.often
def settle_seats() -> None:
    """Give on seats that nobody answered for. What goes wrong with one event holds up no other."""
    unanswered = Registration.objects.active().filter(
        email_confirmed_at=None,
        event__status=Event.Status.PUBLISHED,
        event__starts_at__gt=now(),
    )
    for pk in set(unanswered.values_list("event", flat=True)):
        try:
            seats.settle_now(pk)
        except Exception:
            log.exception("The seats of event %d cannot be settled.", pk)
