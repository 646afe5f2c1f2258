"""The pages of events: all of them, one, and a session of one."""

from dataclasses import replace
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import access
from events.choosing import zone_of
from events.listing import EventFilter, EventListing
from events.models import Event, Session
from events.pages import EventPage, SessionPage, crumbs
from hub.catalogue import kept, pages
from hub.meta import Meta


def reachable(slug: str, request: HttpRequest | None = None) -> Event:
    """The event of this address, withdrawn ones too, and for who asks by ``request`` those that are for
    them alone; ``Http404`` for all others."""
    events = Event.objects.select_related("owner", "country")
    events = events.prefetch_related("terms", "organisers__organisation")
    found = events.reachable().filter(slug=slug).first()
    if found is None and request is not None:
        return access.event_or_404(request, slug, events)
    if found is None:
        raise Http404
    return found


@require_safe
def event_list(request: HttpRequest) -> HttpResponse:
    """All events by words and facets: what comes by month, what was by year."""
    listing = EventListing(EventFilter(request.GET), request.path)

    def make() -> HttpResponse:
        intro = _("Conferences, webinars and meetings on the way out of coal, and what they told.")
        meta = listing.meta(_("Events"), description=intro, kind="CollectionPage")
        context = {**listing.context(), "meta": meta, "intro": intro}
        return render(request, "events/event_list.html", context)

    return pages.answer(request, listing, make)


@require_safe
def event_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One event with its programme, in the zone that the address asks for; 410 with the reason if it
    was withdrawn, 404 if it was never public."""
    event = reachable(slug, request)
    if event.status == Event.Status.WITHDRAWN:
        return withdrawn(request, event)
    if event.page_path:
        return redirect(event.page_path)
    page = EventPage(event, zone_of(request, event), get_language())

    def make() -> HttpResponse:
        context = {**page.context(), "meta": _meta(page, event)}
        return render(request, "events/event_detail.html", context)

    if page.zone.notice or event.audience != Event.Audience.PUBLIC:
        return make()
    return kept.page(request, f"{request.path}{page.zone.query}", page.version, make)


@require_safe
def session_detail(request: HttpRequest, slug: str, session: str) -> HttpResponse:
    """One session as it was released; 410 if its event was withdrawn."""
    event = reachable(slug, request)
    if event.status == Event.Status.WITHDRAWN:
        return withdrawn(request, event)
    row = get_object_or_404(Session.objects.released(), event=event, slug=session)
    row.event = event
    page = SessionPage(row, zone_of(request, event), get_language())
    context = {**page.context(), "meta": _meta(page, row)}
    return render(request, "events/session_detail.html", context)


def _meta(page: EventPage | SessionPage, row: Event | Session) -> Meta:
    """Nobody indexes what is not for all."""
    is_for_all = page.event.audience == Event.Audience.PUBLIC
    return replace(page.meta(row.get_absolute_url()), is_indexed=is_for_all)


def withdrawn(request: HttpRequest, event: Event) -> HttpResponse:
    context = {
        "meta": Meta(
            _("Withdrawn: %(title)s") % {"title": event.title},
            request.path,
            crumbs=crumbs(),
            is_indexed=False,
        ),
        "event": event,
    }
    return render(request, "events/event_withdrawn.html", context, status=HTTPStatus.GONE)
