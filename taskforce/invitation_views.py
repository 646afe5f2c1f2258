"""The answer of an invited government that does not take part, by the link in its letter."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.own import private
from hub.meta import Meta
from taskforce import invitations, participating


@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what is asked, POST says no."""
    invitation = invitations.invitation_of(token)
    if invitation is None:
        raise Http404
    errors: list[str] = []
    if request.method == "POST":
        try:
            invitations.decline(invitation.pk)
        except ValidationError as error:
            errors = error.messages
        else:
            return private(redirect(request.path))
    context = {
        "invitation": invitation,
        "round": invitation.round,
        "is_open": not participating.refusal(invitation.round),
        "errors": errors,
        "token": token,
        "meta": Meta(_("We do not take part"), request.path, is_indexed=False),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return private(render(request, "taskforce/own/invitation.html", context, status=status))
