from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hub.catalogue.models import SearchMiss


@admin.register(SearchMiss)
class SearchMissAdmin(admin.ModelAdmin):
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

    def get_object(self, request: HttpRequest, *args: str, **options: str) -> None:
        """The list says all that there is: a row has no page."""

    # Everybody at the desk may read it: it names nobody.
    def has_view_permission(self, request: HttpRequest, obj: SearchMiss | None = None) -> bool:
        return request.user.is_authenticated and request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SearchMiss | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SearchMiss | None = None) -> bool:
        return False
