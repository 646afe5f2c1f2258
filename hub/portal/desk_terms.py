"""Care for the vocabulary at the desk: what uses a term, and merging two into one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.audit import because
from hub.languages import language_name
from hub.vocabulary import merging
from hub.vocabulary.labels import labels_in
from hub.vocabulary.models import Term
from hub.vocabulary.uses import Use, uses_of


class MergeForm(forms.Form):
    """Which term of the same scheme stays."""

    into = forms.TypedChoiceField(label=_("The term that stays"), coerce=int)

    def __init__(self, *args: Any, term: Term, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = labels_in(term.scheme, "en")
        named = [
            (pk, f"{label.label} ({labels[above].label})" if above in labels else label.label)
            for pk, label in labels.items()
            for above in [label.parent_id]
            if pk != term.pk
        ]
        self.fields["into"].choices = [("", "---------"), *named]


class WithMerging(admin.ModelAdmin):
    """Mix it into the admin of terms."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.merge_view)
        return [
            path("<path:object_id>/merge/", view, name="vocabulary_term_merge"),
            *super().get_urls(),
        ]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask which term stays, show what that touches, and do it once that is confirmed."""
        term = self.get_object(request, object_id)
        if term is None or not self.has_change_permission(request, term):
            raise Http404
        form = MergeForm(request.POST if request.method == "POST" else None, term=term)
        shown = None
        if form.is_valid():
            stays = Term.objects.get(pk=form.cleaned_data["into"])
            try:
                if request.POST.get("confirmed"):
                    return self._merge(request, term, stays)
                shown = merging.preview(term, stays)
            except ValidationError as error:
                form.add_error("into", error)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Merge into another term"),
            "subtitle": str(term),
            "opts": self.opts,
            "original": term,
            "form": form,
            "preview": shown,
        }
        if shown:
            context["uses"] = [self.told(request, use, term) for use in shown.uses]
            context["gained"] = [(language_name(g.language, "en"), g) for g in shown.gained]
        return TemplateResponse(request, "admin/vocabulary/term/merge.html", context)

    def _merge(self, request: HttpRequest, gone: Term, stays: Term) -> HttpResponse:
        names = {"gone": str(gone), "stays": str(stays)}
        text = gettext("“%(gone)s” was merged into “%(stays)s”.") % names
        because(text)
        stays = merging.merge(gone, stays)
        self.log_change(request, stays, text)
        words = gettext("Works that bear it are renewed in the next minutes.")
        self.message_user(request, f"{text} {words}", messages.SUCCESS)
        return redirect("admin:vocabulary_term_change", stays.pk)

    # What uses a term

    def told(self, request: HttpRequest, use: Use, term: Term) -> SafeString | str:
        """ "3 resources", with the list of them where the desk has one."""
        if use.field is None:  # no list of the desk is filtered by it
            return str(use)
        lookup = f"{use.field.name}__id__exact"
        owner = self.admin_site._registry.get(use.model)
        if owner is None or not owner.lookup_allowed(lookup, str(term.pk), request):
            return str(use)
        names = use.model._meta
        address = reverse(f"admin:{names.app_label}_{names.model_name}_changelist")
        return format_html('<a href="{}?{}={}">{}</a>', address, lookup, term.pk, use)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        """With what uses the terms among what keeps them from being deleted."""
        deleted, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        used = [
            format_html("{}: {}", term, self.told(request, use, term))
            for term in objs
            for use in uses_of(term)
        ]
        return deleted, counts, forbidden, used or protected

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if term := kwargs.get("obj"):
            context["uses"] = [self.told(request, use, term) for use in uses_of(term)]
        return super().render_change_form(request, context, *args, **kwargs)
