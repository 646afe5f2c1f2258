"""Working groups and public findings for programs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from hub.catalogue.api.asking import SLUG, Asked, Parameter
from hub.catalogue.api.pieces import (
    LANGUAGE,
    OrganisationRef,
    Ref,
    TermRef,
    organisation_ref,
    term_refs,
)
from hub.catalogue.api.problems import Gone
from hub.catalogue.api.records import can_have, refuse_unknown
from hub.catalogue.api.views import Page, Rows, cut
from hub.links import absolute
from hub.vocabulary.models import Scheme
from taskforce.group_listing import GroupListing, Listed
from taskforce.kinds import Area, FindingKind, Stage
from taskforce.models import Finding, Round, WorkingGroup
from taskforce.synthesis import Said, Sifted, said_by


class GroupRow(serializers.Serializer):
    """A working group."""

    id = serializers.IntegerField()
    api_url = serializers.URLField()
    url = serializers.URLField()
    slug = serializers.CharField()
    name = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    mandate = serializers.CharField(allow_blank=True)
    language = serializers.CharField(help_text="That of these texts.")
    stage = serializers.ChoiceField(Stage.values)
    sector = TermRef(allow_null=True)
    led_by = serializers.CharField(allow_blank=True)
    lead_government = OrganisationRef(allow_null=True)
    organisations_count = serializers.IntegerField(help_text="How many have a seat today.")
    is_open_to_applications = serializers.BooleanField()
    applications_until = serializers.DateField(allow_null=True)
    website = serializers.CharField(allow_blank=True)
    updated_at = serializers.DateTimeField()


class Groups(Rows):
    slug = "groups"
    title = _("Working groups")
    about = _("Working groups of the taskforce: what they are for and who leads them.")
    row = whole = GroupRow
    parameters: ClassVar = (
        Parameter(
            "sector",
            _("Slug of a sector, or across for groups across sectors; several: any of them."),
            is_many=True,
            pattern=SLUG,
            example="across",
        ),
        Parameter(
            "stage",
            _("Where it stands; several: any of them."),
            lambda: Stage.values,
            is_many=True,
            example="working",
        ),
    )
    example = "stage=working"

    @classmethod
    def public(cls) -> QuerySet[WorkingGroup]:
        return WorkingGroup.objects.public()

    def page(self, asked: Asked) -> Page:
        listing = GroupListing(asked.choice, LANGUAGE)
        if not can_have(asked.choice, listing, {"sector": Scheme.SECTOR}):
            return Page([])
        found = sorted(listing.found, key=lambda one: -one.group.pk)
        if place := asked.place(int):
            found = [one for one in found if one.group.pk < place[0]]
        return cut(found[: asked.limit + 1], asked.limit, lambda one: [one.group.pk])

    def one(self, id: int) -> Listed:
        for one in GroupListing(QueryDict(), LANGUAGE).found:
            if one.group.pk == id:
                return one
        withdrawn = WorkingGroup.objects.filter(pk=id, withdrawn_at__isnull=False).first()
        if withdrawn is not None:
            raise Gone(withdrawn.reason)
        raise Http404

    def told(self, rows: list[Listed]) -> list[Mapping[str, Any]]:
        sectors = term_refs({row.group.sector_id for row in rows} - {None})
        same = ("slug", "name", "summary", "mandate", "language", "stage", "applications_until")
        same += ("website", "updated_at", "is_open_to_applications")
        return [
            {
                **{name: getattr(row.group, name) for name in same},
                "id": row.group.pk,
                "api_url": self.api_url(row.group.pk),
                "url": absolute(row.group.get_absolute_url()),
                "sector": sectors.get(row.group.sector_id),
                "led_by": row.lead,
                "lead_government": organisation_ref(row.group.lead_government),
                "organisations_count": row.members,
            }
            for row in rows
        ]


class RoundRef(serializers.Serializer):
    """The round of the taskforce in which it was said."""

    slug = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()


class FindingRow(Ref):
    """One line of what a government said and approved for everybody."""

    round = RoundRef()
    area = serializers.ChoiceField(Area.values)
    kind = serializers.ChoiceField(FindingKind.values)
    text = serializers.CharField()
    language = serializers.CharField()
    sectors = TermRef(many=True)
    government = OrganisationRef(
        allow_null=True, help_text="Where the government agreed to be named."
    )
    country = TermRef(allow_null=True, help_text="The same.")
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class Findings(Rows):
    slug = "findings"
    title = _("Findings")
    about = _(
        "What governments said about a just transition, line by line, each approved by its "
        "government for everybody. One that is taken back is gone from here at once."
    )
    row = whole = FindingRow
    parameters: ClassVar = (
        Parameter("round", _("Slug of a round."), pattern=SLUG),
        Parameter(
            "area",
            _("What it is about; several: any of them."),
            lambda: Area.values,
            is_many=True,
            example="jobs",
        ),
        Parameter(
            "kind",
            _("What it is; several: any of them."),
            lambda: FindingKind.values,
            is_many=True,
            example="barrier",
        ),
        Parameter(
            "sector",
            _("Slug of a sector; several: any of them."),
            is_many=True,
            pattern=SLUG,
        ),
        Parameter(
            "place",
            _("Slug of the country of a government that is named; several: any of them."),
            is_many=True,
            pattern=SLUG,
        ),
    )
    example = "kind=barrier"

    @classmethod
    def public(cls) -> QuerySet[Finding]:
        return Finding.objects.public().for_record()

    def page(self, asked: Asked) -> Page:
        choice = asked.choice.copy()
        rows = self.public()
        if slug := choice.pop("round", [""])[0]:
            if not Round.objects.public().filter(slug=slug).exists():
                refuse_unknown([("round", slug)])
            rows = rows.filter(participation__round__slug=slug)
        sifted = Sifted(said_by(rows.order_by("-pk"), LANGUAGE), choice)
        if not can_have(choice, sifted, {"sector": Scheme.SECTOR, "place": Scheme.PLACE}):
            return Page([])
        found = sifted.found
        if place := asked.place(int):
            found = [one for one in found if one.finding.pk < place[0]]
        return cut(found[: asked.limit + 1], asked.limit, lambda one: [one.finding.pk])

    def one(self, id: int) -> Said:
        finding = self.public().filter(pk=id).first()
        if finding is None:
            raise Http404
        return said_by([finding], LANGUAGE)[0]

    def told(self, rows: list[Said]) -> list[Mapping[str, Any]]:
        ids = {label.id for row in rows for label in row.sectors}
        terms = term_refs(ids | {row.country.id for row in rows if row.country})
        return [self._told_one(row, terms) for row in rows]

    def _told_one(self, row: Said, terms: dict[int, dict]) -> dict[str, Any]:
        finding, round = row.finding, row.finding.participation.round
        same = ("area", "kind", "text", "language", "published_at", "updated_at")
        return {
            **{name: getattr(finding, name) for name in same},
            "id": finding.pk,
            "api_url": self.api_url(finding.pk),
            "url": absolute(finding.get_absolute_url()),
            "round": {
                "slug": round.slug,
                "title": round.title,
                "url": absolute(round.get_absolute_url()),
            },
            "sectors": [terms[label.id] for label in row.sectors],
            "government": organisation_ref(row.by.organisation) if row.by else None,
            "country": terms.get(row.country.id) if row.country else None,
        }


VIEWSETS = [Groups, Findings]
