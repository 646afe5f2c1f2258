"""The planner of meetings at the desk: the fairest times of a week, and who would sit at night."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from events.wall_times import DayInput
from taskforce import burden, planner
from taskforce.models import Round, WorkingGroup


class PlannerForm(forms.Form):
    week = forms.DateField(
        label=_("A day of the week"),
        widget=DayInput(),
        help_text=_("Times from Monday to Friday of its week are compared."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=15, max_value=480, initial=90)
    group = forms.ModelChoiceField(
        WorkingGroup.objects.none(),
        label=_("Who is to meet"),
        required=False,
        empty_label=_("all governments of the round"),
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = round.groups.all()

    def clean_week(self) -> date:
        """The Monday of the week, in years that calendars know."""
        day = self.cleaned_data["week"]
        if not 1970 <= day.year <= 2100:
            raise forms.ValidationError(_("Choose a day between 1970 and 2100."))
        return day - timedelta(days=day.weekday())


class WithPlanner(admin.ModelAdmin):
    """Mix it into the admin of rounds."""

    def get_urls(self) -> list:
        return [
            self.own("planner/", require_safe(self.planner_view), "planner"),
            *super().get_urls(),
        ]

    def planner_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asked by its address, so that it can be passed on; it changes nothing."""
        round = self.row_for(request, object_id)
        next_week = round.today() + timedelta(days=7)
        asked = {"week": next_week.isoformat(), "minutes": "90"} | request.GET.dict()
        form = PlannerForm(asked, round=round)
        context: dict[str, Any] = {"form": form, "options": [], "members": [], "unknown": []}
        if form.is_valid():
            said = form.cleaned_data
            members, unknown = burden.members_of(round, said["group"])
            found = planner.options(members, said["week"], said["minutes"], round.timezone)
            context |= {"options": found, "members": members, "unknown": unknown}
        return self.shown(request, round, "planner", _("Plan a meeting"), **context)
