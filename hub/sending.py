"""Files as browsers get them: in pieces if they ask for pieces, and never whole in memory."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Protocol
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header, parse_etags

from hub.pdftext import MIME_TYPE
from hub.uploading import INERT

PIECE = 64 * 1024
ONE_RANGE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.ASCII)
MAX_DIGITS = 18
INTERNAL = "/-/media/"  # where nginx finds MEDIA_ROOT, for itself alone


class File(Protocol):
    """What is sent: ``name`` is another one for each content, ``path`` where it is stored."""

    name: str
    path: str
    download_name: str


def answer(
    request: HttpRequest, file: File, mime_type: str = MIME_TYPE, **cache: object
) -> HttpResponseBase:
    """The file for this browser, all of it or the one range that it asks for; with ``cache`` as its
    ``Cache-Control``. ``Http404`` if it is lost."""
    etag = f'"{file.name}"'
    if _has(request, "HTTP_IF_NONE_MATCH", etag):
        response = HttpResponse(status=304)
    else:
        hand_over = HANDING_OVER.get(settings.FILES_SENT_BY)
        response = hand_over(file) if hand_over else _content(request, file, etag)
        response["Content-Type"] = mime_type
        response["Content-Disposition"] = content_disposition_header(False, file.download_name)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    response["Content-Security-Policy"] = INERT
    if response.status_code == 416:
        cache = {"no_store": True}
    patch_cache_control(response, **cache)
    return response


def whole(path: str, name: str) -> HttpResponseBase:
    """A stored PDF to be saved under this name, kept by no cache; ``Http404`` if it is lost."""
    try:
        stored = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stored, as_attachment=True, filename=name, content_type=MIME_TYPE)
    patch_cache_control(response, private=True, no_store=True)
    return response


def begins(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether this is the file from its first byte on: not a further piece of it, nor the word that
    a browser has it already."""
    if settings.FILES_SENT_BY and response.status_code == 200:
        found = ONE_RANGE.fullmatch(request.META.get("HTTP_RANGE", ""))
        return found is None or (found[1] != "" and not found[1].strip("0"))
    if response.status_code == 206:
        return response["Content-Range"].startswith("bytes 0-")
    return response.status_code == 200


def _content(request: HttpRequest, file: File, etag: str) -> HttpResponseBase:
    try:
        stored = default_storage.open(file.path)
    except FileNotFoundError as error:
        raise Http404 from error
    size = stored.size
    try:
        wanted = _range(request, etag, size)
    except ValueError:
        stored.close()
        response = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{size}"
        return response
    start, end = wanted or (0, size)
    response = StreamingHttpResponse(_Slice(stored, start, end))
    response["Content-Length"] = end - start
    if wanted:
        response.status_code = 206
        response["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _by_nginx(file: File) -> HttpResponse:
    return HttpResponse(headers={"X-Accel-Redirect": f"{INTERNAL}{quote(_there(file))}"})


def _by_sendfile(file: File) -> HttpResponse:
    return HttpResponse(headers={"X-Sendfile": default_storage.path(_there(file))})


def _there(file: File) -> str:
    if not default_storage.exists(file.path):
        raise Http404
    return file.path


# Who sends a file in the hub's place, once the hub has said that it may be sent. Of ranges and
# lengths they know.
HANDING_OVER = {"nginx": _by_nginx, "sendfile": _by_sendfile}


def _range(request: HttpRequest, etag: str, size: int) -> tuple[int, int] | None:
    """Where the wanted piece begins and ends; nothing for the whole file, also where several pieces
    are asked for or what is asked cannot be understood. ``ValueError`` if there is no such piece."""
    # Further in, a HEAD is a GET; but of ranges only a GET may speak.
    if request.META["REQUEST_METHOD"] != "GET":
        return None
    if "HTTP_IF_RANGE" in request.META and request.META["HTTP_IF_RANGE"].strip() != etag:
        return None
    found = ONE_RANGE.fullmatch(request.META.get("HTTP_RANGE", ""))
    if found is None or max(map(len, found.groups())) > MAX_DIGITS:
        return None
    first, last = (int(number) if number else None for number in found.groups())
    if first is None:
        if last is None:
            return None
        if last == 0:
            raise ValueError
        return max(size - last, 0), size
    if last is not None and last < first:
        return None
    if first >= size:
        raise ValueError
    return first, size if last is None else min(last + 1, size)


def _has(request: HttpRequest, header: str, etag: str) -> bool:
    named = parse_etags(request.META.get(header, ""))
    return "*" in named or etag in {name.removeprefix("W/") for name in named}


class _Slice:
    """A stretch of an open file, piece by piece. Closed with the answer, though nobody reads it."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._left = file, end - start
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(PIECE, self._left)) if self._left else b""
        if not piece:
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()
