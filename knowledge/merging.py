"""Two works become one. One of them stays, and takes over from the other all that it does not have:
editions, credits, links, identifiers, files, terms, tags, owners, readers. The other goes, and its
addresses lead to the one that stays for good (``leading_on``). What the one said before and what it
says then are two of its revisions, so that they can be compared, and the former taken up again.

All of it is one transaction that holds both rows from its beginning, in the order of their keys, so
that two merges take turns and an edit of either is either all before or finds one of them gone. A
preview is the merge itself, rolled back.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from hub.audit import because, erasure
from hub.catalogue import usage
from hub.catalogue.cards import Dated
from hub.catalogue.services import remove
from hub.catalogue.sources import ref_of
from hub.languages import language_name
from hub.partners.models import User
from hub.slugs import fold
from knowledge import drafting, revisions, services, uploads
from knowledge.leading_on import course_of, lead_on
from knowledge.merging_files import Carried, carry, take_cover, take_files
from knowledge.models import (
    Contribution,
    Credit,
    Edition,
    Link,
    Merged,
    Resource,
    ReviewLink,
    Revision,
)
from knowledge.portraits import Line, fingerprint, portrait, side_by_side, tell
from knowledge.richtext import plain

# What a work has one of, each with the columns that go along.
SINGLE = {
    "kind": ("kind",),
    "published_on": ("published_on", "published_precision"),
    "licence": ("licence",),
    "owner": ("owner",),
    "review_by": ("review_by",),
    "curator_note": ("curator_note",),
    "source_url": ("source_url",),
}
NOTE_LENGTH = Revision._meta.get_field("note").max_length
TEXTS = ("title", "subtitle", "summary", "body")
KEYS_ELSEWHERE = (
    "knowledge.Identifier:identifier_is_no_link_elsewhere",
    "knowledge.Link:link_is_no_identifier_elsewhere",
)


@dataclass(frozen=True)
class Question:
    """Something that both works say, each otherwise: which of it shall be kept."""

    name: str
    label: str
    ours: str
    theirs: str


def questions(stays: Resource, goes: Resource) -> list[Question]:
    """What has to be chosen, if it shall not be what the work says that stays. What that one does not
    say it takes from the other in any case."""
    asked = [
        Question(name, _label(Resource, name), _told(stays, name), _told(goes, name))
        for name in SINGLE
    ]
    others = {edition.language: edition for edition in goes.editions.all()}
    for edition in stays.editions.all():
        if other := others.get(edition.language):
            language = language_name(edition.language, "en")
            asked += [
                Question(
                    _name(edition, column),
                    f"{_label(Edition, column)} ({language})",
                    plain(getattr(edition, column))
                    if column == "body"
                    else getattr(edition, column),
                    plain(getattr(other, column)) if column == "body" else getattr(other, column),
                )
                for column in TEXTS
            ]
    if hasattr(stays, "cover") and hasattr(goes, "cover"):
        covers = [one.alt or f"{one} ({one.digest[:8]})" for one in (stays.cover, goes.cover)]
        asked.append(Question("cover", _("Cover"), *covers))
    return [one for one in asked if one.ours and one.theirs and one.ours != one.theirs]


def preview(stays_pk: int, goes_pk: int, taken: Collection[str] = ()) -> list[Line]:
    """What the work will say that stays, beside what both say now: in lines of three. Nothing is
    changed. ``ValidationError`` says why they cannot be merged."""
    with transaction.atomic():
        stays, goes = _locked_pair(stays_pk, goes_pk)
        refuse(stays, goes)
        before = tell(_fresh(stays)), tell(_fresh(goes))
        _unite(stays, goes, taken)
        after = tell(_fresh(stays))
        transaction.set_rollback(True)
    return side_by_side(*before, after)


@uploads.atomic()
def merge(
    stays_pk: int,
    goes_pk: int,
    *,
    taken: Collection[str] = (),
    seen: str = "",
    by: User | None = None,
) -> Merged:
    """Make one work of two. ``taken`` names the questions whose answer is that of the work that goes,
    ``seen`` is the ``fingerprint`` of what somebody looked at before they said so. ``ValidationError``
    if one is gone, if it is not what was looked at any more, if something is in hand of either, or if
    readers would lose a work."""
    stays, goes = _locked_pair(stays_pk, goes_pk)
    refuse(stays, goes)
    if seen and seen != fingerprint(stays, goes):
        text = _("Somebody has changed one of them meanwhile. Look at what will be once more.")
        raise ValidationError(text, code="changed")
    told = _("“%(goes)s” became part of this entry.") % {"goes": goes}
    because(told)
    kept = Merged(
        public_id=goes.public_id,
        slug=goes.slug,
        former_id=goes.pk,
        title=str(goes)[:300],
        into=stays,
        published_at=goes.publish_at if _was_seen(goes) else None,
        before={"stays": portrait(stays), "goes": {**portrait(goes), **_course(goes)}},
    )
    revisions.begin(stays)
    had_text = services.with_text(stays)
    carried = _unite(stays, goes, taken)
    carry(stays, carried)
    lead_on(stays, goes)
    _delete(goes)
    kept.save()
    uploads.sweep_on_commit(stays)
    # The texts of its files lay in the record that is gone: they are read again.
    services.shelved(stays, had_text)
    revisions.record(stays, revisions.take(stays), author=by, note=told[:NOTE_LENGTH])
    # Last, as readers who are counted wait for it.
    usage.move(f"{Resource._meta.label_lower}:{goes_pk}", ref_of(stays))
    return kept


def refuse(stays: Resource, goes: Resource) -> None:
    """``ValidationError`` if somebody works on either, or if readers can read, or were told of, the
    one that goes and would meet nothing at the other."""
    for resource in (stays, goes):
        # Else what somebody works on would be of a work that has changed below it, or is gone.
        if resource.pending_id:
            text = _("“%(work)s” has changes that are not public yet. Publish or drop them first.")
            raise ValidationError(text, code="pending", params={"work": resource})
        if resource.stage in drafting.SENT:
            text = _("“%(work)s” is in review or approved. Publish it or take it back first.")
            raise ValidationError(text, code="review", params={"work": resource})
    if goes.is_public and not stays.is_public:
        text = _("“%(goes)s” is public and the other is not. Let the public one stay.")
        raise ValidationError(text, code="public", params={"goes": goes})
    if _was_seen(goes) and not _was_seen(stays):
        text = _("“%(goes)s” was public once and its address has to answer. Let it stay.")
        raise ValidationError(text, code="seen", params={"goes": goes})


def _was_seen(resource: Resource) -> bool:
    moment = resource.publish_at
    return moment is not None and moment <= (resource.unpublished_at or timezone.now())


def _locked_pair(stays_pk: int, goes_pk: int) -> tuple[Resource, Resource]:
    rows = Resource.objects.select_for_update(of=["self"]).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[stays_pk, goes_pk])}
    if len(found) < 2:
        raise ValidationError(_("One of them is not there any more."), code="gone")
    return found[stays_pk], found[goes_pk]


def _fresh(resource: Resource) -> Resource:
    """The entry as it stands in the database now, all that is told of it read already."""
    rows = Resource.objects.for_citing().select_related("cover").prefetch_related("files")
    return rows.get(pk=resource.pk)


def _unite(stays: Resource, goes: Resource, taken: Collection[str]) -> Carried:
    """Write all that the one takes over from the other; what is left of the other goes with it."""
    # A DOI is looked for among identifiers and links, which come one after the other.
    pgtrigger.constraints(pgtrigger.Deferred, *KEYS_ELSEWHERE)
    owners = {stays.owner, goes.owner, *goes.co_owners.all()}
    for name, columns in SINGLE.items():
        if _is_taken(getattr(stays, name), getattr(goes, name), name, taken):
            for column in columns:
                setattr(stays, column, getattr(goes, column))
    stays.languages = list(dict.fromkeys([*stays.languages, *goes.languages]))
    stays.is_featured = stays.is_featured or goes.is_featured
    stays.save()
    co_owners = set(stays.co_owners.all()) | {one for one in owners if one.is_partner}
    stays.co_owners.set(co_owners - {stays.owner})
    stays.terms.add(*goes.terms.all())
    stays.tags.add(*goes.tags.all())
    _unite_editions(stays, goes, taken)
    _unite_credits(stays, goes)
    _unite_links(stays, goes)
    goes.identifiers.update(resource=stays)
    carried = take_files(stays, goes)
    take_cover(stays, goes, carried, is_taken="cover" in taken)
    pgtrigger.constraints(pgtrigger.Immediate, *KEYS_ELSEWHERE)
    return carried


def _unite_editions(stays: Resource, goes: Resource, taken: Collection[str]) -> None:
    own = {edition.language: edition for edition in stays.editions.all()}
    for other in goes.editions.all():
        edition = own.get(other.language)
        if edition is None:
            other.resource = stays
            other.is_original = other.is_original and not any(e.is_original for e in own.values())
            other.save()
            continue
        for column in TEXTS:
            if _is_taken(
                getattr(edition, column), getattr(other, column), _name(edition, column), taken
            ):
                setattr(edition, column, getattr(other, column))
                if column in ("summary", "body"):
                    edition.method = other.method
                    # It is a translation of what that one was a translation of.
                    edition.source_digest = "" if edition.is_original else other.source_digest
        edition.save()


def _unite_credits(stays: Resource, goes: Resource) -> None:
    own = list(stays.credits.all())
    position = _next_position(own)
    for other in goes.credits.all():
        same = next((one for one in own if _is_same_credit(one, other)), None)
        if same is None:
            other.resource, other.position = stays, position
            position += 1
            other.save()
            continue
        # Whoever proposed a work takes their name off it by this.
        Contribution.objects.filter(credit=other).update(credit=same)
        if other.organisation and not same.organisation:
            same.organisation = other.organisation
            same.save()


def _is_same_credit(one: Credit, other: Credit) -> bool:
    if one.role != other.role:
        return False
    organisations = {one.organisation_id, other.organisation_id} - {None}
    if fold(one.shown_name) == fold(other.shown_name):
        return len(organisations) < 2
    # A work may credit two names of one organisation.
    return one.organisation_id == other.organisation_id and not (one.name and other.name)


def _unite_links(stays: Resource, goes: Resource) -> None:
    own = {link.canonical: link for link in stays.links.all()}
    position = _next_position(own.values())
    for other in goes.links.all():
        link = own.get(other.canonical)
        if link is None:
            other.resource, other.position = stays, position
            position += 1
            other.save()
            continue
        link.label = link.label or other.label
        link.archived_url = link.archived_url or other.archived_url
        if other.kind == Link.Kind.WORK and link.kind != Link.Kind.WORK:
            # One at a time may be the address of the work.
            link.kind, other.kind = other.kind, link.kind
            other.save()
        link.save()


def _delete(goes: Resource) -> None:
    """Let go of the work, with what it was on its way: that is told in ``Merged.before``."""
    uploads.sweep_on_commit(goes)
    remove(ref_of(goes))
    with pgtrigger.ignore(services.STEPS_APPEND_ONLY):
        erasure.delete(ReviewLink.objects.filter(resource=goes))
        goes.delete()


def _course(resource: Resource) -> dict[str, Any]:
    return json.loads(json.dumps(course_of(resource), cls=DjangoJSONEncoder))


def _is_taken(ours: object, theirs: object, name: str, taken: Collection[str]) -> bool:
    return bool(theirs) and (not ours or name in taken)


def _next_position(rows: Iterable[Model]) -> int:
    return max((row.position for row in rows), default=-1) + 1


def _name(edition: Edition, column: str) -> str:
    return f"{edition.language}-{column}"


def _label(model: type[Model], name: str) -> str:
    return capfirst(str(model._meta.get_field(name).verbose_name))


def _told(resource: Resource, name: str) -> str:
    if name == "kind":
        return resource.get_kind_display()
    if name == "published_on":
        dated = Dated.of(resource.published_on, resource.published_precision)
        return dated.text if dated else ""
    return str(getattr(resource, name) or "")
