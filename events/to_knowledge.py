"""From an event, or one of its sessions, to a draft of the library in one step: who spoke is credited,
recordings and slides are its links, the key messages its summary. Nothing of it is public before somebody
has edited and published it.

Nobody is named who has not agreed. Under the Chatham House Rule nobody is named at all: the draft has no
credits and no recordings, and is refused while its text has the name of somebody who was there.
"""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.timezone import now
from django.utils.translation import gettext as _

from events import consents, outcomes
from events.models import Appearance, Event, Material, Outcome, Session
from hub.links import absolute
from hub.partners import policy
from hub.partners.models import Organisation, User
from hub.slugs import fold
from knowledge import drafting, duplicates, richtext, services
from knowledge.addresses import canonical
from knowledge.models import Credit, Edition, Link, Resource, new_public_id

SUMMARY_LENGTH = Edition._meta.get_field("summary").max_length
TITLE_LENGTH = Edition._meta.get_field("title").max_length
LABEL_LENGTH = Link._meta.get_field("label").max_length
KEPT = (Event.Status.PUBLISHED,)


@dataclass(frozen=True)
class Origin:
    """What a draft is made of: an event as a whole, or one session of it."""

    event: Event
    session: Session | None = None

    @property
    def title(self) -> str:
        return self.session.title if self.session else self.event.title

    @property
    def url(self) -> str:
        """By this address the draft names where it comes from, and is found again."""
        return outcomes.lasting_url(self.session or self.event)

    @property
    def is_unattributed(self) -> bool:
        return self.event.attribution == Event.Attribution.CHATHAM_HOUSE

    @property
    def key_messages(self) -> list[str]:
        outcome = self._outcome
        return list(outcome.key_messages) if outcome else []

    @property
    def words(self) -> str:
        """What came of it in prose; before anybody wrote that, what it was about."""
        if self.session:
            return self.session.summary
        outcome = self._outcome
        return (outcome.summary if outcome else "") or self.event.summary

    @property
    def _outcome(self) -> Outcome | None:
        # What came of the whole is not what came of one session.
        return None if self.session else Outcome.objects.filter(event=self.event).first()

    @property
    def appearances(self) -> list[Appearance]:
        return list(consents.appearances_of(self.event, self.session))

    @property
    def materials(self) -> list[Material]:
        """What everybody may open already, of this session or of the whole event."""
        rows = [m for m in outcomes.of_event(self.event) if m.visibility == "public"]
        return [m for m in rows if self.session is None or m.session_id == self.session.pk]

    @property
    def languages(self) -> list[str]:
        spoken = [self.session.language] if self.session else []
        told = [self.event.language, *filter(None, spoken), *self.event.languages]
        return list(dict.fromkeys(told))

    def existing(self) -> Resource | None:
        """The draft or the work that was made of it before."""
        made = Resource.objects.filter(source_url=self.url)
        return made.exclude(status=Resource.Status.WITHDRAWN).first()


def hindrances(origin: Origin, reader: User) -> list[str]:
    """Why no draft can be made now, in words for the desk; nothing where one can."""
    found = []
    if origin.event.status not in KEPT or origin.event.starts_at > now():
        found.append(_("It has not taken place yet, or does not."))
    if (other := origin.existing()) is not None:
        found.append(duplicates.refusal(reader, other, _("origin")))
    if origin.is_unattributed:
        if names := named_in(_text_of(origin), _attendees(origin.event)):
            found.append(
                _(
                    "Under the Chatham House Rule nobody is named, but the texts name %(names)s. "
                    "Take the names out first."
                )
                % {"names": ", ".join(names)}
            )
    elif missing := consents.missing(origin.event, origin.session):
        found.append(_("These have not agreed yet: %(names)s.") % {"names": ", ".join(missing)})
    return found


def make(by: User, origin: Origin, *, owner: Organisation, kind: str) -> Resource:
    """The draft. ``ValidationError`` says what hinders it, ``PermissionDenied`` where it is not for
    this person to make. Of two who ask at once one gets it."""
    if not policy.publishable(by, Event.objects.filter(pk=origin.event.pk)).exists():
        raise PermissionDenied
    if not policy.leads(by, owner.pk):
        raise PermissionDenied
    with transaction.atomic():
        Event.objects.select_for_update(of=["self"]).get(pk=origin.event.pk)
        if found := hindrances(origin, by):
            raise ValidationError(found, code="hindered")
        resource = _written(by, origin, owner, kind)
        drafting.keep(resource, by, note=_("Made of “%(title)s”") % {"title": origin.title})
    return resource


def _written(by: User, origin: Origin, owner: Organisation, kind: str) -> Resource:
    event = origin.event
    resource = Resource(
        kind=kind,
        slug=new_public_id(),
        languages=origin.languages,
        owner=owner,
        published_on=_day_of(origin),
        published_precision=Resource.Precision.DAY,
        source_url=origin.url,
    )
    resource.full_clean()
    resource.save()
    resource.terms.set(event.terms.all())
    edition = Edition(
        resource=resource,
        language=event.language,
        title=Truncator(origin.title).chars(TITLE_LENGTH, "…"),
        summary=_summary_of(origin),
        body=_body_of(origin),
        is_original=True,
    )
    edition.full_clean()
    edition.save()
    _add_credits(origin, resource)
    left_out = [] if origin.is_unattributed else _add_links(origin, resource, by)
    resource.curator_note = _note(origin, left_out)
    resource.save(update_fields=["curator_note"])
    services.name_after_title(Resource.objects.get(pk=resource.pk))
    return Resource.objects.get(pk=resource.pk)


def _day_of(origin: Origin):
    timed = origin.session if origin.session and origin.session.starts_at else origin.event
    return timed.starts_at.astimezone(ZoneInfo(timed.zone.key)).date()


def _summary_of(origin: Origin) -> str:
    """The key messages, each in a line of its own; without any the words."""
    text = "\n".join(origin.key_messages) or origin.words
    return Truncator(text).chars(SUMMARY_LENGTH, "…")


def _body_of(origin: Origin) -> str:
    """In full what the summary may have had to cut."""
    told = richtext.paragraphs(origin.words)
    if not origin.key_messages:
        return str(told)
    points = format_html_join("", "<li>{}</li>", ((one,) for one in origin.key_messages))
    return str(format_html("{}<h2>{}</h2><ul>{}</ul>", told, _("Key messages"), points))


def _add_credits(origin: Origin, resource: Resource) -> None:
    position = 0
    if not origin.is_unattributed:
        for name, organisation in _speakers(origin).items():
            Credit.objects.create(
                resource=resource,
                role=Credit.Role.AUTHOR,
                name=name,
                organisation=organisation,
                position=(position := position + 1),
            )
    for organiser in origin.event.organisers.select_related("organisation"):
        Credit.objects.create(
            resource=resource,
            role=Credit.Role.PUBLISHER,
            name="" if organiser.organisation else organiser.name,
            organisation=organiser.organisation,
            position=(position := position + 1),
        )


def _speakers(origin: Origin) -> dict[str, Organisation | None]:
    """Each once, in the order of the programme."""
    found: dict[str, Organisation | None] = {}
    for one in origin.appearances:
        found[one.name] = found.get(one.name) or one.organisation
    return found


def _add_links(origin: Origin, resource: Resource, by: User) -> list[str]:
    """The addresses of the materials, recordings first; answers what is a work of its own already."""
    left_out = []
    order = [Material.Kind.RECORDING, Material.Kind.REPORT]
    materials = sorted(origin.materials, key=lambda one: one.kind not in order)
    for position, material in enumerate(materials):
        if material.resource_id:
            left_out.append(f"{material}: {absolute(material.resource.get_absolute_url())}")
        elif duplicates.holder_of(canonical(material.url), besides=resource.pk):
            left_out.append(f"{material}: {material.url}")
        else:
            label = f"{material.get_kind_display()}: {material.title}"
            link = Link(
                resource=resource,
                url=material.url,
                label=Truncator(label).chars(LABEL_LENGTH, "…"),
                position=position,
            )
            link.full_clean()
            link.save()
    return left_out


def _note(origin: Origin, left_out: list[str]) -> str:
    lines = [_("Made of an event: %(url)s") % {"url": origin.url}]
    if origin.is_unattributed:
        lines.append(_("Under the Chatham House Rule: name nobody, and link no recording."))
    else:
        lines.append(_("All who are named agreed to that."))
    if left_out:
        lines.append(_("In the library by themselves already, so not linked here:"))
        lines += left_out
    return "\n".join(lines)


# Names in texts


def _text_of(origin: Origin) -> str:
    return "\n".join([origin.title, origin.words, *origin.key_messages])


def _attendees(event: Event) -> list[str]:
    """All who may have been there: who spoke and who was registered."""
    spoke = Appearance.objects.filter(session__event=event).values_list("name", flat=True)
    came = event.registrations.confirmed().values_list("name", flat=True)
    return list(dict.fromkeys(filter(None, [*spoke, *came])))


def named_in(text: str, names: list[str]) -> list[str]:
    """Those of ``names`` that stand in ``text``, whatever the case and accents: as they are, the family
    name first, or with an initial before it."""
    words = f" {_only_words(text)} "
    return [name for name in names if any(f" {way} " in words for way in _ways(name))]


def _ways(name: str) -> set[str]:
    parts = _only_words(name).split()
    if len(parts) < 2:
        return {" ".join(parts)} - {""}
    first, last = parts[0], parts[-1]
    ways = {" ".join(parts), f"{first} {last}", f"{last} {first}", f"{first[0]} {last}"}
    # As people are addressed: a word that is no name by itself stands before it.
    return ways | {f"{title} {last}" for title in ("mr", "mrs", "ms", "dr", "prof", "professor")}


def _only_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def led_on(stays: Resource, goes: Resource) -> None:
    """Materials that are a work of the library are that work still when it becomes part of another."""
    Material.objects.filter(resource=goes).update(resource=stays)
