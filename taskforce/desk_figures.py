"""Who takes part in a round, counted and drawn, and what is taken along of it as a file."""

from django.contrib import admin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from hub import tables
from hub.audit import access as audit
from taskforce import figures, takeaway

FORMATS = {"csv": (tables.as_csv, tables.CSV), "xlsx": (tables.as_xlsx, tables.XLSX)}


class WithFigures(admin.ModelAdmin):
    """Mix it into the admin of rounds."""

    def get_urls(self) -> list:
        return [
            self.own("figures/", require_safe(self.figures_view), "figures"),
            self.own("export/", require_POST(self.export_view), "export"),
            *super().get_urls(),
        ]

    def figures_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        round = self.row_for(request, object_id)
        counted = figures.figures_of(round)
        return self.shown(
            request,
            round,
            "figures",
            _("Figures and exports"),
            figures=counted,
            offered=[one.label for one in counted.offered],
            of_activities=[_("Accepted")],
            tables=takeaway.TABLES.values(),
            formats=FORMATS,
        )

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A table as a file; that it was taken along is noted."""
        round = self.row_for(request, object_id)
        table = takeaway.TABLES.get(request.POST.get("table", ""))
        ending = request.POST.get("format", "csv")
        if table is None or ending not in FORMATS:
            raise Http404
        lines = list(table.rows(round))
        audit.note(
            request,
            audit.EXPORTED,
            round,
            {"what": table.name, "rows": len(lines), "format": ending},
        )
        write, mime_type = FORMATS[ending]
        return FileResponse(
            write(table.header(), lines),
            as_attachment=True,
            filename=f"{round.slug}-{table.name}-{now():%Y-%m-%d}.{ending}",
            content_type=mime_type,
        )
