"""Faults in words that programs can read too: problem details, RFC 9457."""

import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, MethodNotAllowed, Throttled

from hub.bounded import TookTooLong
from hub.links import absolute

TYPE = "application/problem+json"
SECONDS_AFTER_TROUBLE = 60


class NotUnderstood(APIException):
    """The question has faults, a sentence each: 400."""

    status_code = HTTPStatus.BAD_REQUEST

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.faults))


class Gone(APIException):
    """What was asked for was public once: 410, with what there is to know of it."""

    status_code = HTTPStatus.GONE

    def __init__(self, reason: str, **known: Any) -> None:
        self.known = known
        super().__init__(reason)


def answer(fault: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """What the API answers to a fault (DRF asks for it); nothing for a mistake in our own code."""
    if isinstance(fault, NotUnderstood):
        return problem(fault.status_code, str(fault.detail), errors=fault.faults)
    if isinstance(fault, Gone):
        return problem(fault.status_code, str(fault.detail), **fault.known)
    if isinstance(fault, Throttled):
        text = _("You have asked very often. Ask again in %(number)d seconds.")
        seconds = max(1, int(fault.wait or 1))
        return _later(problem(fault.status_code, text % {"number": seconds}), seconds)
    if isinstance(fault, TookTooLong):
        text = _("This question would have taken the database too long. Ask for less at once.")
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return _later(problem(status, text), SECONDS_AFTER_TROUBLE)
    if isinstance(fault, MethodNotAllowed):
        return problem(fault.status_code, _("One can only read here: by GET, HEAD or OPTIONS."))
    if isinstance(fault, APIException):
        return problem(fault.status_code, str(fault.detail))
    return _of_django(fault)


def _of_django(fault: Exception) -> HttpResponse | None:
    if isinstance(fault, Http404):
        text = _("There is nothing here that is public. Addresses end with a slash.")
        return problem(HTTPStatus.NOT_FOUND, text)
    if isinstance(fault, PermissionDenied):
        return problem(HTTPStatus.FORBIDDEN, _("This is not public."))
    if isinstance(fault, SuspiciousOperation):
        return problem(HTTPStatus.BAD_REQUEST, _("This address has more in it than we read."))
    return None


def problem(status: int, detail: str, **more: Any) -> HttpResponse:
    """An answer that says what is wrong. Its ``type`` leads to where the faults are explained."""
    told = {
        "type": absolute(f"/api/v1/#status-{int(status)}"),
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        **more,
    }
    content = json.dumps(told, ensure_ascii=False)
    return HttpResponse(content, status=status, content_type=TYPE)


def _later(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Retry-After"] = str(seconds)
    return response
