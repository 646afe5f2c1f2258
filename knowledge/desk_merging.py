"""Merging two works at the partner desk: what shall be kept of both, what will be, and then the act.
It cannot be taken back, so nothing is done that was not shown."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import truncatewords
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.partners import policy
from hub.partners.desk import OverseenAdmin
from knowledge import merging
from knowledge.desk_duplicates import WithDuplicates
from knowledge.models import Merged, Resource
from knowledge.portraits import Table, fingerprint

OURS, THEIRS = "ours", "theirs"
WORDS_SHOWN = 60  # of a long text that one may choose


class MergeForm(forms.Form):
    """Which of two answers shall be kept, for each question that both works answer otherwise."""

    # What was looked at: the works as they were, and the answers that were chosen then.
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, questions: list[merging.Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            choices = [
                (OURS, truncatewords(question.ours, WORDS_SHOWN)),
                (THEIRS, truncatewords(question.theirs, WORDS_SHOWN)),
            ]
            self.fields[question.name] = forms.ChoiceField(
                label=question.label, choices=choices, initial=OURS, widget=forms.RadioSelect
            )

    @property
    def asked(self) -> list[forms.BoundField]:
        return [field for field in self if not field.is_hidden]

    @property
    def taken(self) -> set[str]:
        """The questions whose answer is that of the work that goes."""
        answers = getattr(self, "cleaned_data", {})
        return {field.name for field in self.asked if answers.get(field.name) == THEIRS}


class WithMerging(WithDuplicates):
    """Mix it into the admin of resources."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.merge_view)
        own = path("<path:object_id>/merge/", view, name="knowledge_resource_merge")
        return [own, *super().get_urls()]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The work of the page stays, the other goes: asked, shown, and done once what is sent is
        what was shown."""
        named = request.GET.get("with", "")
        try:
            stays, goes = self._pair(request, object_id, named)
        except Http404:
            # Somebody was quicker: the same two, or one of them and a third.
            answer = self._lead_on(request, object_id) or self._lead_on(request, named)
            if answer is None:
                raise
            return answer
        if not self._may_merge(request, stays, goes):
            raise Http404
        form = MergeForm(
            request.POST if request.method == "POST" else None,
            questions=_questions(request, stays, goes),
        )
        is_sent = form.is_bound and form.is_valid()
        problem = ""
        if is_sent and "_merge" in request.POST:
            if form.cleaned_data["shown"] != _listed(form.taken):
                problem = _("You have chosen otherwise. Look at what will be, then merge.")
            else:
                try:
                    return self._merge(request, stays, goes, form)
                except ValidationError as error:
                    problem = " ".join(error.messages)
        return self._show_merge(request, stays, goes, form, problem)

    def _merge(
        self, request: HttpRequest, stays: Resource, goes: Resource, form: MergeForm
    ) -> HttpResponse:
        seen = form.cleaned_data["seen"] or "nothing"
        merged = merging.merge(stays.pk, goes.pk, taken=form.taken, seen=seen, by=request.user)
        text = _("“%(title)s” became part of this entry.") % {"title": merged}
        self.log_change(request, stays, text)
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:knowledge_resource_change", stays.pk)

    def _show_merge(
        self, request: HttpRequest, stays: Resource, goes: Resource, form: MergeForm, problem: str
    ) -> HttpResponse:
        context = {
            **self._context(request, stays, goes),
            "title": _("Merge"),
            "form": form,
            "problem": problem,
        }
        try:
            # In this order: what changes between the two is noticed.
            context["seen"] = fingerprint(stays, goes)
            lines = merging.preview(stays.pk, goes.pk, form.taken)
            heads = _("The one that stays"), _("The one that goes"), _("What will be")
            context["tables"] = [Table(_("What will be"), heads, lines, is_outcome=True)]
            context["shown"] = _listed(form.taken)
        except (ValidationError, Resource.DoesNotExist) as error:
            context["refused"] = " ".join(getattr(error, "messages", [_("It is gone.")]))
            # What readers would lose this way they would not the other way round.
            context["is_other_way"] = getattr(error, "code", "") in ("public", "seen")
        return TemplateResponse(request, "admin/knowledge/resource/merge.html", context)


def _questions(request: HttpRequest, stays: Resource, goes: Resource) -> list[merging.Question]:
    """What this person may choose: an entry is passed on by those who speak for both owners."""
    may_pass = all(policy.leads(request.user, one.owner_id) for one in (stays, goes))
    asked = merging.questions(stays, goes)
    return [one for one in asked if one.name != "owner" or may_pass]


def _listed(names: set[str]) -> str:
    return ",".join(sorted(names))


@admin.register(Merged)
class MergedAdmin(OverseenAdmin):
    """What became part of what, and both as they were: for the secretariat to look at."""

    list_display = ["title", "into", "published_at", "merged_at"]
    list_select_related = ["into"]
    list_filter = ["merged_at"]
    search_fields = ["title", "slug", "public_id"]
    date_hierarchy = "merged_at"
    fields = [
        *("title", "into", "public_id", "slug", "published_at", "merged_at"),
        *("stayed", "went"),
    ]
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("into__editions")

    @admin.display(description=gettext_lazy("the work that stayed, before"))
    def stayed(self, merged: Merged) -> SafeString:
        return _as_text(merged.before.get("stays"))

    @admin.display(description=gettext_lazy("the work that went"))
    def went(self, merged: Merged) -> SafeString:
        return _as_text(merged.before.get("goes"))


def _as_text(told: Any) -> SafeString:
    written = json.dumps(told, ensure_ascii=False, indent=2)
    return format_html('<pre class="kept-json">{}</pre>', written)
