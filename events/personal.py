"""What is kept about who registers for an event: what they see of it, take along and have erased, and for
how long it is kept."""

from datetime import timedelta

from django.db.models import F, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import own, seats
from events.models import Event, Registration
from hub.audit import erasure
from hub.partners.holdings import Holding, plain, register

# As long as organisers have to do with those who came: certificates, lists, what follows.
KEPT = timedelta(days=90)
# In place of an address: unlike any other, and nobody can be written to there.
NOWHERE = "erased.invalid"
BLANK = {
    "name": "",
    "organisation": None,
    "delegation": None,
    "organisation_name": "",
    "access_needs": "",
    "answers": {},
    "user": None,
    "join_hash": None,
    "may_be_listed": False,
    "may_be_pictured": False,
}


def _rows(email: str) -> QuerySet[Registration]:
    return Registration.objects.filter(email__iexact=email).select_related("event")


def _panel(rows: QuerySet[Registration]) -> list[tuple[str, str]]:
    to_come = Event.objects.to_come()
    return [(str(one.event), own.path_of(one)) for one in rows.active().filter(event__in=to_come)]


def _erase(rows: QuerySet[Registration]) -> None:
    """Give their places back, and keep of them that somebody was there, not who."""
    for registration in rows:
        if registration.is_active and not registration.event.is_over:
            seats.give_up(registration.pk)
        _blank(registration.pk)


def _blank(pk: int) -> None:
    Registration.objects.filter(pk=pk).update(
        **BLANK, email=f"{pk}@{NOWHERE}", link_version=F("link_version") + 1
    )
    erasure.erase_values(Registration, pk)


def _retain(rows: QuerySet[Registration]) -> int:
    """Let go of who came, so long after the event. How many there were stays."""
    over = Event.objects.over().filter(starts_at__lt=now() - KEPT).filter(registrations__in=rows)
    old = [event.pk for event in over.distinct() if event.is_over_from < now() - KEPT]
    named = rows.filter(event__in=old).exclude(email__endswith=f"@{NOWHERE}")
    keys = list(named.values_list("pk", flat=True))
    for key in keys:
        _blank(key)
    return len(keys)


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Registration for an event"),
            model=Registration,
            rows=_rows,
            export=plain(
                *("event", "name", "email", "email_confirmed_at", "organisation_name", "mode"),
                *("wants_mode", "status", "queued_at", "language", "access_needs", "answers"),
                *("may_be_listed", "may_be_pictured", "sessions", "created_at", "ended_at"),
            ),
            erase=_erase,
            panel=_panel,
            retain=_retain,
            is_of_earlier_addresses=True,
        )
    )
