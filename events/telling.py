"""What everybody concerned is told of an event: that it has changed, or does not take place,
and what has become of its programme. Each once, and each person in the state in which they are when they
are told.

Who organises may put a time right five times in a row: changes wait for some minutes, and what is told is
what has become of all of them. Work goes by parts, each under the lock of the seats, so that nobody who
cancels meanwhile hears of it after that; a killed worker's work is taken up where it ended.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import letters, programme_news, seats
from events.listed import country_names, place_words
from events.models import Event, Registration, Session, SessionSeat, Untold
from events.programme_news import News, Programme
from events.publishing import IN_CALENDARS
from events.registered import asked_of
from hub import jobs
from hub.notices.calendar import Invitation
from hub.notices.models import Message
from hub.partners.models import Person

WAIT = timedelta(minutes=10)
AT_ONCE = 100
Status = Event.Status
# What an event was before: enough to say it, and to see whether anything has changed in the end.
MOMENTS = ("starts_local", "ends_local", "starts_at", "ends_at")
KEPT = (*MOMENTS, "precision", "timezone", "mode", "venue", "city", "country_id", "status")


def changed(event: Event, before: Event) -> int:
    """Have everybody who is registered or speaks told of a change of time, place, mode or standing, in
    ten minutes and once for all changes until then; how many they are. Nobody is told of anything else.
    Call it in the transaction of the change."""
    if all(getattr(event, name) == getattr(before, name) for name in IN_CALENDARS):
        return 0
    concerned = concerned_by(event)
    if concerned:
        Untold.objects.get_or_create(
            event=event, defaults={"before": _kept(before), "due_at": now() + WAIT}
        )
    return concerned


def programme_changed(event: Event, before: Programme) -> int:
    """The same for the programme that readers see, which was ``before`` (as ``programme_of`` tells it):
    who chose a session or speaks in it is told of that session; how many they are."""
    if event.is_over or event.status != Status.PUBLISHED:
        return 0
    moved = programme_news.changed(before, programme_news.programme_of(event))
    concerned = _with_seats(event, moved).count()
    concerned += len(programme_news.speakers_of(event, moved))
    if concerned:
        untold, _is_new = Untold.objects.get_or_create(
            event=event, defaults={"before": _kept(event), "due_at": now() + WAIT}
        )
        untold.sessions = moved | untold.sessions
        untold.save(update_fields=["sessions"])
    return concerned


def session_removed(event: Event, session: Session) -> None:
    """Write to who speaks in a session of the programme that it is about to be removed: afterwards
    nothing says who that was. Who has a seat in it is told when it is cancelled; with seats it cannot
    be removed."""
    if session.released is None or event.is_over or event.status != Status.PUBLISHED:
        return
    was = programme_news.seen(session.released)
    for person in programme_news.speakers_of(event, [session.pk]):
        letters.send_to_speaker(
            *(person, event, f"session:{session.pk}:removed:{person.pk}", PROGRAMME, REMOVED),
            facts=[*letters.facts_of(event), (was.title, programme_news.session_words(was))],
        )


def concerned_by(event: Event) -> int:
    """How many people have to hear of what becomes of an event."""
    return event.registrations.active().count() + len(programme_news.speakers_of(event))


def called_off(event: Event, reason: str) -> int:
    """Have everybody who is registered or speaks told at once that an event does not take place; how
    many they are. Call it in the transaction in which it is cancelled; the reason is the event's."""
    Untold.objects.filter(event=event).delete()
    jobs.enqueue(_call_off, event=event.pk)
    return concerned_by(event)


@jobs.task
def _call_off(event: int) -> None:
    tell_called_off(event)


def tell_called_off(event_pk: int) -> None:
    """Write to everybody concerned that the event is cancelled."""
    event = Event.objects.get(pk=event_pk)
    key = f"event:{event.pk}:cancelled:{event.sequence}"
    _to_all(event_pk, key, lambda of: of.registrations.active(), _write_called_off)
    _to_speakers(event_pk, key, None, _write_speaker_called_off)


def tell_due() -> None:
    """Write of all changes whose time has come."""
    for untold in Untold.objects.filter(due_at__lte=now()):
        _tell_of(untold)


def _tell_of(untold: Untold) -> None:
    with seats.locked(untold.event_id) as event:
        # Whoever called the event off meanwhile has told everybody.
        untold = Untold.objects.filter(pk=untold.pk).first()
        state, programme = _kept(event), programme_news.programme_of(event)
    if untold is None:
        return
    was = _event_of(untold) if state != untold.before else None
    # What does not take place now has no programme to tell of.
    takes_place = event.status == Status.PUBLISHED
    news = programme_news.news_of(untold.sessions, programme) if takes_place else []
    if was or news:
        _tell_changed(event, f"changed:{untold.pk}:{_digest(state, programme)}", was, news)
    _finish(untold.pk, event.pk, state, programme)


def _tell_changed(event: Event, act: str, was: Event | None, news: Sequence[News]) -> None:
    moved = [one.pk for one in news]
    spoken = {
        person.email.lower(): sessions
        for person, sessions in programme_news.speakers_of(event, moved).items()
    }

    def concerned(of: Event) -> Any:
        return of.registrations.active() if was else _with_seats(of, moved)

    def write(registration: Registration, key: str) -> None:
        theirs = spoken.get(registration.email.lower(), set())
        if news:
            theirs = theirs | programme_news.seats_of(registration, moved)
        _write_changed(registration, was, _among(theirs, news), key)

    def write_speaker(person: Person, of: Event, sessions: set[int], key: str) -> None:
        _write_speaker_changed(person, of, was, _among(sessions, news), key)

    prefix = f"event:{event.pk}:{act}"
    _to_all(event.pk, prefix, concerned, write)
    _to_speakers(event.pk, prefix, None if was else moved, write_speaker)


def _among(sessions: set[int], news: Sequence[News]) -> list[News]:
    return [one for one in news if one.pk in sessions]


def _finish(untold_pk: int, event_pk: int, state: dict[str, Any], programme: Programme) -> None:
    """All are told of what was there; if it has changed once more while we wrote, the next round tells
    of that."""
    with seats.locked(event_pk) as event:
        untold = Untold.objects.filter(pk=untold_pk).first()
        if untold is None:
            return
        now_so = programme_news.programme_of(event)
        known = {pk: programme.get(pk, was) for pk, was in untold.sessions.items()}
        sessions = programme_news.changed(known, now_so)
        if sessions or _kept(event) != state:
            untold.before, untold.sessions = state, sessions
            untold.save(update_fields=["before", "sessions"])
        else:
            untold.delete()


def _digest(state: dict[str, Any], programme: Programme) -> str:
    """Which state a letter tells of: a killed worker's work is taken up with the same keys."""
    text = json.dumps([state, programme], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _with_seats(event: Event, sessions: Iterable[int | str]) -> Any:
    chosen = SessionSeat.objects.filter(session__in=[int(pk) for pk in sessions])
    return event.registrations.active().named().filter(pk__in=chosen.values("registration"))


def _to_all(
    event_pk: int,
    prefix: str,
    concerned: Callable[[Event], Any],
    write: Callable[[Registration, str], None],
) -> None:
    last = 0
    while True:
        with seats.locked(event_pk) as event:
            rows = concerned(event).filter(pk__gt=last).order_by("pk")[:AT_ONCE]
            keys = {f"{prefix}:{row.pk}": row for row in rows}
            known = _known(keys)
            for key, registration in keys.items():
                if key not in known:
                    registration.event = event
                    write(registration, key)
        if not keys:
            return
        last = max(row.pk for row in keys.values())


def _to_speakers(
    event_pk: int,
    prefix: str,
    sessions: Iterable[int] | None,
    write: Callable[[Person, Event, set[int], str], None],
) -> None:
    with seats.locked(event_pk) as event:
        people = programme_news.speakers_of(event, sessions)
        keys = {f"{prefix}:speaker:{person.pk}": person for person in people}
        # Who is registered besides has their letter, which tells of both.
        rows = Message.objects.filter(dedup_key__startswith=f"{prefix}:")
        written = {address.lower() for address in rows.values_list("to", flat=True)}
        for key, person in keys.items():
            if person.email.lower() not in written:
                write(person, event, people[person], key)
                written.add(person.email.lower())


def _known(keys: Iterable[str]) -> set[str]:
    rows = Message.objects.filter(dedup_key__in=list(keys))
    return set(rows.values_list("dedup_key", flat=True))


CALLED_OFF = _("The event below does not take place. You need not do anything.")


def _write_called_off(registration: Registration, key: str) -> None:
    event = registration.event
    letters.send(
        registration,
        key,
        _("Cancelled"),
        [CALLED_OFF],
        words=event.reason,
        facts=letters.facts_of(event),
        label="",
        calendar=letters.cancellation(registration),
    )


def _write_speaker_called_off(person: Person, event: Event, _sessions: set[int], key: str) -> None:
    letters.send_to_speaker(
        *(person, event, key, _("Cancelled"), [CALLED_OFF]),
        words=event.reason,
        facts=letters.facts_of(event),
    )


def _write_changed(
    registration: Registration, was: Event | None, news: Sequence[News], key: str
) -> None:
    event = registration.event
    heading, says = _news(event, was) if was else (PROGRAMME, [*CHOSEN, CANCEL])
    if was and news:
        says = [*says, *CHOSEN]
    if registration.has_lost_its_mode and event.status == Status.PUBLISHED:
        heading, says = CHOOSE, [asked_of(registration), *says]
    letters.send(
        registration,
        key,
        heading,
        says,
        words=event.reason if event.status != Status.PUBLISHED else "",
        facts=_facts(event, was, news),
        calendar=_entry(registration),
    )


def _write_speaker_changed(
    person: Person, event: Event, was: Event | None, news: Sequence[News], key: str
) -> None:
    heading, says = _news(event, was, is_speaker=True) if was else (PROGRAMME, SPEAKING)
    letters.send_to_speaker(
        *(person, event, key, heading, [*says, *(SPEAKING if was and news else ())]),
        words=event.reason if event.status != Status.PUBLISHED else "",
        facts=_facts(event, was, news),
    )


def _facts(event: Event, was: Event | None, news: Sequence[News]) -> list[tuple[Any, Any]]:
    before = _before(event, was) if was else []
    return [*letters.facts_of(event), *before, *(fact for one in news for fact in one.facts)]


def _entry(registration: Registration) -> Invitation | None:
    """Its new time for the calendar of who comes; what is at no time now leaves the calendar."""
    if registration.event.status != Status.PUBLISHED:
        return letters.cancellation(registration)
    return letters.request(registration) if registration.is_coming else None


CHOOSE = _("Please choose anew how you take part")
PROGRAMME = _("The programme has changed")
CHOSEN = (_("Sessions that you chose have changed. Below is how they are now, and were before."),)
SPEAKING = (
    _("Sessions in which you speak have changed. Below is how they are now, and were before."),
)
REMOVED = (_("The session below, in which you were to speak, is not in the programme any more."),)
CANCEL = _("If you cannot come any more, please cancel: somebody else may wait for a seat.")


def _news(
    event: Event, was: Event, *, is_speaker: bool = False
) -> "tuple[Promise, Sequence[Promise]]":
    if event.status == Status.POSTPONED:
        keeps = _("You keep your registration, and we write to you as soon as there is a new time.")
        says = [
            _("The event below does not take place at this time. A new one is not known yet."),
            _("We write to you as soon as there is a new time.") if is_speaker else keeps,
        ]
        return _("Postponed"), says
    if event.status == Status.WITHDRAWN:
        return _("Withdrawn"), [_("The event below was taken off the site.")]
    if was.status != event.status:
        return _("It takes place"), [_("The event below takes place, at the time that you see.")]
    says = [
        _(
            "Time, place or way of taking part have changed. Below is how it is now, and was before."
        ),
    ]
    return _("Changed"), says if is_speaker else [*says, CANCEL]


def _before(event: Event, was: Event) -> list[tuple[Any, Any]]:
    """What it was, of what is otherwise now."""
    facts: list[tuple[Any, Any]] = []
    timed = ("starts_at", "ends_at", "timezone", "precision")
    if any(getattr(event, name) != getattr(was, name) for name in timed):
        facts.append((_("When (before)"), letters.when_words(was)))
    places = [
        place_words(one, country_names([one]).get(one.country_id, "")) for one in (was, event)
    ]
    if places[0] != places[1]:
        facts.append((_("Where (before)"), places[0] or "–"))
    if event.mode != was.mode:
        facts.append((_("How (before)"), was.get_mode_display()))
        facts.append((_("How"), event.get_mode_display()))
    return facts


def _event_of(untold: Untold) -> Event:
    """The event as it was, in memory alone."""
    columns = dict(untold.before)
    for name in MOMENTS:
        columns[name] = columns[name] and datetime.fromisoformat(columns[name])
    return Event(**columns)


def _kept(event: Event) -> dict[str, Any]:
    """What ``Untold.before`` holds of an event."""
    found = {name: getattr(event, name) for name in KEPT}
    return found | {name: found[name] and found[name].isoformat() for name in MOMENTS}
