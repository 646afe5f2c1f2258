"""The addresses of the API: of what each app has in its ``api``, as settings name them."""

from django.conf import settings
from django.urls import path, register_converter
from django.urls.converters import StringConverter
from django.utils.module_loading import import_string
from rest_framework.routers import SimpleRouter

from hub.catalogue.api import page
from hub.catalogue.api.views import Collection, Missing


class Anything(StringConverter):
    """The rest of an address, line breaks and all."""

    regex = "(?s:.+)"


def viewsets() -> list[type[Collection]]:
    """All collections, in the order of settings."""
    return [one for name in settings.API for one in import_string(f"{name}.VIEWSETS")]


def _router() -> SimpleRouter:
    router = SimpleRouter(use_regex_path=False)
    for viewset in viewsets():
        router.register(viewset.slug, viewset, basename=viewset.slug)
    return router


register_converter(Anything, "anything")
app_name = "api"
urlpatterns = [
    path("", page.documentation, name="documentation"),
    path("openapi.json", page.Description.as_view(), name="openapi"),
    *_router().urls,
    path("<anything:rest>", Missing.as_view()),
]
