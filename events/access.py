"""Who may see events that are not for everybody.

Members' and invited events are found by those whom an audience names, and by nobody else: to all others
they answer 404, as what does not exist. Whoever is named is asked for at each request, so that who leaves
a group today sees its meetings no more. The public part of a page never asks who reads it, and may stay
in shared caches; as soon as somebody is asked for, the answer is theirs alone (``hub.middleware``).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Union

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import Http404, HttpRequest
from django.utils.timezone import now

from events.models import Event, Registration
from events.models.events import EventQuerySet
from hub.accounts.people import addresses_of
from hub.partners import policy
from hub.registry import Registry

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from hub.partners.models import User

Reader = Union["User", "AnonymousUser"]
NOBODY = Q(pk__in=[])
CLOSED = (Event.Audience.MEMBERS, Event.Audience.INVITED)

# Each answers which events somebody with an account is among the members of.
audiences: Registry[Callable[["User"], Q]] = Registry("an audience of events")
# Each answers which members' events they may come to, while its papers are not for them.
observers: Registry[Callable[["User"], Q]] = Registry("observers of events")


def register_audience(audience: Callable[["User"], Q]) -> Callable[["User"], Q]:
    """Let those see events that are not public for whom ``audience`` answers them; call it in
    ``AppConfig.ready()``. It is asked at each request."""
    return audiences.register(audience)


def register_observers(audience: Callable[["User"], Q]) -> Callable[["User"], Q]:
    """Let those see members' events whom ``audience`` answers them for, without what is for members
    alone: papers, minutes. Asked at each request, too."""
    return observers.register(audience)


def among_members(user: Reader) -> Q:
    """The events of which this person is one of the members, whatever their audience."""
    if not (user.is_authenticated and user.is_active):
        return NOBODY
    found = Q(pk__in=_held_by_own_organisations(user).values("pk"))
    for audience in audiences:
        found |= audience(user)
    return found


def visible_to(user: Reader) -> EventQuerySet:
    """The events that this person may read about: those that are public, those of their circles, and
    those that they are registered for."""
    shown = Event.objects.filter(status__in=Event.SHOWN, published_at__lte=now())
    if not (user.is_authenticated and user.is_active):
        return shown.filter(audience=Event.Audience.PUBLIC)
    circles = among_members(user)
    for audience in observers:
        circles |= audience(user)
    own = Q(audience=Event.Audience.MEMBERS, pk__in=_all(circles))
    invited = Q(audience__in=CLOSED, pk__in=registrations_of(user).values("event"))
    curated = Q(audience__in=CLOSED, pk__in=_curated_by(user).values("pk"))
    return shown.filter(Q(audience=Event.Audience.PUBLIC) | own | invited | curated)


def registrations_of(user: Reader) -> QuerySet[Registration]:
    """What stands under the addresses that this person has shown to be theirs, and counts."""
    if not user.is_authenticated:
        return Registration.objects.none()
    rows = Registration.objects.active().annotate(address=Lower("email"))
    return rows.filter(address__in=addresses_of(user))


def event_or_404(request: HttpRequest, slug: str, rows: EventQuerySet | None = None) -> Event:
    """The event of this address for who asks; ``rows`` says with what beside it. ``Http404`` for what
    they may not see, the same as for what is not there."""
    rows = Event.objects.all() if rows is None else rows
    public = rows.filter(slug=slug, pk__in=Event.objects.public().values("pk")).first()
    if public is not None:
        return public
    # From here on the answer depends on who asks, and no cache keeps it.
    found = rows.filter(slug=slug, pk__in=visible_to(request.user).values("pk")).first()
    if found is None:
        raise Http404
    return found


def is_member(user: Reader, event: Event) -> bool:
    """Whether what is for members of this event is for this person."""
    if not user.is_authenticated:
        return False
    own = Event.objects.filter(pk=event.pk)
    return own.filter(among_members(user)).exists() or _curated_by(user, own).exists()


def _all(condition: Q) -> EventQuerySet:
    # By key, so that joins of an audience double no rows.
    return Event.objects.filter(condition).values("pk")


def _held_by_own_organisations(user: "User") -> EventQuerySet:
    """Events of the organisations in which somebody has any role, delegates among them."""
    own = user.memberships.values("organisation")
    return Event.objects.filter(
        Q(owner__in=own) | Q(co_owners__in=own) | Q(organisers__organisation__in=own)
    )


def _curated_by(user: "User", rows: EventQuerySet | None = None) -> EventQuerySet:
    rows = Event.objects.all() if rows is None else rows
    return policy.visible(user, rows) if policy.has_desk(user) else rows.none()
