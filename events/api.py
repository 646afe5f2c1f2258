"""Events and the released parts of their programmes for programs; never a way in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from events.kinds import EventKind, Mode, Role, SessionKind
from events.listing import EventFilter, EventListing
from events.models import Event, Session
from events.programme import Pages, Released
from hub.catalogue.api.asking import SLUG, Asked, Parameter
from hub.catalogue.api.pieces import (
    Languages,
    OrganisationRef,
    Ref,
    TermRef,
    organisation_ref,
    term_refs,
)
from hub.catalogue.api.problems import Gone
from hub.catalogue.api.records import EXACT, LANGUAGES, TERMS, WORDS, checked, refuse_unknown
from hub.catalogue.api.views import ROOT, Page, Rows, cut
from hub.links import absolute

MODES = [mode.value for mode in Mode if mode]
MOMENT = "With the offset of its zone; a day alone where no hours are known."


class Holder(serializers.Serializer):
    """Who holds an event."""

    name = serializers.CharField()
    organisation = OrganisationRef(allow_null=True)


class EventRow(serializers.Serializer):
    """An event."""

    id = serializers.IntegerField()
    api_url = serializers.URLField()
    url = serializers.URLField()
    uid = serializers.CharField(help_text="As in calendars.")
    slug = serializers.CharField()
    title = serializers.CharField()
    title_language = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    summary_language = serializers.CharField()
    kind = serializers.ChoiceField(EventKind.values)
    status = serializers.ChoiceField([status.value for status in Event.SHOWN])
    mode = serializers.ChoiceField(MODES, allow_null=True)
    languages = Languages(help_text="Those that are spoken.")
    starts = serializers.CharField(help_text=MOMENT)
    ends = serializers.CharField(allow_null=True, help_text=MOMENT)
    timezone = serializers.CharField(allow_blank=True)
    venue = serializers.CharField(allow_blank=True)
    city = serializers.CharField(allow_blank=True)
    country = TermRef(allow_null=True)
    terms = TermRef(many=True)
    organisers = Holder(many=True)
    registration = serializers.ChoiceField(Event.Signup.values)
    registration_url = serializers.URLField(allow_null=True)
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    website = serializers.CharField(allow_blank=True)
    livestream = serializers.CharField(allow_blank=True, help_text="Open to everybody.")
    sessions_url = serializers.URLField(help_text="Its programme in this API.")
    is_example = serializers.BooleanField(help_text="Made up, to try things out.")
    updated_at = serializers.DateTimeField()


class Events(Rows):
    slug = "events"
    title = _("Events")
    about = _("What is open to everybody, and what was: the latest start first.")
    row = whole = EventRow
    parameters: ClassVar = (
        *(WORDS, EXACT),
        Parameter(
            "kind",
            _("Kind of event; several: any of them."),
            lambda: EventKind.values,
            is_many=True,
            example="webinar",
        ),
        Parameter(
            "mode",
            _("How one takes part; several: any of them."),
            lambda: MODES,
            is_many=True,
            example="online",
        ),
        *(*TERMS, LANGUAGES),
    )
    example = "kind=webinar"

    @classmethod
    def public(cls) -> QuerySet[Event]:
        return Event.objects.public().prefetch_related("terms", "organisers__organisation")

    def page(self, asked: Asked) -> Page:
        filters = EventFilter(asked.choice)
        checked(filters)
        rows = EventListing(filters, reverse("events:event_list")).events
        found = sorted(((row.starts_at, row.pk) for row in rows), reverse=True)
        if place := asked.place(datetime, int):
            found = [one for one in found if one < tuple(place)]
        page = cut(found[: asked.limit + 1], asked.limit, list)
        events = self.public().in_bulk([pk for _starts, pk in page.rows])
        return Page([events[pk] for _starts, pk in page.rows if pk in events], page.next_place)

    def one(self, id: int) -> Event:
        try:
            return super().one(id)
        except Http404:
            if gone := Event.objects.reachable().withdrawn().filter(pk=id).first():
                raise Gone(gone.reason) from None
            raise

    def told(self, rows: list[Event]) -> list[Mapping[str, Any]]:
        ids = {term.pk for row in rows for term in row.terms.all()}
        terms = term_refs(ids | {row.country_id for row in rows} - {None})
        return [self._told_one(row, terms) for row in rows]

    def _told_one(self, row: Event, terms: dict[int, dict]) -> dict[str, Any]:
        same = ("uid", "slug", "title", "summary", "kind", "status", "languages", "timezone")
        same += ("venue", "city", "registration", "opens_at", "closes_at", "website", "is_example")
        return {
            **{name: getattr(row, name) for name in (*same, "updated_at")},
            "id": row.pk,
            "api_url": self.api_url(row.pk),
            "url": absolute(row.get_absolute_url()),
            "title_language": row.title_lang,
            "summary_language": row.language,
            "mode": row.mode or None,
            "starts": _moment(row, "starts"),
            "ends": _moment(row, "ends"),
            "country": terms.get(row.country_id),
            "terms": [terms[term.pk] for term in row.terms.all() if term.pk in terms],
            "organisers": [
                {"name": one.name, "organisation": organisation_ref(one.organisation)}
                for one in row.organisers.all()
            ],
            "registration_url": _registration_url(row),
            "livestream": row.stream_url,
            "sessions_url": absolute(f"{ROOT}sessions/?event={row.slug}"),
        }


class Voice(serializers.Serializer):
    """Somebody in a released programme, as it has them."""

    name = serializers.CharField(allow_blank=True)
    role = serializers.ChoiceField(Role.values)
    credited_as = serializers.CharField(allow_blank=True)
    organisation = serializers.CharField(allow_blank=True)
    url = serializers.URLField(allow_null=True, help_text="The page of who is listed.")


class SessionRow(serializers.Serializer):
    """A part of the released programme of an event."""

    id = serializers.IntegerField()
    api_url = serializers.URLField()
    url = serializers.URLField()
    uid = serializers.CharField(help_text="As in calendars.")
    event = Ref()
    title = serializers.CharField()
    title_language = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(SessionKind.values)
    status = serializers.ChoiceField(Session.Status.values)
    mode = serializers.ChoiceField(MODES, allow_null=True)
    language = serializers.CharField(allow_blank=True, help_text="The one that is spoken.")
    starts = serializers.CharField(allow_null=True, help_text=MOMENT)
    ends = serializers.CharField(allow_null=True, help_text=MOMENT)
    timezone = serializers.CharField(allow_blank=True)
    room = serializers.CharField(allow_blank=True)
    track = serializers.CharField(allow_blank=True)
    livestream = serializers.CharField(allow_blank=True, help_text="Open to everybody.")
    people = Voice(many=True)


class Sessions(Rows):
    slug = "sessions"
    title = _("Sessions")
    about = _("Parts of the programmes of events, as they were released.")
    row = whole = SessionRow
    parameters: ClassVar = (Parameter("event", _("Slug of the event."), pattern=SLUG),)
    example = "limit=5"

    @classmethod
    def public(cls) -> QuerySet[Session]:
        return Session.objects.public().select_related("event")

    def chosen(self, rows: QuerySet[Session], asked: Asked) -> QuerySet[Session]:
        if slug := asked.get("event"):
            if not Event.objects.public().filter(slug=slug).exists():
                refuse_unknown([("event", slug)])
            rows = rows.filter(event__slug=slug)
        return rows

    def told(self, rows: list[Session]) -> list[Mapping[str, Any]]:
        pages = Pages.of(rows)
        return [self._told_one(row, Released(row, pages), pages) for row in rows]

    def _told_one(self, row: Session, shown: Released, pages: Pages) -> dict[str, Any]:
        same = ("title", "summary", "kind", "language", "timezone", "room", "track")
        return {
            **{name: getattr(shown, name) for name in same},
            "id": row.pk,
            "api_url": self.api_url(row.pk),
            "url": absolute(row.get_absolute_url()),
            "uid": row.uid,
            "event": {
                "id": row.event.pk,
                "api_url": Events.api_url(row.event.pk),
                "url": absolute(row.event.get_absolute_url()),
            },
            "title_language": row.event.language,
            "status": row.released["status"],
            "mode": shown.mode or None,
            "starts": _moment(shown, "starts"),
            "ends": _moment(shown, "ends"),
            "livestream": shown.stream_url,
            "people": [_voice(one, pages) for one in row.released["people"]],
        }


def _voice(told: dict[str, Any], pages: Pages) -> dict[str, Any]:
    url = pages.speaker(told).url
    names = ("name", "role", "credited_as", "organisation")
    return {**{name: told[name] for name in names}, "url": absolute(url) if url else None}


def _registration_url(event: Event) -> str | None:
    if event.registration == Event.Signup.EXTERNAL:
        return event.external_url
    if event.takes_registrations:
        return absolute(reverse("registering:register", args=[event.slug]))
    return None


def _moment(timed: Event | Released, which: str) -> str | None:
    local, at = getattr(timed, f"{which}_local"), getattr(timed, f"{which}_at")
    if local is None:
        return None
    if not timed.has_hours:
        return local.date().isoformat()
    return at.astimezone(ZoneInfo(timed.timezone)).isoformat()


VIEWSETS = [Events, Sessions]
