"""Problems that readers reported, at the partner desk."""

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.desk import Task
from hub.guarded import posted
from hub.partners import policy
from hub.partners.models import User
from knowledge import problems
from knowledge.desk_from_outside import FromOutsideAdmin
from knowledge.models import ProblemReport

STATES = ProblemReport.State


def tasks(user: User) -> list[Task]:
    """The reports that wait for this person."""
    if not policy.publishes(user):
        return []
    rows = problems.at_desk_of(user)
    address = reverse("admin:knowledge_problemreport_changelist")
    labels = {STATES.OPEN: _("Problems reported"), STATES.HELD: _("Odd reports to look at")}
    return [
        Task(str(label), rows.filter(state=state).count(), f"{address}?state__exact={state}")
        for state, label in labels.items()
    ]


class CloseForm(forms.Form):
    """What came of a report."""

    answer = forms.CharField(
        label=_("What came of it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "cols": 80}),
        help_text=_("Whoever gave an address and confirmed it gets this as a letter."),
    )


@admin.register(ProblemReport)
class ProblemReportAdmin(FromOutsideAdmin):
    change_form_template = "admin/knowledge/problemreport/change_form.html"
    list_display = ["sort", "title", "state", "written_at"]
    list_filter = ["state", "sort"]
    list_select_related = ["resource"]
    decided_from = STATES.OPEN
    fields = [
        *("work", "sort", "words", "email", "confirmed_at", "state", "oddities", "written_at"),
        *("closed_at", "closer", "answer"),
    ]
    readonly_fields = ["work", "oddities", "closer"]

    def at_desk_of(self, user: User) -> models.QuerySet:
        return problems.at_desk_of(user)

    def look_at(self, by: User, pk: int, *, is_good: bool) -> None:
        problems.look_at(by, pk, is_good=is_good)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("resource__editions")

    @admin.display(description=_("work"))
    def title(self, problem: ProblemReport) -> str:
        return str(problem.resource)

    @admin.display(description=_("work"))
    def work(self, problem: ProblemReport) -> SafeString | str:
        return self.work_for(problem.read_by, problem.resource)

    @admin.display(description=_("closed by"))
    def closer(self, problem: ProblemReport) -> str:
        return problem.closed_by.known_as if problem.closed_by else ""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.close_view)
        own = path("<path:object_id>/close/", view, name="knowledge_problemreport_close")
        return [own, *super().get_urls()]

    def close_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self.act(request, object_id, CloseForm(posted(request)), _closed, gettext("Close"))


def _closed(by: User, pk: int, *, answer: str) -> str:
    problem = problems.close(by, pk, answer=answer)
    if problem.can_be_answered:
        return gettext("Closed. A letter is on its way.")
    return gettext("Closed. There is no confirmed address to answer to.")
