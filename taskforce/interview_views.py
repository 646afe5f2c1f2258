"""A government chooses, moves and cancels its interview, by the link of who speaks for it."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub import limits
from hub.meta import Meta
from hub.texts import is_key
from taskforce import booking, interview_letters, own, registering, timeline
from taskforce.interview_part import choices, coming, days_of, told, weeks_of
from taskforce.models import ParticipationContact
from taskforce.personal_views import way_to

ICS = "text/calendar; charset=utf-8"


@require_POST
@own.with_contact
def book(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """Choose a time. Whoever does so by their link has shown that the address is theirs."""
    try:
        contact = registering.prove(contact)
    except ValidationError as error:
        return _again(request, contact, token, error)
    # Who is the second of their government has to wait for the first; their page says so.
    if not contact.may_speak:
        return redirect("participation:page", token=token)
    try:
        slot = _key(request)
        if coming(contact.participation) is not None:
            limits.require(booking.CHANGED, str(contact.participation_id))
        booking.choose(contact.participation_id, slot)
    except ValidationError as error:
        contact.refresh_from_db()
        return _again(request, contact, token, error)
    return redirect("participation:page", token=token)


@require_safe
@own.with_speaker
def move(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """The other times that can be had."""
    interview = coming(contact.participation)
    if interview is None:
        return redirect("participation:page", token=token)
    context = _context(request, contact, token, _("Choose another time"))
    context |= choices(contact.participation) | told(interview)
    return render(request, "taskforce/own/interview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own.with_speaker
def cancel(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """Ask once more, then give the time back."""
    interview = coming(contact.participation)
    if interview is None:
        return redirect("participation:page", token=token)
    if request.method == "POST":
        limits.require(booking.CHANGED, str(contact.participation_id))
        booking.cancel(interview.pk)
        return redirect("participation:page", token=token)
    context = _context(request, contact, token, _("Cancel the interview")) | told(interview)
    return render(request, "taskforce/own/interview_cancel.html", context)


@require_safe
@own.with_speaker
def calendar(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """The interview for one's own calendar, with the UID that it has everywhere."""
    interview = coming(contact.participation)
    if interview is None:
        raise Http404
    response = HttpResponse(interview_letters.entry(interview).render(), content_type=ICS)
    response["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return response


def _again(
    request: HttpRequest, contact: ParticipationContact, token: str, error: ValidationError
) -> HttpResponse:
    """What went wrong, and what can be had: the next times for who came too late, else all."""
    participation = contact.participation
    context = _context(request, contact, token, _("Choose a time for the interview"))
    context |= choices(participation) | {"errors": error.messages}
    if getattr(error, "code", "") == booking.TAKEN:
        slots = booking.instead_of(participation)
        context["next"] = weeks_of(days_of(slots, participation.timezone))
    if interview := coming(participation):
        context |= told(interview)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "taskforce/own/interview.html", context, status=status)


def _key(request: HttpRequest) -> int:
    sent = request.POST.get("slot", "")
    if not is_key(sent):
        raise ValidationError(_("Choose one of the times."))
    return int(sent)


def _context(
    request: HttpRequest, contact: ParticipationContact, token: str, title: str
) -> dict[str, object]:
    round = contact.participation.round
    above = way_to(contact, token, request.path)
    return {
        "meta": Meta(title, request.path, crumbs=above, is_indexed=False),
        "contact": contact,
        "participation": contact.participation,
        "round": round,
        "when": timeline.period_html(round),
        "token": token,
    }
