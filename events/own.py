"""The signed link that leads somebody to their own registration, and to what hangs on it."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control

from events.models import Registration
from hub import links

PURPOSE = "registration"
# Long enough for what comes after an event; rows are let go of before.
MAX_AGE = timedelta(days=3 * 365)
View = Callable[..., HttpResponse]


def token_of(registration: Registration) -> str:
    return links.sign(PURPOSE, registration)


def path_of(registration: Registration) -> str:
    """Where somebody's own page of their registration is."""
    return reverse("registration:page", args=[token_of(registration)])


def registration_of(token: str) -> Registration | None:
    """Whose link this is; ``None`` for any other token, which is answered 404."""
    rows = Registration.objects.select_related("event", "organisation")
    return links.resolve(PURPOSE, token, rows, max_age=MAX_AGE)


def private(response: HttpResponse) -> HttpResponse:
    """What the address of the page lets in whoever has it: no cache keeps it, no other site is told
    of it, nobody indexes it."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    patch_cache_control(response, private=True, no_store=True)
    return response


def with_registration(view: View) -> View:
    """Hand the view the registration of the token; 404 for one that opens nothing."""

    @wraps(view)
    def found(request: HttpRequest, token: str, **names: object) -> HttpResponse:
        registration = registration_of(token)
        if registration is None:
            raise Http404
        return private(view(request, registration, token, **names))

    return found
