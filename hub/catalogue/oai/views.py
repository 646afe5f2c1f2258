"""The address that harvesters ask."""

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub import limits
from hub.clients import client_of

TYPE = "text/xml; charset=utf-8"
# The whole catalogue of 100,000 records is a thousand requests.
FROM_CLIENT = limits.Limit("harvest", 1200, timedelta(minutes=10))


@csrf_exempt  # it changes nothing, and harvesters may ask by POST
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """OAI-PMH 2.0. Faults are answers of the protocol too; who asks too often is told when to come
    again, as its section 3.1.2.2 has it."""
    from hub.catalogue.oai import answering  # with it lxml, which pages do without

    try:
        limits.require(FROM_CLIENT, client_of(request))
    except limits.Exceeded as exceeded:
        later = {"Retry-After": str(exceeded.seconds)}
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=later)
    given = request.POST if request.method == "POST" else request.GET
    return HttpResponse(answering.answer(given), content_type=TYPE)
