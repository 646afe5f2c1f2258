"""The floor: a page of hits that costs what its template costs, and nothing for finding anything.

``capture`` asks a real page once, notes which template it was made with and from what, works all of
that out and keeps it as plain constants. The view ``floor`` makes the same page from them at every
request, behind the same middleware, without the database.
"""

import os
import pickle
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils.functional import Promise
from django.utils.functional import cached_property as django_cached_property
from django.views.decorators.http import require_safe

from hub.local import Refusal

ADDRESS = "/bench/floor/"
CONSTANTS = "BENCH_FLOOR"  # the variable that names the file
PROPERTIES = (property, cached_property, django_cached_property)
BUILTINS = ("True", "False", "None")
PLAIN = (str, bytes, int, float, date, type(None))


@require_safe
def floor(request: HttpRequest) -> HttpResponse:
    """The captured page, made anew."""
    with without_database():
        return constants().render(request)


@cache
def constants() -> "Constants":
    """Those that this process was started for."""
    return pickle.loads(Path(os.environ[CONSTANTS]).read_bytes())


@dataclass(frozen=True)
class Constants:
    """A page as the template it is made with and plain values."""

    path: str
    template: str
    context: dict[str, Any]

    def render(self, request: HttpRequest) -> HttpResponse:
        # The navigation marks the page that we are on by its path.
        request.path = request.path_info = self.path
        return render(request, self.template, self.context)


class Constant:
    """An object of a page with all its attributes and properties worked out."""

    def __init__(self, values: dict[str, Any], text: str) -> None:
        self.__dict__.update(values)
        self._text = text

    def __str__(self) -> str:
        return self._text


def capture(address: str) -> Constants:
    """The page at this address as constants; ``Refusal`` if they do not make the same page."""
    with renderings() as seen:
        response = _client().get(address, secure=settings.BASE_URL.startswith("https"))
    page = response.content.decode()
    whole = [one for one in seen if one.text == page]
    if response.status_code != 200 or not whole:
        raise Refusal(f"No template makes the whole page at {address}.")
    path = urlsplit(address).path
    found = Constants(path, whole[0].template, frozen(whole[0].context))
    found = pickle.loads(pickle.dumps(found))
    with without_database():
        again = found.render(_request(address)).content.decode()
    if again != page:
        raise Refusal(f"The floor is not the page at {address}: {first_difference(page, again)}")
    return found


def _client() -> Client:
    return Client(headers={"host": urlsplit(settings.BASE_URL).netloc})


def _request(address: str) -> HttpRequest:
    factory = RequestFactory(headers={"host": urlsplit(settings.BASE_URL).netloc})
    return factory.get(address)


@dataclass(frozen=True)
class Rendering:
    template: str
    context: dict[str, Any]
    text: str


@contextmanager
def renderings() -> Iterator[list[Rendering]]:
    """What templates make inside the block, from what, whichever way they are called."""
    seen: list[Rendering] = []
    original = Template.render

    def noting(template: Template, context: Context) -> str:
        # Before Django adds what its context processors know.
        given = {name: one for name, one in context.flatten().items() if name not in BUILTINS}
        text = original(template, context)
        seen.append(Rendering(template.name, given, text))
        return text

    Template.render = noting
    try:
        yield seen
    finally:
        Template.render = original


@contextmanager
def without_database() -> Iterator[None]:
    """A block in which a query is an error."""

    def refuse(execute: Callable, query: str, *_: Any) -> None:
        raise RuntimeError(f"the floor must not ask the database: {query[:100]}")

    with connection.execute_wrapper(refuse):
        yield


# By their numbers the objects worked out so far, held so that nothing else gets their number.
Seen = dict[int, tuple[Any, "Constant"]]


def frozen(value: Any, seen: Seen | None = None) -> Any:
    """The same with nothing left to work out: no lazy texts, querysets, properties or models."""
    seen = {} if seen is None else seen
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {key: frozen(one, seen) for key, one in value.items()}
    if isinstance(value, Iterable):
        return [frozen(one, seen) for one in value]
    if isinstance(value, types.FunctionType | types.MethodType | type):
        return None  # a template that calls it makes another page, and is found out
    if id(value) not in seen:
        constant = Constant({}, str(value))
        seen[id(value)] = value, constant  # at once, for what leads back to itself
        for name in _attributes(value):
            setattr(constant, name, frozen(getattr(value, name), seen))
    return seen[id(value)][1]


def _attributes(value: Any) -> list[str]:
    names = {name for name in vars(value) if not name.startswith("_")}
    if not isinstance(value, Model):  # whose properties ask the database
        names |= {name for name in dir(type(value)) if _is_property(type(value), name)}
    return sorted(names)


def _is_property(kind: type, name: str) -> bool:
    return not name.startswith("_") and isinstance(getattr(kind, name, None), PROPERTIES)


def first_difference(one: str, other: str) -> str:
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    return next((f"{a.strip()!r} / {b.strip()!r}" for a, b in lines if a != b), "its length")
