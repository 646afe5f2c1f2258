"""Organisations, people and the vocabulary for programs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hub.catalogue.api.asking import SLUG, Asked, Parameter
from hub.catalogue.api.pieces import (
    LANGUAGE,
    Languages,
    OrganisationRef,
    TermRef,
    organisation_ref,
    term_refs,
)
from hub.catalogue.api.records import can_have, refuse_unknown
from hub.catalogue.api.views import Page, Rows, api_url, cut
from hub.languages import LABEL_LANGUAGES, WORK_LANGUAGES
from hub.links import absolute
from hub.partners.models import Organisation, Person
from hub.portal.people import TERM_FACETS, Directory, Profile, profiles_of
from hub.vocabulary.models import Scheme, Term

LABEL_CODES = [code for code, _name in LABEL_LANGUAGES]
THEMES = [scheme for scheme in Scheme.values if scheme != Scheme.PLACE]
KINDS = [kind for kind in Organisation.Kind.values if kind != Organisation.Kind.DESK]

# Of which scheme the values of the parameters for people are.
SCHEMES = {scheme: scheme for scheme in TERM_FACETS} | {"based": Scheme.PLACE}


class OrganisationRow(OrganisationRef):
    """An organisation that the hub's content speaks of."""

    slug = serializers.CharField()
    acronym = serializers.CharField(allow_blank=True)
    kind = serializers.ChoiceField(KINDS)
    stakeholder_group = serializers.ChoiceField(
        Organisation.StakeholderGroup.values, allow_blank=True
    )
    is_partner = serializers.BooleanField(help_text="One of those that keep the hub.")
    is_donor = serializers.BooleanField(help_text="Pays for the hub itself.")
    is_friend = serializers.BooleanField(help_text="In the Circle of Friends.")
    place = TermRef(allow_null=True)
    website = serializers.CharField(allow_blank=True)
    summary = serializers.CharField(allow_blank=True)


class Organisations(Rows):
    slug = "organisations"
    title = _("Organisations")
    about = _("Partners, funders, governments and others of whom works and events speak.")
    row = whole = OrganisationRow
    parameters: ClassVar = (
        Parameter("kind", _("What it is."), lambda: KINDS, example="union"),
        Parameter(
            "stakeholder_group",
            _("For whom it speaks."),
            lambda: Organisation.StakeholderGroup.values,
            example="workers",
        ),
    )
    example = "kind=union"

    @classmethod
    def public(cls) -> QuerySet[Organisation]:
        return Organisation.objects.public()

    def chosen(self, rows: QuerySet[Organisation], asked: Asked) -> QuerySet[Organisation]:
        given = {name: asked.get(name) for name in ("kind", "stakeholder_group")}
        return rows.filter(**{name: value for name, value in given.items() if value})

    def told(self, rows: list[Organisation]) -> list[Mapping[str, Any]]:
        places = term_refs({row.place_id for row in rows} - {None})
        same = ("slug", "acronym", "kind", "stakeholder_group", "is_partner", "is_donor")
        same += ("is_friend", "website", "summary")
        return [
            {
                **organisation_ref(row),
                **{name: getattr(row, name) for name in same},
                "place": places.get(row.place_id),
            }
            for row in rows
        ]


class PersonRow(serializers.Serializer):
    """Somebody who agreed to be listed."""

    id = serializers.IntegerField()
    api_url = serializers.URLField()
    url = serializers.URLField(help_text="The page, where one can write to most of them.")
    slug = serializers.CharField()
    name = serializers.CharField()
    about = serializers.CharField(allow_blank=True)
    organisation = OrganisationRef(allow_null=True)
    languages = Languages()
    expertise = TermRef(many=True)


class People(Rows):
    slug = "people"
    title = _("People")
    about = _(
        "Those who agreed to be listed in the directory. Who is listed no more is gone from here at "
        "once: ask again before you use what you keep."
    )
    row = whole = PersonRow
    parameters: ClassVar = (
        *(
            Parameter(name, text, is_many=True, pattern=SLUG)
            for name, text in (
                ("topic", _("Slug of a topic that they know; several: any of them.")),
                ("sector", _("Slug of a sector that they know; several: any of them.")),
                ("place", _("Slug of a place that they know; several: any of them.")),
                ("organisation", _("Slug of their organisation; several: any of them.")),
                ("based", _("Slug of the place of their organisation; several: any of them.")),
            )
        ),
        Parameter(
            "language",
            _("Code of a language that they speak; several: any of them."),
            lambda: WORK_LANGUAGES,
            is_many=True,
            example="en",
        ),
    )
    example = "limit=5"

    @classmethod
    def public(cls) -> QuerySet[Person]:
        return Person.objects.public()

    def page(self, asked: Asked) -> Page:
        directory = Directory(f"/api/v1/{self.slug}/", asked.choice, LANGUAGE)
        organisations = Organisation.objects.public()
        refuse_unknown(
            (name, value)
            for name, value in directory.unknown
            if name == "organisation" and not organisations.filter(slug=value).exists()
        )
        if not can_have(asked.choice, directory, SCHEMES):
            return Page([])
        found = sorted(directory.found, key=lambda one: -one.person.pk)
        if place := asked.place(int):
            found = [one for one in found if one.person.pk < place[0]]
        return cut(found[: asked.limit + 1], asked.limit, lambda one: [one.person.pk])

    def one(self, id: int) -> Profile:
        person = super().one(id)
        return profiles_of(self.public().filter(pk=person.pk), LANGUAGE)[0]

    def told(self, rows: list[Profile]) -> list[Mapping[str, Any]]:
        terms = term_refs({label.id for row in rows for label in row.expertise})
        return [
            {
                "id": row.person.pk,
                "api_url": self.api_url(row.person.pk),
                "url": absolute(row.url),
                "slug": row.person.slug,
                "name": row.name,
                "about": row.person.bio,
                "organisation": organisation_ref(row.organisation),
                "languages": row.person.languages,
                "expertise": [terms[label.id] for label in row.expertise],
            }
            for row in rows
        ]


class Name(serializers.Serializer):
    """What a term is called in one language."""

    label = serializers.CharField()
    alternatives = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField(allow_blank=True)


class TermRow(serializers.Serializer):
    """A topic, sector or audience."""

    id = serializers.IntegerField()
    api_url = serializers.URLField()
    url = serializers.URLField()
    scheme = serializers.ChoiceField(Scheme.values)
    slug = serializers.CharField(help_text="The value of the parameter of the scheme's name.")
    names = serializers.DictField(child=Name(), help_text="By language.")
    parent = TermRef(allow_null=True, help_text="The wider one.")
    related = TermRef(many=True)
    is_focus = serializers.BooleanField(help_text="The programme works on it.")


class PlaceRow(TermRow):
    """A country or region."""

    place_kind = serializers.ChoiceField(Term.PlaceKind.values)
    code = serializers.CharField(allow_blank=True, help_text="ISO 3166-1, of countries.")
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class Terms(Rows):
    slug = "terms"
    title = _("Terms")
    about = _("The vocabulary: topics, sectors and audiences, with their names in all languages.")
    row = whole = TermRow
    parameters: ClassVar = (
        Parameter("scheme", _("Which of the lists."), lambda: THEMES, example="topic"),
    )
    example = "scheme=topic"

    @classmethod
    def public(cls) -> QuerySet[Term]:
        return _named().exclude(scheme=Scheme.PLACE)

    def chosen(self, rows: QuerySet[Term], asked: Asked) -> QuerySet[Term]:
        return rows.filter(scheme=asked.get("scheme")) if asked.get("scheme") else rows

    def told(self, rows: list[Term]) -> list[Mapping[str, Any]]:
        others = {one.pk for row in rows for one in row.related.all()}
        refs = term_refs(others | {row.parent_id for row in rows} - {None})
        return [self._told_one(row, refs) for row in rows]

    def _told_one(self, row: Term, refs: dict[int, dict]) -> dict[str, Any]:
        return {
            "id": row.pk,
            "api_url": api_url(self.slug, row.pk),
            "url": absolute(row.get_absolute_url()),
            "scheme": row.scheme,
            "slug": row.slug,
            "names": {
                name.language: {
                    "label": name.label,
                    "alternatives": name.alternatives,
                    "description": name.description,
                }
                for name in row.labels.all()
            },
            "parent": refs.get(row.parent_id),
            "related": [refs[one.pk] for one in row.related.all() if one.pk in refs],
            "is_focus": row.is_focus,
        }


class Places(Terms):
    slug = "places"
    title = _("Places")
    about = _("Countries, and the coal and other regions in them.")
    row = whole = PlaceRow
    parameters: ClassVar = (
        Parameter("place_kind", _("What it is."), lambda: Term.PlaceKind.values, example="country"),
        Parameter("within", _("Slug of the country."), pattern=SLUG, example="colombia"),
    )
    example = "place_kind=country"

    @classmethod
    def public(cls) -> QuerySet[Term]:
        return _named().filter(scheme=Scheme.PLACE)

    def chosen(self, rows: QuerySet[Term], asked: Asked) -> QuerySet[Term]:
        if kind := asked.get("place_kind"):
            rows = rows.filter(place_kind=kind)
        if country := asked.get("within"):
            if not Term.objects.places().filter(slug=country).exists():
                refuse_unknown([("within", country)])
            rows = rows.filter(parent__slug=country)
        return rows

    def _told_one(self, row: Term, refs: dict[int, dict]) -> dict[str, Any]:
        more = ("place_kind", "code", "latitude", "longitude")
        return super()._told_one(row, refs) | {name: getattr(row, name) for name in more}


def _named() -> QuerySet[Term]:
    """Terms that have a name, as pages list them."""
    named = Term.objects.filter(labels__isnull=False).distinct()
    return named.prefetch_related("labels", "related")


VIEWSETS = [Organisations, People, Terms, Places]
