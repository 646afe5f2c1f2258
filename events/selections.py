"""A programme of one's own: the sessions that somebody has chosen, by a link that they alone know. It needs
no registration and says nothing of anybody; whoever has the link may see and change it."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import now

from events.calendars import session_entry
from events.models import Event, Selection, Session
from events.programme import Pages, Released
from hub import links
from hub.limits import Limit
from hub.notices.calendar import Invitation

PURPOSE = "programme"
MADE_FROM_CLIENT = Limit("programmes from", 60, timedelta(days=1))
KEPT = timedelta(days=90)  # after the event
MAX_AGE = timedelta(days=3 * 365)


def choosable(event: Event) -> list[Session]:
    """What there is to choose from: the sessions of the released programme, in its order."""
    rows = event.sessions.released()
    found = [row for row in rows if row.released["kind"] != "break"]
    for row in found:
        row.event = event
    return sorted(found, key=lambda row: (row.released["starts_at"] or "9", row.position, row.pk))


def make(event: Event, sessions: Iterable[Session]) -> Selection:
    return Selection.objects.create(event=event, session_ids=_keys(sessions))


def change(selection: Selection, sessions: Iterable[Session]) -> None:
    selection.session_ids = _keys(sessions)
    selection.save(update_fields=["session_ids"])


def path_of(selection: Selection) -> str:
    return reverse("own:programme", kwargs={"token": links.sign(PURPOSE, selection)})


def selection_of(token: str) -> Selection | None:
    """The selection of this link, as long as readers see its event; ``None`` for any other token."""
    shown = Event.objects.filter(status__in=Event.SHOWN, published_at__lte=now())
    rows = Selection.objects.filter(event__in=shown).select_related("event__country")
    return links.resolve(PURPOSE, token, rows, max_age=MAX_AGE)


def sessions_of(selection: Selection) -> list[Released]:
    """What was chosen and is in the programme, as it was released; called off ones too."""
    chosen = set(selection.session_ids)
    rows = [row for row in choosable(selection.event) if row.pk in chosen]
    pages = Pages.of(rows)
    return [Released(row, pages) for row in rows]


def entries_of(selection: Selection) -> list[Invitation]:
    """The same for a calendar program; sessions without a time have no place there."""
    entries = (session_entry(one, selection.event) for one in sessions_of(selection))
    return [one for one in entries if one is not None]


def let_go() -> int:
    """Delete those of events that have been over for long; answers how many."""
    limit = now() - KEPT
    over = Q(ends_at__lt=limit) | Q(ends_at__isnull=True, starts_at__lt=limit)
    count, _by_model = Selection.objects.filter(event__in=Event.objects.filter(over)).delete()
    return count


def _keys(sessions: Iterable[Session]) -> list[int]:
    return sorted(session.pk for session in sessions)
