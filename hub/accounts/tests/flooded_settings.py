"""The hub's own settings over plain HTTP, with a hasher that notes each check of a password."""

import os
from collections.abc import Callable
from typing import Any

from hub.settings import *  # noqa: F403

PASSWORD_HASHERS = ["hub.accounts.tests.flooded_settings.NotingHasher"]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
MIDDLEWARE = ["hub.accounts.tests.flooded_settings.worker_in_header", *MIDDLEWARE]  # noqa: F405
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"


def worker_in_header(get_response: Callable) -> Callable:
    """Tells which process answered."""

    def answer(request: Any) -> Any:
        response = get_response(request)
        response["X-Worker"] = str(os.getpid())
        return response

    return answer


def __getattr__(name: str) -> type:
    """The hasher, made when it is asked for: Django's can only be imported once settings are read."""
    if name != "NotingHasher":
        raise AttributeError(name)
    from django.contrib.auth.hashers import MD5PasswordHasher

    class NotingHasher(MD5PasswordHasher):
        """Writes a line for each password that is checked; appended in one piece by the kernel."""

        def verify(self, password: str, encoded: str) -> bool:
            with open(os.environ["CHECKED_PASSWORDS"], "ab", buffering=0) as file:
                file.write(f"{os.getpid()} {password}\n".encode())
            return super().verify(password, encoded)

    globals()["NotingHasher"] = NotingHasher
    return NotingHasher
