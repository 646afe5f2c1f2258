"""The vocabulary at the desk, and what the secretariat sets on the hub's own pages. The vocabulary
stands here, not in its own app, because who may change a term is known to ``partners``."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hub.partners.desk import PartInline, ReferenceAdmin
from hub.portal.forms import ReadFirstForm
from hub.portal.models import Quote, ReadFirst
from hub.vocabulary.labels import tell_changed
from hub.vocabulary.models import Term, TermLabel


class TermLabelForm(forms.ModelForm):
    # One a line, for a comma may stand inside one.
    alternatives = SimpleArrayField(
        forms.CharField(max_length=120),
        delimiter="\n",
        label=_("Other words for it"),
        help_text=_("Synonyms and abbreviations, one a line. Search finds them too."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = TermLabel
        fields = ["language", "label", "alternatives", "description"]
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class TermLabelInline(PartInline, admin.StackedInline):
    model = TermLabel
    form = TermLabelForm
    extra = 0


class ReadFirstInline(PartInline, admin.StackedInline):
    model = ReadFirst
    form = ReadFirstForm
    extra = 0
    fields = [("record", "position")]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related("record").defer("record__vector")


@admin.register(Term)
class TermAdmin(ReferenceAdmin):
    list_display = ["__str__", "scheme", "slug", "parent", "is_focus"]
    list_filter = ["scheme", "place_kind", "is_focus"]
    search_fields = ["slug", "labels__label", "labels__alternatives"]
    autocomplete_fields = ["parent", "related"]
    ordering = ["scheme", "slug"]
    inlines = [TermLabelInline, ReadFirstInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("labels", "parent__labels")

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """A term in use cannot vanish, be it by a draft that nobody has seen."""
        if obj is not None and _is_in_use(obj):
            return False
        return super().has_delete_permission(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and {"scheme", "parent"} & set(form.changed_data):
            tell_changed([form.instance])


def _is_in_use(term: Term) -> bool:
    """Whether any row of any app refers to the term, its own parts aside."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: term.pk}).exists()
        for relation in Term._meta.related_objects
        if relation.related_model not in (TermLabel, ReadFirst)
    )


class QuoteForm(forms.ModelForm):
    class Meta:
        model = Quote
        fields = "__all__"
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}


@admin.register(Quote)
class QuoteAdmin(ReferenceAdmin):
    form = QuoteForm
    list_display = ["person", "organisation", "is_verbatim", "position"]
    list_filter = ["is_verbatim"]
    list_select_related = ["organisation"]
    search_fields = ["person", "words"]
    autocomplete_fields = ["organisation"]
