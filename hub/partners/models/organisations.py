from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Scheme, Term


class OrganisationQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Those with a page of their own: all but the hub's own desk."""
        return self.exclude(kind=Organisation.Kind.DESK)

    def implementing(self) -> Self:
        return self.filter(is_partner=True)

    def behind_the_hub(self) -> Self:
        """The partners, the donors and friends of the hub, and the project that the partners share."""
        project = Q(kind=Organisation.Kind.PROJECT)
        return self.filter(Q(is_partner=True) | Q(is_donor=True) | Q(is_friend=True) | project)

    def named(self, words: str) -> Self:
        """Those whose name or short name contains ``words``."""
        if len(words.strip()) < 2:
            return self.none()
        return self.filter(Q(name__icontains=words) | Q(acronym__icontains=words))

    def desk(self) -> "Organisation":
        """The hub's editorial desk, which curates what no partner owns; made when first asked."""
        fields = {
            "slug": "editorial-desk",
            "name": "Just Transition Hub editorial desk",
            "acronym": "Editorial desk",
        }
        desk, _ = self.get_or_create(kind=Organisation.Kind.DESK, defaults=fields)
        return desk


@recorded()
class Organisation(models.Model):
    """A partner, a donor, a government or another body that the hub's content speaks of."""

    class Kind(models.TextChoices):
        PARTNER = "implementing partner", _("Implementing partner")
        DONOR = "donor", _("Funder")
        GOVERNMENT = "government national", _("National government")
        REGIONAL_GOVERNMENT = ("government subnational", _("State or regional government"))
        UNION = "union", _("Union")
        CIVIL_SOCIETY = "civil society", _("Civil society")
        RESEARCH = "research", _("Research")
        INTERNATIONAL = "international organisation", _("International organisation")
        BUSINESS = "business", _("Business")
        PROJECT = "project", _("Project")
        DESK = "desk", _("The hub's editorial desk")

    class StakeholderGroup(models.TextChoices):
        GOVERNMENT = "government", _("Governments")
        WORKERS = "workers", _("Workers")
        EMPLOYERS = "employers", _("Employers")
        SOCIAL_PARTNERS = "social partners", _("Social partners")
        BUSINESS = "business", _("Business")
        CIVIL_SOCIETY = "civil society", _("Civil society")
        RESEARCH = "research", _("Research")
        FINANCE = "finance", _("Finance")
        INTERNATIONAL = "international organisation", _("International organisations")

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    acronym = models.CharField(_("short name"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    stakeholder_group = models.CharField(
        _("stakeholder group"), max_length=30, choices=StakeholderGroup, blank=True
    )
    place = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"scheme": Scheme.PLACE},
        related_name="organisations",
        verbose_name=_("place"),
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    summary = models.TextField(_("summary"), blank=True, max_length=2000)
    is_partner = models.BooleanField(
        _("implementing partner"),
        default=False,
        help_text=_("One of the partners that keep the hub: may own what it publishes."),
    )
    is_donor = models.BooleanField(
        _("donor of the hub"),
        default=False,
        help_text=_("Pays for the hub itself. Those who pay for other work are funders by kind."),
    )
    is_friend = models.BooleanField(
        _("in the Circle of Friends"),
        default=False,
        help_text=_("One of the outside group that advises the partners and works with them."),
    )
    source_url = models.URLField(_("source"), max_length=500, blank=True)

    objects = OrganisationQuerySet.as_manager()
    policy = Rule(owner="self", is_reference=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="organisation_name_once",
                fields=["name"],
                violation_error_message=_("An organisation with this name exists already."),
            ),
            models.UniqueConstraint(
                name="organisation_one_desk",
                fields=["kind"],
                condition=Q(kind="desk"),
                violation_error_message=_("The hub has one editorial desk."),
            ),
            models.CheckConstraint(
                name="organisation_friend_is_no_partner",
                condition=Q(is_friend=False) | Q(is_partner=False),
                violation_error_message=_(
                    "The Circle of Friends is for organisations outside the partnership."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name, self.acronym = tidy(self.name), tidy(self.acronym)
        self.summary = tidy(self.summary)

    @property
    def short_name(self) -> str:
        return self.acronym or self.name

    @property
    def has_page(self) -> bool:
        return self.kind != self.Kind.DESK

    @property
    def standing(self) -> str:
        """What it is to the hub, else what it is by itself."""
        if self.is_donor:
            return str(_("Donor of the hub"))
        if self.is_friend:
            return str(_("In the Circle of Friends"))
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("portal:partner_detail", kwargs={"slug": self.slug})


class MembershipQuerySet(models.QuerySet):
    def curating(self) -> Self:
        """Those that open the partner desk."""
        return self.filter(role__in=[Membership.Role.AUTHOR, Membership.Role.EDITOR])


@recorded(part_of="user")
class Membership(models.Model):
    """For which organisation a person writes, edits or speaks."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author: writes drafts")
        EDITOR = "editor", _("Editor: writes and publishes")
        DELEGATE = "delegate", _("Delegate: speaks for the organisation")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("who")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(
                name="membership_once_per_organisation",
                fields=["user", "organisation"],
                violation_error_message=_("This person has a role in this organisation already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"
