from django.contrib.auth import get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hub.accounts import sessions
from hub.partners.models import User


class Authentication(AuthenticationMiddleware):
    """``request.user``, as long as the session may last; looked up by whoever asks for it first."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))


def _person_of(request: HttpRequest) -> User | AnonymousUser:
    """Looking up may write: the session ends, or gets another key. Whoever asks while that is being
    written, as the audit does, is told that it is nobody yet instead of asking for ever."""
    asked, request.user = request.user, AnonymousUser()
    try:
        return sessions.keep(request, get_user(request))
    finally:
        request.user = asked
