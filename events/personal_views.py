"""What somebody does with their own registration, by the link that was sent to them. GET shows and POST
acts, since mail programs open links by themselves; every page is private."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events import (
    attending,
    calendars,
    checking_in,
    choosing,
    joining,
    letters,
    outcomes,
    own,
    registering,
    seats,
    wording,
)
from events.forms import ChangeForm, ReplaceForm, SessionsForm, offered_to
from events.kinds import Mode
from events.models import Event, Registration
from events.registered import said_by, standing_of
from hub import limits
from hub.addresses import normalised
from hub.guarded import posted
from hub.limits import Limit
from hub.meta import Meta

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
REPLACED = Limit("registrations handed on from", 5, timedelta(days=1))
ICS = "text/calendar; charset=utf-8"
Status = Registration.Status


@GET_OR_POST
@own.with_registration
def page(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """How it stands, and what one can do about it."""
    error = None
    if request.method == "POST":
        try:
            _act(registration, request.POST)
        except ValidationError as refused:
            error = refused
            registration.refresh_from_db()
        else:
            return redirect("registration:page", token=token)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    context = _context(request, registration, token, _("Your registration"))
    context |= {"errors": error.messages if error else ()}
    return render(request, "registrations/page.html", context, status=status)


def _act(registration: Registration, sent: dict[str, Any]) -> None:
    """Do what a button says. Whoever has the link and presses one has the mailbox, too."""
    act = sent.get("act", "")
    if act not in ("confirm", "switch", "meanwhile"):
        raise ValidationError(_("Choose what is to be done."))
    _prove(registration)
    if act == "switch":
        seats.switch(registration.pk, sent.get("mode", ""))
    if act == "meanwhile":
        seats.sit_meanwhile(registration.pk, sent.get("mode", ""))


def _prove(registration: Registration) -> None:
    if registration.email_confirmed_at is None:
        seats.confirm_address(registration.pk)


@GET_OR_POST
@own.with_registration
def edit(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Put right what one has said."""
    form = ChangeForm(posted(request), registration=registration)

    def act() -> None:
        _prove(registration)
        registering.change(registration.pk, form.about)

    return _form(request, registration, token, form, act, _("Change your details"), _("Save"))


@GET_OR_POST
@own.with_registration
def sessions(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Choose among the sessions of limited size."""
    form = SessionsForm(posted(request), registration=registration)

    def act() -> None:
        _prove(registration)
        seats.choose_sessions(registration.pk, form.chosen)

    return _form(request, registration, token, form, act, _("Choose sessions"), _("Save"))


@GET_OR_POST
@own.with_registration
def replace(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Hand the place to somebody else."""
    form = ReplaceForm(posted(request))

    def act() -> None:
        limits.require(REPLACED, str(registration.pk))
        limits.require(registering.BY_ADDRESS, normalised(form.cleaned_data["email"]))
        _prove(registration)
        seats.replace(
            registration.pk, email=form.cleaned_data["email"], name=form.cleaned_data["name"]
        )

    label = _("Hand it over")
    return _form(request, registration, token, form, act, _("Hand your place on"), label)


@GET_OR_POST
@own.with_registration
def cancel(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Ask once more, then give the seat back."""
    if request.method == "POST":
        seats.cancel(registration.pk)
        return redirect("registration:page", token=token)
    context = _context(request, registration, token, _("Cancel your registration"))
    return render(request, "registrations/cancel.html", context)


def _form(
    request: HttpRequest,
    registration: Registration,
    token: str,
    form: Any,
    act: Callable[[], None],
    title: str,
    label: str,
) -> HttpResponse:
    """A page with one form, which leads back to the registration."""
    if not registration.is_active:
        return redirect("registration:page", token=token)
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect("registration:page", token=token)
    context = _context(request, registration, token, title) | {"form": form, "label": label}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "registrations/form.html", context, status=status)


@require_safe
@own.with_registration
def calendar(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """The event for one's own calendar, with the UID that it has everywhere."""
    if registration.event.status == Event.Status.POSTPONED:
        raise Http404
    entry = calendars.entry_of(registration.event)
    response = HttpResponse(entry.render(), content_type=ICS)
    response["Content-Disposition"] = f'attachment; filename="{registration.event.slug}.ics"'
    return response


@GET_OR_POST
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Where one joins, from the set time on. The address itself comes with the answer to POST."""
    registration = joining.find(secret)
    if registration is None:
        raise Http404
    context = {
        "event": registration.event,
        "meta": Meta(_("Join online"), request.path, is_indexed=False),
        "doors": [
            {
                "title": door.of.title,
                "url": door.url if request.method == "POST" else "",
                "is_open": bool(door.url),
                "is_over": door.is_over,
                "opens": wording.moment_html(door.opens_at, door.of.timezone),
            }
            for door in joining.doors_of(registration)
        ],
    }
    context["is_open"] = any(door["is_open"] for door in context["doors"])
    response = own.private(render(request, "registrations/join.html", context))
    response["Referrer-Policy"] = "no-referrer"
    return response


def _context(
    request: HttpRequest, registration: Registration, token: str, title: str
) -> dict[str, Any]:
    event, until = registration.event, registration.seat_until()
    other = [mode for mode in event.seat_modes if mode != registration.mode]
    zone = choosing.zone_of_user(request.user, event)
    return {
        "registration": registration,
        "token": token,
        "event": event,
        "meta": Meta(title, request.path, is_indexed=False),
        "standing": standing_of(registration),
        "until": until and wording.moment_html(until, event.timezone),
        "facts": letters.facts_of(event),
        "when": wording.when_html(event),
        "when_there": wording.when_html(event, zone) if zone else "",
        "event_url": choosing.page_in_zone(event, zone),
        "mode": registration.get_mode_display(),
        "join": joining.link_of(registration),
        "others": [
            {
                "mode": mode,
                "label": Mode(mode).label,
                "is_free": not seats.is_full(event, mode),
                "loses": seats.only_elsewhere(registration, mode),
            }
            for mode in other
        ],
        "said": said_by(registration),
        "has_sessions": offered_to(registration).exists(),
        "has_entry": registration.status == Status.CONFIRMED
        and event.status == Event.Status.PUBLISHED,
        "is_over": event.is_over,
        "code": _code(registration),
        "says_so": attending.says_so_themselves(event)
        and registration.is_coming
        and attending.is_open(event),
        "has_outcomes": event.starts_at <= now() and outcomes.is_there(event),
    }


def _code(registration: Registration) -> str:
    """What they show at the door, if they have a seat in the room."""
    is_expected = registration.is_coming and registration.mode == Mode.IN_PERSON
    return checking_in.code(registration) if is_expected else ""
