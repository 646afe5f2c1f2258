"""Choosing sessions for a programme of one's own, and reading it by its link."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from events import access, choosing, own, pages, selections, wording
from events.models import Event, Selection, Session
from events.programme import Released
from hub import limits
from hub.clients import client_of
from hub.guarded import posted
from hub.links import absolute
from hub.meta import Crumb, Meta
from hub.notices.calendar import feed


class ChoiceForm(forms.Form):
    """The sessions of a released programme, each with its time."""

    sessions = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Sessions"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose one session at least.")},
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rows = {row.pk: row for row in selections.choosable(event)}
        self.fields["sessions"].choices = [
            (pk, _label(Released(row))) for pk, row in self._rows.items()
        ]

    @property
    def chosen(self) -> list[Session]:
        return [self._rows[pk] for pk in self.cleaned_data["sessions"]]


def _label(session: Released) -> str:
    label = f"{session.title} – {wording.when_words(session)}"
    return f"{label} ({_('cancelled')})" if session.is_cancelled else label


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose sessions; a link to what was chosen comes back."""
    event = access.event_or_404(request, slug)
    if not selections.choosable(event):
        raise Http404
    form = ChoiceForm(posted(request), event=event)
    if request.method == "POST" and form.is_valid():
        if client := client_of(request):
            limits.require(selections.MADE_FROM_CLIENT, client)
        made = selections.make(event, form.chosen)
        return redirect(selections.path_of(made))
    context = {
        "event": event,
        "form": form,
        "meta": Meta(
            _("A programme of your own: %(event)s") % {"event": event},
            request.path,
            crumbs=pages.crumbs(Crumb(str(event), event.get_absolute_url())),
            is_indexed=False,
        ),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "events/choose.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def programme(request: HttpRequest, token: str) -> HttpResponse:
    """What was chosen, to be read, taken into a calendar and chosen anew."""
    selection = _selection_or_404(token)
    event = selection.event
    form = ChoiceForm(posted(request), event=event, initial={"sessions": selection.session_ids})
    if request.method == "POST" and form.is_valid():
        selections.change(selection, form.chosen)
        return own.private(redirect(request.path))
    sessions = selections.sessions_of(selection)
    zone = choosing.zone_of_user(request.user, event)
    context = {
        "event": event,
        "sessions": [(one, wording.when_html(one, zone)) for one in sessions],
        "event_url": choosing.page_in_zone(event, zone),
        "form": form,
        "calendar_url": f"{request.path.removesuffix('/')}.ics",
        "address": absolute(request.path),
        "meta": Meta(_("Your programme"), request.path, is_indexed=False),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return own.private(render(request, "events/own_programme.html", context, status=status))


@require_safe
def programme_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The same for a calendar program, which asks for it again and again."""
    selection = _selection_or_404(token)
    text = feed(selections.entries_of(selection), str(selection.event))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="programme.ics"'
    return own.private(response)


def _selection_or_404(token: str) -> Selection:
    selection = selections.selection_of(token)
    if selection is None:
        raise Http404
    return selection
