"""Reading lists: all of them, one of them, and one as a file."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseGone
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue import facets, feeds, kept, pages, usage
from hub.catalogue.filters import RecordFilter
from hub.catalogue.listing import Listing
from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.catalogue.wayback import way_back
from hub.meta import Meta
from knowledge.collection_page import EXPORTS, MIME_TYPES, CollectionPage, crumbs, exported
from knowledge.kinds import READING_LISTS
from knowledge.models import Collection


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """All reading lists, the newest first, or those of a topic or a place."""
    listing = Listing(RecordFilter(request.GET), request.path, READING_LISTS)

    def make() -> HttpResponse:
        intro = _("Works chosen by those who know them, in the order in which to read them.")
        meta = listing.meta(_("Reading lists"), description=intro, kind="CollectionPage")
        context = {**listing.context(), "meta": meta, "intro": intro}
        return render(request, "knowledge/collection_list.html", context)

    return pages.answer(request, listing, make)


@require_safe
def collection_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One reading list; 410 with the reason if it was withdrawn, 404 if it was never public."""
    collection = get_object_or_404(Collection.objects.reachable(), slug=slug)
    if not collection.is_public:
        return _withdrawn(request, collection)
    response = _shown(request, slug)
    usage.count(request, ref_of(collection), usage.VIEW)
    return response


@pages.of_content
def _shown(request: HttpRequest, slug: str) -> HttpResponse:
    # Read anew: what is kept for a version of the content is nothing older than that.
    collection = get_object_or_404(Collection.objects.public().for_record(), slug=slug)
    record = get_object_or_404(Record.objects.public().shown(), ref=ref_of(collection))
    page = CollectionPage(collection, record, get_language())
    context = {
        **page.context(),
        "meta": page.meta(request.path),
        "back_url": way_back(request),
    }
    return render(request, "knowledge/collection_detail.html", context)


@require_safe
def collection_export(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """All works of a list as a file; 404 for what is no format of ours, 410 after withdrawal."""
    if ending not in EXPORTS:
        raise Http404
    if not get_object_or_404(Collection.objects.reachable(), slug=slug).is_public:
        return HttpResponseGone()

    def make() -> HttpResponse:
        collection = get_object_or_404(Collection.objects.public().for_record(), slug=slug)
        with exported(collection, ending) as file:
            return HttpResponse(file.read(), content_type=MIME_TYPES[ending])

    version = facets.known().version
    response = kept.page(request, request.path, version, make, content_type=MIME_TYPES[ending])
    response["Content-Disposition"] = content_disposition_header(True, f"{slug}.{ending}")
    return response


@require_safe
def collection_feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The works of a list as a feed, to hear of those that join it; 410 after withdrawal."""
    if not get_object_or_404(Collection.objects.reachable(), slug=slug).is_public:
        return HttpResponseGone()

    def make() -> HttpResponse:
        collection = get_object_or_404(Collection.objects.public().for_record(), slug=slug)
        record = get_object_or_404(Record.objects.public().shown(), ref=ref_of(collection))
        page = CollectionPage(collection, record, get_language())
        works = [(pick.card, pick.note) for pick in page.picks]
        path = collection.get_absolute_url()
        return feeds.of_works(page.title, path, request.path, works, collection.updated_at)

    version = facets.known().version
    return kept.page(request, request.path, version, make, content_type=feeds.TYPE)


def _withdrawn(request: HttpRequest, collection: Collection) -> HttpResponse:
    # The title of a restored draft may be another by now, which is not public yet.
    title = "" if collection.status == Collection.Status.DRAFT else str(collection)
    named = _("Withdrawn: %(title)s") % {"title": title} if title else _("Withdrawn")
    context = {
        "meta": Meta(named, request.path, crumbs=crumbs(), is_indexed=False),
        "title": title,
        "reason": collection.reason,
    }
    template = "knowledge/collection_withdrawn.html"
    return render(request, template, context, status=HTTPStatus.GONE)
