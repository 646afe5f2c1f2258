"""Meetings at the desk: made with their event, agenda as a table, minutes, actions, what everybody may
read of them."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.admin import told
from events.kinds import Mode
from events.models import Event
from events.wall_times import WallTimes, field_of, zones
from hub.guarded import posted
from hub.partners import policy
from hub.partners.desk import OwnedAdmin
from hub.vocabulary.models import Scheme, Term
from taskforce import actions, agenda, meetings, minutes
from taskforce.desk_pages import OwnPages
from taskforce.models import ActionItem, Meeting, Round, WorkingGroup
from taskforce.writing_forms import ActionForm, AgendaForms, CloseForm, MinutesForm


class NewMeetingForm(WallTimes, forms.ModelForm):
    """A meeting with the event behind it; the rest of the event is described on its own page."""

    required_css_class = "required"

    group = forms.ModelChoiceField(None, label=_("Group"), required=False)
    round = forms.ModelChoiceField(
        None,
        label=_("Round"),
        required=False,
        help_text=_("A meeting of a round without a group is of the whole taskforce."),
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    quorum = forms.IntegerField(label=_("Quorum"), required=False, min_value=1, max_value=999)

    class Meta:
        model = Event
        formfield_callback = field_of
        fields = ("title", "language", "summary", "mode", "venue", "city", "country", "audience")
        fields = (*fields, "registration", "attribution")
        widgets = {"summary": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})}

    field_order = (
        *("title", "group", "round", "language", "summary", "starts_on", "starts_time"),
        *("starts_which", "ends_on", "ends_time", "ends_which", "timezone", "mode", "venue"),
        *("city", "country", "audience", "registration", "attribution", "quorum"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = policy.publishable(user, WorkingGroup.objects.all())
        self.fields["round"].queryset = policy.publishable(user, Round.objects.all())
        countries = Term.objects.filter(scheme=Scheme.PLACE, place_kind="country")
        self.fields["country"].queryset = countries.prefetch_related("labels")
        self.initial.setdefault("audience", Event.Audience.MEMBERS)
        self.initial.setdefault("registration", Event.Signup.OPEN)
        self.initial.setdefault("mode", Mode.ONLINE)

    def _post_clean(self) -> None:
        """What else the event needs is made with the meeting, and checked there."""
        self.instance = forms.models.construct_instance(
            self, self.instance, self._meta.fields, self._meta.exclude
        )

    def make(self) -> Meeting | None:
        """The meeting, or nothing where something is wrong with it, which the form then says."""
        said = self.cleaned_data
        try:
            return meetings.make(
                self.instance, group=said["group"], round=said["round"], quorum=said["quorum"]
            )
        except ValidationError as error:
            self.add_error(None, ValidationError(error.messages))
            return None


class MeetingForm(forms.ModelForm):
    class Meta:
        model = Meeting
        fields = ("number", "quorum", "public_summary")

    def clean_public_summary(self) -> str:
        summary = self.cleaned_data["public_summary"]
        try:
            meetings.check_summary(self.instance, summary)
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        return summary


class AdoptForm(forms.Form):
    adopted_in = forms.ModelChoiceField(
        None,
        label=_("Adopted in"),
        required=False,
        empty_label=_("in writing"),
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["adopted_in"].queryset = minutes.adopting(meeting)


@admin.register(Meeting)
class MeetingAdmin(OwnPages, OwnedAdmin):
    form = MeetingForm
    readonly_fields = ("of", "when", "the_event", "minutes_status", "adopted_in")
    fields = (*readonly_fields, "number", "quorum", "public_summary")
    change_form_template = "admin/taskforce/change_form.html"
    list_display = ["event", "of", "when", "state", "minutes_status", "open_actions"]
    list_filter = [
        "minutes_status",
        ("group", admin.RelatedOnlyFieldListFilter),
        ("round", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["event", "group", "round"]
    list_per_page = 50
    search_fields = ["event__title", "slug", "group__name"]
    ordering = ["-event__starts_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        counted = models.Count(
            "actions", filter=models.Q(actions__status=ActionItem.Status.OPEN), distinct=True
        )
        return super().get_queryset(request).annotate(open_count=counted)

    @admin.display(description=_("of"))
    def of(self, meeting: Meeting) -> str:
        return str(meeting.group or meeting.round)

    @admin.display(description=_("begins"), ordering="event__starts_at")
    def when(self, meeting: Meeting) -> str:
        return told(meeting.event, meeting.event.starts_local)

    @admin.display(description=_("status"))
    def state(self, meeting: Meeting) -> str:
        return meeting.event.get_status_display()

    @admin.display(description=_("open actions"))
    def open_actions(self, meeting: Meeting) -> str:
        return str(meeting.open_count or "")

    @admin.display(description=_("event"))
    def the_event(self, meeting: Meeting) -> str:
        url = reverse("admin:events_event_change", args=[meeting.event_id])
        text = gettext("Time, place, seats, papers, announcement")
        return format_html('<a href="{}">{}</a>', url, text)

    def view_on_site(self, meeting: Meeting) -> str | None:
        return meeting.get_absolute_url() if meeting.event.status in Event.SHOWN else None

    def has_delete_permission(self, request: HttpRequest, obj: Meeting | None = None) -> bool:
        """A meeting stays: its event is cancelled or withdrawn."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    # Adding

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        proposed = {
            name: request.GET[name]
            for name in ("group", "round")
            if request.GET.get(name, "").isascii() and request.GET.get(name, "").isdecimal()
        }
        form = NewMeetingForm(posted(request), user=request.user, initial=proposed)
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                meeting = form.make()
            if meeting is not None:
                self.log_addition(request, meeting, [{"added": {}}])
                text = gettext("Made. Its event is a draft: announce it when it is described.")
                self.message_user(request, text, messages.SUCCESS)
                return self.back_to("change", meeting)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Make a meeting"),
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/taskforce/new_meeting.html", context)

    # Pages

    def get_urls(self) -> list:
        return [
            self.own("agenda/", self.agenda_view, "agenda"),
            self.own("minutes/", self.minutes_view, "minutes"),
            self.own("circulate/", self.circulate_view, "circulate"),
            self.own("adopt/", self.adopt_view, "adopt"),
            self.own("actions/", self.actions_view, "actions"),
            self.own("actions/<int:action>/", self.close_view, "close"),
            self.own("actions/<int:action>/reopen/", self.reopen_view, "reopen"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        meeting = kwargs.get("obj")
        if meeting is not None and self.has_publish_permission(request, meeting):
            context |= {
                "state": meeting.event.get_status_display(),
                "steps": [],
                "pages": [
                    ("agenda", _("Agenda")),
                    ("minutes", _("Minutes")),
                    ("actions", _("Actions")),
                ],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def agenda_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        meeting = self.row_for(request, object_id)
        rows = AgendaForms(posted(request), meeting=meeting)
        refusal = ""
        if request.method == "POST" and rows.is_valid():
            try:
                rows.save_in_order(request.POST.get("version", ""))
            except ValidationError as error:
                refusal = error.messages[0]
            else:
                self.log_change(request, meeting, gettext("Changed the agenda."))
                self.message_user(request, gettext("The agenda is saved."), messages.SUCCESS)
                return self.back_to("agenda", meeting)
        context = {
            "rows": rows,
            "refusal": refusal,
            "agenda": agenda.agenda_of(meeting),
            "carried_over": list(actions.open_before(meeting)),
        }
        return self.shown(request, meeting, "agenda", _("Agenda"), **context)

    def minutes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        meeting = self.row_for(request, object_id)
        form = MinutesForm(posted(request), meeting=meeting)
        if request.method == "POST" and form.is_valid() and form.save(request.user):
            self.log_change(request, meeting, gettext("Wrote minutes."))
            self.message_user(request, gettext("The minutes are saved."), messages.SUCCESS)
            return self.back_to("minutes", meeting)
        context = {
            "form": form,
            "number": minutes.number_of(meeting),
            "revisions": meeting.revisions.select_related("author")[:50],
            "may_circulate": meeting.minutes_status in (Meeting.Minutes.DRAFT,),
            "may_adopt": meeting.minutes_status == Meeting.Minutes.CIRCULATED,
        }
        return self.shown(request, meeting, "minutes", _("Minutes"), **context)

    def circulate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        meeting = self.row_for(request, object_id)
        count = len(minutes.readers_of(meeting))
        explained = ngettext(
            "%d person is written to and can read the minutes from then on.",
            "%d people are written to and can read the minutes from then on.",
            count,
        )
        act = partial(minutes.circulate, meeting)
        title = _("Circulate the minutes")
        return self._act(
            request, meeting, forms.Form(posted(request)), title, explained % count, act
        )

    def adopt_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        meeting = self.row_for(request, object_id)
        explained = _("From then on they are only corrected, not edited.")
        form = AdoptForm(posted(request), meeting=meeting)
        act = partial(minutes.adopt, meeting)
        return self._act(request, meeting, form, _("Adopt the minutes"), explained, act)

    def _act(
        self,
        request: HttpRequest,
        meeting: Meeting,
        form: forms.Form,
        title: Any,
        explained: Any,
        act: Any,
    ) -> HttpResponse:
        """Do something with the minutes as they were when the page was shown."""
        number = request.POST.get("number", "")
        if request.method == "POST" and form.is_valid():
            try:
                act(
                    int(number) if number.isascii() and number.isdecimal() else -1,
                    **form.cleaned_data,
                )
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.log_change(request, meeting, str(title))
                self.message_user(request, gettext("Done."), messages.SUCCESS)
                return self.back_to("minutes", meeting)
        hidden = {"number": minutes.number_of(meeting)}
        return self.shown(
            request, meeting, "act", title, form=form, explained=explained, hidden=hidden
        )

    # Actions

    def actions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        meeting = self.row_for(request, object_id)
        form = ActionForm(posted(request), meeting=meeting)
        if request.method == "POST" and form.is_valid():
            form.save()
            self.log_change(request, meeting, gettext("Noted an action."))
            self.message_user(request, gettext("The action is noted."), messages.SUCCESS)
            return self.back_to("actions", meeting)
        own = meeting.actions.select_related("owner_government", "meeting__event")
        context = {
            "form": form,
            "own_actions": list(own),
            "carried_over": list(actions.open_before(meeting)),
        }
        return self.shown(request, meeting, "own_actions", _("Actions"), **context)

    def _action(self, meeting: Meeting, pk: int) -> ActionItem:
        """One of this meeting, or one that stands on its agenda."""
        known = models.Q(meeting=meeting) | models.Q(actions.of_same_circle(meeting))
        rows = ActionItem.objects.filter(known).select_related("meeting__event", "owner_government")
        return get_object_or_404(rows, pk=pk)

    def close_view(self, request: HttpRequest, object_id: str, action: int) -> HttpResponse:
        meeting = self.row_for(request, object_id)
        row = self._action(meeting, action)
        form = CloseForm(posted(request))
        if request.method == "POST" and form.is_valid() and form.close(row, meeting):
            self.log_change(request, meeting, gettext("Closed an action."))
            self.message_user(request, gettext("The action is closed."), messages.SUCCESS)
            return self.back_to("actions", meeting)
        return self.shown(
            request, meeting, "act", _("Close an action"), form=form, explained=str(row)
        )

    def reopen_view(self, request: HttpRequest, object_id: str, action: int) -> HttpResponse:
        meeting = self.row_for(request, object_id)
        row = self._action(meeting, action)
        form = forms.Form(posted(request))
        if request.method == "POST" and form.is_valid():
            try:
                actions.reopen(row.pk)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, meeting, gettext("Opened an action again."))
                return redirect("admin:taskforce_meeting_actions", meeting.pk)
        return self.shown(
            request, meeting, "act", _("Open it again"), form=form, explained=str(row)
        )
