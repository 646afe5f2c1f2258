"""Events and sessions as lists show them: a block with the day, a title, when and where."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events import wording
from events.kinds import Mode
from events.models import Event, Session
from events.programme import Released
from hub.catalogue.kinds import kind_of
from hub.portal.coming import Happening
from hub.vocabulary.labels import labels_of

STATES = (Event.Status.POSTPONED, Event.Status.CANCELLED)


def happening_of(event: Event, country: str = "") -> Happening:
    """An event in a list; ``country`` is the name of its country."""
    days, month = day_block(event)
    return Happening(
        url=event.get_absolute_url(),
        title=event.title,
        lang=event.title_lang,
        kind=kind_of(event.kind),
        days=days,
        month=month,
        when=wording.when_html(event),
        place=place_words(event, country),
        mode=event.mode,
        mode_label=Mode(event.mode).label if event.mode else "",
        state=event.get_status_display() if event.status in STATES else "",
        summary=event.summary,
        summary_lang=event.language,
        is_example=event.is_example,
    )


def happenings_of(events: Iterable[Event]) -> list[Happening]:
    """Events in a list, with one query for the names of their countries."""
    events = list(events)
    names = country_names(events)
    return [happening_of(event, names.get(event.country_id, "")) for event in events]


def country_names(events: Iterable[Event]) -> dict[int, str]:
    ids = {event.country_id for event in events} - {None}
    labels = labels_of(ids, get_language()) if ids else {}
    return {pk: label.label for pk, label in labels.items()}


def place_words(event: Event, country: str) -> str:
    """Where it is, as far as that is known: "ILO, Geneva, Switzerland"."""
    return ", ".join(part for part in (event.venue, event.city, country) if part)


def day_block(timed: wording.Happening) -> tuple[str, str]:
    """What stands beside a title: "24–26" and "October 2022"."""
    told = wording.when(timed)
    first, last = told.day, _last_day(timed)
    if last is None or last <= first:
        return str(first.day), date_format(first, "M Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day}", date_format(first, "M Y")
    begin = date_format(first, "M" if first.year == last.year else "M Y")
    return str(first.day), f"{begin} – {date_format(last, 'j M Y')}"


def _last_day(timed: wording.Happening):
    return timed.ends_local and timed.ends_local.date()


def describe(refs: list[str]) -> dict[str, Happening]:
    """What there is to say of those of these refs that are public events and sessions."""
    return {**_described_events(refs), **_described_sessions(refs)}


def _keys(refs: list[str], model: type) -> list[int]:
    start = f"{model._meta.label_lower}:"
    return [int(ref.removeprefix(start)) for ref in refs if ref.startswith(start)]


def _described_events(refs: list[str]) -> dict[str, Happening]:
    keys = _keys(refs, Event)
    events = list(Event.objects.public().filter(pk__in=keys)) if keys else []
    return {
        f"events.event:{event.pk}": happening
        for event, happening in zip(events, happenings_of(events), strict=True)
    }


def _described_sessions(refs: list[str]) -> dict[str, Happening]:
    keys = _keys(refs, Session)
    sessions = Session.objects.public().filter(pk__in=keys).select_related("event") if keys else []
    return {f"events.session:{one.pk}": _session_of(one) for one in sessions}


def _session_of(session: Session) -> Happening:
    released, event = Released(session), session.event
    timed = released if released.starts_local else event
    days, month = day_block(timed)
    is_off = released.is_cancelled or event.is_cancelled
    return Happening(
        url=session.get_absolute_url(),
        title=released.title,
        lang=event.language,
        kind=kind_of("session"),
        days=days,
        month=month,
        when=wording.when_html(timed),
        place=_("Part of: %(event)s") % {"event": event.title},
        mode=released.mode,
        mode_label=Mode(released.mode).label if released.mode else "",
        state=_("Cancelled") if is_off else "",
        summary=released.summary,
        summary_lang=event.language,
        is_example=event.is_example,
    )
