"""Somebody's own calendar: an address that only they know, with what they take part in."""

import secrets
from collections.abc import Callable, Iterable
from hashlib import sha256

from hub.members.models import CalendarFeed
from hub.notices.calendar import Invitation
from hub.partners.models import User
from hub.registry import Registry

# Each answers what an app has for one person: registrations, meetings.
sources: Registry[Callable[[User], Iterable[Invitation]]] = Registry("a source of calendars")


def renew(user: User) -> str:
    """A new secret for this person's calendar, told this once: we keep its hash. The address that
    they had before is worthless from now on."""
    secret = secrets.token_urlsafe(24)
    CalendarFeed.objects.update_or_create(user=user, defaults={"secret_hash": _hashed(secret)})
    return secret


def owner_of(secret: str) -> User | None:
    """Whose calendar it is; ``None`` for no one's, or of an account that is closed."""
    feeds = CalendarFeed.objects.filter(secret_hash=_hashed(secret), user__is_active=True)
    feed = feeds.select_related("user").first()
    return feed and feed.user


def entries_of(user: User) -> list[Invitation]:
    return [entry for source in sources for entry in source(user)]


def _hashed(secret: str) -> str:
    # Random and long, so that a plain hash is enough.
    return sha256(secret.encode()).hexdigest()
