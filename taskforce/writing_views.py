"""What those who lead a group write on the members' pages: agenda, minutes, actions. By account alone."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from hub.guarded import posted
from taskforce import agenda
from taskforce.area import meetings_of
from taskforce.area_views import GET_OR_POST, by_account, meta_of
from taskforce.membership import Seat
from taskforce.models import ActionItem, Meeting
from taskforce.writing_forms import ActionForm, AgendaForms, CloseForm, MinutesForm

View = Callable[..., HttpResponse]


def by_lead(view: View) -> View:
    """Hand the view the seat of who leads the group; 404 for everybody else, members too."""

    @wraps(view)
    def found(request: HttpRequest, seat: Seat, **names: object) -> HttpResponse:
        if not seat.may_write:
            raise Http404
        return view(request, seat, **names)

    return GET_OR_POST(by_account(found))


def _meeting(seat: Seat, slug: str) -> Meeting:
    return get_object_or_404(meetings_of(seat), slug=slug)


@by_lead
def write_agenda(request: HttpRequest, seat: Seat, meeting: str) -> HttpResponse:
    """The points as rows of a table."""
    row = _meeting(seat, meeting)
    rows = AgendaForms(posted(request), meeting=row)
    refusal = ""
    if request.method == "POST" and rows.is_valid():
        try:
            rows.save_in_order(request.POST.get("version", ""))
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            return redirect("taskforce:group_agenda", seat.group.slug, row.slug)
    context = {"rows": rows, "refusal": refusal, "agenda": agenda.agenda_of(row)}
    return _page(request, seat, row, "agenda", _("Write the agenda"), **context)


@by_lead
def write_minutes(request: HttpRequest, seat: Seat, meeting: str) -> HttpResponse:
    """The minutes; where somebody else saved them meanwhile both texts are shown."""
    row = _meeting(seat, meeting)
    form = MinutesForm(posted(request), meeting=row)
    if request.method == "POST" and form.is_valid() and form.save(request.user):
        return redirect(seat.url("meeting", row.slug))
    return _page(request, seat, row, "minutes", _("Write the minutes"), form=form)


@by_lead
def note_action(request: HttpRequest, seat: Seat, meeting: str) -> HttpResponse:
    row = _meeting(seat, meeting)
    form = ActionForm(posted(request), meeting=row)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect(seat.url("meeting", row.slug))
    return _page(request, seat, row, "form", _("Note an action"), form=form)


@by_lead
def close_action(request: HttpRequest, seat: Seat, pk: int) -> HttpResponse:
    rows = ActionItem.objects.filter(meeting__in=meetings_of(seat)).select_related("meeting__event")
    action = get_object_or_404(rows, pk=pk)
    form = CloseForm(posted(request))
    if request.method == "POST" and form.is_valid() and form.close(action):
        return redirect(seat.url("meeting", action.meeting.slug))
    title = _("Close an action")
    return _page(request, seat, action.meeting, "form", title, form=form, action=action)


def _page(
    request: HttpRequest, seat: Seat, meeting: Meeting, template: str, title: str, **context: Any
) -> HttpResponse:
    about = {
        "seat": seat,
        "group": seat.group,
        "meeting": meeting,
        "event": meeting.event,
        "meta": meta_of(request, seat, title),
        "back": seat.url("meeting", meeting.slug),
    }
    has_failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_failed else HTTPStatus.OK
    return render(request, f"taskforce/area/write_{template}.html", about | context, status=status)
