"""Asking the hub itself for a page, in this process and without a network."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http.response import HttpResponseBase

# What reads for a copy is no reader, and is not counted as one.
AGENT = "JustTransitionHub-copy/1.0 (robot)"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def is_page(self) -> bool:
        return self.kind == "text/html"

    @property
    def is_for_all(self) -> bool:
        """Whether it is the same for everybody: no page of one's own, and no form to be sent."""
        cached = self.headers.get("cache-control", "")
        return self.status == 200 and "private" not in cached and "no-store" not in cached


class Hub:
    """The hub as this process has it."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()

    def ask(self, path: str) -> Answer:
        """What a visitor who has no account and no script is answered to this path."""
        response = self._handler.get_response(WSGIRequest(_environment(path)))
        try:
            content = b"".join(response)
        finally:
            _close(response)
        headers = {name.lower(): value for name, value in response.items()}
        return Answer(response.status_code, headers, content)


def _close(response: HttpResponseBase) -> None:
    """Close the files of an answer. A server would let go of the database with it; this process goes
    on asking, perhaps within a transaction."""
    request_finished.disconnect(close_old_connections)
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)


def _environment(path: str) -> dict[str, Any]:
    """A request by the standard of WSGI (PEP 3333)."""
    base, asked = urlsplit(settings.BASE_URL), urlsplit(path)
    is_secure = base.scheme == "https"
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(asked.path).decode("latin-1"),
        "QUERY_STRING": asked.query,
        "SERVER_NAME": base.hostname,
        "SERVER_PORT": str(base.port or (443 if is_secure else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": base.netloc,
        "HTTP_USER_AGENT": AGENT,
        "HTTP_X_FORWARDED_PROTO": base.scheme,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": base.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
