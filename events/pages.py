"""The pages of an event and of a session: all that their templates ask for."""

import hashlib
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import linked_data, outcomes, wording
from events.choosing import Zone
from events.kinds import Mode
from events.listed import country_names, place_words
from events.models import Event, ProgrammeChange, Session
from events.programme import Pages, Programme, Released
from events.standing import Standing, standing_of
from hub.catalogue import facets
from hub.catalogue.kinds import Kind, kind_of
from hub.languages import autonym
from hub.links import host_of
from hub.meta import Crumb, Meta
from hub.parts import Parts
from hub.vocabulary.labels import Label, labels_of

SHOWN_CHANGES = 40


def crumbs(*above: Crumb) -> tuple[Crumb, ...]:
    return (Crumb(_("Events"), reverse("events:event_list")), *above)


class _Page(Parts):
    """What the pages of events and sessions share."""

    def __init__(self, event: Event, zone: Zone, language: str) -> None:
        self.event, self.zone, self.language = event, zone, language

    @cached_property
    def country(self) -> str:
        return country_names([self.event]).get(self.event.country_id, "")

    @property
    def place(self) -> str:
        return place_words(self.event, self.country)

    @property
    def mode_label(self) -> str:
        return str(Mode(self.event.mode).label) if self.event.mode else ""


class EventPage(_Page):
    """``PARTS`` are what its template asks for."""

    PARTS = (
        *("event", "zone", "kind", "country", "place", "mode_label", "when", "other_when"),
        *("languages", "organisers", "topics", "places", "standing", "programme", "changes"),
        *("website_host", "has_calendar", "has_outcomes"),
    )

    @property
    def version(self) -> str:
        """Another text whenever the page is another: with the content, with each seat that is taken,
        and as time goes by."""
        event, told = self.event, self.standing
        has_begun = event.starts_at is not None and event.starts_at <= now()
        return f"{facets.known().version} {has_begun} {event.is_over} {_digest(told)}"

    @property
    def kind(self) -> Kind:
        return kind_of(self.event.kind)

    @property
    def when(self) -> str:
        return wording.when_html(self.event, self.zone.name)

    @property
    def other_when(self) -> str:
        """The same in the zone of the event, where the reader chose another."""
        return wording.when_html(self.event) if self.zone.name and self.event.has_hours else ""

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [(code, autonym(code)) for code in self.event.languages]

    @cached_property
    def organisers(self) -> list[dict[str, str]]:
        return [
            {
                "name": one.name,
                "url": one.organisation.get_absolute_url()
                if one.organisation and one.organisation.has_page
                else "",
            }
            for one in self.event.organisers.all()
        ]

    @cached_property
    def _labels(self) -> dict[int, Label]:
        return labels_of({term.pk for term in self.event.terms.all()}, self.language)

    @property
    def topics(self) -> list[Label]:
        return [label for label in self._labels.values() if label.scheme != "place"]

    @property
    def places(self) -> list[Label]:
        return [label for label in self._labels.values() if label.scheme == "place"]

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.event)

    @property
    def has_outcomes(self) -> bool:
        return self.event.starts_at <= now() and outcomes.is_there(self.event)

    @cached_property
    def programme(self) -> Programme:
        return Programme(self.event, self.zone.name)

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """What releases have changed, the last first, each with its lines."""
        rows = list(self.event.programme_changes.all()[:SHOWN_CHANGES])
        return [
            {"at": wording.moment_html(at, self.zone.shown), "lines": [_line(one) for one in lines]}
            for at, lines in groupby(rows, key=lambda one: one.released_at)
        ]

    @property
    def website_host(self) -> str:
        return host_of(self.event.website) if self.event.website else ""

    @property
    def has_calendar(self) -> bool:
        return self.event.status != Event.Status.POSTPONED

    def meta(self, path: str) -> Meta:
        return Meta(
            self.event.title,
            path,
            description=self.event.summary,
            crumbs=crumbs(),
            subject=linked_data.subject_of(self.event, self.country),
            kind="ItemPage",
        )


class SessionPage(_Page):
    """One session as it was released."""

    PARTS = (
        *("event", "zone", "session", "when", "other_when", "parts", "place", "mode_label"),
        *("before", "after", "event_when"),
    )

    def __init__(self, row: Session, zone: Zone, language: str) -> None:
        super().__init__(row.event, zone, language)
        self._row = row

    @cached_property
    def session(self) -> Released:
        return Released(self._row, Pages.of([self._row]))

    @property
    def when(self) -> str:
        return wording.when_html(self.session, self.zone.name)

    @property
    def other_when(self) -> str:
        zone = self.session.timezone
        is_other = self.zone.name and self.session.has_hours and self.zone.name != zone
        return wording.when_html(self.session) if is_other else ""

    @property
    def event_when(self) -> str:
        return wording.when_html(self.event)

    @property
    def parts(self) -> list:
        return self.session.parts

    @cached_property
    def _order(self) -> list[Released]:
        return Programme(self.event, self.zone.name).sessions

    @cached_property
    def _index(self) -> int:
        return next(n for n, one in enumerate(self._order) if one.session.pk == self._row.pk)

    @property
    def before(self) -> Released | None:
        return self._order[self._index - 1] if self._index else None

    @property
    def after(self) -> Released | None:
        rest = self._order[self._index + 1 :]
        return rest[0] if rest else None

    def meta(self, path: str) -> Meta:
        return Meta(
            self.session.title,
            path,
            description=self.session.summary,
            crumbs=crumbs(Crumb(self.event.title, self.event.get_absolute_url())),
            subject=linked_data.subject_of_session(self.session, self.event, self.country),
            kind="ItemPage",
        )


def _digest(told: Standing) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def _line(change: ProgrammeChange) -> dict[str, str]:
    return {"act": change.get_act_display(), "title": change.title, "how": _how(change)}


def _how(change: ProgrammeChange) -> str:
    """What was changed, in words: from when and where to when and where."""
    told = []
    before, after = change.before, change.after
    if "starts_at" in before and change.act != ProgrammeChange.Act.REMOVED:
        zone = after.get("timezone") or before.get("timezone") or change.event.timezone
        told.append(_moved(_moment(before["starts_at"], zone), _moment(after["starts_at"], zone)))
    if "room" in before and "room" in after:
        told.append(_moved(before["room"], after["room"]))
    if "title" in before and "title" in after:
        told.append(_("before: “%(title)s”") % {"title": before["title"]})
    if "people" in before and "people" in after:
        told.append(_people(before["people"], after["people"]))
    return "; ".join(filter(None, told))


def _moment(iso: str | None, zone: str) -> str:
    return wording.moment_words(datetime.fromisoformat(iso), zone) if iso else ""


def _moved(before: str, after: str) -> str:
    names = {"before": before or _("not known"), "after": after or _("not known")}
    return _("from %(before)s to %(after)s") % names


def _people(before: list[dict], after: list[dict]) -> str:
    def named(people: list[dict]) -> list[str]:
        return [one["name"] or one["organisation"] for one in people]

    was, now = named(before), named(after)
    told = []
    if joined := [name for name in now if name not in was]:
        told.append(_("with %(names)s") % {"names": ", ".join(joined)})
    if left := [name for name in was if name not in now]:
        told.append(_("without %(names)s") % {"names": ", ".join(left)})
    return ", ".join(told)
