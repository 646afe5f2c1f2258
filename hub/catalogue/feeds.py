"""Any list as an Atom feed (RFC 4287), so that a search can be followed: what came to the hub last."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.catalogue import facets, kept
from hub.catalogue.cards import Card, cards_for
from hub.catalogue.filters import RecordFilter
from hub.catalogue.listing import Listing
from hub.catalogue.models import RecordQuerySet
from hub.catalogue.scope import Scope
from hub.catalogue.search import PAGE_SIZE
from hub.links import absolute
from hub.texts import for_xml

TYPE = "application/atom+xml; charset=utf-8"
# What an entry's lasting id begins with (RFC 4151); the day is one on which the host was ours.
DAY = "2026-11-01"


class Feed(Atom1Feed):
    changed_at: datetime | None = None  # of itself, where it is not only the newest of its entries

    def latest_post_date(self) -> datetime:
        """An empty feed has not changed since there were feeds: by the clock, as Django has it, it
        would be another at every look."""
        newest = super().latest_post_date() if self.items else datetime.fromisoformat(f"{DAY}T00Z")
        return max(newest, self.changed_at or newest)


def answer(request: HttpRequest, list_path: str, heading: str, scope: Scope) -> HttpResponse:
    """The feed of the list at ``list_path``, for the choice that the request's address makes."""
    choice = request.GET.copy()
    for name in ("page", "sort"):
        choice.pop(name, None)
    listing = Listing(RecordFilter(choice), list_path, scope, order="added")
    address = f"{request.path}{listing.canonical.removeprefix(list_path)}"

    def make() -> HttpResponse:
        feed = _feed(listing, absolute(address), heading)
        return HttpResponse(feed.writeString("utf-8"), content_type=TYPE)

    if listing.notices:
        return make()
    return kept.page(request, address, listing.filters.known.version, make, content_type=TYPE)


def of_scope(request: HttpRequest, heading: str, list_path: str, scope: Scope) -> HttpResponse:
    """The feed of all of a scope, which the page at ``list_path`` is about. Nothing is asked for in its
    address."""
    listing = Listing(RecordFilter(QueryDict()), list_path, scope, order="added")

    def make() -> HttpResponse:
        feed = _feed(listing, absolute(request.path), heading)
        return HttpResponse(feed.writeString("utf-8"), content_type=TYPE)

    return kept.page(request, request.path, facets.known().version, make, content_type=TYPE)


def of_records(heading: str, path: str, feed_path: str, records: RecordQuerySet) -> HttpResponse:
    """The feed of the last of these records, which the page at ``path`` is about."""
    feed = _begun(heading, _("What came to the hub last, of this list."), path, absolute(feed_path))
    last = records.order_by("-published_at", "-id").shown()[:PAGE_SIZE]
    for card in cards_for(last, get_language() or settings.LANGUAGE_CODE):
        _add(feed, card)
    return HttpResponse(feed.writeString("utf-8"), content_type=TYPE)


def of_works(
    title: str, path: str, feed_path: str, works: Iterable[tuple[Card, str]], changed_at: datetime
) -> HttpResponse:
    """The feed of works that somebody has put into an order, each with what is said of it there."""
    feed = _begun(title, _("The works of this list, in its order."), path, absolute(feed_path))
    feed.changed_at = changed_at
    for card, note in works:
        _add(feed, card, note)
    return HttpResponse(feed.writeString("utf-8"), content_type=TYPE)


def _feed(listing: Listing, url: str, heading: str) -> Feed:
    title = listing.in_words(heading)
    feed = _begun(title, _("What came to the hub last, of this list."), listing.canonical, url)
    # Of what there is not a feed is empty: one of more than was asked for would mislead who follows.
    for card in [] if listing.notices else listing.cards:
        _add(feed, card)
    return feed


def _begun(title: str, description: str, path: str, url: str) -> Feed:
    return Feed(
        title=for_xml(f"{title} – {_('Just Transition Hub')}"),
        link=absolute(path),
        description=description,
        language=get_language(),
        feed_url=url,
        feed_guid=url,
    )


def _add(feed: Feed, card: Card, note: str = "") -> None:
    host = urlsplit(settings.BASE_URL).hostname
    feed.add_item(
        title=for_xml(card.title),
        link=absolute(card.url),
        description=for_xml("\n\n".join(filter(None, [note, card.summary]))),
        unique_id=f"tag:{host},{DAY}:{card.record.ref}",
        pubdate=card.record.published_at,
        updateddate=max(card.record.published_at, card.record.updated_at),
        author_name=for_xml(", ".join([*card.record.people, *card.publishers]))
        or _("Publisher not named"),
        categories=[str(card.kind.label), *(for_xml(topic.label) for topic in card.topics)],
    )
