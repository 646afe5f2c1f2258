from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hub.catalogue.cards import card_of
from hub.catalogue.listing import Listing
from hub.catalogue.models import Record
from hub.catalogue.search import related
from hub.catalogue.sources import ref_of
from hub.links import absolute
from hub.vocabulary.labels import labels_of
from knowledge.kinds import KIND_VALUES
from knowledge.models import Resource
from knowledge.presentation import Detail


@require_safe
def resource_list(request: HttpRequest) -> HttpResponse:
    """The library: every resource, by words and facets."""
    listing = Listing(request, Record.objects.public().filter(kind__in=KIND_VALUES))
    context = {**listing.context(), "canonical": absolute(listing.canonical)}
    return render(request, "knowledge/resource_list.html", context)


@require_safe
def resource_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One resource; 410 with the reason if it was withdrawn, 404 if it was never public."""
    resource = get_object_or_404(_reachable(), slug=slug)
    if resource.status == Resource.Status.WITHDRAWN:
        return _withdrawn(request, resource)
    language = get_language()
    # Between the two queries somebody may have withdrawn it.
    record = get_object_or_404(Record.objects.public().defer("vector"), ref=ref_of(resource))
    beside = related(record)
    labels = labels_of({pk for shown in [record, *beside] for pk in shown.own_term_ids}, language)
    detail = Detail(resource, card_of(record, labels, language), language)
    context = {
        **{name: getattr(detail, name) for name in Detail.PARTS},
        "related": [card_of(other, labels, language) for other in beside],
        "canonical": absolute(record.path),
    }
    return render(request, "knowledge/resource_detail.html", context)


@require_safe
def resource_short(request: HttpRequest, public_id: str) -> HttpResponse:
    """The permanent short address leads to where the resource is now."""
    resource = get_object_or_404(_reachable(), public_id=public_id.lower())
    return redirect(resource)


def _reachable() -> QuerySet:
    """What was ever public: withdrawn resources still answer, with 410."""
    everything = Resource.objects.for_record().select_related("owner", "replaced_by")
    public, withdrawn = Resource.objects.public(), Resource.objects.withdrawn()
    return everything.filter(Q(pk__in=public.values("pk")) | Q(pk__in=withdrawn.values("pk")))


def _withdrawn(request: HttpRequest, resource: Resource) -> HttpResponse:
    replacement = None
    if resource.replaced_by and resource.replaced_by.is_public:
        language = get_language()
        record = Record.objects.public().filter(ref=ref_of(resource.replaced_by)).first()
        if record:
            replacement = card_of(record, labels_of(record.own_term_ids, language), language)
    context = {"title": str(resource), "reason": resource.reason, "replacement": replacement}
    return render(request, "knowledge/resource_withdrawn.html", context, status=410)
