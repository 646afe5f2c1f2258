"""The act of a request: whose it is, and by which name its log can be found."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hub.audit.access import route_of
from hub.audit.acts import Act, acting
from hub.zones import is_own_page

SAFE = ("GET", "HEAD", "OPTIONS")


class RequestAct(Act):
    def __init__(self, request: HttpRequest) -> None:
        super().__init__(id=request.request_id)
        self.request = request

    def description(self) -> dict[str, Any]:
        """By now, for who signs in with this request is somebody only after it."""
        # `user` is read from the session before the view: asking in the midst of a statement that
        # the session itself writes would ask forever.
        account = self.request.user.pk if self.request.resolver_match else None
        here = {"account": account, "method": self.request.method, "route": route_of(self.request)}
        return {name: value for name, value in here.items() if value} | super().description()


class Acting:
    """Has what a request changes recorded as done by it. Whoever only reads public pages passes:
    nothing is asked and nothing is set up.

    ``request.request_id`` names the request in the audit; who acted finds it in ``X-Request-ID``,
    and so does everybody whose request went wrong.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4()
        is_act = may_change(request)
        if is_act:
            with acting(RequestAct(request)):
                response = self.get_response(request)
        else:
            response = self.get_response(request)
        if is_act or response.status_code >= 500:
            response["X-Request-ID"] = str(request.request_id)
        return response

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        if may_change(request):
            _ = request.user.pk  # see RequestAct


def may_change(request: HttpRequest) -> bool:
    """Whether somebody may write by this. To read a public page is no act, whoever does it: such a
    page never looks at the session."""
    if request.method not in SAFE:
        return True
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_session and is_own_page(request.path_info)
