"""Interviews at the desk: times are offered by a plan that is shown before anything is made, and taken
back; each interview with its notes, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import times
from hub.guarded import posted
from hub.partners import policy
from hub.partners.desk import OwnedAdmin
from taskforce import booking, offering
from taskforce.desk_pages import ForEditors, OwnPages
from taskforce.desk_week import WithWeek
from taskforce.models import Interview, InterviewSlot
from taskforce.offering_forms import PlanForm, left_out

Status = Interview.Status


@admin.register(InterviewSlot)
class InterviewSlotAdmin(WithWeek, OwnPages, ForEditors, OwnedAdmin):
    change_form_template = "admin/taskforce/change_form.html"
    fields = ("when", "round", "interviewer", "buffer", "booked_by", "join_url")
    readonly_fields = ("when", "round", "interviewer", "buffer", "booked_by")
    list_display = ["when", "week", "round", "interviewer_name", "booked_by", "standing"]
    list_filter = [
        ("round", admin.RelatedOnlyFieldListFilter),
        ("interviewer", admin.RelatedOnlyFieldListFilter),
        "is_withdrawn",
    ]
    list_select_related = ["round", "interviewer"]
    date_hierarchy = "starts_at"
    list_per_page = 100
    ordering = ["starts_at", "pk"]
    actions = ["take_back"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        held = Interview.objects.holding().select_related(
            "participation__government", "participation__round"
        )
        of_slots = models.Prefetch("interviews", queryset=held, to_attr="holding")
        return super().get_queryset(request).prefetch_related(of_slots)

    @admin.display(description=_("time"), ordering="starts_at")
    def when(self, slot: InterviewSlot) -> str:
        end = f"{slot.ends_local:%H:%M}"
        return f"{slot.starts_local:%Y-%m-%d %H:%M}–{end} {slot.timezone}"

    @admin.display(description=_("week"), ordering="starts_at")
    def week(self, slot: InterviewSlot) -> str:
        return f"{slot.starts_local:%G-W%V}"

    @admin.display(description=_("interviewer"))
    def interviewer_name(self, slot: InterviewSlot) -> str:
        return slot.interviewer.known_as

    @admin.display(description=_("booked by"))
    def booked_by(self, slot: InterviewSlot) -> str:
        for interview in slot.holding:
            url = reverse("admin:taskforce_interview_change", args=[interview.pk])
            return format_html('<a href="{}">{}</a>', url, interview.participation)
        return "–"

    @admin.display(description=_("status"))
    def standing(self, slot: InterviewSlot) -> str:
        if slot.is_withdrawn:
            return gettext("Taken back")
        return slot.holding[0].get_status_display() if slot.holding else gettext("Free")

    # Permissions

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A time stays: it is taken back."""
        return False

    # Offering

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        """A plan; what it makes is shown first, with what cannot be and why, and made by a second
        button."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        form = PlanForm(posted(request), user=request.user)
        shown: dict[str, Any] = {"offers": [], "left_out": []}
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            try:
                is_seen = request.POST.get("shown") == form.digest
                if request.POST.get("act") == "create" and is_seen:
                    made = offering.create(said["round"], said["interviewer"], form.plan)
                    return self._made(request, made)
                shown["offers"] = offering.offers(said["round"], said["interviewer"], form.plan)
                shown |= {"left_out": left_out(form.plan), "digest": form.digest}
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
        possible = sum(offer.is_possible for offer in shown["offers"])
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Offer times for interviews"),
            "opts": self.opts,
            "form": form,
            "possible": possible,
            **shown,
        }
        return TemplateResponse(request, "admin/taskforce/offer.html", context)

    def _made(self, request: HttpRequest, made: list[InterviewSlot]) -> HttpResponse:
        for slot in made:
            self.log_addition(request, slot, [{"added": {}}])
        text = ngettext("%d time is offered.", "%d times are offered.", len(made)) % len(made)
        self.message_user(request, text, messages.SUCCESS if made else messages.WARNING)
        return redirect("admin:taskforce_interviewslot_changelist")

    # Taking back

    def get_urls(self) -> list:
        return [self.own("take-back/", self.take_back_view, "take_back"), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        slot = kwargs.get("obj")
        if slot is not None and self.has_publish_permission(request, slot):
            is_free = not slot.is_withdrawn and not slot.holding
            context["state"] = self.standing(slot)
            context["steps"] = [("take_back", _("Offer it no more"))] if is_free else []
        return super().render_change_form(request, context, *args, **kwargs)

    def take_back_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        slot = self.row_for(request, object_id)
        form = forms.Form(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                offering.take_back(slot.pk)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.log_change(request, slot, gettext("Taken back."))
                return redirect("admin:taskforce_interviewslot_changelist")
        context = {"form": form, "explained": _("Nobody can book this time any more.")}
        return self.shown(request, slot, "act", _("Offer it no more"), hidden={}, **context)

    @admin.action(description=_("Offer these times no more"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        count = 0
        for slot in policy.publishable(request.user, queryset):
            try:
                offering.take_back(slot.pk)
            except ValidationError as error:
                text = f"{slot}: {' '.join(error.messages)}"
                self.message_user(request, text, messages.WARNING)
            else:
                self.log_change(request, slot, gettext("Taken back."))
                count += 1
        text = ngettext("%d time is taken back.", "%d times are taken back.", count) % count
        self.message_user(request, text, messages.SUCCESS)


class CancelForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_("The government is told it in the letter."),
    )


@dataclass(frozen=True)
class Act:
    """What somebody at the desk does with an interview, and from which states."""

    name: str
    label: Any
    explained: Any
    do: Callable[..., Interview]
    sources: tuple[str, ...]
    form: type[forms.Form] = forms.Form


ACTS = {
    act.name: act
    for act in (
        Act(
            "agree",
            _("Agree to this time"),
            _("The government is told, with the entry for its calendar."),
            booking.agree,
            (Status.REQUESTED,),
        ),
        Act(
            "held",
            _("It has taken place"),
            _("It counts as done for the government."),
            booking.hold,
            (Status.BOOKED,),
        ),
        Act(
            "missed",
            _("Nobody came"),
            _("The government can choose another time."),
            booking.miss,
            (Status.BOOKED,),
        ),
        Act(
            "cancel",
            _("Cancel the interview"),
            _("The time is free again, and the government can choose another."),
            partial(booking.cancel, by_secretariat=True),
            (Status.REQUESTED, Status.BOOKED),
            CancelForm,
        ),
    )
}


@admin.register(Interview)
class InterviewAdmin(OwnPages, ForEditors, OwnedAdmin):
    change_form_template = "admin/taskforce/change_form.html"
    fields = ("participation", "when", "interviewer", "status", "language", "reason", "notes")
    readonly_fields = ("participation", "when", "interviewer", "status", "language", "reason")
    list_display = ["participation", "when", "interviewer", "status", "has_notes"]
    list_filter = [
        ("participation__round", admin.RelatedOnlyFieldListFilter),
        "status",
        ("slot__interviewer", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = [
        *("participation__round", "participation__government"),
        "slot__interviewer",
    ]
    list_per_page = 50
    ordering = ["-slot__starts_at", "-pk"]
    search_fields = ["participation__government__name", "participation__proposed_name"]

    @admin.display(description=_("time"), ordering="slot__starts_at")
    def when(self, interview: Interview) -> str:
        here, there = interview.slot, interview.participation.timezone
        words = str(here)
        if there == here.timezone or times.known_zone(there) is None:
            return words
        local = here.starts_at.astimezone(times.known_zone(there))
        return f"{words} ({local:%Y-%m-%d %H:%M} {there})"

    @admin.display(description=_("interviewer"))
    def interviewer(self, interview: Interview) -> str:
        return interview.slot.interviewer.known_as

    @admin.display(description=_("notes"), boolean=True)
    def has_notes(self, interview: Interview) -> bool:
        return bool(interview.notes)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Governments book."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Interview, form: Any, change: bool) -> None:
        obj.save(update_fields=["notes"])

    def get_urls(self) -> list:
        return [
            *(self.own(f"{act}/", partial(self.act_view, act=act), act) for act in ACTS),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        interview = kwargs.get("obj")
        if interview is not None and self.has_publish_permission(request, interview):
            context["state"] = interview.get_status_display()
            context["steps"] = [
                (act.name, act.label) for act in ACTS.values() if interview.status in act.sources
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def act_view(self, request: HttpRequest, object_id: str, act: str) -> HttpResponse:
        interview = self.row_for(request, object_id)
        doing = ACTS[act]
        if interview.status not in doing.sources:
            return self.back_to("change", interview)
        form = doing.form(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                doing.do(interview.pk, **form.cleaned_data)
            except Interview.DoesNotExist as error:
                raise Http404 from error
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.log_change(request, interview, str(doing.label))
                self.message_user(request, gettext("Done."), messages.SUCCESS)
                return self.back_to("change", interview)
        context = {"form": form, "explained": doing.explained, "hidden": {}}
        return self.shown(request, interview, "act", doing.label, **context)
