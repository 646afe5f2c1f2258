"""The button by which somebody says that they are there."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import attending, own
from events.models import Registration
from hub.meta import Meta


@require_http_methods(["GET", "HEAD", "POST"])
@own.with_registration
def here(request: HttpRequest, registration: Registration, token: str) -> HttpResponse:
    """Shows on GET, acts on POST."""
    refusal = ""
    if request.method == "POST":
        try:
            attending.check_in(registration)
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            return redirect(request.path)
    event = registration.event
    context = {
        "event": event,
        "was_there": attending.was_there(registration),
        "is_open": attending.says_so_themselves(event)
        and registration.is_coming
        and attending.is_open(event),
        "refusal": refusal,
        "meta": Meta(_("I am here"), request.path, is_indexed=False),
    }
    return render(request, "events/here.html", context, status=422 if refusal else 200)
