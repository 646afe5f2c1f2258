"""Registering for an event: the POST takes the seat.

Whether an address is registered already is told to its mailbox and to nobody else: every answer that
depends on it is the same for all.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import joining, letters, seats, wording
from events.models import Event, Registration, Session
from hub import limits
from hub.accounts.people import addresses_of
from hub.addresses import normalised
from hub.limits import Limit
from hub.partners.models import Organisation, User

FROM_CLIENT = Limit("registrations from", 60, timedelta(hours=1))
BY_ADDRESS = Limit("registrations by", 20, timedelta(days=1))
# Whoever sends the same words again so soon has pressed the button twice.
SAME = timedelta(minutes=10)


@dataclass(frozen=True)
class Wish:
    """What somebody says when they register."""

    email: str
    name: str
    mode: str
    organisation: Organisation | None = None
    organisation_name: str = ""
    language: str = "en"
    access_needs: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    may_be_listed: bool = False
    may_be_pictured: bool = False
    sessions: tuple[Session, ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """Those of the row that it makes."""
        return {name: value for name, value in vars(self).items() if name != "sessions"}


def count(client: str, email: str) -> None:
    """Count one more registration; ``limits.Exceeded`` if there are too many. Outside a transaction."""
    if client:
        limits.require(FROM_CLIENT, client)
    limits.require(BY_ADDRESS, normalised(email))


def refusal(event: Event, mode: str = "") -> str:
    """Why nobody can register now, in words; empty if one can. With a ``mode`` also whether there is
    any chance of a seat of that sort; ask that within ``seats.locked``."""
    if event.status == Event.Status.CANCELLED:
        return _("The event is cancelled.")
    if event.status == Event.Status.POSTPONED:
        return _("The event is postponed. One can register again once its new time is known.")
    if not event.takes_registrations or event.status != Event.Status.PUBLISHED:
        return _("One cannot register for this event here.")
    at = now()
    if event.opens_at is not None and at < event.opens_at:
        moment = wording.moment_words(event.opens_at, event.timezone)
        return _("Registration is not open yet. It opens on %(moment)s.") % {"moment": moment}
    if at >= event.registration_closes_at:
        moment = wording.moment_words(event.registration_closes_at, event.timezone)
        return _("Registration is closed since %(moment)s.") % {"moment": moment}
    if mode and not event.has_waiting_list and seats.is_full(event, mode):
        return _("All these seats are taken, and there is no waiting list.")
    return ""


def register(
    event: Event, wish: Wish, *, by: User | None = None, has_mailbox: bool = False
) -> Registration:
    """Take a seat, or a place on the waiting list, or before who approves, and write to the address.
    Who is registered already is sent their link, and the caller says the same as to all others.

    Whoever is signed in and registers under an address of theirs has confirmed it by that; so has, as
    the caller says by ``has_mailbox``, who came by a link that was sent to it.
    ``ValidationError`` in words: not open, closed, called off, full, the cap of the organisation.
    """
    is_known = by is not None and wish.email.lower() in addresses_of(by)
    # The row is read under the lock alone: what was read before may be out of date.
    with seats.locked(event.pk) as event:
        return _enter(event, wish, by if is_known else None, is_known or has_mailbox)


def is_of(registration: Registration, user: User) -> bool:
    """Whether somebody who is signed in has shown that the address of the registration is theirs."""
    return registration.email.lower() in addresses_of(user)


def put_in(event: Event, wish: Wish) -> Registration:
    """The same by the organisers, who may do so at any time before the end and need no answer."""
    with seats.locked(event.pk) as event:
        if event.status not in (Event.Status.PUBLISHED, Event.Status.DRAFT):
            raise ValidationError(refusal(event) or _("The event is not announced."))
        if _active(event, wish.email) is not None:
            raise ValidationError({"email": _("This address is registered already.")})
        registration = Registration(**wish.columns, is_held_by_organiser=True)
        return _seated(event, registration, wish)


def hold(event: Event, organisation: Organisation, mode: str) -> Registration:
    """A seat, or a place in the queue, for somebody whom a delegation still has to name. Within
    ``seats.locked``."""
    row = Registration(
        event=event,
        organisation=organisation,
        organisation_name=organisation.name,
        delegation=organisation,
        is_held_by_organiser=True,
        mode=mode,
    )
    return seats.enter(event, row)


def change(pk: int, about: dict[str, Any]) -> None:
    """Put right what somebody has said about themselves: columns that have nothing to do with seats."""
    with transaction.atomic():
        registration = Registration.objects.select_for_update(of=["self"]).get(pk=pk)
        if not registration.is_active:
            raise ValidationError(_("This registration has ended."), code="ended")
        for name, value in about.items():
            setattr(registration, name, value)
        registration.save(update_fields=[*about])


def _enter(event: Event, wish: Wish, known: User | None, has_mailbox: bool) -> Registration:
    seats.settle(event)
    existing = _active(event, wish.email)
    if existing is not None and _is_sent_twice(existing, wish):
        return existing
    # From here to the next mark nothing depends on whose address it is.
    if wish.mode not in event.seat_modes:
        raise ValidationError({"mode": _("Choose how you take part.")})
    if why := refusal(event, wish.mode):
        raise ValidationError(why, code="refused")
    _require_room_for_organisation(event, wish)
    # The mark.
    if existing is not None:
        letters.again(existing)
        return existing
    registration = Registration(
        **wish.columns, user=known, email_confirmed_at=now() if has_mailbox else None
    )
    return _seated(event, registration, wish)


def _seated(event: Event, registration: Registration, wish: Wish) -> Registration:
    try:
        seats.enter(event, registration, wish.sessions)
    except IntegrityError as error:
        # The lock lets nobody in between; a spelling that only the database takes for the same may.
        raise ValidationError({"email": _("This address cannot be used.")}) from error
    joining.issue(registration)
    letters.registered(registration)
    return registration


def _active(event: Event, email: str) -> Registration | None:
    found = event.registrations.active().filter(email__iexact=email).first()
    if found is not None:
        found.event = event
    return found


def _is_sent_twice(existing: Registration, wish: Wish) -> bool:
    """Whether it is the same form once more: whoever sends it knows all that it says."""
    if existing.created_at < now() - SAME:
        return False
    said = wish.columns | {"email": wish.email.lower()}
    had = {name: getattr(existing, name) for name in said} | {"email": existing.email.lower()}
    return said == had


def _require_room_for_organisation(event: Event, wish: Wish) -> None:
    most = event.seats_per_organisation
    if most is None:
        return
    taken = event.registrations.active()
    if wish.organisation is not None:
        taken = taken.filter(organisation=wish.organisation)
    elif wish.organisation_name:
        taken = taken.filter(organisation_name__iexact=wish.organisation_name)
    else:
        raise ValidationError(
            {"organisation_name": _("Seats are counted by organisation: say which is yours.")}
        )
    if taken.count() >= most:
        text = _(
            "Each organisation has %(most)d seats at this event, and those of yours are taken. One of "
            "them can hand theirs to you."
        )
        raise ValidationError(text, code="cap", params={"most": most})
