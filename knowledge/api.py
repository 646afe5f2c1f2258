"""Works of the library for programs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from hub.catalogue.api.asking import Asked, Parameter
from hub.catalogue.api.pieces import (
    Languages,
    OrganisationRef,
    PublisherRef,
    TermRef,
    organisation_ref,
    term_refs,
)
from hub.catalogue.api.problems import Gone
from hub.catalogue.api.records import (
    EXACT,
    LANGUAGES,
    PUBLISHER,
    SORT,
    TERMS,
    WORDS,
    YEARS,
    page_of_ids,
)
from hub.catalogue.api.views import Collection, Page
from hub.catalogue.cards import Card, Dated
from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.links import absolute
from knowledge.kinds import KINDS, WORKS
from knowledge.models import Merged, Resource, shelves_of

KIND_VALUES = [kind.value for kind in KINDS]
LABEL = Resource._meta.label_lower


class Said(serializers.Serializer):
    """What is said of a work in one language."""

    title = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)


class ResourceRow(serializers.Serializer):
    """A work of the library."""

    id = serializers.RegexField("^[0-9a-z]{7,12}$", help_text="Lasts, whatever becomes of it.")
    api_url = serializers.URLField(help_text="Its address in this API.")
    url = serializers.URLField(help_text="Its page.")
    permanent_url = serializers.URLField(help_text="Leads to its page, wherever that is.")
    kind = serializers.ChoiceField(KIND_VALUES)
    title = serializers.CharField(help_text="In the language of the work if it has one there.")
    title_language = serializers.CharField()
    texts = serializers.DictField(child=Said(), help_text="By language.")
    languages = Languages(help_text="Those it can be read in, the original first.")
    authors = serializers.ListField(child=serializers.CharField())
    publishers = PublisherRef(many=True)
    published = serializers.CharField(
        allow_null=True, help_text="As exactly as it is known: 2023, 2023-04 or 2023-04-30."
    )
    licence = serializers.CharField(allow_blank=True, help_text="As its publisher states it.")
    terms = TermRef(many=True)
    added_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class Address(serializers.Serializer):
    """Where the work is, or a copy."""

    url = serializers.CharField()
    kind = serializers.CharField()
    label = serializers.CharField(allow_blank=True)
    archived_url = serializers.CharField(allow_blank=True)


class Known(serializers.Serializer):
    """A number or name by which it is known elsewhere."""

    scheme = serializers.CharField()
    value = serializers.CharField()


class Copy(serializers.Serializer):
    """A file that the hub keeps."""

    url = serializers.URLField()
    sha256 = serializers.CharField()
    language = serializers.CharField(allow_blank=True)


class ResourceWhole(ResourceRow):
    """A work of the library with all that is known of it."""

    identifiers = Known(many=True)
    links = Address(many=True)
    files = Copy(many=True)
    tags = serializers.ListField(child=serializers.CharField())
    owner = OrganisationRef(allow_null=True, help_text="Who curates it.")


class Resources(Collection):
    slug = "resources"
    title = gettext_lazy("Resources")
    about = gettext_lazy(
        "Works of the library: reports, tools, guides, news, opinion. Each has its own licence."
    )
    row, whole = ResourceRow, ResourceWhole
    parameters: ClassVar = (
        *(WORDS, EXACT),
        Parameter(
            "kind",
            gettext_lazy("Kind of work; several: any of them."),
            lambda: KIND_VALUES,
            is_many=True,
            example="report",
        ),
        *(*TERMS, LANGUAGES, PUBLISHER, *YEARS, SORT),
    )
    example = "q=lignite&limit=5"
    lookup_value_converter = "slug"
    id_schema: ClassVar = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}

    @classmethod
    def public(cls) -> QuerySet[Resource]:
        return Resource.objects.public()

    @classmethod
    def some_id(cls) -> str | None:
        return cls.public().order_by("pk").values_list("public_id", flat=True).first()

    def page(self, asked: Asked) -> Page:
        found = page_of_ids(asked, WORKS)
        return Page(Record.objects.in_order(found.rows), found.next_place)

    def told(self, rows: list[Record]) -> list[Mapping[str, Any]]:
        keys = {record: _key(record.ref) for record in rows}
        columns = self.public().filter(pk__in=keys.values()).values_list("pk", *PLAIN)
        works = {pk: dict(zip(PLAIN, values, strict=True)) for pk, *values in columns}
        terms = term_refs({pk for record in rows for pk in record.own_term_ids})
        shown = [record for record in rows if keys[record] in works]
        return [_row(record, works[keys[record]], terms) for record in shown]

    def one(self, id: str) -> Resource:
        work = self.public().for_citing().prefetch_related("files").filter(public_id=id).first()
        if work is None:
            _tell_what_became_of(id)
            raise Http404
        return work

    def told_whole(self, work: Resource) -> Mapping[str, Any]:
        records = Record.objects.public().shown().filter(ref=ref_of(work))
        rows = self.told(list(records))
        if not rows:  # withdrawn between the two questions
            raise Http404
        return {
            **rows[0],
            "identifiers": [
                {"scheme": one.scheme, "value": one.value} for one in work.identifiers.all()
            ],
            "links": [
                {
                    "url": link.url,
                    "kind": link.kind,
                    "label": link.label,
                    "archived_url": link.archived_url,
                }
                for link in work.links.all()
            ],
            "files": [
                {
                    "url": absolute(file.get_absolute_url()),
                    "sha256": file.sha256,
                    "language": file.language,
                }
                for file in (shelf.current for shelf in shelves_of(work.files.all()))
                if file
            ],
            "tags": sorted(tag.name for tag in work.tags.all()),
            "owner": organisation_ref(work.owner),
        }


PLAIN = ("public_id", "licence")


def _key(ref: str) -> int | None:
    label, _colon, key = ref.rpartition(":")
    return int(key) if label == LABEL else None


def _row(record: Record, work: dict[str, Any], terms: dict[int, dict]) -> dict[str, Any]:
    card = Card(record, "", ())
    dated = Dated.of(record.issued_on, record.issued_precision)
    return {
        "id": work["public_id"],
        "api_url": Resources.api_url(work["public_id"]),
        "url": absolute(record.path),
        "permanent_url": absolute(f"/r/{work['public_id']}/"),
        "kind": record.kind,
        "title": card.title,
        "title_language": card.title_lang,
        "texts": {
            code: {"title": text.get("title", ""), "summary": text.get("summary", "")}
            for code, text in record.texts.items()
        },
        "languages": record.languages,
        "authors": record.people,
        "publishers": [
            {"key": key, "name": name}
            for key, name in zip(record.publisher_keys, record.publisher_names, strict=True)
        ],
        "published": dated.iso if dated else None,
        "licence": work["licence"],
        "terms": [terms[pk] for pk in record.own_term_ids if pk in terms],
        "added_at": record.published_at,
        "updated_at": record.updated_at,
    }


def _tell_what_became_of(public_id: str) -> None:
    """``Gone`` for a work that was public or became part of one that is."""
    withdrawn = Resource.objects.withdrawn().filter(public_id=public_id).first()
    if withdrawn is not None:
        instead = withdrawn.replacement()
        known = {"replaced_by": Resources.api_url(instead.public_id)} if instead else {}
        raise Gone(withdrawn.reason or _("This work was withdrawn."), **known)
    merged = Merged.objects.seen().filter(public_id=public_id)
    if found := merged.filter(into__in=Resource.objects.public()).select_related("into").first():
        raise Gone(
            _("This work became part of another one."),
            replaced_by=Resources.api_url(found.into.public_id),
        )


VIEWSETS = [Resources]
