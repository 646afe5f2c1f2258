"""The API in the words of OpenAPI 3.1, from what its collections declare (drf-spectacular).

Only ``manage.py write_openapi`` and the tests load this."""

import json
from typing import Any

from django.urls import path
from django.utils.translation import override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import spectacular_settings
from rest_framework.routers import SimpleRouter

from hub.catalogue.api.asking import CURSOR, LIMIT, MOST, USUAL, Parameter
from hub.catalogue.api.problems import TYPE as PROBLEM
from hub.catalogue.api.router import viewsets
from hub.catalogue.api.views import ROOT, TYPE, Collection

FAULTS = {
    "list": {"400": "The question was not understood.", "503": "It took too long."},
    "retrieve": {
        "400": "There are parameters, which an object has not.",
        "404": "It is not public, or not there.",
        "410": "It was public once.",
    },
}
TOO_OFTEN = {"429": "Asked too often."}
PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in words."},
        "errors": {"type": "array", "items": {"type": "string"}},
        "replaced_by": {"type": "string", "format": "uri"},
    },
    "required": ["type", "title", "status", "detail"],
}
ABOUT = (
    "Everything public of the Just Transition Hub, to read. No key is needed. Ask politely: who asks "
    "too often gets 429 with Retry-After."
)


class Schema(AutoSchema):
    """One operation of a collection."""

    view: Collection

    def get_operation_id(self) -> str:
        return f"{self.view.slug}_{self.view.action}"

    def get_tags(self) -> list[str]:
        return [self.view.slug]

    def get_summary(self) -> str:
        title = str(self.view.title)
        return title if self.view.action == "list" else f"{title}: one of them"

    def get_description(self) -> str:
        return str(self.view.about)

    def get_auth(self) -> list:
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        if self.view.action == "list":
            return [_parameter(one) for one in (*self.view.parameters, LIMIT, CURSOR)]
        return [{"name": "id", "in": "path", "required": True, "schema": self.view.id_schema}]

    def get_request_serializer(self) -> None:
        return None

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        is_list = self.view.action == "list"
        serializer = self.view.row if is_list else self.view.whole
        ref = self.resolve_serializer(serializer, direction).ref
        faults = {**FAULTS[self.view.action], **TOO_OFTEN}
        etag = {"ETag": {"schema": {"type": "string"}, "description": "For If-None-Match."}}
        link = {"Link": {"schema": {"type": "string"}, "description": "The next page, if any."}}
        answer = {
            "description": "A page of the list." if is_list else "The object.",
            "headers": {**etag, **(link if is_list else {})},
            "content": {TYPE: {"schema": _page_of(ref) if is_list else ref}},
        }
        return {
            "200": answer,
            "304": {"description": "As you have it."},
            **{status: _fault(status, text) for status, text in sorted(faults.items())},
        }


def _page_of(ref: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["next", "results"],
        "properties": {
            "next": {
                "type": ["string", "null"],
                "format": "uri",
                "description": "The address of the next page.",
            },
            "results": {"type": "array", "items": ref, "maxItems": MOST},
        },
    }


def _fault(status: str, text: str) -> dict[str, Any]:
    later = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    answer = {
        "description": text,
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {**answer, "headers": later} if status in ("429", "503") else answer


def _parameter(one: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": one.kind}
    if one is LIMIT:
        schema |= {"minimum": 1, "maximum": MOST, "default": USUAL}
    elif one.values:
        schema["enum"] = list(one.values())
    else:
        schema["minLength"] = 1
    if one.pattern:
        schema["pattern"] = f"^{one.pattern}$"
    if one.is_many:
        schema = {"type": "array", "items": schema, "minItems": 1}
    told = {"name": one.name, "in": "query", "description": str(one.description)}
    told |= {"schema": schema}
    if one.is_many:
        told |= {"style": "form", "explode": True}
    return told


def description() -> dict[str, Any]:
    """The whole description. Addresses in it are relative, so that it holds wherever a hub is."""
    router = SimpleRouter(use_regex_path=False)
    for viewset in viewsets():
        described = type(viewset.__name__, (viewset,), {"schema": Schema(), "__doc__": ""})
        router.register(viewset.slug, described, basename=viewset.slug)
    patterns = [path(f"{ROOT.lstrip('/')}{one.pattern}", one.callback) for one in router.urls]
    spectacular_settings.apply_patches(
        {"OAS_VERSION": "3.1.0", "COMPONENT_SPLIT_REQUEST": False, "POSTPROCESSING_HOOKS": []}
    )
    try:
        with override("en"):
            found = SchemaGenerator(patterns=patterns).get_schema(request=None, public=True)
    finally:
        spectacular_settings.clear_patches()
    found["info"] = {"title": "Just Transition Hub", "version": "1.0.0", "description": ABOUT}
    found["servers"] = [{"url": "/"}]
    found["components"].setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    return found


def as_text() -> str:
    return json.dumps(description(), ensure_ascii=False, indent=1, default=str) + "\n"
