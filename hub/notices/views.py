"""Where a mail provider reports what became of letters."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.notices import suppression


@csrf_exempt  # A provider has no page of ours to send from: it shows the secret instead.
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Note the reports of the provider that the hub sends by; 404 while no secret is set, or for
    any other provider; 400 without the secret, or for what is no report."""
    if not settings.POST_WEBHOOK_SECRET or provider != settings.EMAIL_PROVIDER:
        raise Http404
    from hub.notices import reports  # heavy, and of no use to a hub without a provider

    try:
        # HEAD is asked when the address is entered at the provider's.
        events = reports.read(request, provider) if request.method == "POST" else []
    except reports.NotSetUp as error:
        raise Http404 from error
    except reports.NoSecret:
        return HttpResponseBadRequest("This needs the secret.\n", content_type="text/plain")
    except reports.NoReport:
        return HttpResponseBadRequest("This is no report.\n", content_type="text/plain")
    for event in events:
        suppression.note(event)
    return HttpResponse()
