"""Proposals from outside at the partner desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hub import sending
from hub.desk import Task
from hub.guarded import posted
from hub.partners import policy
from hub.partners.models import Organisation, User
from knowledge import contributing, richtext
from knowledge.desk_from_outside import FromOutsideAdmin
from knowledge.kinds import KIND_CHOICES
from knowledge.models import Contribution
from knowledge.owning import possible_owners

STATES = Contribution.State
# What becomes of each sort, unless the curator knows better.
USUAL_KINDS = {"product": "report", "story": "interview", "case": "case-study"}


def tasks(user: User) -> list[Task]:
    """The proposals that wait for this person."""
    if not policy.publishes(user):
        return []
    rows = contributing.at_desk_of(user)
    address = reverse("admin:knowledge_contribution_changelist")
    labels = {STATES.WAITING: _("Proposals to decide"), STATES.HELD: _("Odd proposals to look at")}
    return [
        Task(str(label), rows.filter(state=state).count(), f"{address}?state__exact={state}")
        for state, label in labels.items()
    ]


class AcceptForm(forms.Form):
    """What is made of a proposal: a draft, of which kind, and who curates it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KIND_CHOICES)
    owner = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Owner"), help_text=_("Who curates the draft.")
    )

    def __init__(self, *args: Any, user: User, contribution: Contribution | None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        owners = policy.editable(user, possible_owners(user))
        self.fields["owner"].queryset = owners
        if contribution is not None:
            partner = owners.filter(pk=contribution.partner_id).first()
            only = owners.first() if owners.count() == 1 else None
            self.initial = {"kind": USUAL_KINDS[contribution.sort], "owner": partner or only}


class DeclineForm(forms.Form):
    """Why not, for who proposed it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=_(
            "It goes into a letter that thanks for the proposal first. Say what would fit better, or "
            "where else it may find its readers."
        ),
    )


@admin.register(Contribution)
class ContributionAdmin(FromOutsideAdmin):
    change_form_template = "admin/knowledge/contribution/change_form.html"
    list_display = ["title", "sort", "name", "region", "partner", "state", "written_at"]
    list_filter = ["state", "sort"]
    list_select_related = ["region", "partner"]
    decided_from = STATES.WAITING
    fieldsets = [
        (
            _("The proposal"),
            {"fields": ["title", "sort", "url", "file", "told", "outlined", "added", "language"]},
        ),
        (_("Who it is from and for"), {"fields": ["name", "email", "organisation_name", "naming"]}),
        (_("About and for"), {"fields": ["region", "partner"]}),
        (
            _("What became of it"),
            {"fields": ["state", "oddities", "written_at", "decided_at", "decider", "why", "work"]},
        ),
    ]
    readonly_fields = ["file", "told", "outlined", "naming", "oddities", "decider", "why", "work"]

    def at_desk_of(self, user: User) -> models.QuerySet:
        return contributing.at_desk_of(user)

    def look_at(self, by: User, pk: int, *, is_good: bool) -> None:
        contributing.look_at(by, pk, is_good=is_good)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        return rows.prefetch_related("region__labels", "resource__editions")

    # What is shown

    @admin.display(description=_("file"))
    def file(self, contribution: Contribution) -> SafeString | str:
        if not contribution.file_name:
            return gettext("None")
        url = reverse("admin:knowledge_contribution_file", args=[contribution.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("Open the PDF"))

    @admin.display(description=_("why it matters"))
    def told(self, contribution: Contribution) -> SafeString:
        return richtext.paragraphs(contribution.words)

    @admin.display(description=_("outline"))
    def outlined(self, contribution: Contribution) -> SafeString:
        sections = ((head, richtext.paragraphs(words)) for head, words in contribution.sections)
        return format_html_join("", "<h4>{}</h4>{}", sections)

    @admin.display(description=_("may be named"), boolean=True)
    def naming(self, contribution: Contribution) -> bool:
        return contribution.may_be_named

    @admin.display(description=_("decided by"))
    def decider(self, contribution: Contribution) -> str:
        return contribution.decided_by.known_as if contribution.decided_by else ""

    @admin.display(description=_("reason"))
    def why(self, contribution: Contribution) -> str:
        return contribution.reason

    @admin.display(description=_("what came of it"))
    def work(self, contribution: Contribution) -> SafeString | str:
        return self.work_for(contribution.read_by, contribution.resource)

    # What is done

    def get_urls(self) -> list:
        pages = {
            "accept": self.accept_view,
            "decline": self.decline_view,
            "file": require_safe(self.file_view),
        }
        own = [
            path(
                f"<path:object_id>/{act}/",
                self.admin_site.admin_view(view),
                name=f"knowledge_contribution_{act}",
            )
            for act, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def accept_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.get_object(request, object_id)
        form = AcceptForm(posted(request), user=request.user, contribution=row)
        return self.act(request, object_id, form, _accepted, gettext("Accept"))

    def decline_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        form = DeclineForm(posted(request))
        return self.act(request, object_id, form, _declined, gettext("Decline"))

    def file_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """The PDF, as a file to be saved, for who decides; kept by no cache."""
        contribution = self.get_object(request, object_id)
        if contribution is None or not contribution.file_name:
            raise Http404
        return sending.whole(contribution.file_path, f"proposal-{contribution.pk}.pdf")


def _accepted(by: User, pk: int, **chosen: Any) -> str:
    resource = contributing.accept(by, pk, **chosen)
    return gettext("There is a draft now: %(title)s. A letter is on its way.") % {"title": resource}


def _declined(by: User, pk: int, *, reason: str) -> str:
    contributing.decline(by, pk, reason=reason)
    return gettext("Declined. A letter is on its way.")
