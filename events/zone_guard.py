"""When a zone changes its rules, people go by what they agreed on: what the clocks show there.

Governments do that with weeks of notice, and a new version of the zone data brings it here. Then the moments
of what is to come are worked out anew from the wall times, which stay, and those concerned hear of it once.
What is over stays as it was.
"""

from django.db import transaction

from events import publishing, release, telling, times
from events.desk_telling import told_of
from events.models import Event
from events.programme_news import programme_of


def rederive_all() -> int:
    """Look at all events that are to come; answers of how many something has moved. Safe to run twice:
    the second time nothing moves."""
    rows = Event.objects.to_come().order_by("pk").values_list("pk", flat=True)
    return sum(_rederive(pk) for pk in list(rows))


@transaction.atomic
def _rederive(pk: int) -> bool:
    before = publishing.locked(pk)
    event = Event.objects.get(pk=pk)
    programme = programme_of(event)
    if sessions_moved := _move_sessions(event):
        telling.programme_changed(event, programme)
    try:
        event.derive()
    except (
        times.Skipped
    ):  # what the clocks leave out now, people have to settle: ``invariants`` says so
        return sessions_moved
    if (event.starts_at, event.ends_at) == (before.starts_at, before.ends_at):
        if sessions_moved:
            publishing.saved(event)
        return sessions_moved
    event.save(update_fields=["starts_at", "ends_at"])
    has_moved = publishing.saved(event, before)
    # Days are the same days under any rule: no calendar needs to hear of them.
    if has_moved and event.has_hours and event.status == Event.Status.PUBLISHED:
        told_of("change", before, event)
    return True


def _move_sessions(event: Event) -> bool:
    has_moved = False
    for session in event.sessions.filter(starts_local__isnull=False):
        before = session.starts_at, session.ends_at
        try:
            session.derive()
            is_seen_moved = release.rederive(session)
        except times.Skipped:
            continue
        if is_seen_moved:
            session.sequence += 1
        if is_seen_moved or before != (session.starts_at, session.ends_at):
            session.save(update_fields=["starts_at", "ends_at", "released", "sequence"])
            has_moved = True
    return has_moved
