"""The way into an online meeting, shown to those alone who have a seat, from a set time on.

The address lies in ``JoinAddress`` and nowhere else. Readers get a link of this site that is theirs:
``/join/<secret>/``. We keep the secret's hash alone. It is made from the site's key, so that every letter
and the page can name the same one, and from the version of the row's links, by which it is revoked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.timezone import now

from events.kinds import Mode
from events.models import Event, JoinAddress, Registration, Session, SessionSeat
from hub.links import absolute

# Who comes late still finds in; then the door is shut.
OPEN_AFTER = timedelta(hours=1)
# Where no end is known.
LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Door:
    """A way in, as its reader may see it now: ``url`` is empty before it opens and once it is shut."""

    of: Event | Session
    opens_at: datetime
    shuts_at: datetime
    url: str = ""

    @property
    def is_over(self) -> bool:
        return self.shuts_at <= now()


def link_of(registration: Registration) -> str:
    """The full address by which this person joins; empty where there is nothing to join for them."""
    if not may_join(registration) or not _addresses(registration):
        return ""
    secret = _secret_of(registration)
    return absolute(reverse("registration:join", args=[secret])) if secret else ""


def may_join(registration: Registration) -> bool:
    """Whether this person is sure to come and takes part online."""
    event = registration.event
    return (
        registration.is_coming
        and registration.mode == Mode.ONLINE
        and event.status == Event.Status.PUBLISHED
    )


def find(secret: str) -> Registration | None:
    """Whose link this is, if it still lets in; ``None`` for any other."""
    rows = Registration.objects.coming().select_related("event")
    found = rows.filter(join_hash=_hashed(secret)).first()
    return found if found and may_join(found) else None


def doors_of(registration: Registration) -> list[Door]:
    """The ways in that this person has: of the event and of the sessions that have one of their own."""
    if not may_join(registration):
        return []
    return [_door(address) for address in _addresses(registration)]


def _door(address: JoinAddress) -> Door:
    timed = address.event or address.session
    opens = timed.starts_at - timedelta(minutes=address.opens_minutes)
    shuts = (timed.ends_at or timed.starts_at + LONGEST) + OPEN_AFTER
    is_open = opens <= now() < shuts
    return Door(timed, opens, shuts, address.url if is_open else "")


def _addresses(registration: Registration) -> list[JoinAddress]:
    """Of the event, and of its live sessions: those of limited size for who has a seat there."""
    event = registration.event
    found = list(JoinAddress.objects.filter(event=event).select_related("event"))
    live = JoinAddress.objects.filter(
        session__event=event,
        session__status=Session.Status.LIVE,
        session__starts_at__isnull=False,
    ).select_related("session", "session__event")
    taken = registration.session_seats.filter(status=SessionSeat.Status.CONFIRMED)
    seats = set(taken.values_list("session", flat=True))
    sessions = [one for one in live if one.session.capacity is None or one.session_id in seats]
    return [*found, *sorted(sessions, key=lambda one: one.session.starts_at)]


def revoke(registration: Registration) -> None:
    """Make every link that this person has worthless: to join, and to their registration. They are
    given new ones by the next letter."""
    Registration.objects.filter(pk=registration.pk).update(
        link_version=F("link_version") + 1, join_hash=None
    )
    registration.refresh_from_db(fields=["link_version", "join_hash"])


def issue(registration: Registration) -> None:
    """Let the row's own secret in; where the site's key has changed, letters of before end here."""
    hashed = _hashed(_made(registration, settings.SECRET_KEY))
    if registration.join_hash != hashed:
        registration.join_hash = hashed
        registration.save(update_fields=["join_hash"])


def _secret_of(registration: Registration) -> str:
    """The secret that the kept hash is of, by whichever of our keys it was made."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        secret = _made(registration, key)
        if constant_time_compare(_hashed(secret), registration.join_hash or ""):
            return secret
    return ""


def _made(registration: Registration, key: str) -> str:
    value = f"{registration.pk}:{registration.link_version}"
    return salted_hmac("events.joining", value, secret=key, algorithm="sha256").hexdigest()


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
