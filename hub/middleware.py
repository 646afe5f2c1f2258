"""What every answer gets: its language, how long caches may keep it, and errors in words."""

from collections.abc import Callable
from http import HTTPStatus
from math import ceil

from compression_middleware.middleware import CompressionMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers

from hub.bounded import TookTooLong
from hub.limits import Exceeded

GetResponse = Callable[[HttpRequest], HttpResponse]

# Long enough to carry a rush of readers, short enough that a withdrawn page is gone in a minute.
SHARED_SECONDS = 60
CACHED = (200, 301, 302, 304, 410)


class PathLanguage:
    """The language is what the path begins with, or English. Unlike Django's own middleware it
    never looks at ``Accept-Language``, so a page is the same for everybody and can be cached."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class PublicCache:
    """Shared caches may keep what is the same for everybody; what depends on a session or sets a
    cookie nobody keeps."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.has_header("Cache-Control"):
            return response
        if is_personal(response):
            patch_cache_control(response, private=True, no_store=True)
        elif request.method in ("GET", "HEAD") and response.status_code in CACHED:
            patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
            # For the 304, whose empty body the compression passes over.
            patch_vary_headers(response, ["Accept-Encoding"])
        else:
            patch_cache_control(response, no_store=True)
        return response


def is_personal(response: HttpResponse) -> bool:
    """Whether the session or a cookie had a part in this answer."""
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    return bool(response.cookies) or "cookie" in vary


class Compression(CompressionMiddleware):
    """Makes answers small on their way out, but for pictures and files, which are as small as they
    get; and of a file one may ask for a part."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.get("Content-Type", "").startswith(("image/", "application/pdf")):
            return response
        return super().process_response(request, response)


class SaveData:
    """``request.is_lean`` says that the reader asked for less: no webfonts, no pictures that only
    please. Browsers send ``Save-Data: on`` where people have switched it on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_lean = request.headers.get("Save-Data", "").strip().lower() == "on"
        response = self.get_response(request)
        # For the 304 too: it stands for a page as well as for anything else.
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page or response.status_code == HTTPStatus.NOT_MODIFIED:
            patch_vary_headers(response, ["Save-Data"])
        return response


class HeadWithoutBody:
    """To HEAD the headers of GET are answered, its length and ETag among them, and nothing else.

    Further in a HEAD is a GET, so that nothing there can tell them apart."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return self.get_response(request)
        request.method = "GET"
        response = self.get_response(request)
        request.method = "HEAD"
        if response.streaming:
            response.streaming_content = ()
        else:
            response.content = b""
        return response


class ErrorsInWords:
    """A wrong method answers with a page, as the other errors do; Django leaves it empty. So does
    a question that would have held the database up, and what is done too often."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, TookTooLong):
            return _later(render(request, "503.html", status=503), 60)
        if isinstance(exception, Exceeded):
            minutes = {"minutes": ceil(exception.seconds / 60)}
            page = render(request, exception.page, minutes, status=429)
            return _later(page, exception.seconds)
        return None


def _later(page: HttpResponse, seconds: int) -> HttpResponse:
    page["Retry-After"] = str(seconds)
    return page
