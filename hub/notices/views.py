"""Where a mail provider reports what became of letters."""

from anymail import urls as anymail_urls
from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.notices import suppression

VIEWS = {
    pattern.name: pattern.callback.view_class
    for pattern in anymail_urls.urlpatterns
    if pattern.name and "inbound" not in pattern.name
}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """Note the reports of the provider that the hub sends by; 404 while no secret is set, or for
    any other provider; 400 without the secret, or for what is no report."""
    view_class = VIEWS.get(f"{provider}_tracking_webhook") or VIEWS.get(f"{provider}_webhook")
    if not settings.POST_WEBHOOK_SECRET or provider != settings.EMAIL_PROVIDER or not view_class:
        raise Http404
    if request.method != "POST":  # HEAD, asked when the address is entered at the provider's
        return HttpResponse()
    try:
        view = view_class()
        view.setup(request)
        view.run_validators(request)
    except AnymailWebhookValidationFailure:
        return HttpResponseBadRequest("This needs the secret.\n", content_type="text/plain")
    except AnymailConfigurationError as error:
        raise Http404 from error
    try:
        events = list(view.parse_events(request))
    except (AttributeError, LookupError, TypeError, ValueError, AssertionError):
        return HttpResponseBadRequest("This is no report.\n", content_type="text/plain")
    for event in events:
        suppression.note(event)
    return HttpResponse()
