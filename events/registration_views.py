"""Registering for an event."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events import access, delegations, own, pages, registering, standing, wording
from events.forms import RegistrationForm
from events.models import Event
from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, or why there is none; on POST the seat is taken. What is answered then is the same
    whether the address is registered already or not: the rest is for its mailbox."""
    event = access.event_or_404(request, slug)
    if not event.takes_registrations:
        return redirect(event)
    stands = standing.standing_of(event)
    why = registering.refusal(event)
    if request.method != "POST" and not stands.url:  # who has filled in the form keeps it
        why = why or stands.words
    form = RegistrationForm(posted(request), event=event, user=request.user, left=stands.details)
    if request.method == "POST" and not why and form.is_valid():
        registering.count(client_of(request), form.cleaned_data["email"])
        by = request.user if request.user.is_authenticated else None
        try:
            registration = registering.register(event, form.wish, by=by)
        except ValidationError as error:
            _say(form, error)
        else:
            # Only who has shown that the mailbox is theirs is led to what is theirs.
            if by is not None and registering.is_of(registration, by):
                return redirect(own.path_of(registration))
            return redirect("registering:sent", slug=event.slug)
    context = _about(event, request) | {"form": form, "why": why, "standing": stands}
    if request.user.is_authenticated:
        context["delegations"] = delegations.organisations_of(request.user)
    has_failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_failed else HTTPStatus.OK
    return render(request, "registrations/register.html", context, status=status)


@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next: the same for all."""
    event = access.event_or_404(request, slug)
    return render(request, "registrations/sent.html", _about(event, request))


def _say(form: RegistrationForm, error: ValidationError) -> None:
    """Beside the field where there is one for it, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _about(event: Event, request: HttpRequest) -> dict[str, object]:
    crumbs = pages.crumbs(Crumb(event.title, event.get_absolute_url()))
    meta = Meta(_("Register"), request.path, crumbs=crumbs, is_indexed=False)
    return {"event": event, "meta": meta, "when": wording.when_html(event)}
