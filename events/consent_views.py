"""The page on which somebody who spoke says whether that may be published."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events import consents, own
from hub.meta import Meta

ANSWERS = {"yes": True, "no": False}


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """What is asked, on GET; the answer on POST, since mail programs open links."""
    appearances = consents.asked_by(token)
    if not appearances:
        return own.private(render(request, "events/consent_over.html", status=404))
    said = request.POST.get("answer", "")
    is_odd = request.method == "POST" and said not in ANSWERS
    if request.method == "POST" and not is_odd:
        consents.answer(appearances, agrees=ANSWERS[said])
        return own.private(redirect(request.path))
    context = {
        "event": appearances[0].session.event,
        "appearances": appearances,
        "consent": appearances[0].consent,
        "is_odd": is_odd,
        "meta": Meta(_("May we publish it?"), request.path, is_indexed=False),
    }
    return own.private(
        render(request, "events/consent.html", context, status=422 if is_odd else 200)
    )
