"""What partners show of the hub on their own sites, in a frame: the list and a programme.

Only the sites named in ``EMBED_ORIGINS`` may frame these pages, and nobody any other page.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.choosing import zone_of
from events.listing import EventFilter, EventListing
from events.pages import EventPage
from events.views import reachable, withdrawn
from hub.catalogue import pages
from hub.framing import framed
from hub.meta import Meta


@require_safe
@framed
def event_list(request: HttpRequest) -> HttpResponse:
    """The list, without the frame of our own pages; facets stand in the address."""
    listing = EventListing(EventFilter(request.GET), request.path)

    def make() -> HttpResponse:
        meta = Meta(_("Events"), reverse("events:event_list"), is_indexed=False)
        context = {**listing.context(), "meta": meta}
        return render(request, "events/embed_list.html", context)

    return pages.answer(request, listing, make)


@require_safe
@framed
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme of one event; 410 after withdrawal."""
    event = reachable(slug)
    if not event.is_public:
        return withdrawn(request, event)
    page = EventPage(event, zone_of(request, event), get_language())
    meta = Meta(event.title, event.get_absolute_url(), is_indexed=False)
    return render(request, "events/embed_programme.html", {**page.context(), "meta": meta})
