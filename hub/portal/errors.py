"""Errors as pages. None of them asks the database, the session or the host, which may be at fault."""

from django.http import HttpRequest, HttpResponse
from django.template import loader


def _page(status: int) -> HttpResponse:
    return HttpResponse(loader.get_template(f"{status}.html").render(), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(500)
