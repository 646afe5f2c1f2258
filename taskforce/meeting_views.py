"""The page of a meeting, for everybody and for those whom its event is for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events import access
from events.choosing import zone_of
from events.models import Event
from events.views import withdrawn
from taskforce.meeting_pages import MeetingPage
from taskforce.models import Meeting

RELATED = ("event__country", "event__owner", "group", "round")


@require_safe
def meeting_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A meeting that is for all; one of members for those whom it is for, and for everybody else that it
    was, once something was told of it. 404 for the rest, and 410 for what was withdrawn."""
    rows = Meeting.objects.select_related(*RELATED)
    meeting = rows.filter(slug=slug, event__in=Event.objects.reachable()).first()
    if meeting is not None:
        if meeting.event.status == Event.Status.WITHDRAWN:
            return withdrawn(request, meeting.event)
        return _shown(request, meeting, is_open=True)
    told = rows.public().filter(slug=slug).first()
    if told is not None:
        return _shown(request, told, is_open=False)
    meeting = get_object_or_404(rows, slug=slug)
    if not access.visible_to(request.user).filter(pk=meeting.event_id).exists():
        raise Http404
    return _shown(request, meeting, is_open=True)


def _shown(request: HttpRequest, meeting: Meeting, *, is_open: bool) -> HttpResponse:
    page = MeetingPage(meeting, zone_of(request, meeting.event), get_language(), is_open=is_open)
    context = {**page.context(), "meta": page.meta(request.path)}
    return render(request, "taskforce/meetings/detail.html", context)
