"""How long a session lasts: 12 hours from the sign-in, and for staff not past an idle hour.

Judged when somebody asks who the person is, and at no other time: a public page, which is the same for
everybody, never looks at the session.
"""

import time
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from hub.partners.models import User

WHOLE = timedelta(hours=12)
IDLE_AT_THE_DESK = timedelta(hours=1)
# Not noted more often than this, so that reading writes nothing.
NOTED_EVERY = timedelta(minutes=1)

SIGNED_IN, SEEN = "signed_in_at", "seen_at"


def begin(session: SessionBase) -> None:
    """Note that somebody has just signed in."""
    session[SIGNED_IN] = session[SEEN] = int(time.time())


def is_younger(session: SessionBase, age: timedelta) -> bool:
    """Whether somebody signed in less than this long ago."""
    return time.time() - session.get(SIGNED_IN, 0) < age.total_seconds()


def is_over(session: SessionBase, user: User) -> bool:
    age = timedelta(seconds=time.time() - session[SIGNED_IN])
    idle = timedelta(seconds=time.time() - session[SEEN])
    return age > WHOLE or (idle > IDLE_AT_THE_DESK and user.is_staff)


def keep(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    """The person of this session, or nobody if it has lasted too long, which ends it."""
    if not user.is_authenticated:
        return user
    session = request.session
    if SIGNED_IN not in session:
        begin(session)
    elif is_over(session, user):
        session.flush()  # what Django's logout does; that would ask here again who it is
        return AnonymousUser()
    elif time.time() - session[SEEN] > NOTED_EVERY.total_seconds():
        session[SEEN] = int(time.time())
        rows = UserSession.objects.filter(session_key=session.session_key)
        rows.update(last_seen_at=timezone.now())
    return user


def end_all(user: User) -> None:
    """Sign this person out everywhere."""
    for row in UserSession.objects.filter(user=user):
        row.end()
