"""The pages of what came of an event: for everybody, for who is signed in, and by the link of a
registration. Each shows the same page with what opens by its door."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import access, outcomes, own, pages, transcripts
from events.models import Event, Registration
from events.outcomes import Door, Outcomes
from hub.meta import Crumb, Meta


@require_safe
def event_outcomes(request: HttpRequest, slug: str) -> HttpResponse:
    """What came of an event, as far as everybody may read it who sees the event."""
    event = access.event_or_404(request, slug)
    return _page(request, event, outcomes.door_for_all(event))


@require_safe
def event_transcript(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was said, in words."""
    event = access.event_or_404(request, slug)
    return _transcript(request, event, outcomes.door_for_all(event), pk)


@require_safe
@login_required
def event_own_outcomes(request: HttpRequest, slug: str) -> HttpResponse:
    """The same with what is for those with a seat and for members, as far as this person is one."""
    event = _event_of_account(request, slug)
    return own.private(_page(request, event, outcomes.door_of_account(event, request.user)))


@require_safe
@login_required
def event_own_transcript(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    event = _event_of_account(request, slug)
    door = outcomes.door_of_account(event, request.user)
    return own.private(_transcript(request, event, door, pk))


@require_safe
@own.with_registration
def registration_materials(
    request: HttpRequest, registration: Registration, token: str
) -> HttpResponse:
    """What is for those with a seat, by the link of their registration."""
    return _page(request, registration.event, _door_of(registration, token))


@require_safe
@own.with_registration
def registration_transcript(
    request: HttpRequest, registration: Registration, token: str, pk: int
) -> HttpResponse:
    return _transcript(request, registration.event, _door_of(registration, token), pk)


def _event_of_account(request: HttpRequest, slug: str) -> Event:
    return get_object_or_404(access.visible_to(request.user), slug=slug)


def _door_of(registration: Registration, token: str) -> Door:
    """Without a confirmed seat the link opens what everybody reads; of an event that is not for
    everybody, nothing."""
    event = registration.event
    if event.status not in Event.SHOWN:
        raise Http404
    parameters = (("token", token),)
    if registration.is_coming:
        return Door(outcomes.WITH_A_SEAT, "own:transcript", parameters)
    if event.is_public:
        return Door(outcomes.EVERYBODY, "own:transcript", parameters)
    raise Http404


def _page(request: HttpRequest, event: Event, door: Door) -> HttpResponse:
    shown = Outcomes(event, door, get_language())
    kept_back = shown.kept_back
    is_own = door.levels != outcomes.EVERYBODY
    context = {
        "event": event,
        "shown": shown,
        "parts": shown.parts,
        "for_registrants": kept_back["registrants"],
        "for_members": kept_back["members"],
        "own_url": reverse("events:event_own_outcomes", args=[event.slug]),
        "meta": Meta(
            _("Outcomes: %(event)s") % {"event": event},
            request.path,
            shown.summary or event.summary,
            _crumbs(event),
            is_indexed=shown.is_there and event.is_public and not is_own,
        ),
    }
    return render(request, "events/outcomes.html", context)


def _transcript(request: HttpRequest, event: Event, door: Door, pk: int) -> HttpResponse:
    material = Outcomes(event, door, get_language()).transcript(pk)
    if material is None:
        raise Http404
    is_public = event.is_public and door.levels == outcomes.EVERYBODY
    title = _("Transcript: %(title)s") % {"title": material}
    context = {
        "event": event,
        "material": material,
        "stretches": transcripts.stretches(material.transcript),
        "meta": Meta(title, request.path, "", _crumbs(event), is_indexed=is_public),
    }
    return render(request, "events/transcript.html", context)


def _crumbs(event: Event) -> tuple[Crumb, ...]:
    return pages.crumbs(Crumb(str(event), event.get_absolute_url()))
