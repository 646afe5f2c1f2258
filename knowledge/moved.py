"""The addresses of works that became part of another lead to that one."""

from collections.abc import Callable
from functools import wraps

from django.db.models import Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
)
from django.urls import reverse

from knowledge.models import Merged, Resource
from knowledge.models.resources import ResourceQuerySet

View = Callable[..., HttpResponseBase]


def reachable(resources: ResourceQuerySet) -> ResourceQuerySet:
    """Those of these that were ever public: withdrawn ones still answer, with 410."""
    public, withdrawn = Resource.objects.public(), Resource.objects.withdrawn()
    return resources.filter(Q(pk__in=public.values("pk")) | Q(pk__in=withdrawn.values("pk")))


def leads_on(reachable: Callable[..., object]) -> Callable[[View], View]:
    """For a view of one resource: where there is none, ``301`` to the same page of the one that it
    became part of, in the language and with the query of the request. That one answers as it does
    anyway, with 410 if it was withdrawn; if it is not ``reachable``, nothing is told of it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def leading(request: HttpRequest, **names: str) -> HttpResponseBase:
            try:
                return view(request, **names)
            except Http404:
                address = _where(request, reachable(Resource.objects.all()), names)
                if address is None:
                    raise
                return HttpResponsePermanentRedirect(address)

        return leading

    return decorate


def _where(request: HttpRequest, resources: object, names: dict[str, str]) -> str | None:
    merged = Merged.objects.filter(into__in=resources).select_related("into")
    if "public_id" in names:
        found = merged.filter(public_id=names["public_id"].lower()).first()
        address = found and found.into.get_absolute_url()
    else:
        found = merged.filter(slug=names["slug"]).first()
        names = {**names, "slug": found.into.slug} if found else names
        address = found and reverse(request.resolver_match.view_name, kwargs=names)
    query = request.META.get("QUERY_STRING", "")
    return f"{address}?{query}" if address and query else address
