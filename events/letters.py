"""What somebody is written about their own registration: one letter for each thing that happens to it,
in the transaction in which it happens.

Each has the same parts: what happened, the event with its time, zone and place, and the link to the
registration. Who has a seat and has shown that the mailbox is theirs gets the entry for their calendar
with it, and takes it back from there when the seat goes.
"""

from collections.abc import Sequence
from dataclasses import replace
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils.functional import lazy
from django.utils.timezone import get_current_timezone_name, now
from django.utils.translation import gettext_lazy as _

from events import calendars, choosing, joining, own, programme_news, wording
from events.kinds import Mode
from events.listed import country_names, place_words
from events.models import Event, Registration, SessionSeat
from events.registered import STANDING, Said, said_by, standing_of
from hub.links import absolute
from hub.notices import readers
from hub.notices import services as notices
from hub.notices.calendar import Invitation, Method
from hub.notices.models import Message
from hub.notices.texts import Prose
from hub.partners.models import Person

Status = Registration.Status


def _when(event: Event) -> str:
    """When it is, by the event's clocks; for whoever has an account also by their own, which the letter
    is rendered in."""
    told = wording.when_words(event)
    zone = choosing.other_zone(get_current_timezone_name(), event)
    return f"{told} = {wording.when_words(event, zone)}" if zone else told


when_words = lazy(_when, str)
moment_words = lazy(wording.moment_words, str)

SEE = _("See your registration")
SEAT = _("You have a seat")
KEEP = _(
    "Keep this letter to yourself: whoever has the link can change or cancel your registration."
)


def registered(registration: Registration) -> None:
    """To who has just registered: as long as the mailbox may be anybody's, how to show that it is
    theirs."""
    if registration.email_confirmed_at is not None:
        welcome(registration)
        return
    says = [
        _("Somebody registered this address for the event below."),
        STANDING[registration.status],
    ]
    if until := registration.seat_until():
        zone = registration.event.timezone
        says.append(
            lazy_format(
                _(
                    "Please confirm that it was you, by %(moment)s. After that the place is given on."
                ),
                moment=moment_words(until, zone),
            )
        )
    says.append(_("If it was not you, leave this letter be: we forget the address by itself."))
    _write(
        registration,
        "registered",
        _("Please confirm your registration"),
        says,
        label=_("Confirm or cancel"),
    )


def welcome(registration: Registration) -> None:
    """To who has shown that the mailbox is theirs: how it stands, and what they need to come."""
    headings = {
        Status.CONFIRMED: SEAT,
        Status.WAITLISTED: _("You are on the waiting list"),
        Status.PENDING: _("Your registration was received"),
    }
    _write(
        registration,
        "welcome",
        headings[registration.status],
        [*standing_of(registration), KEEP],
        facts=said_by(registration),
        calendar=_request(registration),
    )


def again(registration: Registration) -> None:
    """To who registers with an address that is registered: their link once more, once a day."""
    _write(
        registration,
        f"again:{now():%Y-%m-%d}",
        _("You are registered already"),
        [
            _("Somebody, probably you, registered this address once more for the event below."),
            *standing_of(registration),
            _("Nothing has changed. You can change your registration by this link."),
        ],
    )


def promoted(registration: Registration) -> None:
    """To who has got a seat for which they waited."""
    _write(
        registration,
        f"promoted:{_moment()}",
        _("There is a seat for you"),
        [
            _("You waited for a seat, and now you have one."),
            _("If you cannot come any more, please cancel: somebody else waits for it."),
        ],
        calendar=_request(registration),
    )


def approved(registration: Registration) -> None:
    """To whom the organisers have let in: to a seat or to the waiting list."""
    _write(
        registration,
        "approved",
        _("Your registration was approved"),
        standing_of(registration),
        calendar=_request(registration),
    )


def declined(registration: Registration, reason: str = "") -> None:
    _write(
        registration,
        "declined",
        _("Your registration was declined"),
        [_("The organisers cannot give you a seat at the event below.")],
        words=reason,
        label="",
    )


def cancelled(
    registration: Registration,
    *,
    reason: str = "",
    by_organiser: bool = False,
    successor: Registration | None = None,
) -> None:
    """To whose registration has ended, by their own doing or the organisers'; the entry leaves the
    calendar."""
    if successor is not None:
        says = [_("You have handed your place to somebody else, who was written to.")]
    elif by_organiser:
        says = [_("The organisers have cancelled your registration.")]
    else:
        says = [_("You have cancelled your registration. Thank you for telling us.")]
    _write(
        registration,
        "cancelled",
        _("Your registration is cancelled"),
        says,
        words=reason,
        label="",
        calendar=cancellation(registration),
    )


def let_go(registration: Registration) -> None:
    """To who did not confirm the address in time."""
    _write(
        registration,
        "let-go",
        _("Your place was given on"),
        [
            _("Nobody confirmed this address in time, so the place at the event was given on."),
            _("If you still want to come, please register once more."),
        ],
        label="",
    )


def switched(registration: Registration) -> None:
    """To who takes part in another way now, or waits for it."""
    _write(
        registration,
        f"switched:{_moment()}",
        _("Your registration has changed"),
        standing_of(registration),
        calendar=_request(registration),
    )


def session_seat(seat: SessionSeat) -> None:
    """To who has got a seat in a session for which they waited."""
    _write(
        seat.registration,
        f"session:{seat.session_id}:{_moment()}",
        _("There is a seat for you in a session"),
        [_("You waited for a seat in the session below, and now you have one.")],
        facts=[(_("Session"), seat.session.title)],
        calendar=_request(seat.registration),
    )


def left_sessions(registration: Registration, titles: Sequence[str]) -> None:
    """To who takes part in another way now, in which some sessions that they chose do not take place."""
    _write(
        registration,
        f"left:{_moment()}",
        _("Your seats in sessions have changed"),
        [
            LEFT[registration.mode],
            _("You can choose among the other sessions on the page of your registration."),
        ],
        facts=[(_("Session"), title) for title in titles],
    )


LEFT = {
    Mode.ONLINE: _(
        "You take part online now. The sessions below take place in the room alone, so your seats in "
        "them are given to others."
    ),
    Mode.IN_PERSON: _(
        "You take part in the room now. The sessions below take place online alone, so your seats in "
        "them are given to others."
    ),
}


def facts_of(event: Event, mode: str = "") -> list[tuple[Any, Any]]:
    """What everybody has to know of an event: when with its zone, where, how."""
    facts: list[tuple[Any, Any]] = [(_("Event"), event.title), (_("When"), when_words(event))]
    place = place_words(event, country_names([event]).get(event.country_id, ""))
    if place and mode != Mode.ONLINE:
        facts.append((_("Where"), place))
    if mode:
        facts.append((_("You take part"), Mode(mode).label))
    return facts


def _write(
    registration: Registration,
    key: str,
    heading: Any,
    says: Said,
    *,
    words: str = "",
    label: Any = SEE,
    facts: Sequence[tuple[Any, Any]] = (),
    calendar: Invitation | None = None,
) -> Message | None:
    event = registration.event
    has_seat = registration.status == Status.CONFIRMED and not registration.has_lost_its_mode
    mode = registration.mode if has_seat else ""
    return send(
        registration,
        f"registration:{registration.pk}:{key}",
        heading,
        says,
        words=words,
        label=label,
        facts=[*facts_of(event, mode), *facts],
        calendar=calendar,
    )


def send(
    registration: Registration,
    key: str,
    heading: Any,
    says: Said,
    *,
    words: str = "",
    label: Any = SEE,
    facts: Sequence[tuple[Any, Any]],
    calendar: Invitation | None = None,
) -> Message | None:
    """A letter to somebody who is registered, in the parts that all of these have. ``words`` are what
    somebody wrote; without a ``label`` the letter shows no link to the registration. There is nobody to
    write to where a delegation has named nobody yet."""
    if not registration.email:
        return None
    told = {
        "says": list(says),
        "facts": [list(fact) for fact in facts],
        "words": Prose(words),
        "link": page_of(registration) if label else "",
        "label": label,
        "event_link": _page_for(registration.email, registration.event),
        "join": joining.link_of(registration) if registration.is_coming and label else "",
    }
    return notices.send(
        "events/letter",
        registration.email,
        key,
        context=told,
        subject_context={"heading": heading, "title": registration.event.title},
        language=registration.language,
        calendar=calendar,
        is_private=True,
    )


def send_to_speaker(
    person: Person,
    event: Event,
    key: str,
    heading: Any,
    says: Said,
    *,
    words: str = "",
    facts: Sequence[tuple[Any, Any]],
) -> Message:
    """A letter of the same parts to somebody who speaks, at the address of their profile."""
    return notices.send(
        "events/letter",
        person.email,
        key,
        context={
            "says": list(says),
            "facts": [list(fact) for fact in facts],
            "words": Prose(words),
            "event_link": _page_for(person.email, event),
        },
        subject_context={"heading": heading, "title": event.title},
        is_private=True,
    )


def _page_for(email: str, event: Event) -> str:
    """The address of the event's page, with its times in the zone of who reads the letter."""
    _language, zone = readers.language_and_zone_of(email, "")
    return absolute(choosing.page_in_zone(event, choosing.other_zone(zone, event)))


def page_of(registration: Registration) -> str:
    """The address of somebody's own page of their registration."""
    return absolute(own.path_of(registration))


# Calendars


def _request(registration: Registration) -> Invitation | None:
    """The entry for the calendar of who is sure to come; nothing for anybody else, and of what is at
    no time now."""
    if not registration.is_coming or registration.event.status != Event.Status.PUBLISHED:
        return None
    return request(registration)


def request(registration: Registration) -> Invitation:
    """The entry for somebody's calendar, with a sequence above all that went to their mailbox."""
    return _entry(registration, Method.REQUEST)


def cancellation(registration: Registration) -> Invitation | None:
    """What takes the entry out of somebody's calendar again; nothing where none was sent."""
    if registration.told_sequence < 0:
        return None
    return _entry(registration, Method.CANCEL)


def _entry(registration: Registration, method: Method) -> Invitation:
    event = registration.event
    rows = event.registrations.filter(email__iexact=registration.email)
    told = rows.aggregate(last=Max("told_sequence"))["last"]
    registration.told_sequence = max(event.sequence, told + 1)
    registration.save(update_fields=["told_sequence"])
    entry = calendars.entry_of(
        event,
        method=method,
        organiser=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        attendee=registration.email,
    )
    return replace(
        entry,
        sequence=registration.told_sequence,
        stamped_at=now(),
        description="\n\n".join(filter(None, [entry.description, _sessions_of(registration)])),
    )


def _sessions_of(registration: Registration) -> str:
    """The sessions of somebody's own, a line each: they move along with the entry of the event."""
    rows = programme_news.chosen(registration)
    return "\n".join(f"{one.title}: {programme_news.session_words(one)}" for one in rows)


def _moment() -> str:
    return f"{now().timestamp():.6f}"


def _formatted(text: str, **values: Any) -> str:
    return text % values


lazy_format = lazy(_formatted, str)
