from itertools import product
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from hub import tables
from hub.catalogue import misses, readership
from hub.catalogue.desk import OPEN
from hub.catalogue.forms import UsageForm
from hub.catalogue.models import Record, SearchMiss, UsageDay
from hub.links import absolute
from hub.partners import policy


class Counted(admin.ModelAdmin):
    """Numbers that everybody at the desk may read, as they name nobody, and that nobody writes."""

    def get_object(self, request: HttpRequest, *args: str, **options: str) -> None:
        """The list says all that there is: a row has no page."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_authenticated and request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AskedFilter(admin.SimpleListFilter):
    """The list behind the task of the desk, and what was set aside."""

    title = _("state")
    parameter_name = "asked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(OPEN, _("Asked for in the last 30 days")), ("aside", _("Set aside"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == OPEN:
            return misses.waiting(queryset, timezone.now().date())
        return queryset.set_aside() if self.value() == "aside" else queryset


@admin.register(SearchMiss)
class SearchMissAdmin(Counted):
    """What readers asked for and the hub does not have: each search once, with how often in all."""

    list_display = ["searched", "language", "lately", "times", "day"]
    list_display_links = None
    list_filter = [AskedFilter, "language"]
    search_fields = ["query"]
    sortable_by = ["searched", "language", "day"]
    actions = ["set_aside", "take_up"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        recent = Q(day__gt=timezone.now().date() - misses.RECENT)
        same = SearchMiss.objects.filter(
            recent, query=OuterRef("query"), language=OuterRef("language")
        )
        lately = same.order_by().values("query").annotate(sum=Sum("count")).values("sum")
        return SearchMiss.objects.one_of_each().annotate(lately=Coalesce(Subquery(lately), 0))

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-total", "query"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    @admin.display(description=_("words"), ordering="query")
    def searched(self, row: SearchMiss) -> SafeString:
        """With the way to the search, to see what it finds by now."""
        address = f"{reverse('portal:search')}?{urlencode({'q': row.query})}"
        words = format_html('<bdi lang="{}">{}</bdi>', row.language, row.query)
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=_("in 30 days"))
    def lately(self, row: SearchMiss) -> int:
        return row.lately

    @admin.display(description=_("how often"))
    def times(self, row: SearchMiss) -> int:
        return row.total

    @admin.action(description=_("Set aside: we have nothing"), permissions=["decide"])
    def set_aside(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = misses.set_aside(queryset, timezone.now().date())
        text = ngettext(
            "%(count)s search set aside: nobody is reminded of it any more.",
            "%(count)s searches set aside: nobody is reminded of them any more.",
            count,
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    @admin.action(description=_("No longer set aside"), permissions=["decide"])
    def take_up(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = misses.take_up(queryset)
        text = ngettext(
            "%(count)s search is shown to all again.",
            "%(count)s searches are shown to all again.",
            count,
        )
        self.message_user(request, text % {"count": count}, messages.SUCCESS)


@admin.register(UsageDay)
class UsageDayAdmin(Counted):
    """How often the works of one's own are read: of each work and all together, as a page and as a
    file."""

    actions = None
    works_a_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        own = readership.works_of(request.user)
        return UsageDay.objects.filter(record__in=own.values("ref"))

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("", wrap(self.changelist_view), name="catalogue_usageday_changelist"),
            path("export/", wrap(self.export_view), name="catalogue_usageday_export"),
            path("export/days/", wrap(self.days_view), name="catalogue_usageday_days"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        form, works = self._asked(request)
        page = Paginator(works, self.works_a_page).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name_plural.capitalize(),
            "opts": self.opts,
            "form": form,
            "order": form.cleaned_data["order"],
            "metrics": readership.METRICS.labels,
            "columns": _columns(),
            "page": page,
            "rows": readership.told(page),
            "total": readership.total_of(works.order_by(), timezone.now().date()),
            "usage": readership.table_of(works.order_by(), timezone.now().date()),
            "months_told": readership.MONTHS_TOLD,
        }
        return TemplateResponse(request, "admin/catalogue/usageday/change_list.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        _form, works = self._asked(request)
        today = timezone.now().date()
        headings = [f"{column['metric']}, {column['period']}" for column in _columns()]
        rows = [[row.work.title, *row.counts, absolute(row.path)] for row in readership.told(works)]
        content = tables.as_csv([_("title"), *headings, _("address")], rows)
        name = f"readers-{today}.csv"
        return FileResponse(content, as_attachment=True, filename=name, content_type=tables.CSV)

    def days_view(self, request: HttpRequest) -> HttpResponse:
        """A line for each work and day on which somebody read it, the latest day first."""
        _form, works = self._asked(request)
        metrics = [metric.capitalize() for metric in readership.METRICS.labels]
        header = [_("Address"), _("Permanent address"), _("Title"), _("Day"), *metrics]
        rows = (
            [absolute(one.path), one.work.permanent, one.work.title, f"{one.day}", *one.counts]
            for one in readership.days_of(works.order_by())
        )
        name = f"readers-by-day-{timezone.now().date()}.csv"
        content = tables.as_csv(header, rows)
        return FileResponse(content, as_attachment=True, filename=name, content_type=tables.CSV)

    def _asked(self, request: HttpRequest) -> tuple[UsageForm, QuerySet[Record]]:
        """The works that are asked for, with their sums and in order; 404 for what cannot be asked,
        so that another's organisation is like none."""
        form = UsageForm(request.GET, user=request.user)
        if not form.is_valid():
            raise Http404
        works = readership.works_of(request.user, form.cleaned_data["organisation"])
        summed = readership.with_sums(works, timezone.now().date())
        return form, summed.order_by(f"-{form.cleaned_data['order']}", "-id")


def _columns() -> list[dict[str, Any]]:
    """One for each sum: its name in addresses, and what it is the sum of."""
    named = product(readership.METRICS.labels, readership.PERIODS.values())
    return [
        {"name": name, "metric": metric, "period": period}
        for name, (metric, period) in zip(readership.SUMS, named, strict=True)
    ]
