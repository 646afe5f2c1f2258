"""The registrations of an event at the desk, for who may announce it: they hold personal data, so it
is noted who looked at whose, and who took them along."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events import registration_table
from events.desk_seats import ACTS
from events.models import Event
from events.registration_table import KIND, SiftForm, seat_words
from hub import tables
from hub.audit import access as audit

A_PAGE = 100

FORMATS = {"csv": (tables.as_csv, tables.CSV), "xlsx": (tables.as_xlsx, tables.XLSX)}


class WithRegistrations(admin.ModelAdmin):
    """Mix it into the admin of events."""

    def get_urls(self) -> list:
        own = self.own
        return [
            own("registrations/", require_safe(self.registrations_view), "registrations"),
            own(
                "registrations/export/",
                require_POST(self.export_view),
                "registrations_export",
            ),
            own("participants/", self.participants_view, "participants"),
            own(
                "registrations/<int:registration>/",
                require_safe(self.registration_view),
                "registration",
            ),
            *super().get_urls(),
        ]

    def registrations_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.event_for("publish", request, object_id)
        form = SiftForm(request.GET, event=event)
        rows = form.sifted(registration_table.rows_of(event))
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        self._note(request, audit.LISTED, event, shown=[one.pk for one in page.object_list])
        return self.shown(
            request,
            event,
            "registrations",
            gettext("Registrations"),
            form=form,
            page=page,
            sifted=request.GET.urlencode(),
            seats=seat_words(event),
            acts=ACTS.values(),
            formats=FORMATS,
        )

    def registration_view(
        self, request: HttpRequest, object_id: str, registration: int
    ) -> HttpResponse:
        event = self.event_for("publish", request, object_id)
        row = registration_table.rows_of(event).filter(pk=registration).first()
        if row is None:
            raise Http404
        audit.note(request, audit.VIEWED, row)
        labels = {question["key"]: question["label"] for question in event.questions}
        answers = [(labels.get(key, key), value) for key, value in row.answers.items()]
        return self.shown(
            request,
            event,
            "registration",
            row.name,
            one=row,
            organisation=registration_table.organisation_of(row),
            answers=answers,
            attendances=row.attendances.select_related("session"),
            acts=[act for act in ACTS.values() if row.status in act.sources],
        )

    # To take along

    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The registrations that the list shows, on all its pages."""
        event = self.event_for("publish", request, object_id)
        rows = SiftForm(request.GET, event=event).sifted(registration_table.rows_of(event))
        lines = list(registration_table.table(event, rows))
        header = registration_table.header(event)
        return self._file(request, event, "registrations", header, lines)

    def participants_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Those who agreed to be listed; as a page to print, or as a file."""
        event = self.event_for("publish", request, object_id)
        groups = registration_table.participants(event)
        if request.method == "POST":
            lines = [[name, one.name] for name, people in groups for one in people]
            header = [gettext("Organisation"), gettext("Name")]
            return self._file(request, event, "participants", header, lines)
        shown = [one.pk for _name, people in groups for one in people]
        self._note(request, audit.LISTED, event, shown=shown)
        seats = event.registrations.confirmed().count()
        return self.shown(
            request,
            event,
            "participants",
            gettext("Participants by organisation"),
            groups=groups,
            listed=len(shown),
            unlisted=seats - len(shown),
            formats=FORMATS,
        )

    def _file(
        self, request: HttpRequest, event: Event, name: str, header: list[str], lines: list
    ) -> HttpResponse:
        ending = request.POST.get("format", "csv")
        if ending not in FORMATS:
            raise Http404
        write, mime_type = FORMATS[ending]
        self._note(request, audit.EXPORTED, event, rows=len(lines), format=ending, what=name)
        return FileResponse(
            write(header, lines),
            as_attachment=True,
            filename=f"{event.slug}-{name}-{now():%Y-%m-%d}.{ending}",
            content_type=mime_type,
        )

    def _note(self, request: HttpRequest, act: str, event: Event, **detail: Any) -> None:
        audit.note(request, act, event, {"kind": KIND, **detail})
