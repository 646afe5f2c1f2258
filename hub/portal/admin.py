"""The vocabulary at the desk. It stands here, not in ``vocabulary``, because who may change a term
is known to ``partners``, and whether it is in use to the catalogue."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from hub.catalogue.models import Record
from hub.partners.desk import PartInline, ReferenceAdmin
from hub.vocabulary.labels import tell_changed
from hub.vocabulary.models import Term, TermLabel


class TermLabelInline(PartInline, admin.StackedInline):
    model = TermLabel
    extra = 0


@admin.register(Term)
class TermAdmin(ReferenceAdmin):
    list_display = ["__str__", "scheme", "slug", "parent", "is_focus"]
    list_filter = ["scheme", "place_kind", "is_focus"]
    search_fields = ["slug", "labels__label", "labels__alternatives"]
    autocomplete_fields = ["parent", "related"]
    ordering = ["scheme", "slug"]
    inlines = [TermLabelInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("labels", "parent__labels")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A term in use cannot vanish."""
        if obj is not None and Record.objects.about(obj.pk).exists():
            return False
        return super().has_delete_permission(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            tell_changed([form.instance])
