"""How pages answer: with what is kept of them, or with one made now."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from hub.catalogue import facets, kept, misses
from hub.catalogue.listing import Listing

View = Callable[..., HttpResponse]


def of_content(view: View) -> View:
    """Keep the pages of a view that depend on their path and the public content alone. What comes
    with a query, which such a view does not read, is made each time: nobody should fill the store
    with one page under many addresses."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        def make() -> HttpResponse:
            return view(request, *args, **kwargs)

        if request.GET:
            return make()
        return kept.page(request, request.path, facets.known().version, make)

    return answered


def answer(
    request: HttpRequest, listing: Listing, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """The page of a list, which ``make`` makes. Addresses that ask for the same are one page; what
    leaves something of an address out says so, and is not kept."""
    if listing.filters.page is None:
        raise Http404

    def made() -> HttpResponse:
        response = make()
        response.is_miss = listing.is_miss
        return response

    if listing.notices:
        response = made()
    else:
        response = kept.page(request, listing.canonical, listing.filters.known.version, made)
    if response.is_miss and listing.filters.page == 1:
        misses.note(listing.query, listing.language)
    return response
