"""Work done once before the web server's workers part, so that they share what comes of it."""

import io
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import DatabaseError, connections
from django.urls import reverse

from hub.catalogue.models import Record
from hub.vocabulary.models import Term

Application = Callable[[dict, Callable], object]


def warm_up(application: Application) -> list[int]:
    """Answer a request for each kind of page, and their statuses. What Python then has loaded,
    compiled and fitted to its use (it rewrites code that runs often) each worker would otherwise
    do in memory of its own: two of them took 160 MB, and take 120. Without a database nothing is
    done. No connection is left open, as processes cannot share one."""
    try:
        return [_status(application, address) for address in list(_addresses())]
    except DatabaseError:
        return []
    finally:
        for connection in connections.all():
            connection.close()
            if hasattr(connection, "close_pool"):
                connection.close_pool()


def _addresses() -> Iterator[str]:
    """Pages of what there is: a search that finds nothing would be noted as one."""
    yield reverse("portal:home")
    yield reverse("portal:place_list")
    yield (search := reverse("portal:search"))
    if record := Record.objects.public().newest().shown().first():
        title = next(iter(record.texts.values()))["title"]
        yield f"{search}?{urlencode({'q': ' '.join(title.split()[:3])})}"
        yield record.path
        if term := Term.objects.filter(pk__in=record.term_ids).first():
            yield term.get_absolute_url()


def _status(application: Application, address: str) -> int:
    base, parts = urlsplit(settings.BASE_URL), urlsplit(address)
    environ = {"PATH_INFO": parts.path, "QUERY_STRING": parts.query, "HTTP_HOST": base.netloc}
    environ |= {"wsgi.url_scheme": base.scheme, "HTTP_X_FORWARDED_PROTO": base.scheme}
    environ["wsgi.input"] = io.BytesIO()
    setup_testing_defaults(environ)
    said: list[str] = []
    response = application(environ, lambda status, headers, exc_info=None: said.append(status))
    try:
        for _part in response:
            pass
    finally:
        response.close()
    return int(said[0].split()[0])
