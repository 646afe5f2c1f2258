"""All that an entry says, as plain values: to lay two side by side, and to keep what a merge found."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from hub.catalogue.cards import Dated
from hub.languages import language_name
from hub.zones import told
from knowledge.models import Credit, Edition, File, Resource, shelves_of
from knowledge.richtext import plain

COLUMNS = (
    *("id", "public_id", "slug", "kind", "status", "languages", "published_on"),
    *("published_precision", "licence", "is_featured", "publish_at", "unpublished_at", "reason"),
    *("review_by", "curator_note", "source_url", "version", "stage", "pending_id", "created_at"),
)
EDITION = ("language", "is_original", "title", "subtitle", "summary", "body", "method")
PARTS = {
    "credits": ("role", "name", "organisation_id", "position"),
    "links": ("url", "kind", "label", "archived_url", "position"),
    "identifiers": ("scheme", "value"),
    "files": (
        *("sha256", "size", "language", "title", "note", "number", "succeeded_by_id", "added_at"),
        *("is_put_away", "embargo_until", "pages", "position"),
    ),
}


def portrait(resource: Resource) -> dict[str, Any]:
    """The entry with its parts, as JSON has it: read anew, so that nothing is told from memory."""
    resource = Resource.objects.get(pk=resource.pk)
    cover = getattr(resource, "cover", None)
    told = {
        **_values(resource, COLUMNS),
        "owner": str(resource.owner),
        "co_owners": sorted(str(owner) for owner in resource.co_owners.all()),
        "replaced_by": resource.replaced_by and resource.replaced_by.public_id,
        "editions": [_values(edition, EDITION) for edition in resource.editions.all()],
        **{
            name: [_values(row, columns) for row in getattr(resource, name).all()]
            for name, columns in PARTS.items()
        },
        "terms": sorted([term.scheme, term.slug] for term in resource.terms.all()),
        "tags": sorted(tag.name for tag in resource.tags.all()),
        "cover": cover and _values(cover, ("digest", "alt")),
    }
    return json.loads(json.dumps(told, cls=DjangoJSONEncoder))


def fingerprint(*resources: Resource) -> str:
    """Another text as soon as anything in these entries is another."""
    told = json.dumps([portrait(resource) for resource in resources], sort_keys=True)
    return sha256(told.encode()).hexdigest()


def _values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


@dataclass(frozen=True)
class Line:
    """One thing that entries say: what it is called, and what each of them says of it, in lines."""

    label: str
    told: tuple[tuple[str, ...], ...]

    @property
    def is_same(self) -> bool:
        return self.told[0] == self.told[1]

    @property
    def verdict(self) -> str:
        """Of the first two, in words, as colour alone would not tell."""
        if self.is_same:
            return _("the same")
        return _("different") if self.told[0] and self.told[1] else _("in one alone")

    @property
    def outcome(self) -> str:
        """What becomes of the first, which the last says, in words."""
        return _("stays as it is") if self.told[0] == self.told[-1] else _("changes")


@dataclass(frozen=True)
class Table:
    """Lines with the name of each column, as a page shows them; ``is_outcome`` if the last column is
    what becomes of the others."""

    caption: str
    heads: tuple[str, ...]
    lines: list[Line]
    is_outcome: bool = False

    def rows(self) -> Iterator[tuple[Line, str, list[tuple[str, tuple[str, ...]]]]]:
        """Each line with what is to be said of it, and its cells with the names of their columns."""
        for line in self.lines:
            verdict = line.outcome if self.is_outcome else line.verdict
            yield line, verdict, list(zip(self.heads, line.told, strict=True))


# What an entry says, by its place among all that can be said, and by what it is called.
Told = dict[tuple[int, str], tuple[str, ...]]


def side_by_side(*told: Told) -> list[Line]:
    """What these entries say of each thing, without what none of them says."""
    labels = sorted({label for one in told for label in one})
    lines = [Line(label[1], tuple(one.get(label, ()) for one in told)) for label in labels]
    return [line for line in lines if any(line.told)]


def tell(resource: Resource, *, is_private: bool = True) -> Told:
    """What an entry says, as people read it; what is for curators only if ``is_private``."""
    groups = [
        *_on_the_work(resource, is_private=is_private),
        *_on_the_entry(resource),
        *(_for_curators(resource) if is_private else ()),
        {_("Permanent address"): [resource.permanent_url]},
    ]
    return {
        (place, label): tuple(filter(None, texts))
        for place, group in enumerate(groups)
        for label, texts in group.items()
    }


def _on_the_work(resource: Resource, *, is_private: bool) -> list[dict[str, list[str]]]:
    dated = Dated.of(resource.published_on, resource.published_precision)
    editions = resource.editions.all()
    return [
        {_("Kind"): [resource.get_kind_display()]},
        {_("Languages of the work"): [language_name(code, "en") for code in resource.languages]},
        *(dict(_column_of(editions, column)) for column in EDITION[2:]),
        {_("Date of the work"): [dated.text] if dated else []},
        {_("Authors and publishers"): [_credited(credit) for credit in resource.credits.all()]},
        {_("Identifiers"): [str(identifier) for identifier in resource.identifiers.all()]},
        {_("Links"): [f"{link} ({link.get_kind_display()})" for link in resource.links.all()]},
        {_("PDFs"): [_on_file(file) for file in _files_of(resource, is_private=is_private)]},
        {_("Topics, sectors and places"): sorted(str(term) for term in resource.terms.all())},
        {_("Tags"): sorted(tag.name for tag in resource.tags.all())},
        {_("Licence"): [resource.licence]},
    ]


def _on_the_entry(resource: Resource) -> list[dict[str, list[str]]]:
    cover = getattr(resource, "cover", None)
    return [
        {_("Cover"): [cover.alt or str(cover)] if cover else []},
        {_("Status"): [resource.get_status_display()]},
        {_("Owner"): [str(resource.owner)]},
        {_("Co-owners"): sorted(str(owner) for owner in resource.co_owners.all())},
    ]


def _for_curators(resource: Resource) -> list[dict[str, list[str]]]:
    return [
        {_("Read first"): [_("yes")] if resource.is_featured else []},
        {_("To be reviewed by"): [str(resource.review_by or "")]},
        {_("Note for curators"): [resource.curator_note]},
        {_("Page it was found on"): [resource.source_url]},
    ]


def _column_of(editions: Iterable[Edition], column: str) -> Iterable[tuple[str, list[str]]]:
    name = capfirst(str(Edition._meta.get_field(column).verbose_name))
    for edition in editions:
        value = getattr(edition, column)
        if column == "body":
            value = plain(value)
        if column == "method":
            value = "" if value == Edition.Method.HUMAN else edition.get_method_display()
        yield f"{name} ({language_name(edition.language, 'en')})", [value]


def _credited(credit: Credit) -> str:
    return f"{credit.shown_name} ({credit.get_role_display()})"


def _files_of(resource: Resource, *, is_private: bool) -> list[File]:
    """Its files in their order, earlier versions behind later ones; without what readers do not get,
    unless this is for who curates it."""
    versions = [file for shelf in shelves_of(resource.files.all()) for file in shelf.versions]
    return versions if is_private else [file for file in versions if file.is_out]


def _on_file(file: File) -> str:
    facts = [
        filesizeformat(file.size),
        file.sha256[:8],
        _("version %(number)s") % {"number": file.number},
        _("a newer one follows") if file.succeeded_by_id else "",
        _("put away") if file.is_put_away else "",
        _("not before %(moment)s") % {"moment": told(file.embargo_until)}
        if file.embargo_until
        else "",
    ]
    return f"{file} ({', '.join(filter(None, facts))})"
