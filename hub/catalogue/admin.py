from itertools import product
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, OuterRef, QuerySet, Subquery, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub import tables
from hub.catalogue import readership
from hub.catalogue.forms import UsageForm
from hub.catalogue.models import Record, SearchMiss, UsageDay
from hub.links import absolute


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


@admin.register(SearchMiss)
class SearchMissAdmin(Counted):
    """What readers asked for and the hub does not have: each search once, with how often in all."""

    list_display = ["query", "language", "times", "day"]
    list_display_links = None
    list_filter = ["language"]
    search_fields = ["query"]
    sortable_by = ["query", "language", "day"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        same = SearchMiss.objects.filter(query=OuterRef("query"), language=OuterRef("language"))
        total = same.order_by().values("query").annotate(total=Sum("count")).values("total")
        latest = same.order_by("-day").values("pk")[:1]
        rows = SearchMiss.objects.annotate(total=Subquery(total))
        return rows.filter(pk=Subquery(latest))

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-total", "query"]

    @admin.display(description=_("how often"))
    def times(self, row: SearchMiss) -> int:
        return row.total


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
