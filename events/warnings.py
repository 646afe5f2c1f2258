"""What organisers may want to look at before a programme is released: nothing of it forbids it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

from django.utils.translation import gettext as _

from events.kinds import Role, SessionKind
from events.models import Appearance, Event, Precision, Session
from hub.partners.models import Organisation
from hub.slugs import fold

Group = Organisation.StakeholderGroup
# Sessions in which several speak: somebody leads them, and those whom it is about have a voice.
DEBATES = (SessionKind.PANEL, SessionKind.PLENARY, SessionKind.DIALOGUE)
LEADING = (Role.CHAIR, Role.MODERATOR)
# From so many people on of whose organisation the group is known, their mix says something.
ENOUGH = 3
WORKERS = {Group.WORKERS, Group.SOCIAL_PARTNERS}
EMPLOYERS = {Group.EMPLOYERS, Group.BUSINESS, Group.SOCIAL_PARTNERS}


def warnings_of(event: Event) -> list[str]:
    """Sentences on what is odd in the programme of the event, in the order of the programme."""
    rows = event.sessions.in_order().filter(status=Session.Status.LIVE)
    sessions = list(rows.prefetch_related("appearances__organisation"))
    found = [
        *_outside(event, sessions),
        *_twice_at_once(sessions),
        *_clashing_rooms(sessions),
    ]
    for session in sessions:
        found += _of_one(session)
    return found


def _of_one(session: Session) -> Iterator[str]:
    people = list(session.appearances.all())
    if session.kind not in DEBATES:
        return
    if not people:
        yield _("“%(title)s” has nobody on its list yet.") % {"title": session}
        return
    if not any(one.role in LEADING for one in people):
        yield _("“%(title)s” has neither chair nor moderator.") % {"title": session}
    yield from _balance(session, people)


def _balance(session: Session, people: list[Appearance]) -> Iterator[str]:
    groups = Counter(
        one.organisation.stakeholder_group
        for one in people
        if one.organisation and one.organisation.stakeholder_group
    )
    if groups.total() < ENOUGH:
        return
    told = {"title": session}
    if not groups.keys() & WORKERS:
        yield _("No worker voice on “%(title)s”.") % told
    if not groups.keys() & EMPLOYERS:
        yield _("No employer voice on “%(title)s”.") % told
    if len(groups) == 1:
        told["group"] = Group(next(iter(groups))).label
        yield _("All on “%(title)s” are of one group: %(group)s.") % told


def _outside(event: Event, sessions: list[Session]) -> Iterator[str]:
    """Sessions before the first day of the event or after its last, by the clocks of the event."""
    first = event.starts_local.date()
    last = (event.ends_local or event.starts_local).date()
    for session in sessions:
        if session.starts_local is None:
            yield _("“%(title)s” has no time yet.") % {"title": session}
        elif not first <= session.starts_local.date() <= last:
            yield _("“%(title)s” is on %(day)s, outside the days of the event.") % {
                "title": session,
                "day": f"{session.starts_local:%Y-%m-%d}",
            }


def _twice_at_once(sessions: list[Session]) -> Iterator[str]:
    by_person: dict[str, list[Session]] = defaultdict(list)
    names: dict[str, str] = {}
    for session in sessions:
        for one in session.appearances.all():
            who = f"person {one.person_id}" if one.person_id else fold(one.name)
            if who and session not in by_person[who]:
                by_person[who].append(session)
                names[who] = one.name
    for who, theirs in by_person.items():
        for one, other in combinations(theirs, 2):
            if overlap(one, other):
                yield _("%(name)s is in two sessions at once: “%(one)s” and “%(other)s”.") % {
                    "name": names[who],
                    "one": one,
                    "other": other,
                }


def _clashing_rooms(sessions: list[Session]) -> Iterator[str]:
    """Those that the database does not know to clash, since one of them has no end."""
    for one, other in combinations(sessions, 2):
        if one.room and one.room.lower() == other.room.lower() and overlap(one, other):
            yield _("“%(one)s” and “%(other)s” are both in %(room)s at the same time.") % {
                "one": one,
                "other": other,
                "room": one.room,
            }


def overlap(one: Session, other: Session) -> bool:
    """Whether both go on at some moment; of one without an end only its beginning is known."""
    if one.precision != Precision.MINUTE or other.precision != Precision.MINUTE:
        return False
    if one.starts_at is None or other.starts_at is None:
        return False
    return one.starts_at < _end(other) and other.starts_at < _end(one)


def _end(session: Session) -> datetime:
    return session.ends_at or session.starts_at + timedelta(minutes=1)
