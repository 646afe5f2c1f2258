from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseGone
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub import sending
from hub.catalogue import feeds, pages, usage
from hub.catalogue.cards import card_of, cards_for
from hub.catalogue.filters import RecordFilter
from hub.catalogue.listing import Listing
from hub.catalogue.models import Record
from hub.catalogue.related import related
from hub.catalogue.sources import ref_of
from hub.catalogue.wayback import way_back
from hub.links import absolute
from hub.meta import Meta
from hub.vocabulary.labels import labels_of
from knowledge import citing_lists, highwire, signposting, uploads
from knowledge.kinds import LIBRARY
from knowledge.listed import lists_with
from knowledge.models import File, Resource, shelves_of
from knowledge.models.files import NAME_LENGTH
from knowledge.moved import leads_on, reachable
from knowledge.presentation import Detail, crumbs_of
from knowledge.referencing import references
from knowledge.text_edition import TextEdition

MAX_PART_DIGITS = 6
# The addresses change with the content. Not longer, so that what is withdrawn is gone in an hour.
FILE_CACHE = {"public": True, "max_age": 3600, "immutable": True}


@require_safe
def resource_list(request: HttpRequest) -> HttpResponse:
    """The library: every resource, by words and facets."""
    listing = Listing(RecordFilter(request.GET), request.path, LIBRARY)

    def make() -> HttpResponse:
        meta = listing.meta(_("Library"), kind="CollectionPage")
        query = listing.filters.query()
        context = {
            **listing.context(),
            "meta": meta,
            "reference_files": citing_lists.links_of_list(query),
            "most_references": citing_lists.MOST if listing.total > citing_lists.MOST else 0,
        }
        return render(request, "knowledge/resource_list.html", context)

    return pages.answer(request, listing, make)


@require_safe
def resource_feed(request: HttpRequest) -> HttpResponse:
    return feeds.answer(request, reverse("knowledge:resource_list"), _("Library"), LIBRARY)


@require_safe
@leads_on(reachable)
def resource_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One resource; 410 with the reason if it was withdrawn, 404 if it was never public."""
    everything = Resource.objects.for_record().select_related("owner")
    everything = everything.prefetch_related("identifiers", "links", "terms__labels")
    resource = get_object_or_404(reachable(everything), slug=slug)
    if not resource.is_public:
        return _withdrawn(request, resource)
    language = get_language()
    # Between the two queries somebody may have withdrawn it.
    record = get_object_or_404(Record.objects.public().shown(), ref=ref_of(resource))
    beside, lists = related(record), lists_with(resource)
    labels = labels_of({pk for shown in [record, *beside] for pk in shown.own_term_ids}, language)
    detail = Detail(resource, card_of(record, labels, language), language)
    context = {
        **detail.context(),
        "related": [card_of(other, labels, language) for other in beside],
        "lists": [card_of(one, labels, language) for one in lists],
        "meta": detail.meta(request.path, highwire.tags_of(resource)),
        "back_url": way_back(request),
        "references": references(resource, language, timezone.now().date()),
        "reference_files": citing_lists.links_of(resource),
    }
    usage.count(request, record.ref, usage.VIEW)
    response = render(request, "knowledge/resource_detail.html", context)
    response["Link"] = signposting.of_page(resource, detail.kind.schema_type)
    return response


@require_safe
@leads_on(reachable)
def resource_short(request: HttpRequest, public_id: str) -> HttpResponse:
    """The permanent short address leads to where the resource is now."""
    resource = get_object_or_404(reachable(Resource.objects.all()), public_id=public_id.lower())
    return redirect(resource)


@require_safe
@leads_on(reachable)
def resource_cover(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """The cover of a resource in one size; 410 if it was withdrawn, 404 for an earlier cover and
    for what was never public."""
    resources = reachable(Resource.objects.select_related("cover__file"))
    resource = get_object_or_404(resources, slug=slug, cover__isnull=False)
    if not resource.is_public:
        return HttpResponseGone()
    if not resource.cover.as_picture().is_out:
        raise Http404
    response = uploads.answer(resource.cover, name)
    response["ETag"] = f'"{name}"'
    patch_cache_control(response, **FILE_CACHE)
    return response


@require_safe
@leads_on(reachable)
def resource_file(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """A PDF of a resource; 410 if it was withdrawn, 404 for a file that was taken away, for one
    under embargo and for what was never public. A version that was put away leads to the one that
    readers get."""
    if len(name) != NAME_LENGTH:
        raise Http404
    files = File.objects.select_related("resource").filter(sha256__startswith=name)
    file = get_object_or_404(files, resource__in=reachable(Resource.objects.filter(slug=slug)))
    if not file.resource.is_public:
        return HttpResponseGone()
    if not file.is_out:
        shelf = next(one for one in shelves_of(file.resource.files.all()) if file in one.versions)
        if not file.is_put_away or shelf.current is None:
            raise Http404
        return redirect(shelf.current)
    response = sending.answer(request, file, **FILE_CACHE)
    page = absolute(file.resource.get_absolute_url())
    response["Link"] = signposting.back_to(page, "collection")
    if sending.begins(request, response):
        usage.count(request, ref_of(file.resource), usage.DOWNLOAD)
    return response


@require_safe
@leads_on(reachable)
def resource_text(request: HttpRequest, slug: str) -> HttpResponse:
    """The text of a PDF of the resource, a stretch of its pages at a time; 410 with the reason if
    the resource was withdrawn, 404 where there is no text."""
    resources = reachable(Resource.objects.prefetch_related("editions", "files"))
    resource = get_object_or_404(resources, slug=slug)
    if not resource.is_public:
        return _withdrawn(request, resource)
    name, part = request.GET.get("file", ""), request.GET.get("part", "") or "1"
    shelves = shelves_of(resource.files.all())
    files = [shelf.current for shelf in shelves if shelf.current and shelf.current.has_text]
    files = [file for file in files if name in ("", file.name)]
    if not files or not len(part) <= MAX_PART_DIGITS or not part.isdecimal() or int(part) < 1:
        raise Http404
    edition = TextEdition(resource, files[0], int(part))
    if not edition.is_there:
        raise Http404
    context = {**edition.context(), "meta": edition.meta(), "url": resource.get_absolute_url()}
    usage.count(request, ref_of(resource), usage.TEXT)
    return render(request, "knowledge/resource_text.html", context)


def _withdrawn(request: HttpRequest, resource: Resource) -> HttpResponse:
    instead = resource.replacement()
    records = Record.objects.public().filter(ref=ref_of(instead)) if instead else []
    # The title of a restored draft may be another by now, which is not public yet.
    is_draft = resource.status == Resource.Status.DRAFT
    title = "" if is_draft else str(resource)
    context = {
        "meta": Meta(
            _("Withdrawn: %(title)s") % {"title": title} if title else _("Withdrawn"),
            request.path,
            crumbs=crumbs_of(),
            is_indexed=False,
        ),
        "title": title,
        "reason": resource.reason,
        "replacement": next(iter(cards_for(records, get_language())), None),
    }
    return render(request, "knowledge/resource_withdrawn.html", context, status=410)
