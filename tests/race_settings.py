"""The hub's own settings over plain HTTP, behind one proxy, for many clients at once; and the same with
the locks of seats and of rounds off, to show that the tests would notice."""

import os

from hub.settings import *  # noqa: F403

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
TRUSTED_PROXIES = 1
if "WITHOUT_LOCK" in os.environ:
    MIDDLEWARE = [*MIDDLEWARE, "tests.race_settings.without_lock"]  # noqa: F405


def without_lock(get_response):
    """Read the event, and the round, as they are, and wait for nobody."""
    from events import publishing
    from events.models import Event
    from taskforce import publishing as rounds
    from taskforce.models import Round

    publishing.locked = lambda pk: Event.objects.get(pk=pk)
    rounds.locked = lambda pk: Round.objects.get(pk=pk)
    return get_response
