"""What visitors send with a file: refused before anything reads it where it is too large or too much.

Reading ten megabytes keeps a thread, opening them a core, so a few clients that send one file after the
other would keep all readers waiting. What a request declares of itself is known before.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from hub import limits
from hub.clients import client_of
from hub.limits import Limit

# What is larger than the largest file by so much cannot be meant, and is not even read.
MOST_SENT = 60 * 1024 * 1024
# The words of a whole form are far below.
SURELY_A_FILE = 512 * 1024
PAGE = "contributions/too_many_files.html"
FROM_CLIENT = Limit("contributed files from", 10, timedelta(days=1), PAGE)
# Whoever chose the wrong file or forgot a field sends it again at once, but not much more often.
IN_A_ROW = Limit("contributed files in a row from", 4, timedelta(minutes=2), PAGE)
# Half the threads of a worker (gunicorn.conf.py): the others stay free for readers.
in_hand = BoundedSemaphore(2)
SECONDS_BUSY = 30


def bounded_body(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse what is far too large, and files that are too many, before anything reads them: even
    asking for the token of the form would."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if _declared(request) > MOST_SENT:
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return render(request, "contributions/too_large.html", status=status)
        if not _is_surely_a_file(request):
            return protected(request, *args, **kwargs)
        _count(request)
        if not in_hand.acquire(blocking=False):
            page = render(request, PAGE, status=HTTPStatus.SERVICE_UNAVAILABLE)
            page["Retry-After"] = str(SECONDS_BUSY)
            return page
        try:
            return protected(request, *args, **kwargs)
        finally:
            in_hand.release()

    return guarded


def count_small(request: HttpRequest) -> None:
    """Count the file of a form that could have been one of words alone; ``limits.Exceeded`` if there
    are too many. Larger ones were counted before they were read."""
    if request.FILES and not _is_surely_a_file(request):
        _count(request)


def _count(request: HttpRequest) -> None:
    if client := client_of(request):
        limits.require(IN_A_ROW, client)
        limits.require(FROM_CLIENT, client)


def _is_surely_a_file(request: HttpRequest) -> bool:
    return _declared(request) > SURELY_A_FILE


def _declared(request: HttpRequest) -> int:
    """How long the request says that it is, in bytes."""
    declared = request.META.get("CONTENT_LENGTH", "")
    return int(declared) if declared.isdecimal() else 0
