"""For admin classes: the history of a row, and the note of who looked at personal data."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from hub.audit import access
from hub.audit.histories import history_of
from hub.audit.telling import Teller

ACTS_A_PAGE = 25


class Recorded:
    """The history page tells from the events what became of a row. Mix it in before ``ModelAdmin``."""

    def shown_in_history(self, request: HttpRequest, rows: QuerySet) -> QuerySet:
        """Those of ``rows`` whose names this person may know."""
        return rows

    def name_in_history(self, request: HttpRequest, account: Model) -> str:
        """What this person may know of who acted."""
        return str(account)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Django's own asks the same questions first, of the same methods."""
        row = self.get_object(request, unquote(object_id), None)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        page = Paginator(history_of(row), ACTS_A_PAGE).get_page(request.GET.get("p"))
        teller = Teller(
            page,
            row,
            shown=lambda rows: self.shown_in_history(request, rows),
            name_of=lambda account: self.name_in_history(request, account),
        )
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "page": page,
            "entries": teller.entries(),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/audit/history.html", context)


class PersonalData:
    """Who looks at these rows is noted: of a page of the list with the rows on it."""

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> Any:
        response = super().changelist_view(request, extra_context)
        data = getattr(response, "context_data", None) or {}
        if changelist := data.get("cl"):
            shown = [row.pk for row in changelist.result_list]
            kind = {"kind": self.opts.label_lower, "shown": shown}
            access.note(request, access.LISTED, detail=kind)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> Any:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        self._note_view(request, response)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        response = super().history_view(request, object_id, extra_context)
        self._note_view(request, response)
        return response

    def _note_view(self, request: HttpRequest, response: HttpResponse) -> None:
        data = getattr(response, "context_data", None) or {}
        row = data.get("original")
        if row is not None:
            access.note(request, access.VIEWED, row)
