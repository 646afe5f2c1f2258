"""What the pages of the desk about one group or one meeting share."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from hub.partners import policy


class OwnPages(admin.ModelAdmin):
    """Mix it in behind what adds pages, before ``OwnedAdmin``."""

    def own(self, route: str, view: Callable, name: str) -> URLPattern:
        """An address below that of a row."""
        names = f"{self.opts.app_label}_{self.opts.model_name}_{name}"
        return path(f"<path:object_id>/{route}", self.admin_site.admin_view(view), name=names)

    def has_publish_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if obj is None:
            return policy.publishes(request.user)
        return self._is_among(policy.publishable, request, obj)

    def row_for(self, request: HttpRequest, object_id: str) -> Any:
        """The row, for who may publish it; 404 for everybody else, as for one that is not there."""
        row = self.get_object(request, unquote(object_id))
        if row is None or not self.has_publish_permission(request, row):
            raise Http404
        return row

    def shown(
        self, request: HttpRequest, row: Model, template: str, title: Any, **context: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            **context,
        }
        return TemplateResponse(request, f"admin/taskforce/{template}.html", context)

    def back_to(self, name: str, row: Model) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", row.pk)


class ForEditors(admin.ModelAdmin):
    """Mix it in before ``OwnedAdmin`` for what governments say in confidence: authors see none of it."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not self.has_publish_permission(request, obj):
            return False
        return super().has_view_permission(request, obj)
