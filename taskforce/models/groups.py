from datetime import date
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.sources import RecordDraft, Text
from hub.languages import work_language_choices
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Scheme, Term
from taskforce.kinds import GROUP, Circle, Stage
from taskforce.models.rounds import RESERVED_SLUGS, Round


class WorkingGroupQuerySet(models.QuerySet):
    def public(self) -> Self:
        return self.filter(published_at__lte=Now(), withdrawn_at__isnull=True)

    def unpublished(self) -> Self:
        return self.filter(published_at__isnull=True)

    def open_to_authors(self) -> Self:
        return self.unpublished()

    def for_record(self) -> Self:
        return self.select_related("owner", "sector", "lead_government").prefetch_related(
            "memberships__organisation"
        )


@recorded(without=["updated_at"])
class WorkingGroup(models.Model):
    """People of several organisations who meet over one matter and bring something about."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(
        _("language of these texts"), max_length=8, choices=work_language_choices, default="en"
    )
    summary = models.TextField(_("summary"), max_length=1000)
    mandate = models.TextField(
        _("mandate"), blank=True, max_length=10_000, help_text=_("Plain text, in paragraphs.")
    )
    sector = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"scheme": Scheme.SECTOR},
        related_name="working_groups",
        verbose_name=_("sector"),
        help_text=_("Empty for a group across sectors."),
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.WORKING)
    lead_government = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="led_groups",
        verbose_name=_("led by"),
    )
    lead_name = models.CharField(_("led by, in words"), max_length=300, blank=True)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="working_groups", verbose_name=_("secretariat")
    )
    rounds = models.ManyToManyField(
        Round, blank=True, related_name="groups", verbose_name=_("rounds")
    )
    is_open_to_applications = models.BooleanField(_("open to applications"), default=False)
    applications_until = models.DateField(_("applications until"), null=True, blank=True)
    call = models.TextField(
        _("call for members"), blank=True, max_length=5000, help_text=_("Plain text.")
    )
    tells_actions = models.BooleanField(
        _("tells in public how many actions were agreed and done"), default=True
    )
    outputs = models.TextField(
        _("what it has brought about"), blank=True, max_length=10_000, help_text=_("Plain text.")
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, max_length=2000, editable=False)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("added"), default=now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=now, editable=False)

    objects = WorkingGroupQuerySet.as_manager()
    policy = Rule(owner="owner")

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="group_has_a_name",
                condition=Q(name__gt=""),
                violation_error_message=_("A group needs a name."),
            ),
            models.CheckConstraint(
                name="group_concluded_takes_no_applications",
                condition=~Q(stage="concluded") | Q(is_open_to_applications=False),
                violation_error_message=_("A group that has concluded takes no new members."),
            ),
            models.CheckConstraint(
                name="group_withdrawn_was_published_and_says_why",
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, reason__gt=""),
                violation_error_message=_("Say why the group is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name, self.summary = tidy(self.name), tidy(self.summary)
        self.mandate, self.call, self.outputs = map(tidy, (self.mandate, self.call, self.outputs))
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by a page of the site.")})

    def get_absolute_url(self) -> str:
        return reverse("taskforce:group_detail", kwargs={"slug": self.slug})

    @property
    def is_public(self) -> bool:
        """The condition of ``public()`` for this row."""
        is_out = self.published_at is not None and self.published_at <= now()
        return is_out and self.withdrawn_at is None

    @property
    def takes_applications(self) -> bool:
        """Whether one can apply today."""
        is_in_time = self.applications_until is None or localdate() <= self.applications_until
        return self.is_public and self.is_open_to_applications and is_in_time

    def to_record(self) -> RecordDraft | None:
        """What the catalogue shows of it: nothing before it is published, a tombstone once it was
        withdrawn."""
        if self.published_at is None:
            return None
        text = Text(self.name, "", self.summary, "\n".join([self.mandate, self.call, self.outputs]))
        draft = RecordDraft(
            kind=GROUP.value,
            path=self.get_absolute_url(),
            published_at=self.published_at,
            updated_at=self.updated_at,
            languages=(self.language,),
            texts={self.language: text},
            keywords=(self.lead_name,) if self.lead_name else (),
            term_ids=(self.sector_id,) if self.sector_id else (),
            organisation_ids=tuple(sorted(self.organisation_ids())),
        )
        return draft.tombstone(self.withdrawn_at) if self.withdrawn_at else draft

    def organisation_ids(self) -> set[int]:
        """Who runs it, who leads it, and who sits in it today."""
        today = localdate()
        sitting = {one.organisation_id for one in self.memberships.all() if today in one.term}
        return ({self.owner_id, self.lead_government_id} | sitting) - {None}


# In place of the address of somebody who was erased: unlike any other, and nobody can be written to there.
NOWHERE = "erased.invalid"


@recorded(part_of="workinggroup")
class GroupRound(WorkingGroup.rounds.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("round")


class GroupMembershipQuerySet(models.QuerySet):
    def sitting_on(self, day: date) -> Self:
        return self.filter(term__contains=day)

    def core(self) -> Self:
        """Those for whom the papers of the group are."""
        return self.filter(circle=Circle.CORE)

    def reachable(self) -> Self:
        """Those to whom one can write."""
        return self.exclude(email="").exclude(email__endswith=f"@{NOWHERE}")


@recorded(part_of="group", personal=["name", "email"], without=["link_version"])
class GroupMembership(models.Model):
    """An organisation's term in a group, and who sits there for it."""

    class Role(models.TextChoices):
        MEMBER = "member", _("Member")
        LEAD = "lead", _("Leads")
        CO_LEAD = "co_lead", _("Leads with others")

    group = models.ForeignKey(
        WorkingGroup, models.CASCADE, related_name="memberships", verbose_name=_("group")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="group_memberships",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("who sits there"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="group_memberships",
        verbose_name=_("account"),
    )
    circle = models.CharField(_("circle"), max_length=10, choices=Circle, default=Circle.CORE)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    term = DateRangeField(
        _("term"), help_text=_("The first day, and the day after the last; none while it runs.")
    )
    may_be_named = models.BooleanField(_("name may be shown to everybody"), default=False)
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, default="en"
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("added"), default=now, editable=False)

    objects = GroupMembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership of a group")
        verbose_name_plural = _("memberships of groups")
        ordering = ["circle", "organisation", "id"]
        constraints = [
            models.CheckConstraint(
                name="group_membership_has_first_day",
                condition=Q(term__isempty=False, term__lower_inf=False),
                violation_error_message=_(
                    "A term needs a first day, and to last at least that day."
                ),
            ),
            ExclusionConstraint(
                name="group_membership_terms_do_not_overlap",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    (Lower("email"), RangeOperators.EQUAL),
                    ("term", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("They sit in the group on these days already."),
            ),
            models.UniqueConstraint(
                name="group_one_sitting_lead",
                fields=["group"],
                condition=Q(role="lead", term__upper_inf=True),
                violation_error_message=_("This group has somebody who leads it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} – {self.group}"

    def get_absolute_url(self) -> str:
        return self.group.get_absolute_url()

    @property
    def is_sitting(self) -> bool:
        return localdate() in self.term


class GroupApplicationQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those that somebody has to decide about."""
        return self.filter(status=GroupApplication.Status.RECEIVED)


@recorded(
    part_of="group",
    personal=["name", "email", "organisation_name", "motivation"],
    without=["link_version"],
)
class GroupApplication(models.Model):
    """Somebody asks to sit in a group for their organisation. ``status`` is written by
    ``taskforce.applying`` alone."""

    class Status(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Waits for the confirmation of its address")
        RECEIVED = "received", _("Waits for a decision")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    group = models.ForeignKey(
        WorkingGroup, models.CASCADE, related_name="applications", verbose_name=_("group")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="group_applications",
        verbose_name=_("organisation"),
    )
    organisation_name = models.CharField(_("organisation, in words"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail address"))
    circle = models.CharField(_("circle"), max_length=10, choices=Circle, default=Circle.CORE)
    motivation = models.TextField(_("why"), max_length=4000)
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, default="en"
    )
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.UNCONFIRMED, editable=False
    )
    reason = models.TextField(_("reason"), blank=True, max_length=2000, editable=False)
    confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        editable=False,
    )
    membership = models.OneToOneField(
        GroupMembership,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="application",
        verbose_name=_("membership"),
        editable=False,
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("received at"), default=now, editable=False)

    objects = GroupApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-created_at", "-id"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                F("group"),
                Lower("email"),
                name="group_application_one_waiting_per_address",
                condition=Q(status__in=["unconfirmed", "received"]),
                violation_error_message=_("You have applied already."),
            ),
            models.CheckConstraint(
                name="group_application_says_for_whom",
                condition=Q(organisation__isnull=False) | Q(organisation_name__gt=""),
                violation_error_message=_("Say for which organisation."),
            ),
            models.CheckConstraint(
                name="group_application_decided_has_moment_and_reason",
                condition=~Q(status__in=["accepted", "declined"]) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="group_application_declined_says_why",
                condition=~Q(status="declined") | Q(reason__gt=""),
                violation_error_message=_("Say why the application is declined."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or self.organisation_name} – {self.group}"
