"""A new event like one that was: dates shifted by whole days, on the clocks of its zone."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import publishing, times
from events.models import Appearance, Event, Session, Timed
from events.models.timed import new_uid
from events.wall_times import local_time
from hub.partners.models import Organisation
from hub.slugs import unique_slug

# Whoever asks for the same so soon has pressed the button twice.
SAME = timedelta(minutes=10)
# What a new event begins anew.
FRESH = {
    "status": Event.Status.DRAFT,
    "published_at": None,
    "cancelled_at": None,
    "unpublished_at": None,
    "released_at": None,
    "reason": "",
    "page_path": "",
    "is_example": False,
    "source_url": "",
    "sequence": 0,
    "version": 1,
}


@transaction.atomic
def clone(
    event: Event, title: str, first_day: date, *, owner: Organisation, is_shared: bool
) -> tuple[Event, bool]:
    """A draft with the description, organisers, programme and people of ``event``, all times on the
    same clocks so many days later or earlier, of ``owner``, and with the co-owners if ``is_shared``. No
    registration, letter, material or join address goes along, and nobody's consent. The same once more
    so soon is the same draft; the second value is whether it is new. ``ValidationError`` names a time
    that never comes."""
    # Of two who press at once, one waits here, and then finds the draft of the other.
    source = publishing.locked(event.pk)
    by = first_day - source.starts_local.date()
    starts = source.starts_local + by
    made_before = Event.objects.filter(
        title=title,
        starts_local=starts,
        owner=owner,
        kind=source.kind,
        status=Event.Status.DRAFT,
        created_at__gte=now() - SAME,
    ).exclude(pk=source.pk)
    if found := made_before.first():
        return found, False
    made = Event.objects.get(pk=event.pk)
    made.pk, made._state.adding = None, True
    for name, value in FRESH.items():
        setattr(made, name, value)
    made.title, made.uid, made.owner = title, new_uid(), owner
    made.slug = unique_slug(title, Event.objects.all(), otherwise=source.kind)
    made.created_at = made.updated_at = now()
    _shift(made, by)
    for name in ("opens_at", "closes_at"):
        setattr(made, name, _moved(getattr(source, name), source.timezone, by))
    made.full_clean()
    made.save()
    made.co_owners.set(source.co_owners.all() if is_shared else [])
    made.terms.set(source.terms.all())
    for organiser in source.organisers.all():
        organiser.pk, organiser._state.adding, organiser.event = None, True, made
        organiser.save()
    for session in source.sessions.filter(status=Session.Status.LIVE).prefetch_related(
        "appearances"
    ):
        _clone_session(session, made, by)
    return made, True


def _clone_session(session: Session, event: Event, by: timedelta) -> None:
    people = list(session.appearances.all())
    session = Session.objects.get(pk=session.pk)
    session.pk, session._state.adding, session.event = None, True, event
    session.uid, session.sequence, session.released = new_uid(), 0, None
    session.source_url = ""
    _shift(session, by)
    session.save()
    for one in people:
        one.pk, one._state.adding, one.session = None, True, session
        one.consent = Appearance.Consent.UNASKED
        one.save()


def _shift(row: Timed, by: timedelta) -> None:
    for name in ("starts_local", "ends_local"):
        local: datetime | None = getattr(row, name)
        setattr(row, name, local and local + by)
    row.starts_is_second = row.ends_is_second = False
    try:
        row.derive()
    except times.Skipped as error:
        text = _("A time of “%(title)s” would never come: the clocks are put forward over it.")
        raise ValidationError(text, code="skipped", params={"title": row}) from error


def _moved(moment: datetime | None, zone: str, by: timedelta) -> datetime | None:
    """The same time of day by the clocks of the zone; where that never comes, an hour later."""
    if moment is None:
        return None
    local = local_time(moment, zone) + by
    try:
        return times.moment(local, zone or "UTC")
    except times.Skipped:
        return times.moment(local + timedelta(hours=1), zone)
