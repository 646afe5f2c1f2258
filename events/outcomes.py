"""What came of an event, for each of those who may read it: key messages, recordings with captions and
transcripts, slides, papers."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise

from events import access
from events.models import Event, Material, Outcome, Session
from hub.languages import language_name
from hub.links import absolute, host_of
from knowledge.models import Resource

Visibility = Material.Visibility
EVERYBODY = frozenset({Visibility.PUBLIC})
WITH_A_SEAT = frozenset({Visibility.PUBLIC, Visibility.REGISTRANTS})


@dataclass(frozen=True)
class Shown:
    """A material as a page shows it: where it leads and what it is."""

    kind: str | Promise
    title: str
    url: str
    host: str
    language: str
    language_name: str
    licence: str
    captions_url: str
    transcript_url: str
    is_for_all: bool


@dataclass(frozen=True)
class Part:
    """The materials of one session, or of the event as a whole where there is no session."""

    session: Session | None
    materials: tuple[Shown, ...]

    @property
    def title(self) -> str:
        return self.session.released["title"] if self.session else ""


@dataclass(frozen=True)
class Door:
    """By which address somebody came in, and what opens to them: where transcripts are to be read
    depends on it."""

    levels: frozenset[str]
    name: str
    parameters: tuple[tuple[str, str], ...]

    def transcript_url(self, material: Material) -> str:
        return reverse(self.name, kwargs={**dict(self.parameters), "pk": material.pk})


class Outcomes:
    """What of an event's outcomes opens by this door."""

    def __init__(self, event: Event, door: Door, language: str) -> None:
        self.event, self.door, self._language = event, door, language
        outcome = Outcome.objects.filter(event=event, published_at__isnull=False).first()
        self.summary = outcome.summary if outcome else ""
        self.key_messages = list(outcome.key_messages) if outcome else []
        self._materials = of_event(event)
        self.works = works_of(event)

    @property
    def parts(self) -> list[Part]:
        """The event's own materials first, then those of its sessions in the order of the programme."""
        found: dict[int, list[Shown]] = {}
        sessions: dict[int, Session | None] = {}
        for material in self._opened():
            key = material.session_id or 0
            sessions[key] = material.session
            found.setdefault(key, []).append(self._shown(material))
        order = sorted(found, key=lambda key: _place(sessions[key]))
        return [Part(sessions[key], tuple(found[key])) for key in order]

    @property
    def kept_back(self) -> dict[str, int]:
        """How many more there are behind other doors, by whom they are for."""
        closed = [one for one in self._materials if one.visibility not in self.door.levels]
        levels = (Visibility.REGISTRANTS, Visibility.MEMBERS)
        return {str(one): sum(m.visibility == one for m in closed) for one in levels}

    @property
    def is_there(self) -> bool:
        """Whether there is anything to read, here or behind another door."""
        return bool(self.summary or self.key_messages or self._materials or self.works)

    def transcript(self, pk: int) -> Material | None:
        """The material of which somebody wants to read what was said, if it opens to them."""
        opened = (one for one in self._opened() if one.pk == pk and one.transcript)
        return next(opened, None)

    def _opened(self) -> Iterator[Material]:
        return (one for one in self._materials if one.visibility in self.door.levels)

    def _shown(self, material: Material) -> Shown:
        work = material.resource
        return Shown(
            kind=material.get_kind_display(),
            title=material.title,
            url=work.get_absolute_url() if work else material.url,
            host="" if work else host_of(material.url),
            language=material.language,
            language_name=language_name(material.language, self._language)
            if material.language
            else "",
            licence=material.licence,
            captions_url=material.captions_url,
            transcript_url=self.door.transcript_url(material) if material.transcript else "",
            is_for_all=material.visibility == Visibility.PUBLIC,
        )


def of_event(event: Event) -> list[Material]:
    """The materials that any reader may have heard of: those of sessions that were released, and works
    of the library that are public."""
    rows = Material.objects.filter(event=event).select_related("session", "resource")
    return [material for material in rows if material.is_out]


def is_there(event: Event) -> bool:
    """Whether the event has something to read afterwards: what came of it, or a material."""
    told = Outcome.objects.filter(event=event, published_at__isnull=False)
    shown = Material.objects.filter(event=event)
    found = Event.objects.filter(pk=event.pk)
    return found.filter(Exists(told) | Exists(shown)).exists()


def works_of(event: Event) -> list[Resource]:
    """The works of the library that came of the event or of its sessions, and are public."""
    made = Resource.objects.public().filter(source_url__in=sources_of(event))
    return list(made.prefetch_related("editions"))


def sources_of(event: Event) -> list[str]:
    """The addresses under which works name the event and its sessions as where they come from."""
    return [lasting_url(one) for one in (event, *event.sessions.all())]


def lasting_url(row: Event | Session) -> str:
    """The full address in the language that has no prefix: the same for whoever asks."""
    with translation.override(settings.LANGUAGE_CODE):
        return absolute(row.get_absolute_url())


def door_for_all(event: Event) -> Door:
    return Door(EVERYBODY, "events:event_transcript", (("slug", event.slug),))


def door_of_account(event: Event, user: access.Reader) -> Door:
    """What opens to somebody who is signed in: as one with a seat, and as one of the members."""
    levels = {Visibility.PUBLIC}
    if access.registrations_of(user).coming().filter(event=event).exists():
        levels.add(Visibility.REGISTRANTS)
    if access.is_member(user, event):
        levels |= {Visibility.MEMBERS, Visibility.REGISTRANTS}
    return Door(frozenset(levels), "events:event_own_transcript", (("slug", event.slug),))


def _place(session: Session | None) -> tuple:
    if session is None:
        return (0, "", 0, 0)
    starts = session.released["starts_at"] or "9"
    return (1, starts, session.position, session.pk)
