"""The week of interviews at the desk: a table of days and hours, with who has booked. Each time is told
as its interviewer offered it, in their zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from taskforce.models import InterviewSlot

DAYS = 7
# Weeks beyond these are asked for by nobody but programs.
FIRST, LAST = date(2000, 1, 3), date(2100, 1, 4)


@dataclass(frozen=True)
class Hour:
    """A row of the table: the times that begin in this hour, for each day of the week."""

    begins: time
    days: tuple[tuple[InterviewSlot, ...], ...]


def monday_of(asked: str) -> date:
    """The Monday of a week as addresses write it, ``2026-W49``; of this week for anything else."""
    today = localdate()
    try:
        found = datetime.strptime(f"{asked}-1", "%G-W%V-%u").date()
    except ValueError:
        found = today - timedelta(days=today.weekday())
    return min(max(found, FIRST), LAST)


def hours_of(slots: Iterable[InterviewSlot], monday: date) -> list[Hour]:
    """The table of a week; hours in which nothing begins have no row."""
    found: dict[int, list[list[InterviewSlot]]] = {}
    for slot in slots:
        days = found.setdefault(slot.starts_local.hour, [[] for _day in range(DAYS)])
        days[(slot.starts_local.date() - monday).days].append(slot)
    return [Hour(time(hour), tuple(map(tuple, found[hour]))) for hour in sorted(found)]


class WithWeek(admin.ModelAdmin):
    """Mix it into the admin of times."""

    change_list_template = "admin/taskforce/slots.html"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.week_view)
        return [path("week/", view, name="taskforce_interviewslot_week"), *super().get_urls()]

    @method_decorator(require_safe)
    def week_view(self, request: HttpRequest) -> HttpResponse:
        monday = monday_of(request.GET.get("week", ""))
        after = monday + timedelta(days=DAYS)
        slots = (
            self.get_queryset(request)
            .filter(is_withdrawn=False)
            .filter(starts_local__gte=monday, starts_local__lt=after)
            .select_related("round", "interviewer")
            .order_by("starts_local", "pk")
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("Week of interviews"),
            "opts": self.opts,
            "monday": monday,
            "days": [monday + timedelta(days=number) for number in range(DAYS)],
            "hours": hours_of(slots, monday),
            "week": f"{monday:%G-W%V}",
            "before": f"{monday - timedelta(days=DAYS):%G-W%V}",
            "after": f"{after:%G-W%V}",
        }
        return TemplateResponse(request, "admin/taskforce/week.html", context)
