"""Working groups at the desk: what they are, who sits in them, who asks to, letters to them."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.desk_standing import ReasonForm
from events.wall_times import DayInput
from hub.audit import access as audit
from hub.audit.acts import because
from hub.guarded import posted
from hub.partners.desk import OwnedAdmin, PartInline
from hub.partners.models import Organisation
from hub.slugs import unique_slug
from knowledge.owning import WithOwners
from taskforce import applying, group_publishing, member_letters
from taskforce.desk_pages import OwnPages
from taskforce.kinds import Circle
from taskforce.models import GroupApplication, GroupMembership, WorkingGroup


class GroupForm(forms.ModelForm):
    class Meta:
        model = WorkingGroup
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("If empty, made from the name.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "slug" in self.fields and not cleaned.get("slug") and cleaned.get("name"):
            taken = WorkingGroup.objects.exclude(pk=self.instance.pk)
            cleaned["slug"] = unique_slug(cleaned["name"], taken, otherwise="group")
        return cleaned


class MembershipInline(PartInline, admin.StackedInline):
    """Who sits in the group. A link that was lost is made worthless by moving them to a new term."""

    model = GroupMembership
    extra = 1
    fields = [
        "organisation",
        ("name", "email"),
        ("circle", "role"),
        "term",
        ("may_be_named", "language"),
    ]
    autocomplete_fields = ["organisation"]


class AcceptForm(forms.Form):
    """What somebody is let in as."""

    required_css_class = "required"

    organisation = forms.ModelChoiceField(
        Organisation.objects.public().order_by("name"), label=_("For which organisation")
    )
    circle = forms.ChoiceField(label=_("Circle"), choices=Circle)
    since = forms.DateField(label=_("First day"), widget=DayInput())
    reason = forms.CharField(
        label=_("A word to them (if you like)"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )


class DeclineForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=_("They are told it in the letter."),
    )


class LetterForm(forms.Form):
    required_css_class = "required"

    circles = forms.MultipleChoiceField(
        label=_("To"),
        choices=Circle,
        initial=[Circle.CORE.value],
        widget=forms.CheckboxSelectMultiple,
    )
    subject = forms.CharField(
        label=_("Subject"), max_length=120, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    words = forms.CharField(
        label=_("Letter"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=_(
            "Plain text. Addresses of sites in it do not become links; below it stands the link to the "
            "pages of the members, each their own."
        ),
    )
    answers_to_me = forms.BooleanField(
        label=_("Answers come to my address, which the letter shows"), required=False
    )
    letter = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_letter(self) -> UUID:
        """By which a letter that is sent twice is known."""
        return self.cleaned_data["letter"] or uuid4()

    def clean_subject(self) -> str:
        return " ".join(self.cleaned_data["subject"].split())


FIELDSETS = [
    (_("The group"), {"fields": ["name", "language", "summary", "mandate", "sector", "stage"]}),
    (_("Who leads it"), {"fields": ["lead_government", "lead_name", "rounds"]}),
    (
        _("Call for members"),
        {"fields": ["is_open_to_applications", "applications_until", "call"]},
    ),
    (_("What came of it"), {"fields": ["outputs", "tells_actions", "website"]}),
    (_("Curation"), {"fields": ["owner", "slug", "source_url"]}),
]


@admin.register(WorkingGroup)
class WorkingGroupAdmin(OwnPages, WithOwners, OwnedAdmin):
    form = GroupForm
    fieldsets = FIELDSETS
    inlines = [MembershipInline]
    change_form_template = "admin/taskforce/change_form.html"
    ordering = ["name"]  # said, since counting rows takes away the order of the model
    list_display = ["name", "stage", "owner", "waiting", "state"]
    list_filter = ["stage", ("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner"]
    list_per_page = 50
    search_fields = ["name", "summary", "slug"]
    autocomplete_fields = ["lead_government"]
    filter_horizontal = ["rounds"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        asked = models.Count(
            "applications",
            filter=models.Q(applications__status=GroupApplication.Status.RECEIVED),
        )
        return super().get_queryset(request).annotate(waiting_count=asked)

    @admin.display(description=_("applications"))
    def waiting(self, group: WorkingGroup) -> str:
        return str(group.waiting_count or "")

    @admin.display(description=_("status"))
    def state(self, group: WorkingGroup) -> str:
        return state_of(group)

    def view_on_site(self, group: WorkingGroup) -> str | None:
        return group.get_absolute_url() if group.is_public else None

    def has_delete_permission(self, request: HttpRequest, obj: WorkingGroup | None = None) -> bool:
        """Only what nobody has seen can be deleted; the rest is withdrawn."""
        if obj is not None and obj.published_at is not None:
            return False
        return super().has_delete_permission(request, obj)

    def get_inline_instances(self, request: HttpRequest, obj: WorkingGroup | None = None) -> list:
        """People and their addresses are for those who answer for the group."""
        if obj is None or not self.has_publish_permission(request, obj):
            return []
        return super().get_inline_instances(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: WorkingGroup | None = None) -> list:
        fields = [name for name in super().get_readonly_fields(request, obj) if name != "co_owners"]
        if obj is not None and obj.published_at is not None:
            fields.append("slug")
        return fields

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("sector", "rounds"):
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "sector":
            rows = db_field.remote_field.model.objects.filter(scheme="sector")
            kwargs["queryset"] = rows.prefetch_related("labels")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # Saving

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        group_publishing.saved(form.instance)

    # Pages

    def get_urls(self) -> list:
        return [
            self.own("publish/", self.publish_view, "publish"),
            self.own("withdraw/", self.withdraw_view, "withdraw"),
            self.own("write/", self.letter_view, "letter"),
            self.own("applications/", self.applications_view, "applications"),
            self.own("applications/<int:application>/", self.application_view, "application"),
            *(
                self.own(
                    f"applications/<int:application>/{act}/", partial(self.decide_view, act), act
                )
                for act in ("accept", "decline")
            ),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        group = kwargs.get("obj")
        if group is not None and self.has_publish_permission(request, group):
            step = ("withdraw", _("Withdraw")) if group.is_public else ("publish", _("Publish"))
            context |= {
                "state": state_of(group),
                "steps": [step],
                "pages": [("applications", _("Applications")), ("letter", _("Write to members"))],
                "new_meeting": f"{reverse('admin:taskforce_meeting_add')}?group={group.pk}",
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        group = self.row_for(request, object_id)
        form = forms.Form(posted(request))
        explained = _("Everybody sees its page from now on.")
        return self._step(request, group, form, _("Publish"), explained, group_publishing.publish)

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        group = self.row_for(request, object_id)
        explained = _(
            "The page is gone and says why. For what should not have been there: a group whose work is "
            "done has concluded."
        )
        act = group_publishing.withdraw
        return self._step(
            request, group, ReasonForm(posted(request)), _("Withdraw"), explained, act
        )

    def _step(
        self,
        request: HttpRequest,
        group: WorkingGroup,
        form: forms.Form,
        title: Any,
        explained: Any,
        act: Any,
    ) -> HttpResponse:
        if request.method == "POST" and form.is_valid():
            try:
                with transaction.atomic():
                    if reason := form.cleaned_data.get("reason"):
                        because(reason)
                    act(group.pk, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.log_change(request, group, str(title))
                self.message_user(request, gettext("Done."), messages.SUCCESS)
                return self.back_to("change", group)
        return self.shown(request, group, "act", title, form=form, explained=explained)

    # Applications

    def applications_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        group = self.row_for(request, object_id)
        rows = group.applications.exclude(status=GroupApplication.Status.UNCONFIRMED)
        rows = list(rows.select_related("organisation"))
        rows.sort(key=lambda one: one.status != GroupApplication.Status.RECEIVED)
        audit.note(request, audit.LISTED, group, {"rows": len(rows)})
        return self.shown(request, group, "applications", _("Applications"), applications=rows)

    def _application(
        self, request: HttpRequest, object_id: str, pk: int
    ) -> tuple[WorkingGroup, GroupApplication]:
        group = self.row_for(request, object_id)
        rows = group.applications.exclude(status=GroupApplication.Status.UNCONFIRMED)
        return group, get_object_or_404(rows.select_related("organisation", "group"), pk=pk)

    def application_view(
        self, request: HttpRequest, object_id: str, application: int
    ) -> HttpResponse:
        group, one = self._application(request, object_id, application)
        audit.note(request, audit.VIEWED, one)
        is_waiting = one.status == GroupApplication.Status.RECEIVED
        return self.shown(
            request, group, "application", str(one), application=one, is_waiting=is_waiting
        )

    def decide_view(
        self, act: str, request: HttpRequest, object_id: str, application: int
    ) -> HttpResponse:
        group, one = self._application(request, object_id, application)
        if one.status != GroupApplication.Status.RECEIVED:
            text = gettext("It does not wait for a decision any more.")
            self.message_user(request, text, messages.WARNING)
            return self.back_to("applications", group)
        is_yes = act == "accept"
        begins = {"organisation": one.organisation, "circle": one.circle, "since": localdate()}
        form = (AcceptForm if is_yes else DeclineForm)(
            posted(request), initial=begins if is_yes else {}
        )
        if request.method == "POST" and form.is_valid():
            decide = applying.accept if is_yes else applying.decline
            try:
                decide(one.pk, request.user, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                done = _("Accepted an application.") if is_yes else _("Declined an application.")
                self.log_change(request, group, str(done))
                told = gettext("%(name)s is written to.") % {"name": one.name}
                self.message_user(request, told, messages.SUCCESS)
                return self.back_to("applications", group)
        title = _("Accept the application") if is_yes else _("Decline the application")
        explained = f"{one}: {one.name}, {one.get_circle_display()}"
        return self.shown(request, group, "act", title, form=form, explained=explained)

    # Letters

    def letter_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """To whom, a look at it with how many get it, then off it goes."""
        group = self.row_for(request, object_id)
        form = LetterForm(posted(request))
        letter, keys = None, []
        if request.method == "POST" and form.is_valid() and "back" not in request.POST:
            asked = form.cleaned_data
            keys = list(
                member_letters.readers(group, asked["circles"]).values_list("pk", flat=True)
            )
            if not keys:
                form.add_error(None, gettext("Nobody sits there whom this letter is for."))
            elif "send" in request.POST and str(len(keys)) == request.POST.get("count"):
                self._send(request, group, asked, keys)
                return self.back_to("change", group)
            else:
                letter = member_letters.preview(
                    group, asked["subject"], asked["words"], request.user.email
                )
        return self.shown(
            request,
            group,
            "letter",
            gettext("Write to members"),
            form=form,
            letter=letter,
            count=len(keys),
            has_changed="send" in request.POST and letter is not None,
            sent_as=form.cleaned_data["letter"] if letter else "",
        )

    @transaction.atomic
    def _send(
        self, request: HttpRequest, group: WorkingGroup, asked: dict[str, Any], keys: list[int]
    ) -> None:
        reply_to = request.user.email if asked["answers_to_me"] else ""
        member_letters.send(
            group, str(asked["letter"]), asked["subject"], asked["words"], reply_to, keys
        )
        audit.note(request, "wrote", group, {"rows": len(keys), "to": asked["circles"]})
        told = {"subject": asked["subject"], "count": len(keys)}
        self.log_change(request, group, gettext("Wrote “%(subject)s” to %(count)s people.") % told)
        text = ngettext("The letter goes to %d person.", "The letter goes to %d people.", len(keys))
        self.message_user(request, text % len(keys), messages.SUCCESS)


def state_of(group: WorkingGroup) -> str:
    if group.published_at is None:
        return gettext("Draft")
    return gettext("Withdrawn") if group.withdrawn_at else gettext("Public")
