"""The page that explains the API to people, and the file that explains it to programs."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, ChoiceField, ListSerializer, Serializer

from hub.catalogue import pages
from hub.catalogue.api import throttle
from hub.catalogue.api.asking import CURSOR, LIMIT, MOST, USUAL
from hub.catalogue.api.views import ROOT, TYPE, Collection, Reading, unless_known
from hub.links import absolute
from hub.meta import Meta

# Written by ``manage.py write_openapi``, for making it needs a library that no web server has to load;
# a test says when it is out of date.
DESCRIPTION = Path(__file__).with_name("openapi.json")


class Description(Reading):
    """The API in the words of OpenAPI 3.1."""

    def get(self, request: Request) -> HttpResponse:
        response = HttpResponse(_description(), content_type=TYPE)
        return unless_known(request._request, response)


@cache
def _description() -> bytes:
    return DESCRIPTION.read_bytes()


@dataclass(frozen=True)
class Told:
    """A field of an object."""

    name: str
    about: str


@dataclass(frozen=True)
class Chapter:
    """One collection as the page explains it; ``examples`` are addresses that there are."""

    viewset: type[Collection]
    examples: list[str]
    fields: list[Told]
    more: list[Told]

    @property
    def path(self) -> str:
        return f"{ROOT}{self.viewset.slug}/"


@require_safe
@pages.of_content
def documentation(request: HttpRequest) -> HttpResponse:
    from hub.catalogue.api.router import viewsets

    about = _("All that is public here as JSON: how to ask for it, and what comes back.")
    context = {
        "meta": Meta(_("API"), request.path, description=about),
        "intro": about,
        "chapters": [chapter_of(one) for one in viewsets()],
        "shared": [LIMIT, CURSOR],
        "root": absolute(ROOT),
        "usual": USUAL,
        "most": MOST,
        "number": settings.API_IN_TEN_MINUTES,
        "minutes": int(throttle.WITHIN.total_seconds() // 60),
    }
    return render(request, "api/documentation.html", context)


def chapter_of(viewset: type[Collection]) -> Chapter:
    """What the page says of a collection, with an object that is public now."""
    path = f"{ROOT}{viewset.slug}/"
    key = viewset.some_id()
    examples = [path, f"{path}?{viewset.example}", *([f"{path}{key}/"] if key else [])]
    fields = _fields(viewset.row)
    known = {one.name for one in fields}
    more = [one for one in _fields(viewset.whole) if one.name not in known]
    return Chapter(viewset, examples, fields, more)


def _fields(serializer: type[Serializer]) -> list[Told]:
    return [Told(name, _about(field)) for name, field in serializer().fields.items()]


def _about(field: Any) -> str:
    """What a declaration says of a field; of a name that says it all, what it can be."""
    inner = field.child if isinstance(field, ListSerializer) else field
    of_object = type(inner).__doc__.strip() if isinstance(inner, BaseSerializer) else ""
    choices = ", ".join(map(str, field.choices)) if isinstance(field, ChoiceField) else ""
    return str(field.help_text or of_object or choices)
