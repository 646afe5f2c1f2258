from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import times
from hub.audit import recorded
from hub.catalogue.sources import RecordDraft, Text
from hub.languages import work_language_choices
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Term
from taskforce.kinds import ROUND, Activity

# Slugs that stand for pages of their own below /taskforce/.
RESERVED_SLUGS = (
    *("groups", "participation", "meetings", "findings", "peers", "calendar", "confirm"),
    *("members", "applications"),
)


class RoundQuerySet(models.QuerySet):
    def public(self) -> Self:
        """What everybody may see now: open rounds and those that are over."""
        return self.filter(published_at__lte=Now(), withdrawn_at__isnull=True)

    def unpublished(self) -> Self:
        return self.filter(published_at__isnull=True)

    def open_to_authors(self) -> Self:
        """What authors may work on: a round has no draft beside it, so none that readers see."""
        return self.unpublished()

    def for_record(self) -> Self:
        return self.select_related("owner").prefetch_related("terms", "convenors")


@recorded(without=["updated_at"])
class Round(models.Model):
    """Some months in which governments are invited to take part in at least one activity."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=150)
    language = models.CharField(
        _("language of these texts"), max_length=8, choices=work_language_choices, default="en"
    )
    summary = models.TextField(_("summary"), max_length=1000)
    call = models.TextField(
        _("call"), blank=True, max_length=10_000, help_text=_("Plain text, in paragraphs.")
    )
    period = DateRangeField(_("period"), help_text=_("The first and the last day."))
    timezone = models.CharField(_("time zone"), max_length=64, validators=[times.validate_zone])
    offers_interview = models.BooleanField(_("interviews"), default=True)
    offers_working_group = models.BooleanField(_("working group meetings"), default=True)
    offers_taskforce_meeting = models.BooleanField(_("taskforce meetings"), default=True)
    approves_interviews = models.BooleanField(
        _("interviewers agree to each booking"),
        default=False,
        help_text=_("Until they do, the time is kept free for the government."),
    )
    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="rounds", verbose_name=_("secretariat")
    )
    convenors = models.ManyToManyField(
        Organisation, blank=True, related_name="convened_rounds", verbose_name=_("convenors")
    )
    terms = models.ManyToManyField(
        Term, blank=True, related_name="rounds", verbose_name=_("topics, sectors and places")
    )
    contact_name = models.CharField(_("contact"), max_length=150, blank=True)
    contact_email = models.EmailField(
        _("address of the contact"), blank=True, help_text=_("Everybody sees this address.")
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    synthesis = models.TextField(
        _("what came out of it"), blank=True, max_length=20_000, help_text=_("Plain text.")
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, max_length=2000, editable=False)
    is_example = models.BooleanField(_("example, to try things out"), default=False)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("added"), default=now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=now, editable=False)

    objects = RoundQuerySet.as_manager()
    policy = Rule(owner="owner")

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-period", "-id"]
        constraints = [
            models.CheckConstraint(
                name="round_has_a_title",
                condition=Q(title__gt=""),
                violation_error_message=_("A round needs a title."),
            ),
            models.CheckConstraint(
                name="round_has_first_and_last_day",
                condition=Q(
                    period__isempty=False, period__lower_inf=False, period__upper_inf=False
                ),
                violation_error_message=_("A round needs its first and its last day."),
            ),
            models.CheckConstraint(
                name="round_offers_an_activity",
                condition=Q(offers_interview=True)
                | Q(offers_working_group=True)
                | Q(offers_taskforce_meeting=True),
                violation_error_message=_("A round offers at least one activity."),
            ),
            models.CheckConstraint(
                name="round_withdrawn_was_published_and_says_why",
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, reason__gt=""),
                violation_error_message=_("Say why the round is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        self.title, self.summary = tidy(self.title), tidy(self.summary)
        self.call, self.synthesis = tidy(self.call), tidy(self.synthesis)
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by a page of the site.")})

    def get_absolute_url(self) -> str:
        return reverse("taskforce:round_detail", kwargs={"slug": self.slug})

    @property
    def is_public(self) -> bool:
        """The condition of ``public()`` for this row."""
        is_out = self.published_at is not None and self.published_at <= now()
        return is_out and self.withdrawn_at is None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def starts_on(self) -> date:
        return self.period.lower

    @property
    def ends_on(self) -> date:
        """The last day, which belongs to it."""
        return date.fromordinal(self.period.upper.toordinal() - 1)

    def today(self, at: datetime | None = None) -> date:
        """Which day it is where the round is held."""
        return (at or now()).astimezone(self.zone).date()

    def is_over(self, at: datetime | None = None) -> bool:
        return self.today(at) >= self.period.upper

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether governments may register: from the moment it is published to its last day."""
        return self.is_public and not self.is_over(at)

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Those that it offers."""
        return tuple(one for one in Activity if getattr(self, f"offers_{one.value}"))

    def to_record(self) -> RecordDraft | None:
        """What the catalogue shows of it: nothing before it is published, a tombstone once it was
        withdrawn."""
        if self.published_at is None:
            return None
        draft = RecordDraft(
            kind=ROUND.value,
            path=self.get_absolute_url(),
            published_at=self.published_at,
            updated_at=self.updated_at,
            languages=(self.language,),
            texts={
                self.language: Text(self.title, "", self.summary, f"{self.call}\n{self.synthesis}")
            },
            term_ids=tuple(sorted(term.pk for term in self.terms.all())),
            organisation_ids=tuple(sorted(self.organisation_ids())),
            issued_on=self.starts_on,
            issued_precision="day",
        )
        return draft.tombstone(self.withdrawn_at) if self.withdrawn_at else draft

    def organisation_ids(self) -> set[int]:
        """Who runs it and who convenes it."""
        return {self.owner_id} | {one.pk for one in self.convenors.all()}


@recorded(part_of="round")
class RoundConvenor(Round.convenors.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("convenor")


@recorded(part_of="round")
class RoundTerm(Round.terms.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("topic, sector or place")


@recorded(part_of="round")
class Milestone(models.Model):
    """A stretch or a day on the timeline of a round."""

    round = models.ForeignKey(
        Round, models.CASCADE, related_name="milestones", verbose_name=_("round")
    )
    title = models.CharField(_("title"), max_length=150)
    text = models.TextField(_("description"), blank=True, max_length=600)
    activity = models.CharField(_("activity"), max_length=20, choices=Activity, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("timeline")
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="milestone_has_a_title",
                condition=Q(title__gt=""),
                violation_error_message=_("A milestone needs a title."),
            ),
            models.CheckConstraint(
                name="milestone_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
