"""Rounds at the desk: described in the order in which one thinks of them, published and withdrawn by
buttons that ask once more."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.desk_standing import ReasonForm
from events.wall_times import DayInput, zones
from hub.audit.acts import because
from hub.guarded import posted
from hub.partners.desk import OwnedAdmin, PartInline
from hub.slugs import unique_slug
from hub.zones import with_stored
from knowledge.desk_form import TermsSelect
from knowledge.owning import WithOwners
from taskforce import publishing
from taskforce.desk_figures import WithFigures
from taskforce.desk_groups import state_of
from taskforce.desk_invitations import WithInvitations
from taskforce.desk_pages import OwnPages
from taskforce.desk_pipeline import WithPipeline
from taskforce.desk_planner import WithPlanner
from taskforce.models import RESERVED_SLUGS, Milestone, Participation, Round

DAY = timedelta(days=1)
FIELDSETS = [
    (_("The round"), {"fields": ["title", "language", "summary", "call"]}),
    (_("When"), {"fields": [("starts_on", "ends_on"), "timezone"]}),
    (
        _("What governments can take part in"),
        {
            "fields": [
                *("offers_interview", "approves_interviews"),
                *("offers_working_group", "offers_taskforce_meeting"),
            ]
        },
    ),
    (_("Who runs it"), {"fields": ["convenors", "contact_name", "contact_email", "website"]}),
    (_("What it is about"), {"fields": ["terms"]}),
    (_("What came out of it"), {"fields": ["synthesis"]}),
    (_("Curation"), {"fields": ["owner", "slug", "source_url"]}),
]


class RoundForm(forms.ModelForm):
    required_css_class = "required"

    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput())
    timezone = forms.ChoiceField(label=_("Time zone"), choices=zones)

    class Meta:
        model = Round
        exclude = ("period", "is_example")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "starts_on" in self.fields:
            self.initial |= {
                "starts_on": self.instance.starts_on,
                "ends_on": self.instance.ends_on,
            }
        if "timezone" in self.fields:
            self.fields["timezone"].choices = with_stored(zones(), self.instance.timezone)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _("If empty, made from the title.")

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug in RESERVED_SLUGS:
            raise ValidationError(_("This address is taken by a page of the site."))
        return slug

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "slug" in self.fields and not cleaned.get("slug") and cleaned.get("title"):
            taken = Round.objects.exclude(pk=self.instance.pk)
            cleaned["slug"] = unique_slug(cleaned["title"], taken, otherwise="round")
            if cleaned["slug"] in RESERVED_SLUGS:
                cleaned["slug"] += "-round"
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last:
            self._set_period(first, last)
        return cleaned

    def _set_period(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("ends_on", _("The last day cannot be before the first."))
        elif last == date.max:
            self.add_error("ends_on", _("Choose an earlier day."))
        else:
            self.instance.period = DateRange(first, last + DAY)


class MilestoneInline(PartInline, admin.StackedInline):
    model = Milestone
    extra = 1
    fields = ["title", ("activity", "starts_on", "ends_on"), "text"]


@admin.register(Round)
class RoundAdmin(
    WithPipeline, WithInvitations, WithFigures, WithPlanner, OwnPages, WithOwners, OwnedAdmin
):
    form = RoundForm
    fieldsets = FIELDSETS
    inlines = [MilestoneInline]
    change_form_template = "admin/taskforce/change_form.html"
    list_display = ["title", "when", "owner", "taking_part", "waiting", "state"]
    list_filter = [("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner"]
    list_per_page = 50
    search_fields = ["title", "summary", "slug"]
    autocomplete_fields = ["convenors", "terms"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        part = Participation.objects.filter(round=models.OuterRef("pk")).order_by()
        # Counted aside: joined and grouped, the rows would lose the order of their own.
        counts = {
            "active_count": part.active(),
            "waiting_count": part.filter(status=Participation.Status.REGISTERED),
        }
        return (
            super()
            .get_queryset(request)
            .annotate(
                **{
                    name: models.Subquery(
                        rows.values("round").annotate(n=models.Count("pk")).values("n")
                    )
                    for name, rows in counts.items()
                }
            )
        )

    # What is shown

    @admin.display(description=_("period"), ordering="period")
    def when(self, round: Round) -> str:
        return f"{round.starts_on:%Y-%m-%d} – {round.ends_on:%Y-%m-%d}"

    @admin.display(description=_("take part"))
    def taking_part(self, round: Round) -> str:
        return str(round.active_count or "")

    @admin.display(description=_("to accept"))
    def waiting(self, round: Round) -> str:
        return str(round.waiting_count or "")

    @admin.display(description=_("status"))
    def state(self, round: Round) -> str:
        return state_of(round)

    def view_on_site(self, round: Round) -> str | None:
        return round.get_absolute_url() if round.is_public else None

    # Who may do what

    def has_delete_permission(self, request: HttpRequest, obj: Round | None = None) -> bool:
        """Only what nobody has seen can be deleted; the rest is withdrawn."""
        if obj is not None and obj.published_at is not None:
            return False
        return super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Round | None = None) -> list:
        fields = [name for name in super().get_readonly_fields(request, obj) if name != "co_owners"]
        if obj is not None and obj.published_at is not None:
            fields.append("slug")
        return fields

    def get_fieldsets(self, request: HttpRequest, obj: Round | None = None) -> list:
        if obj is None or self.has_change_permission(request, obj):
            return FIELDSETS
        shown = [
            *("title", "language", "summary", "call", "when", "timezone", "synthesis", "owner"),
        ]
        return [(None, {"fields": shown})]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "terms":
            kwargs["widget"] = TermsSelect(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # Saving

    @transaction.atomic
    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        publishing.saved(form.instance)

    def delete_model(self, request: HttpRequest, obj: Round) -> None:
        self._discard(request, obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for pk in queryset.values_list("pk", flat=True):
            self._discard(request, pk)

    def _discard(self, request: HttpRequest, pk: int) -> None:
        if not publishing.discard(pk):
            text = gettext("A round that was published, or has participations, is not deleted.")
            self.message_user(request, text, messages.WARNING)

    # Pages

    def get_urls(self) -> list:
        return [
            self.own("publish/", self.publish_view, "publish"),
            self.own("withdraw/", self.withdraw_view, "withdraw"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        round = kwargs.get("obj")
        if round is not None:
            context["state"] = state_of(round)
        if round is not None and self.has_publish_permission(request, round):
            step = ("withdraw", _("Withdraw")) if round.is_public else ("publish", _("Publish"))
            context |= {
                "steps": [step],
                "pages": [
                    ("pipeline", _("Pipeline")),
                    ("invitations", _("Invitations")),
                    ("figures", _("Figures and exports")),
                    ("planner", _("Plan a meeting")),
                ],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        round = self.row_for(request, object_id)
        explained = _("Everybody sees its page from now on, and governments can register.")
        form = forms.Form(posted(request))
        return self._step(request, round, form, _("Publish"), explained, publishing.publish)

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        round = self.row_for(request, object_id)
        explained = _(
            "The page is gone and says why, and nobody can register. What governments said in public in "
            "this round is gone with it. For what should not have been there: a round that is over stays."
        )
        form = ReasonForm(posted(request))
        return self._step(request, round, form, _("Withdraw"), explained, publishing.withdraw)

    def _step(
        self,
        request: HttpRequest,
        round: Round,
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
                    act(round.pk, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                self.log_change(request, round, str(title))
                self.message_user(request, gettext("Done."), messages.SUCCESS)
                return self.back_to("change", round)
        return self.shown(request, round, "act", title, form=form, explained=explained)
