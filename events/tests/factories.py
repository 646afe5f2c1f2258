"""Plain makers of what tests of events need."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.utils.timezone import now

from events.kinds import EventKind, Mode, Role
from events.models import Appearance, Event, Material, Registration, Session
from hub.partners.models import Organisation

numbers = count(1)


def make_event(**fields: Any) -> Event:
    """An announced webinar in a month, open for registration, of the editorial desk."""
    number = next(numbers)
    start = (now() + timedelta(days=30)).replace(hour=14, minute=0, second=0, microsecond=0)
    defaults: dict[str, Any] = {
        "slug": f"event-{number}",
        "title": f"Event {number}",
        "kind": EventKind.WEBINAR,
        "mode": Mode.ONLINE,
        "status": Event.Status.PUBLISHED,
        "published_at": now() - timedelta(days=1),
        "registration": Event.Signup.OPEN,
        "starts_local": start.replace(tzinfo=None),
        "ends_local": (start + timedelta(hours=2)).replace(tzinfo=None),
        "timezone": "Europe/Brussels",
    }
    if "owner" not in fields:
        defaults["owner"] = Organisation.objects.desk()
    event = Event(**defaults | fields)
    event.full_clean(validate_unique=False)
    event.save()
    return event


def make_session(event: Event, **fields: Any) -> Session:
    """A panel of an hour and a half at the event's start, not released."""
    number = next(numbers)
    defaults: dict[str, Any] = {
        "slug": f"session-{number}",
        "title": f"Session {number}",
        "starts_local": event.starts_local,
        "ends_local": event.starts_local + timedelta(minutes=90),
        "timezone": event.timezone,
    }
    session = Session(event=event, **defaults | fields)
    session.full_clean(validate_unique=False)
    session.save()
    return session


def make_appearance(session: Session, name: str = "Ana Ruiz", **fields: Any) -> Appearance:
    return Appearance.objects.create(
        **{"session": session, "name": name, "role": Role.PANELLIST} | fields
    )


def make_material(event: Event, title: str = "Slides of Ana", **fields: Any) -> Material:
    """Slides for all at an address of their own."""
    if "resource" not in fields:
        fields.setdefault("url", f"https://video.example.org/{title.replace(' ', '-')}")
    fields = {"kind": Material.Kind.SLIDES} | fields
    material = Material(event=event, title=title, **fields)
    material.full_clean()
    material.save()
    return material


def make_registration(event: Event, email: str = "", **fields: Any) -> Registration:
    """A row as it stands, past all rules of seats: one with a seat and a confirmed address."""
    number = next(numbers)
    defaults: dict[str, Any] = {
        "email": email or f"guest{number}@example.org",
        "name": f"Guest {number}",
        "mode": event.seat_modes[0],
        "status": Registration.Status.CONFIRMED,
        "email_confirmed_at": now(),
    }
    return Registration.objects.create(event=event, **defaults | fields)


def local(text: str) -> datetime:
    """A wall time, as in ``local("2022-10-24 14:30")``."""
    return datetime.fromisoformat(text)
