"""The hub's own settings over plain HTTP, for a server whose disk is full when a request says so."""

import resource
from collections.abc import Callable
from typing import Any

from hub.settings import *  # noqa: F403

SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
REQUIRE_STAFF_MFA = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
MIDDLEWARE = ["tests.hostile_settings.short_of_room", *MIDDLEWARE]  # noqa: F405
ROOM = 1_000_000


def short_of_room(get_response: Callable) -> Callable:
    """While such a request is answered no file grows beyond ``ROOM`` bytes: writing fails as it does
    on a full disk, for whichever user the tests run, and without a disk of their own."""

    def answer(request: Any) -> Any:
        if "X-Full-Disk" not in request.headers:
            return get_response(request)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, hard))
        try:
            return get_response(request)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return answer
