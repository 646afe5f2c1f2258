"""The programme of an event at the desk: all sessions in one table, each session with its people, and
the release to readers."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events import release, session_form, timetable
from events.desk_telling import released_by
from events.kinds import Role
from events.models import Event, Session
from events.release import Difference
from events.warnings import warnings_of
from hub.guarded import posted
from hub.languages import language_name

FIELD_NAMES = {
    "starts_at": _("start"),
    "ends_at": _("end"),
    "room": _("room"),
    "title": _("title"),
    "kind": _("kind"),
    "track": _("track"),
    "mode": _("how"),
    "language": _("language"),
    "people": _("people"),
    "status": _("status"),
    "summary": _("summary"),
    "stream_url": _("public livestream"),
    "capacity": _("seats"),
}
NOBODY_READS = ("starts_local", "ends_local", "precision", "timezone", "moved_from")


class WithTimetable(admin.ModelAdmin):
    """Mix it into the admin of events."""

    def get_urls(self) -> list:
        return [
            self.own("timetable/", self.timetable_view, "timetable"),
            self.own("sessions/<int:session>/", self.session_view, "session"),
            self.own("release/", self.release_view, "release"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if event := kwargs.get("obj"):
            # As it is stored: a refused form may have left the row without a day.
            stored = Event.objects.get(pk=event.pk)
            context["warnings"] = warnings_of(stored) if stored.sessions.exists() else []
        return super().render_change_form(request, context, *args, **kwargs)

    def may_work_on(self, request: HttpRequest, event: Event) -> bool:
        return self.has_change_permission(request, event)

    # All sessions

    def timetable_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.event_for("change", request, object_id)
        rows = timetable.rows_of(event, posted(request))
        sent = request.POST.get("version", "")
        is_stale = sent not in ("", str(event.version))
        is_valid = request.method == "POST" and rows.is_valid()
        if is_valid and not is_stale and (answer := self._save_rows(request, event, rows)):
            return answer
        # Whoever has read what the other wrote sends the table once more, and then it holds.
        meanwhile = timetable.meanwhile(event, rows) if is_valid and is_stale else []
        version = sent if is_stale and not is_valid else event.version
        return self.shown(
            request,
            event,
            "timetable",
            gettext("Programme"),
            rows=rows,
            version=version,
            meanwhile=meanwhile,
            is_stale=is_valid and is_stale,
            warnings=warnings_of(event),
            differences=release.differences(event),
            may_release=self.has_publish_permission(request, event),
        )

    def _save_rows(
        self, request: HttpRequest, event: Event, rows: timetable.SessionRows
    ) -> HttpResponse | None:
        try:
            with transaction.atomic():
                timetable.save(event, rows)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return None
        except IntegrityError:
            text = gettext(
                "Nothing was saved: somebody else has just put a session into one of these rooms. "
                "Please look again."
            )
            self.message_user(request, text, messages.ERROR)
            return None
        self.log_change(request, event, gettext("Changed the programme."))
        text = gettext("The programme is saved.")
        if release.is_released(event):
            text += " " + gettext("Readers see it once you release it.")
        self.message_user(request, text, messages.SUCCESS)
        return self.back_to("timetable", event)

    # One session

    def session_view(self, request: HttpRequest, object_id: str, session: int) -> HttpResponse:
        event = self.event_for("change", request, object_id)
        row = event.sessions.filter(pk=session).first()
        if row is None:
            raise Http404
        may_join = self.has_publish_permission(request, event)
        form = session_form.SessionForm(posted(request), instance=row, may_join=may_join)
        people = session_form.people_of(row, request.user, posted(request))
        is_valid = request.method == "POST" and form.is_valid() and people.is_valid()
        mark = request.POST.get("mark", "")
        is_stale = is_valid and not session_form.save(form, people, mark)
        if is_valid and not is_stale:
            self.log_change(request, event, gettext("Changed the session “%s”.") % row)
            text = gettext("“%s” is saved. Readers see it as it is with the next release.") % row
            self.message_user(request, text, messages.SUCCESS)
            if "_continue" in request.POST:
                return redirect("admin:events_event_session", event.pk, row.pk)
            return self.back_to("timetable", event)
        return self.shown(
            request,
            event,
            "session",
            str(row),
            form=form,
            people=people,
            # Whoever has read what the other wrote sends the form once more, and then it holds.
            mark=mark if mark and not is_stale else session_form.mark_of(row),
            is_stale=is_stale,
            meanwhile=session_form.meanwhile(form, people, request.user) if is_stale else [],
        )

    # The release

    def release_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        event = self.event_for("publish", request, object_id)
        if request.method == "POST":
            try:
                lines, told = released_by(event)
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)
                return self.back_to("timetable", event)
            self.log_change(request, event, gettext("Released the programme."))
            text = gettext("Readers see the programme as it is now.")
            if lines:
                text += " " + ngettext(
                    "The list of changes has %d line more.",
                    "The list of changes has %d lines more.",
                    len(lines),
                ) % len(lines)
            if told:
                text += " " + ngettext("%d person is told.", "%d people are told.", told) % told
            self.message_user(request, text, messages.SUCCESS)
            return self.back_to("timetable", event)
        differences = [Told(one) for one in release.differences(event)]
        return self.shown(
            request,
            event,
            "release",
            gettext("Release the programme"),
            differences=differences,
            is_first=not release.is_released(event),
            warnings=warnings_of(event),
        )


class Told:
    """What a release changes of one session, in words."""

    def __init__(self, one: Difference) -> None:
        self.title, self.label = one.snapshot["title"], one.label or gettext("Small changes")
        self.lines = [
            (FIELD_NAMES.get(name, name), told(name, one.before), told(name, one.after))
            for name in one.after
            if name not in NOBODY_READS
        ]
        self.is_new = not one.before


def told(name: str, values: dict[str, Any]) -> str:
    """A value of a released session as people read it."""
    value = values.get(name)
    if name in ("starts_at", "ends_at"):
        local = values.get(name.replace("_at", "_local"))
        if local:
            return f"{datetime.fromisoformat(local):%Y-%m-%d %H:%M}"
        return f"{value[:16].replace('T', ' ')} UTC" if value else "–"
    if name == "people":
        return (
            ", ".join(
                f"{one['name'] or one['organisation']} ({Role(one['role']).label})" for one in value
            )
            or "–"
        )
    if name == "language" and value:
        return language_name(value, "en")
    if name in ("kind", "mode", "status"):
        return str(dict(Session._meta.get_field(name).flatchoices).get(value, value)) or "–"
    return "–" if value in (None, "") else str(value)
