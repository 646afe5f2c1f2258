"""What a resource says to its readers, taken down as plain data, and put back.

A snapshot holds what readers are shown: columns of the resource (``COLUMNS``), its terms and free tags,
and its parts (``PARTS``) with all their columns but those that a check or a reader of files finds out.
Parts keep their keys, also where the row is not there now: so a draft beside a public page names the
same rows each time it is put in place. Who owns and cares for an entry is not in it: that holds at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from hub.partners.models import Organisation, User
from hub.vocabulary import merging
from knowledge import duplicates
from knowledge.addresses import canonical
from knowledge.models import Cover, Credit, Edition, File, Identifier, Link, Resource, Revision
from knowledge.models.links import normalise

Snapshot = dict[str, Any]
REVISION_APPEND_ONLY = f"{Revision._meta.label}:never_rewritten"

COLUMNS = (*("kind", "languages", "published_on", "published_precision", "licence", "source_url"),)
TERMS, TAGS = "terms", "tags"


@dataclass(frozen=True)
class Part:
    """Rows below a resource. Another ``key`` in a row makes it another row, of which nothing that
    was found out holds; ``found`` are the columns of that, ``derived`` those that each save works out
    from the others."""

    model: type[models.Model]
    key: tuple[str, ...]
    found: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()

    @cached_property
    def fields(self) -> list[models.Field]:
        apart = {"id", "resource", *self.found, *self.derived}
        columns = self.model._meta.concrete_fields
        return [field for field in columns if field.name not in apart and not field.generated]

    def rows(self, resource: Resource) -> models.QuerySet:
        return self.model._default_manager.filter(resource=resource)


@dataclass(frozen=True)
class Taken:
    """A row of a snapshot that gives a name which another work has by now."""

    part: str
    pk: int
    key: str

    @property
    def text(self) -> str:
        if self.part == "links":
            return _("Another resource is at %(key)s by now.") % {"key": self.key}
        value = self.key.partition(":")[2]
        return _("Another resource has the identifier %(value)s by now.") % {"value": value}


# In the order in which rows may name each other.
PARTS = {
    "editions": Part(Edition, ("language", "is_original"), derived=("folded",)),
    "credits": Part(Credit, ()),
    "identifiers": Part(Identifier, ("scheme", "value")),
    "links": Part(
        Link,
        ("url",),
        ("last_status", "fails", "failed_at", "checked_at", "next_check_at"),
        ("canonical",),
    ),
    "files": Part(File, ("sha256",), ("pages", "pages_read", "text_status", "is_tagged")),
    "cover": Part(Cover, ("digest",)),
}


def take(resource: Resource) -> Snapshot:
    """What the rows say now."""
    row = Resource.objects.get(pk=resource.pk)
    taken = {name: _plain(row, row._meta.get_field(name)) for name in COLUMNS}
    taken[TERMS] = sorted(row.terms.values_list("pk", flat=True))
    taken[TAGS] = sorted(row.tags.values_list("name", flat=True))
    for name, part in PARTS.items():
        rows = part.rows(row).order_by("pk")
        taken[name] = [
            {"pk": one.pk, **{field.name: _plain(one, field) for field in part.fields}}
            for one in rows
        ]
    return taken


def _plain(row: models.Model, field: models.Field) -> Any:
    value = field.value_from_object(row)
    if hasattr(value, "isoformat"):
        return DjangoJSONEncoder().default(value)
    return value


def put(
    resource: Resource,
    snapshot: Snapshot,
    *,
    since: Snapshot | None = None,
    leaves_out: bool = False,
) -> None:
    """Make the rows say what the snapshot says: of a draft only where it differs from ``since``, what
    it was begun from, so that what the hub itself has found out meanwhile stays. The caller holds the
    lock of the row and puts the record. ``ValidationError`` in words if another work has one of its
    names by now, unless it ``leaves_out`` such a name."""
    wanted = {
        name: value for name, value in snapshot.items() if since is None or since.get(name) != value
    }
    if since is not None:
        wanted |= _both_changed(resource, wanted, since)
    wanted = _fitting(resource, wanted, leaves_out=leaves_out)
    try:
        with transaction.atomic():
            _put_fitting(resource, wanted)
    except IntegrityError as error:
        if not duplicates.is_refusal(error):
            raise
        text = _("Another resource has just been given an identifier or address of this one.")
        raise ValidationError(text, code="name") from error


def _both_changed(resource: Resource, wanted: Snapshot, since: Snapshot) -> Snapshot:
    """Terms and free tags as both have them: what the draft added and took off, upon what they are by
    now. Care for the vocabulary changes them on public works while drafts wait."""
    now = {
        TERMS: lambda: resource.terms.values_list("pk", flat=True),
        TAGS: lambda: resource.tags.values_list("name", flat=True),
    }
    both = {}
    for name in (TERMS, TAGS):
        if name in wanted:
            drafted, begun = {*wanted[name]}, {*since.get(name, ())}
            both[name] = sorted({*now[name]()} - (begun - drafted) | (drafted - begun))
    return both


def _put_fitting(resource: Resource, wanted: Snapshot) -> None:
    columns = [name for name in COLUMNS if name in wanted]
    if columns:
        for name in columns:
            field = Resource._meta.get_field(name)
            setattr(resource, name, field.to_python(wanted[name]))
        resource.save(update_fields=columns)
    if TERMS in wanted:
        resource.terms.set(wanted[TERMS])
    if TAGS in wanted:
        resource.tags.set(wanted[TAGS])
    for name, part in PARTS.items():
        if name in wanted:
            _put_part(resource, part, wanted[name])
    # What was fetched with the row says what was there before.
    resource._prefetched_objects_cache = {}
    resource._state.fields_cache.pop("cover", None)


def put_pending(resource: Resource, *, leaves_out: bool = False) -> None:
    """Put the draft beside the rows in their place: to publish it, or for a while (``drafting``)."""
    pending = resource.pending
    put(resource, pending.snapshot, since=pending.base.snapshot, leaves_out=leaves_out)


def _put_part(resource: Resource, part: Part, wanted: list[dict[str, Any]]) -> None:
    """Delete what is not wanted, then change, then add, so that no two rows are alike in between."""
    there = {row.pk: row for row in part.rows(resource)}
    rows = [_row_of(resource, part, values, there.get(values["pk"])) for values in wanted]
    kept = {row.pk for row, is_same in rows if is_same}
    for pk, row in there.items():
        if pk not in kept:
            row.delete()
    for row, is_same in rows:
        if is_same and any(
            _plain(row, field) != _plain(there[row.pk], field) for field in part.fields
        ):
            row.save(update_fields=[*(field.name for field in part.fields), *part.derived])
    part.model._default_manager.bulk_create(row for row, is_same in rows if not is_same)


def _row_of(
    resource: Resource, part: Part, values: dict[str, Any], there: models.Model | None
) -> tuple[models.Model, bool]:
    """The row that these values make, and whether it is the one that is there."""
    named = {
        field.attname: field.to_python(values[field.name])
        for field in part.fields
        if field.name in values
    }
    is_same = there is not None and all(getattr(there, key) == named.get(key) for key in part.key)
    row = part.model(pk=values["pk"], resource=resource)
    if is_same:
        for field in part.model._meta.concrete_fields:
            setattr(row, field.attname, getattr(there, field.attname))
        row._state.adding = False
    for attname, value in named.items():
        setattr(row, attname, value)
    return row, is_same


def taken_elsewhere(resource: Resource, snapshot: Snapshot) -> list[Taken]:
    """What leads to another work by now, of the names that the snapshot gives to this one."""
    keys = {
        **{("identifiers", row["pk"]): _key_of(row) for row in snapshot.get("identifiers", ())},
        **{
            ("links", row["pk"]): canonical(row["url"])
            for row in snapshot.get("links", ())
            if row["kind"] == Link.Kind.WORK
        },
    }
    held = duplicates.holders(set(keys.values()))
    return [
        Taken(part, pk, key)
        for (part, pk), key in keys.items()
        if held.get(key, resource.pk) != resource.pk
    ]


def _key_of(row: dict[str, Any]) -> str:
    return f"{row['scheme']}:{normalise(row['scheme'], row['value'])}"


def _fitting(resource: Resource, wanted: Snapshot, *, leaves_out: bool) -> Snapshot:
    """Without what is gone by now: organisations and files, and terms but for those that others have
    taken the place of; and refused, or left out, where another work has a name by now."""
    fitting = dict(wanted)
    if TERMS in fitting:
        fitting[TERMS] = sorted(merging.followed(fitting[TERMS]))
    if "credits" in fitting:
        fitting["credits"] = list(_of_those_there(fitting["credits"]))
    if "files" in fitting:
        fitting["files"] = [file for file in fitting["files"] if _is_stored(resource, file)]
    if "identifiers" in fitting:  # as revisions of earlier days spell them
        fitting["identifiers"] = [
            {**row, "value": normalise(row["scheme"], row["value"])}
            for row in fitting["identifiers"]
        ]
    taken = taken_elsewhere(resource, fitting)
    if taken and not leaves_out:
        raise ValidationError([one.text for one in taken], code="name")
    for one in taken:
        fitting[one.part] = [row for row in fitting[one.part] if row["pk"] != one.pk]
    return fitting


def _of_those_there(credits: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    credits = list(credits)
    named = {credit["organisation"] for credit in credits} - {None}
    there = set(Organisation.objects.filter(pk__in=named).values_list("pk", flat=True))
    for credit in credits:
        is_there = credit["organisation"] in there
        if credit["name"] or is_there:
            yield credit if is_there else {**credit, "organisation": None}


def _is_stored(resource: Resource, file: dict[str, Any]) -> bool:
    return default_storage.exists(File(resource=resource, sha256=file["sha256"]).path)


def record(
    resource: Resource,
    snapshot: Snapshot,
    *,
    author: User | None = None,
    note: str = "",
    base: Revision | None = None,
    is_aside: bool = False,
) -> Revision:
    """Write the next revision. The caller holds the lock of the row."""
    newest = resource.revisions.aggregate(newest=models.Max("number"))["newest"]
    revision = Revision.objects.create(
        resource=resource,
        number=resource.version if newest is None else newest + 1,
        snapshot=snapshot,
        author=author,
        note=note,
        base=base,
        is_aside=is_aside,
    )
    if not is_aside and resource.version != revision.number:
        resource.version = revision.number
        resource.save(update_fields=["version"])
    return revision


def head(resource: Resource) -> Revision | None:
    """The newest revision that was not set aside; none of a work that nobody has saved here."""
    return resource.revisions.filter(is_aside=False).first()


def begin(resource: Resource, note: str = "") -> Revision:
    """The revision of what the rows say now, which is written where the newest says something else: a
    work may have come with the starting content, or have been changed by an import. The caller holds
    the lock of the row."""
    newest, now = head(resource), take(resource)
    if newest is not None and newest.snapshot == now:
        return newest
    return record(resource, now, note=note or _("As it was before"))


@transaction.atomic
def forget_names(resource: Resource, names: set[str], credit: int | None = None) -> None:
    """Take a person's credits, those of these names or this key, out of all revisions of the resource:
    what was taken off for good comes back with none of them."""
    with pgtrigger.ignore(REVISION_APPEND_ONLY):
        for revision in resource.revisions.all():
            credits = revision.snapshot["credits"]
            kept = [one for one in credits if one["name"] not in names and one["pk"] != credit]
            if kept != credits:
                snapshot = {**revision.snapshot, "credits": kept}
                Revision.objects.filter(pk=revision.pk).update(snapshot=snapshot)
