"""What all lists and objects of the API have in common: who may ask how, pages, and headers."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.functional import Promise
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from hub.catalogue import facets, kept
from hub.catalogue.api.asking import Asked, Parameter, cursor_of, expect_nothing
from hub.catalogue.api.throttle import Politely
from hub.links import absolute

ROOT = "/api/v1/"
TYPE = "application/json"
METHODS = "GET, HEAD, OPTIONS"
# Any site may read what is public to all, with nothing of the reader's.
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Retry-After",
}
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def api_url(name: str, key: object) -> str:
    """The lasting address of an object of the API."""
    return absolute(f"{ROOT}{name}/{key}/")


class JsonAlone(BaseContentNegotiation):
    """There is JSON and nothing else, so that is what everybody gets (RFC 9110, 12.5.1)."""

    def select_parser(self, request: Request, parsers: list) -> None:
        return None

    def select_renderer(self, request: Request, renderers: list, suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Reading(APIView):
    """An address of the API that one reads."""

    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]
    content_negotiation_class = JsonAlone
    throttle_classes: ClassVar[list[type]] = [Politely]

    @property
    def default_response_headers(self) -> dict[str, str]:
        return dict(OPEN_TO_ALL)

    def options(self, request: Request, *args: object, **kwargs: object) -> HttpResponse:
        response = HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
        del response["Content-Type"]
        return response

    def finalize_response(
        self, request: HttpRequest, response: HttpResponseBase, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        response = super().finalize_response(request, response, *args, **kwargs)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response["Allow"] = METHODS
        return response


class Missing(Reading):
    """What is below the API and no address of it."""

    def get(self, request: Request, rest: str = "") -> HttpResponse:
        raise Http404


@dataclass(frozen=True)
class Page:
    """Rows of a list, and the place at which the next page begins, if there is one."""

    rows: list[Any]
    next_place: Iterable[Any] | None = None


class Collection(Reading, ViewSet):
    """One kind of public thing: a list in pages, and each by its lasting id.

    ``slug`` stands in the address. ``row`` and ``whole`` declare all that is told of one in the list and
    by itself: what is not declared there is not told.
    """

    slug: ClassVar[str]
    title: ClassVar[str | Promise]
    about: ClassVar[str | Promise]
    row: ClassVar[type[Serializer]]
    whole: ClassVar[type[Serializer]]
    parameters: ClassVar[tuple[Parameter, ...]] = ()
    example: ClassVar[str] = ""  # a question with one of the parameters
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    id_schema: ClassVar[dict[str, Any]] = {"type": "integer", "minimum": 1}

    def page(self, asked: Asked) -> Page:
        """The page of rows that is asked for, of what is public."""
        raise NotImplementedError

    def one(self, id: Any) -> Any:
        """The object; ``Http404`` for what is not public, ``Gone`` for what was."""
        raise NotImplementedError

    def told(self, rows: list[Any]) -> list[Mapping[str, Any]]:
        """What the list says of each of these rows."""
        raise NotImplementedError

    def told_whole(self, one: Any) -> Mapping[str, Any]:
        """What is said of one by itself."""
        return self.told([one])[0]

    @classmethod
    def some_id(cls) -> Any:
        """The id of one that is public, for the examples; none if there is none."""
        raise NotImplementedError

    def list(self, request: Request) -> HttpResponseBase:
        asked = Asked(request.query_params, self.parameters)
        path = f"{ROOT}{self.slug}/"

        def make() -> HttpResponse:
            page = self.page(asked)
            following = None
            if page.next_place is not None:
                following = absolute(f"{path}?{asked.following(cursor_of(page.next_place))}")
            # All by one serializer: each makes copies of all its fields.
            rows = self.row(self.told(page.rows), many=True).data
            return _json({"next": following, "results": rows})

        version = facets.known().version
        response = kept.page(request._request, f"{path}?{asked.canonical}", version, make, TYPE)
        if response.status_code == HTTPStatus.OK:
            following = json.loads(response.content)["next"]
            if following:
                response["Link"] = f'<{following}>; rel="next"'
        return response

    def retrieve(self, request: Request, id: Any) -> HttpResponse:
        expect_nothing(request.query_params)
        response = _json(self.whole(self.told_whole(self.one(id))).data)
        return unless_known(request._request, response)

    @classmethod
    def api_url(cls, key: object) -> str:
        return api_url(cls.slug, key)


class Rows(Collection):
    """A collection whose list is rows of a table, the newest first."""

    @classmethod
    def public(cls) -> QuerySet:
        """All that is public, with what is told of it."""
        raise NotImplementedError

    def chosen(self, rows: QuerySet, asked: Asked) -> QuerySet:
        """Those of the rows that the parameters ask for."""
        return rows

    def page(self, asked: Asked) -> Page:
        rows = self.chosen(self.public(), asked).order_by("-pk")
        if place := asked.place(int):
            rows = rows.filter(pk__lt=place[0])
        found = list(rows[: asked.limit + 1])
        return cut(found, asked.limit, lambda one: [one.pk])

    def one(self, id: int) -> Model:
        try:
            found = self.public().filter(pk=id).first()
        except (ValidationError, OverflowError) as error:
            raise Http404 from error
        if found is None:
            raise Http404
        return found

    @classmethod
    def some_id(cls) -> Any:
        return cls.public().order_by("pk").values_list("pk", flat=True).first()


def cut(found: list[Any], limit: int, place_of: Any) -> Page:
    """The page of one row more than it shows, if there are so many: the last one shown is where the
    next page begins."""
    shown = found[:limit]
    return Page(shown, place_of(shown[-1]) if len(found) > limit else None)


def unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its ETag, or 304 for who has it already: here, so that it too is open to all."""
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _json(told: Any) -> HttpResponse:
    return HttpResponse(JSONRenderer().render(told), content_type=TYPE)
