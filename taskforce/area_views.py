"""The members' pages of a group, by account or by the link of a letter. Who sits there is asked for at each
request; everybody else is answered 404, as for what does not exist."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import own
from events.own import private
from hub.meta import Crumb, Meta
from hub.partners.models import User
from taskforce import area as pages
from taskforce.group_pages import crumbs as group_crumbs
from taskforce.membership import Seat, Speaker, seat_by, seat_of, speaker_by
from taskforce.pages import crumbs as round_crumbs

View = Callable[..., HttpResponse]
GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


def by_account(view: View) -> View:
    """Hand the view the seat of who is signed in."""

    @login_required
    @wraps(view)
    def found(request: HttpRequest, slug: str, **names: object) -> HttpResponse:
        seat = seat_of(request.user, slug)
        if seat is None:
            raise Http404
        return private(view(request, seat, **names))

    return found


def by_link(view: View) -> View:
    """Hand the view the seat of whoever has the link."""

    @wraps(view)
    def found(request: HttpRequest, token: str, **names: object) -> HttpResponse:
        seat = seat_by(token)
        if seat is None:
            raise Http404
        return private(view(request, seat, **names))

    return found


def by_speaker(view: View) -> View:
    """Hand the view whoever speaks for an accepted government by their link, at meetings of all."""

    @wraps(view)
    def found(request: HttpRequest, token: str, **names: object) -> HttpResponse:
        speaker = speaker_by(token)
        if speaker is None:
            raise Http404
        return private(view(request, speaker, **names))

    return found


def reader_of(request: HttpRequest, seat: Seat | Speaker) -> User | None:
    """Whose account it is; nobody's where the link alone lets in, whoever is signed in besides."""
    return None if seat.token else request.user


def meta_of(request: HttpRequest, seat: Seat | Speaker, title: str, *, below: bool = True) -> Meta:
    """What a members' page is; it lies below the public page of the group or the round."""
    if isinstance(seat, Seat):
        crumbs = group_crumbs(Crumb(seat.group.name, seat.group.get_absolute_url()))
        home = _("Members’ pages")
    else:
        round = seat.contact.participation.round
        crumbs = round_crumbs(Crumb(round.title, round.get_absolute_url()))
        home = seat.contact.participation.government_name
    if below:
        crumbs = (*crumbs, Crumb(home, seat.url("area")))
    return Meta(title, request.path, crumbs=crumbs, is_indexed=False)


def _area(request: HttpRequest, seat: Seat) -> HttpResponse:
    page = pages.AreaPage(seat, get_language())
    meta = meta_of(request, seat, seat.group.name, below=False)
    return render(request, "taskforce/area/group.html", {**page.context(), "meta": meta})


def _meeting(request: HttpRequest, seat: Seat | Speaker, meeting: str) -> HttpResponse:
    return shown(request, seat, meeting)


def shown(request: HttpRequest, seat: Seat | Speaker, slug: str, refusal: str = "") -> HttpResponse:
    """The page of a meeting, with why something could not be done."""
    row = get_object_or_404(pages.meetings_of(seat), slug=slug)
    page = pages.AreaMeetingPage(seat, row, reader_of(request, seat), get_language())
    meta = meta_of(request, seat, str(row))
    context = {**page.context(), "meta": meta, "refusal": refusal}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return render(request, "taskforce/area/meeting.html", context, status=status)


def _come(request: HttpRequest, seat: Seat | Speaker, meeting: str) -> HttpResponse:
    row = get_object_or_404(pages.meetings_of(seat), slug=meeting)
    try:
        registration = pages.come(
            seat, row.event, reader_of(request, seat), request.POST.get("mode", "")
        )
    except ValidationError as error:
        return shown(request, seat, meeting, " ".join(error.messages))
    return redirect(own.path_of(registration))


area, link_area = (require_safe(way(_area)) for way in (by_account, by_link))
meeting, link_meeting, round_meeting = (
    require_safe(way(_meeting)) for way in (by_account, by_link, by_speaker)
)
come, link_come, round_come = (
    require_POST(way(_come)) for way in (by_account, by_link, by_speaker)
)
