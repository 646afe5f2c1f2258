"""From the programme that organisers work on to the one that readers see.

The one writer of ``Session.released`` and of the lines that say what a release has changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import publishing
from events.models import Appearance, Event, ProgrammeChange, Session
from hub.audit import erasure
from hub.catalogue.services import remove
from hub.catalogue.sources import ref_of

Act = ProgrammeChange.Act
# Where and when a session is: who comes has to hear of it.
PLACE = ("starts_at", "ends_at", "timezone", "precision", "room")
# With each of these the entry in a calendar changes.
IN_CALENDARS = (*PLACE, "mode", "status")
# What the list of changes tells of; a word put right in a summary is nobody's news.
NEWS = (*PLACE, "title", "kind", "track", "mode", "language", "people", "status")


@dataclass(frozen=True)
class Difference:
    """What a release would change of one session: ``act`` is empty where it makes no news."""

    session: Session
    act: str
    before: dict[str, Any]
    after: dict[str, Any]
    snapshot: dict[str, Any]

    @property
    def label(self) -> str:
        return str(Act(self.act).label) if self.act else ""

    @property
    def rises(self) -> bool:
        """Whether the sequence of the session rises in calendars."""
        return any(name in self.before for name in IN_CALENDARS)


def is_released(event: Event) -> bool:
    """Whether readers see a programme of this event."""
    return event.released_at is not None


def snapshot(session: Session) -> dict[str, Any]:
    """The session as readers shall see it, with its people, apart from where it was before."""
    return {
        "title": session.title,
        "summary": session.summary,
        "kind": session.kind,
        "status": session.status,
        "room": session.room,
        "track": session.track,
        "mode": session.mode,
        "language": session.language,
        "stream_url": session.stream_url,
        "capacity": session.capacity,
        "timezone": session.timezone,
        "precision": session.precision,
        "starts_local": _iso(session.starts_local),
        "ends_local": _iso(session.ends_local),
        "starts_at": _iso(session.starts_at),
        "ends_at": _iso(session.ends_at),
        "people": [_person(one) for one in session.appearances.all()],
        "moved_from": None,
    }


def _person(appearance: Appearance) -> dict[str, Any]:
    organisation, person = appearance.organisation, appearance.person
    return {
        "name": appearance.name,
        "role": appearance.role,
        "credited_as": appearance.credited_as,
        "organisation": appearance.organisation_name or (organisation.name if organisation else ""),
        "organisation_slug": organisation.slug if organisation else "",
        "person_slug": person.slug if person and person.is_listed else "",
        "stakeholder_group": organisation.stakeholder_group if organisation else "",
        "is_remote": appearance.is_remote,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def differences(event: Event) -> list[Difference]:
    """What a release would change now, in the order of the programme."""
    rows = event.sessions.in_order().prefetch_related(
        "appearances__organisation", "appearances__person"
    )
    return [found for session in rows if (found := _difference(session))]


def _difference(session: Session) -> Difference | None:
    old, new = session.released, snapshot(session)
    if old is None:
        # What was called off before anybody heard of it is no news.
        is_live = session.status == Session.Status.LIVE
        return Difference(session, Act.ADDED, {}, {}, new) if is_live else None
    changed = [name for name in new if name != "moved_from" and old.get(name) != new[name]]
    if not changed:
        return None
    before, after = ({name: of.get(name) for name in changed} for of in (old, new))
    is_moved = any(name in changed for name in ("starts_at", "room"))
    new["moved_from"] = (
        {name: old.get(name) for name in ("starts_at", "room")}
        if is_moved
        else old.get("moved_from")
    )
    return Difference(session, _act_of(changed, new), before, after, new)


def _act_of(changed: list[str], new: dict[str, Any]) -> str:
    if "status" in changed:
        return Act.REVIVED if new["status"] == Session.Status.LIVE else Act.CANCELLED
    if any(name in changed for name in PLACE):
        return Act.MOVED
    return Act.CHANGED if any(name in changed for name in NEWS) else ""


@transaction.atomic
def release(event: Event) -> list[ProgrammeChange]:
    """Show readers the programme as it stands, and keep what has changed as lines for them; the first
    release has none, since everything in it is new. Sequences of sessions that calendars show
    otherwise now rise. ``ValidationError`` where there is no session to show."""
    event = publishing.locked(event.pk)
    found, at = differences(event), now()
    was_released = is_released(event)
    if not was_released and not found:
        raise ValidationError(_("There is no session to release yet."), code="empty")
    for one in found:
        one.session.released = one.snapshot
        one.session.sequence += one.rises
        one.session.save(update_fields=["released", "sequence"])
    lines = [_line(event, one, at) for one in found if one.act and was_released]
    ProgrammeChange.objects.bulk_create(lines)
    if found:
        event.released_at = at
        event.save(update_fields=["released_at"])
    publishing.saved(event)
    return lines


def _line(event: Event, one: Difference, at: Any) -> ProgrammeChange:
    return ProgrammeChange(
        event=event,
        released_at=at,
        act=one.act,
        title=one.snapshot["title"],
        before={name: one.before[name] for name in NEWS if name in one.before},
        after={name: one.after[name] for name in NEWS if name in one.after},
    )


@transaction.atomic
def show(session: Session) -> None:
    """Show a new session as it stands, without telling it as news: for a programme that was known
    before it came here."""
    event = publishing.locked(session.event_id)
    session.released = snapshot(session)
    session.save(update_fields=["released"])
    event.released_at = event.released_at or now()
    event.save(update_fields=["released_at"])


@transaction.atomic
def remove_session(session: Session) -> None:
    """Delete a session with its people. What readers saw of it goes at once, and a line says so.
    ``ValidationError`` where people have seats in it or materials hang on it: it is cancelled."""
    event = publishing.locked(session.event_id)
    if session.seats.exists() or session.attendances.exists() or session.materials.exists():
        text = _("“%(title)s” has registrations or materials: cancel it instead of removing it.")
        raise ValidationError(text, code="used", params={"title": session.title})
    if session.released is not None:
        shown = {name: session.released.get(name) for name in (*PLACE, "title")}
        ProgrammeChange.objects.create(
            event=event,
            released_at=now(),
            act=Act.REMOVED,
            title=session.released["title"],
            before=shown,
        )
    remove(ref_of(session))
    session.delete()
    publishing.saved(event)


@transaction.atomic
def leave_out(event: Event, is_theirs: Callable[[int | None, dict[str, Any]], bool]) -> None:
    """Take those people out of what readers see and of the lines on changes, and out of what is recorded
    of both. ``is_theirs`` is asked with the key of the session, none for a line, and what is told of
    somebody there."""
    event = publishing.locked(event.pk)
    for session in event.sessions.released():
        staying = _without(session.released["people"], is_theirs, session.pk)
        if staying != session.released["people"]:
            session.released = session.released | {"people": staying}
            session.save(update_fields=["released"])
            erasure.erase_values(Session, session.pk, ["released"])
    for line in event.programme_changes.all():
        told = line.before, line.after
        line.before, line.after = (
            one | {"people": _without(one["people"], is_theirs)} if "people" in one else one
            for one in told
        )
        if told != (line.before, line.after):
            line.save(update_fields=["before", "after"])
            erasure.erase_values(ProgrammeChange, line.pk, ["before", "after"])


def _without(
    people: list[dict[str, Any]], is_theirs: Callable[..., bool], session: int | None = None
) -> list[dict[str, Any]]:
    return [one for one in people if not is_theirs(session, one)]


def rederive(session: Session) -> bool:
    """Work the moments of what readers see of a session out anew from its wall times, after its zone has
    changed its rules. Whether they have moved; the row is not saved. ``times.Skipped`` as ``derive``."""
    if not session.released:
        return False
    seen = Session(
        starts_local=_local(session.released["starts_local"]),
        ends_local=_local(session.released["ends_local"]),
        precision=session.released["precision"],
        timezone=session.released["timezone"],
    )
    if seen.starts_local == session.starts_local:
        seen.starts_is_second = session.starts_is_second
    if seen.ends_local == session.ends_local:
        seen.ends_is_second = session.ends_is_second
    seen.derive()
    moments = {"starts_at": _iso(seen.starts_at), "ends_at": _iso(seen.ends_at)}
    if all(_same_moment(session.released[name], moments[name]) for name in moments):
        return False
    session.released = session.released | moments
    return True


def _local(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _same_moment(one: str | None, other: str | None) -> bool:
    return _local(one) == _local(other)
