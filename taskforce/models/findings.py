from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.sources import RecordDraft, Text
from hub.languages import work_language_choices
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Scheme, Term
from knowledge.models import Resource
from taskforce.kinds import FINDING, Area, FindingKind
from taskforce.models.interviews import Interview
from taskforce.models.participations import Participation
from taskforce.models.rounds import Round


class FindingQuerySet(models.QuerySet):
    def approved(self) -> Self:
        """Those that their government has agreed to, whoever may read them."""
        return self.filter(
            approved_by_government_at__isnull=False, participation__status__in=Participation.ACTIVE
        )

    def public(self) -> Self:
        """What everybody may read."""
        return self.approved().filter(
            visibility=Finding.Visibility.PUBLIC,
            published_at__lte=Now(),
            participation__round__in=Round.objects.public(),
        )

    def for_peers(self) -> Self:
        """What the other governments of the round may read."""
        return self.approved().exclude(visibility=Finding.Visibility.SECRETARIAT)

    def unpublished(self) -> Self:
        return self.exclude(visibility=Finding.Visibility.PUBLIC)

    def for_record(self) -> Self:
        return self.select_related(
            "participation__round", "participation__government__place"
        ).prefetch_related("sectors")


@recorded(part_of="participation", without=["updated_at"])
class Finding(models.Model):
    """One line of what a government has said, on a grid of areas and kinds. ``visibility`` and
    ``approved_by_government_at`` are written by ``taskforce.approving`` alone: until the government
    has agreed to its very words, nobody but the secretariat and itself reads them."""

    class Visibility(models.TextChoices):
        SECRETARIAT = "secretariat", _("The secretariat alone")
        PEERS = "peers", _("Governments that take part")
        PUBLIC = "public", _("Everybody")

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="findings", verbose_name=_("participation")
    )
    interview = models.ForeignKey(
        Interview,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="findings",
        verbose_name=_("interview"),
    )
    area = models.CharField(_("area"), max_length=25, choices=Area)
    kind = models.CharField(_("kind"), max_length=12, choices=FindingKind)
    text = models.TextField(_("finding"), max_length=2000)
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, default="en"
    )
    sectors = models.ManyToManyField(
        Term,
        blank=True,
        limit_choices_to={"scheme": Scheme.SECTOR},
        related_name="findings",
        verbose_name=_("sectors"),
    )
    evidence = models.ForeignKey(
        Resource,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="as_evidence",
        verbose_name=_("evidence in the library"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    visibility = models.CharField(
        _("who may read it"),
        max_length=12,
        choices=Visibility,
        default=Visibility.SECRETARIAT,
        editable=False,
    )
    may_be_quoted = models.BooleanField(
        _("may be quoted with the name of the government"), default=False, editable=False
    )
    asked_at = models.DateTimeField(_("sent for approval at"), null=True, editable=False)
    approved_by_government_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    published_at = models.DateTimeField(_("public since"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("written at"), default=now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=now, editable=False)

    objects = FindingQuerySet.as_manager()
    policy = Rule(owner="participation__round__owner")

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["participation", "position", "id"]
        default_permissions = ("view", "change", "add", "delete")
        constraints = [
            models.CheckConstraint(
                name="finding_has_a_text",
                condition=Q(text__gt=""),
                violation_error_message=_("A finding needs its words."),
            ),
            models.CheckConstraint(
                name="finding_is_secret_until_approved",
                condition=Q(visibility="secretariat") | Q(approved_by_government_at__isnull=False),
                violation_error_message=_(
                    "Nobody else may read a finding before its government has approved it."
                ),
            ),
            models.CheckConstraint(
                name="finding_public_has_its_moment",
                condition=~Q(visibility="public") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="finding_quoted_only_if_public",
                condition=Q(may_be_quoted=False) | Q(visibility="public"),
                violation_error_message=_("Only what everybody may read can be quoted."),
            ),
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 80 else f"{self.text[:79]}…"

    def clean(self) -> None:
        self.text = tidy(self.text)

    def get_absolute_url(self) -> str:
        of = {"slug": self.participation.round.slug, "pk": self.pk}
        return reverse("taskforce:finding_detail", kwargs=of)

    @property
    def is_approved(self) -> bool:
        return self.approved_by_government_at is not None

    def to_record(self) -> RecordDraft | None:
        """What the catalogue shows of it: the line itself while it is public, a tombstone once its
        government has taken it back."""
        if self.published_at is None:
            return None
        of = self.participation
        is_public = (
            self.visibility == self.Visibility.PUBLIC and of.is_active and of.round.is_public
        )
        draft = RecordDraft(
            kind=FINDING.value,
            path=self.get_absolute_url(),
            published_at=self.published_at,
            updated_at=self.updated_at,
        )
        if not is_public:
            return draft.tombstone(self.withdrawn_at or self.updated_at)
        place = of.government.place if self.may_be_quoted and of.government else None
        terms = {term.pk for term in self.sectors.all()} | ({place.pk} if place else set())
        with translation.override(self.language):  # not that of whoever saves it
            title = f"{self.get_area_display()}: {self.get_kind_display()}"
        return RecordDraft(
            kind=FINDING.value,
            path=self.get_absolute_url(),
            published_at=self.published_at,
            updated_at=self.updated_at,
            languages=(self.language,),
            texts={self.language: Text(title, "", self.text)},
            term_ids=tuple(sorted(terms)),
            organisation_ids=(of.government_id,) if self.may_be_quoted else (),
            issued_on=self.published_at.date(),
            issued_precision="day",
        )


@recorded(part_of="finding")
class FindingSector(Finding.sectors.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("sector")
