"""Events to take elsewhere: calendars, a feed, the programme as data, and one file for closed nets."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseGone, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events import calendars, offline_pack
from events.choosing import zone_of
from events.kinds import EVENTS
from events.listed import country_names
from events.listing import EventFilter, EventListing
from events.models import Event, Session
from events.pages import EventPage
from events.programme import Programme, Released
from events.views import reachable
from hub.catalogue import feeds, kept
from hub.links import absolute
from hub.notices.calendar import feed

CALENDAR = "text/calendar; charset=utf-8"


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The events of a choice as a calendar to subscribe to: all that come, and the last that were."""
    choice = request.GET.copy()
    choice.pop("page", None)
    listing = EventListing(EventFilter(choice), reverse("events:event_list"))

    def make() -> HttpResponse:
        # Of what there is not a calendar is empty: one of more than was asked for would mislead.
        keys = [] if listing.notices else [row.pk for row in listing.events]
        events = Event.objects.public().in_bulk(keys)
        chosen = ", ".join(str(chip.label) for chip in listing.chips)
        heading = _("Events of the Just Transition Hub")
        name = f"{heading}: {chosen}" if chosen else heading
        entries = calendars.entries_of(events[pk] for pk in keys if pk in events)
        return HttpResponse(feed(entries, name), content_type=CALENDAR)

    if listing.notices:
        return make()
    address = listing.calendar_url
    return kept.page(request, address, listing.filters.known.version, make, content_type=CALENDAR)


@require_safe
def event_feed(request: HttpRequest) -> HttpResponse:
    """What was announced last, as a feed."""
    return feeds.answer(request, reverse("events:event_list"), _("Events"), EVENTS)


@require_safe
def event_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One event as a calendar file; 410 after withdrawal, 404 while nobody knows when it is."""
    event = _shown(request, slug)
    if event is None:
        return HttpResponseGone()
    if event.status == Event.Status.POSTPONED:
        raise Http404
    return _file(calendars.entry_of(event).render(), f"{slug}.ics")


@require_safe
def session_calendar(request: HttpRequest, slug: str, session: str) -> HttpResponse:
    """One session as a calendar file; 410 after withdrawal, 404 where it has no time yet."""
    event = _shown(request, slug)
    if event is None:
        return HttpResponseGone()
    row = get_object_or_404(Session.objects.released(), event=event, slug=session)
    row.event = event
    country = country_names([event]).get(event.country_id, "")
    entry = calendars.session_entry(Released(row), event, country)
    if entry is None or event.status == Event.Status.POSTPONED:
        raise Http404
    return _file(entry.render(), f"{session}.ics")


@require_safe
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The released programme as JSON, for the screens of a venue and for other sites."""
    event = _shown(request, slug)
    if event is None:
        return HttpResponseGone()
    sessions = Programme(event).sessions
    told = {
        "uid": event.uid,
        "title": event.title,
        "url": absolute(event.get_absolute_url()),
        "status": event.status,
        "timezone": event.timezone,
        "released_at": event.released_at,
        "sessions": [_told(session) for session in sessions],
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def offline(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything about an event in one file that needs no network: to print, or to carry along."""
    event = _shown(request, slug)
    if event is None:
        return HttpResponseGone()
    page = EventPage(event, zone_of(request, event), get_language())
    context = {
        **page.context(),
        "url": absolute(event.get_absolute_url()),
        "language": get_language(),
    }
    html = render_to_string("events/offline.html", context)
    # To be saved and opened later: shown from here, our policy would leave its styles away.
    response = HttpResponse(offline_pack.whole(html), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, f"{slug}.html")
    response["X-Robots-Tag"] = "noindex"
    return response


def _shown(request: HttpRequest, slug: str) -> Event | None:
    """The event, or none if it was withdrawn; ``Http404`` for what was never public."""
    event = reachable(slug, request)
    return None if event.status == Event.Status.WITHDRAWN else event


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=CALENDAR)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _told(session: Released) -> dict[str, Any]:
    """A session as data. Moments bear the offset of their zone."""
    return {
        "uid": session.session.uid,
        "url": absolute(session.url),
        "title": session.title,
        "abstract": session.summary,
        "kind": session.kind,
        "status": session.session.released["status"],
        "starts": _moment(session, "starts"),
        "ends": _moment(session, "ends"),
        "timezone": session.timezone,
        "room": session.room,
        "track": session.track,
        "mode": session.mode,
        "language": session.language,
        "livestream": session.stream_url,
        "people": [
            {
                name: one[name]
                for name in ("name", "role", "credited_as", "organisation", "is_remote")
            }
            for one in session.session.released["people"]
        ],
    }


def _moment(session: Released, which: str) -> str | None:
    local, at = getattr(session, f"{which}_local"), getattr(session, f"{which}_at")
    if local is None:
        return None
    if not session.has_hours:
        return local.date().isoformat()
    return at.astimezone(ZoneInfo(session.timezone)).isoformat()
