"""Delegations: who speaks for an organisation holds seats for several, names them now or later, and
exchanges one for another.

A seat of a delegation is a registration as any other, which counts, waits and is given back as any other;
until somebody is named it has no address. It needs no answer of a mailbox to be kept, since the organisation
answers for it; who is named confirms their own address before they are shown the way in.
"""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events import joining, letters, registering, seats
from events.models import Event, Registration
from hub.partners.models import Membership, Organisation, User

# Where the organisers have set no limit for each organisation.
MOST = 20
SPEAKS = (Membership.Role.DELEGATE, Membership.Role.EDITOR)
Status = Registration.Status


def organisations_of(user: User) -> QuerySet[Organisation]:
    """For which organisations somebody may hold seats."""
    own = user.memberships.filter(role__in=SPEAKS)
    return Organisation.objects.filter(pk__in=own.values("organisation")).order_by("name")


def seats_of(event: Event, organisation: Organisation) -> list[Registration]:
    """The seats of a delegation, in the order of the queue. Who registered on their own is none of it."""
    rows = event.registrations.active().filter(delegation=organisation)
    return list(rows.order_by("queued_at", "pk"))


def left(event: Event, organisation: Organisation) -> int:
    """How many more seats the delegation may hold: those whom its organisation has registered count."""
    active = event.registrations.active()
    if event.seats_per_organisation is None:
        return MOST - active.filter(delegation=organisation).count()
    return event.seats_per_organisation - active.filter(organisation=organisation).count()


def reserve(event_pk: int, organisation: Organisation, *, number: int, mode: str) -> int:
    """Hold so many seats, or places on the waiting list; answers how many of them are seats.
    ``ValidationError`` in words where that cannot be."""
    with seats.locked(event_pk) as event:
        if mode not in event.seat_modes:
            raise ValidationError({"mode": _("Choose how they take part.")}, code="mode")
        if why := registering.refusal(event, mode):
            raise ValidationError(why, code="refused")
        seats.settle(event)
        most = max(0, left(event, organisation))
        if number > most:
            text = _("You can hold %(most)d more.") % {"most": most}
            raise ValidationError({"number": text}, code="cap")
        free = seats.free(event, mode)
        if not event.has_waiting_list and free is not None and number > free:
            text = _("There are %(free)d seats of this sort left.") % {"free": max(0, free)}
            raise ValidationError({"number": text}, code="full")
        held = [registering.hold(event, organisation, mode) for _number in range(number)]
        return sum(one.status == Status.CONFIRMED for one in held)


def name_delegate(
    event_pk: int, organisation: Organisation, pk: int, *, email: str, name: str
) -> Registration:
    """Say who takes a seat; they are written to, and confirm their address. Somebody who was named
    before is exchanged: their seat goes to the new one, and they are told. ``ValidationError`` in words,
    ``Registration.DoesNotExist`` for what is no seat of this delegation any more."""
    with seats.locked(event_pk) as event:
        row = event.registrations.active().get(pk=pk, delegation=organisation)
        if event.registrations.active().filter(email__iexact=email).exists():
            raise ValidationError(
                {"email": _("This address is registered already.")}, code="registered"
            )
        if row.email:
            return seats.replace(pk, email=email, name=name)
        row.event, row.email, row.name = event, email, name
        row.save(update_fields=["email", "name"])
        joining.issue(row)
        letters.registered(row)
        return row


def give_back(event_pk: int, organisation: Organisation, pk: int) -> None:
    """Let one of the seats go to who waits. Raises as ``name_delegate``."""
    with seats.locked(event_pk) as event:
        row = event.registrations.active().get(pk=pk, delegation=organisation)
        seats.cancel(row.pk)
