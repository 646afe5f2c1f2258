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
from hub.portal.desk_terms import WithMerging
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
class TermAdmin(WithMerging, ReferenceAdmin):
    list_display = ["__str__", "scheme", "slug", "parent", "is_focus"]
    list_filter = ["scheme", "place_kind", "is_focus"]
    search_fields = ["slug", "labels__label", "labels__alternatives"]
    autocomplete_fields = ["parent", "related"]
    ordering = ["scheme", "slug"]
    inlines = [TermLabelInline, ReadFirstInline]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("labels", "parent__labels")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Looked up to be chosen, those come first that are called so: Enter takes the first."""
        found, is_double = super().get_search_results(request, queryset, search_term)
        if search_term and request.resolver_match.url_name == "autocomplete":
            found = found.called(search_term)
        return found, is_double

    def told_apart(self, term: Term) -> str:
        """What it is called in a list to choose from, where a topic and a sector may be alike."""
        what = [term.get_scheme_display(), *([str(term.parent)] if term.parent else [])]
        return f"{term} ({', '.join(what)})"

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and {"scheme", "parent"} & set(form.changed_data):
            tell_changed([form.instance])


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
