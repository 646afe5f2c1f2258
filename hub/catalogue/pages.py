"""How a list answers: with the page that is kept, or with one made now."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from hub.catalogue import kept, misses
from hub.catalogue.listing import Listing


def answer(
    request: HttpRequest, listing: Listing, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page of a list, which ``make`` makes. Addresses that ask for the same are one page; what
    leaves something of an address out says so, and is not kept."""
    if listing.filters.page is None:
        raise Http404

    def made() -> HttpResponse:
        response = make()
        response.is_miss = listing.results.is_miss
        return response

    if listing.notices:
        response = made()
    else:
        response = kept.page(request, listing.canonical, listing.filters.known.version, made)
    if response.is_miss and listing.filters.page == 1:
        misses.note(listing.query, listing.language)
    return response
