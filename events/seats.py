"""Who has a seat: the one writer of ``Registration.status``, ``mode``, ``wants_mode`` and ``queued_at``
and of ``SessionSeat.status``.

Whoever acts takes the lock on the event first and counts after. That holds under READ COMMITTED alone,
which ``hub.checks`` demands: a snapshot from before the lock would count seats as they were. Everything
ends in ``settle``, which lets seats go that nobody answered for and gives free ones to those who came
first, with a letter to each, in the transaction that freed them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import joining, letters, publishing
from events.kinds import Mode
from events.models import UNCONFIRMED_FOR, Event, Registration, Session, SessionSeat

Status = Registration.Status
# What goes to somebody else with a place.
PLACE = ("status", "mode", "wants_mode", "queued_at")


@contextmanager
def locked(event_pk: int) -> Iterator[Event]:
    """A transaction in which nobody else changes seats of the event. What is counted before it began
    is out of date in it."""
    with transaction.atomic():
        yield publishing.locked(event_pk)


def settle(event: Event, newcomer: Registration | None = None) -> list[Registration]:
    """Let go of what nobody answered for in time, give free seats to those who wait, in the order in
    which they came, and write to all of them; answers who has got a seat. ``newcomer`` is written to
    by whoever put them in. Call it within ``locked``."""
    if event.status != Event.Status.PUBLISHED or event.is_over:
        return []
    for registration in _unanswered(event):
        _end(registration, Status.CANCELLED)
        letters.let_go(registration)
    _forget_wishes(event)
    moved = _fill(event)
    for registration in moved:
        if registration != newcomer:
            letters.promoted(registration)
    _fill_sessions(event, newcomer)
    return moved


def settle_now(event_pk: int) -> list[Registration]:
    """The same with a lock of its own: after a change of capacity, and now and then by itself."""
    with locked(event_pk) as event:
        return settle(event)


# Counting, right within ``locked`` alone


def free(event: Event, mode: str) -> int | None:
    """How many seats are free in this way of taking part; ``None`` for any number. Below zero where
    there are more people than seats, after somebody has taken seats away."""
    if (capacity := event.capacity(mode)) is None:
        return None
    return capacity - event.registrations.confirmed().filter(mode=mode).count()


def is_full(event: Event, mode: str) -> bool:
    """Whether who asks for this seat now has to wait."""
    left = free(event, mode)
    return left is not None and (left <= 0 or _queue(event, mode).exists())


def _queue(event: Event, mode: str) -> "Iterable[Registration]":
    """Who waits for a seat of this sort: without any, or with a seat of the other sort."""
    waiting = Q(status=Status.WAITLISTED, mode=mode)
    changing = Q(status=Status.CONFIRMED, wants_mode=mode)
    return event.registrations.filter(waiting | changing).order_by("queued_at", "id")


def _forget_wishes(event: Event) -> None:
    """Who waits to take part in a way that there is no more keeps the seat they have."""
    waiting = event.registrations.confirmed().exclude(wants_mode="")
    for registration in waiting.exclude(wants_mode__in=event.seat_modes):
        registration.event, registration.wants_mode = event, ""
        _write(registration)
        _leave_sessions(registration)
        letters.switched(registration)


def _fill(event: Event) -> list[Registration]:
    """Give free seats on. Who changes from one sort to the other frees a seat, so all are looked at
    until nobody moves."""
    moved: list[Registration] = []
    is_moving = True
    while is_moving:
        is_moving = False
        for mode in event.seat_modes:
            left = free(event, mode)
            queue = _queue(event, mode)
            for registration in queue if left is None else queue[: max(left, 0)]:
                registration.status, registration.mode = Status.CONFIRMED, mode
                registration.wants_mode = ""
                _write(registration)
                _leave_sessions(registration)
                moved.append(registration)
                is_moving = True
    return moved


def _fill_sessions(event: Event, newcomer: Registration | None) -> None:
    """The same for sessions of limited size, among those who have a seat at the event."""
    waiting = SessionSeat.objects.filter(
        session__event=event,
        session__status=Session.Status.LIVE,
        status=SessionSeat.Status.WAITLISTED,
        registration__status=Status.CONFIRMED,
    )
    # Who sits online and waits for the room, waits in its sessions, too.
    waiting = waiting.exclude(Q(session__mode=F("registration__wants_mode")), ~Q(session__mode=""))
    for session in event.sessions.filter(pk__in=waiting.values("session")):
        queue = waiting.filter(session=session).select_related("registration")
        left = _free_in(session)
        for seat in queue if left is None else queue[: max(left, 0)]:
            seat.status = SessionSeat.Status.CONFIRMED
            seat.save(update_fields=["status"])
            if seat.registration != newcomer:
                letters.session_seat(seat)


def _leave_sessions(registration: Registration) -> None:
    """Give up seats in sessions that take place in the other way alone, which others may have, and say
    so. Who waits for that way keeps the place that they have in the queue of the session."""
    left = _seats_elsewhere(registration, registration.mode, registration.wants_mode)
    if titles := [seat.session.title for seat in left]:
        left.delete()
        letters.left_sessions(registration, titles)


def only_elsewhere(registration: Registration, mode: str) -> list[str]:
    """The titles of the sessions whose seats somebody gives up who takes part in this way."""
    return [seat.session.title for seat in _seats_elsewhere(registration, mode)]


def _seats_elsewhere(registration: Registration, *modes: str) -> QuerySet[SessionSeat]:
    other = [mode for mode in (Mode.IN_PERSON, Mode.ONLINE) if mode not in modes]
    rows = registration.session_seats.filter(session__mode__in=other)
    return rows.select_related("session")


def _free_in(session: Session) -> int | None:
    if session.capacity is None:
        return None
    taken = session.seats.filter(status=SessionSeat.Status.CONFIRMED)
    return session.capacity - taken.count()


def _unanswered(event: Event) -> list[Registration]:
    rows = event.registrations.active().filter(email_confirmed_at=None, is_held_by_organiser=False)
    soon = event.starts_at - timedelta(hours=3) <= now()
    if not soon:
        rows = rows.filter(created_at__lte=now() - UNCONFIRMED_FOR)
    found = list(rows)
    for registration in found:
        registration.event = event
    return [one for one in found if one.seat_until() <= now()]


# What people and organisers do. Each raises ``ValidationError`` in words for what cannot be done now.


def enter(
    event: Event, registration: Registration, sessions: Iterable[Session] = ()
) -> Registration:
    """Put a new row into the queue, or before who approves, and seat it if there is a seat. Within
    ``locked``; who has no seat after it stands on the waiting list."""
    # By the clock after the lock: the order of the queue is that of the lock.
    registration.event, registration.queued_at = event, now()
    registration.created_at = registration.queued_at
    needs_approval = event.registration == Event.Signup.APPROVAL
    registration.status = (
        Status.PENDING
        if needs_approval
        and (not registration.is_held_by_organiser or registration.delegation_id is not None)
        else Status.WAITLISTED
    )
    registration.save(force_insert=True)
    put_into_sessions(event, registration, sessions)
    settle(event, registration)
    registration.refresh_from_db(fields=["status", "mode", "wants_mode"])
    return registration


def confirm_address(pk: int) -> Registration:
    """Its owner has shown that the mailbox is theirs: the seat is theirs as long as they like. A
    second time changes nothing."""
    with _acting(pk) as (event, registration):
        _require_active(registration)
        if registration.email_confirmed_at is None:
            registration.email_confirmed_at = now()
            registration.save(update_fields=["email_confirmed_at"])
            letters.welcome(registration)
        settle(event)
    return registration


def cancel(pk: int, *, reason: str = "", by_organiser: bool = False) -> Registration:
    """Give a seat or a place in the queue back; who waits longest gets it in the same transaction. A
    second time changes nothing."""
    with _acting(pk) as (event, registration):
        if registration.is_active:
            _end(registration, Status.CANCELLED)
            letters.cancelled(registration, reason=reason, by_organiser=by_organiser)
        settle(event)
    return registration


def give_up(pk: int) -> None:
    """The same without a letter, for somebody who is about to be erased."""
    with _acting(pk) as (event, registration):
        if registration.is_active:
            _end(registration, Status.CANCELLED)
        settle(event)


def approve(pk: int) -> Registration:
    """Let somebody in who waits for approval: to a seat, or to the waiting list where there is none."""
    with _acting(pk) as (event, registration):
        if registration.status != Status.PENDING:
            raise ValidationError(_("This registration does not wait for approval any more."))
        registration.status = Status.WAITLISTED
        _write(registration)
        settle(event, registration)
        registration.refresh_from_db(fields=["status", "mode", "wants_mode"])
        letters.approved(registration)
    return registration


def decline(pk: int, reason: str = "") -> Registration:
    """Say no to somebody who has no seat yet."""
    with _acting(pk) as (_event, registration):
        if registration.status not in (Status.PENDING, Status.WAITLISTED):
            raise ValidationError(
                _("Only who waits can be declined. Who has a seat is cancelled, with a reason.")
            )
        _end(registration, Status.DECLINED)
        letters.declined(registration, reason)
    return registration


def promote(pk: int) -> Registration:
    """Give somebody who waits a seat out of turn, if there is one."""
    with _acting(pk) as (event, registration):
        settle(event)
        registration.refresh_from_db()
        registration.event = event
        if registration.status == Status.CONFIRMED:
            return registration
        if registration.status != Status.WAITLISTED:
            raise ValidationError(_("Only who is on the waiting list can be given a seat."))
        left = free(event, registration.mode)
        if left is not None and left <= 0:
            raise ValidationError(_("There is no free seat any more."))
        registration.status = Status.CONFIRMED
        _write(registration)
        letters.promoted(registration)
    return registration


def switch(pk: int, mode: str) -> Registration:
    """Take part in another way. Who has a seat keeps it until there is one of the other sort; asking
    for the sort that they have takes the wish back. Who waits, waits at the end of the other queue."""
    with _acting(pk) as (event, registration):
        _require_active(registration)
        if mode not in event.seat_modes:
            raise ValidationError(_("One cannot take part in this way."), code="mode")
        had = registration.status, registration.mode, registration.wants_mode
        if registration.status == Status.CONFIRMED:
            _wish(event, registration, mode)
        elif mode != registration.mode:
            registration.mode, registration.queued_at = mode, now()
        _write(registration)
        _leave_sessions(registration)
        settle(event, registration)
        registration.refresh_from_db(fields=["status", "mode", "wants_mode"])
        if had != (registration.status, registration.mode, registration.wants_mode):
            letters.switched(registration)
    return registration


def _wish(event: Event, registration: Registration, mode: str) -> None:
    wanted = "" if mode == registration.mode else mode
    if wanted == registration.wants_mode:
        return
    if wanted and not event.has_waiting_list and is_full(event, wanted):
        raise ValidationError(_("All these seats are taken, and there is no waiting list."))
    registration.wants_mode, registration.queued_at = wanted, now()


def sit_meanwhile(pk: int, mode: str) -> Registration:
    """Take a seat of the other sort while waiting, and keep the place in the queue."""
    with _acting(pk) as (event, registration):
        settle(event)
        registration.refresh_from_db()
        registration.event = event
        if registration.status != Status.WAITLISTED or mode == registration.mode:
            raise ValidationError(_("You do not wait for a seat any more."))
        if mode not in event.seat_modes or is_full(event, mode):
            raise ValidationError(_("There is no free seat any more."))
        registration.wants_mode, registration.mode = registration.mode, mode
        registration.status = Status.CONFIRMED
        _write(registration)
        letters.switched(registration)
    return registration


def replace(pk: int, *, email: str, name: str, language: str = "") -> Registration:
    """Hand a seat, or a place in the queue, to somebody else of the same organisation. They confirm
    their own address; what the first one said about themselves does not go with it.

    Who is registered already gets the better of the two: whoever hands it over sees no difference."""
    with _acting(pk) as (event, registration):
        _require_active(registration)
        if email.lower() == registration.email.lower():
            raise ValidationError({"email": _("This is the address that you registered with.")})
        place = {name: getattr(registration, name) for name in PLACE}
        chosen = [seat.session_id for seat in registration.session_seats.all()]
        _end(registration, Status.CANCELLED)
        successor = event.registrations.active().filter(email__iexact=email).first()
        if successor is None:
            successor = Registration.objects.create(
                event=event,
                email=email,
                name=name,
                organisation=registration.organisation,
                organisation_name=registration.organisation_name,
                language=language or registration.language,
                delegation=registration.delegation,
                is_held_by_organiser=registration.delegation_id is not None,
                **place,
            )
            joining.issue(successor)
            put_into_sessions(event, successor, event.sessions.filter(pk__in=chosen))
            letters.registered(successor)
        elif successor.status != Status.CONFIRMED and place["status"] == Status.CONFIRMED:
            successor.event = event
            for column, value in place.items():
                setattr(successor, column, value)
            _write(successor)
            letters.promoted(successor)
        if not Registration.objects.filter(replaced_by=successor).exists():
            registration.replaced_by = successor
            registration.save(update_fields=["replaced_by"])
        letters.cancelled(registration, successor=successor)
        settle(event)
    return successor


def choose_sessions(pk: int, sessions: Iterable[Session]) -> Registration:
    """Take part in these sessions of limited size and no others: with a seat where there is one, else
    in the queue of the session."""
    with _acting(pk) as (event, registration):
        _require_active(registration)
        put_into_sessions(event, registration, sessions)
        settle(event, registration)
    return registration


def put_into_sessions(
    event: Event, registration: Registration, sessions: Iterable[Session]
) -> None:
    """The choice alone, for who settles afterwards; within ``locked``."""
    chosen = {session.pk for session in sessions}
    known = set(event.sessions.filter(pk__in=chosen).values_list("pk", flat=True))
    if chosen != known:
        raise ValidationError(_("Choose among the sessions of this event."), code="sessions")
    registration.session_seats.exclude(session__in=chosen).delete()
    has = set(registration.session_seats.values_list("session", flat=True))
    for session in sorted(chosen - has):
        SessionSeat.objects.create(
            registration=registration,
            session_id=session,
            status=SessionSeat.Status.WAITLISTED,
            queued_at=now(),
        )


@contextmanager
def _acting(pk: int) -> Iterator[tuple[Event, Registration]]:
    """The event under its lock, and the row as it is after it."""
    event_pk = Registration.objects.values_list("event", flat=True).get(pk=pk)
    with locked(event_pk) as event:
        registration = Registration.objects.get(pk=pk)
        registration.event = event
        yield event, registration


def _require_active(registration: Registration) -> None:
    if not registration.is_active:
        raise ValidationError(_("This registration has ended."), code="ended")


def _end(registration: Registration, status: str) -> None:
    registration.status, registration.wants_mode = status, ""
    registration.ended_at = now()
    registration.save(update_fields=["status", "wants_mode", "ended_at"])
    registration.session_seats.all().delete()


def _write(registration: Registration) -> None:
    registration.save(update_fields=["status", "mode", "wants_mode", "queued_at"])
