"""Works as files of references, one of them or all of a list, for programs that keep such."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseGone
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hub import limits
from hub.catalogue import kept
from hub.catalogue.filters import RecordFilter
from hub.catalogue.search import first_refs
from hub.clients import client_of
from hub.links import absolute
from knowledge import citing_lists, signposting
from knowledge.kinds import WORKS
from knowledge.models import Resource
from knowledge.moved import leads_on, reachable

# A whole list is the work of a second.
LISTS_FROM_CLIENT = limits.Limit("references", 60, timedelta(minutes=10))


@require_safe
@leads_on(reachable)
def resource_citation(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """One work as a file; 404 for what is no format of ours and was never public, 410 after
    withdrawal."""
    form = citing_lists.FORMS.get(ending)
    if form is None:
        raise Http404
    resource = get_object_or_404(reachable(Resource.objects.for_citing()), slug=slug)
    if not resource.is_public:
        return HttpResponseGone()
    content = b"".join(citing_lists.written([resource], ending))
    response = _file(HttpResponse(content, content_type=form.mime_type), f"{slug}.{ending}")
    response["Link"] = signposting.back_to(absolute(resource.get_absolute_url()), "describes")
    return response


@require_safe
def list_citation(request: HttpRequest, ending: str) -> HttpResponse:
    """The works of the library that this address asks for, in its order: the first of them, as many
    as ``citing_lists.MOST``. The page is no part of the choice."""
    form = citing_lists.FORMS.get(ending)
    if form is None:
        raise Http404
    choice = request.GET.copy()
    choice.pop("page", None)
    filters = RecordFilter(choice)
    address = f"{reverse('knowledge:list_citation', args=[ending])}?{filters.query()}"

    def make() -> HttpResponse:
        limits.require(LISTS_FROM_CLIENT, client_of(request))
        refs = first_refs(filters, get_language(), WORKS, citing_lists.MOST)
        content = b"".join(citing_lists.written(citing_lists.works_of(refs), ending))
        return HttpResponse(content, content_type=form.mime_type)

    if filters.notices:
        response = make()
    else:
        response = kept.page(request, address, filters.known.version, make, form.mime_type)
    return _file(response, f"just-transition-hub.{ending}")


def _file(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(True, name)
    # A form of what has a page, which is what search engines should find.
    response["X-Robots-Tag"] = "noindex"
    return response
