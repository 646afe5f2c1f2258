from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Func, Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events.models import Calendared, Timed
from hub.audit import recorded
from hub.partners.rules import Rule
from taskforce.models.participations import Participation
from taskforce.models.rounds import Round


class InterviewSlotQuerySet(models.QuerySet):
    def public(self) -> Self:
        """None: governments see free times on their own pages."""
        return self.none()

    def offered(self) -> Self:
        """Those that are still to come and have not been taken back."""
        return self.filter(is_withdrawn=False, starts_at__gt=now())

    def free(self) -> Self:
        """Those of the offered that nobody has, nor waits for an answer about."""
        taken = Interview.objects.holding().values("slot")
        return self.offered().exclude(pk__in=taken)


@recorded(part_of="round", without=["join_url"])
class InterviewSlot(Timed):
    """A time at which an interviewer is there for a government; free again only when the time to
    draw breath after it (``buffer``, in minutes) is over."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="slots", verbose_name=_("round"))
    interviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="interview_slots",
        verbose_name=_("interviewer"),
    )
    buffer = models.PositiveSmallIntegerField(
        _("minutes between two"), default=15, validators=[MaxValueValidator(240)]
    )
    free_again_at = models.DateTimeField(null=True, editable=False)
    join_url = models.URLField(
        _("way into the meeting"),
        max_length=500,
        blank=True,
        help_text=_("Only who has booked this time sees it."),
    )
    is_withdrawn = models.BooleanField(_("taken back"), default=False, editable=False)

    objects = InterviewSlotQuerySet.as_manager()
    policy = Rule(owner="round__owner")

    class Meta(Timed.Meta):
        abstract = False
        verbose_name = _("interview time")
        verbose_name_plural = _("interview times")
        ordering = ["starts_at", "id"]
        constraints = [
            *Timed.Meta.constraints,
            models.CheckConstraint(
                name="interview_slot_has_hours",
                condition=Q(starts_at__isnull=False, ends_at__isnull=False, precision="minute")
                & Q(free_again_at__gte=models.F("ends_at")),
                violation_error_message=_("An interview needs its beginning and its end."),
            ),
            ExclusionConstraint(
                name="interview_slot_one_at_a_time",
                expressions=[
                    ("interviewer", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_at",
                            "free_again_at",
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(is_withdrawn=False),
                violation_error_message=_("The interviewer has another interview at this time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_local:%Y-%m-%d %H:%M} {self.timezone}"

    def derive(self) -> None:
        super().derive()
        ends = self.ends_at
        self.free_again_at = ends and ends + timedelta(minutes=self.buffer or 0)

    def save(self, *args, **kwargs) -> None:
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "free_again_at"}
        super().save(*args, **kwargs)


class InterviewQuerySet(models.QuerySet):
    def public(self) -> Self:
        """None: who is spoken with, and when, is for both sides."""
        return self.none()

    def holding(self) -> Self:
        """Those that keep their time from others."""
        return self.filter(status__in=Interview.HOLDING)

    def to_come(self) -> Self:
        """Those that are agreed or asked for and have not been."""
        return self.filter(status__in=Interview.COMING)


@recorded(part_of="participation", personal=["notes"])
class Interview(Calendared):
    """A government's conversation with the secretariat. ``slot`` and ``status`` are written by
    ``taskforce.booking`` alone: another time is another slot of the same row, so that calendars move
    the entry that they have."""

    class Status(models.TextChoices):
        REQUESTED = "requested", _("Asked for")
        BOOKED = "booked", _("Booked")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")
        MISSED = "no_show", _("Nobody came")

    COMING = (Status.REQUESTED, Status.BOOKED)
    HOLDING = (Status.REQUESTED, Status.BOOKED, Status.HELD)

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="interviews", verbose_name=_("participation")
    )
    slot = models.ForeignKey(
        InterviewSlot, models.PROTECT, related_name="interviews", verbose_name=_("time")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, editable=False)
    language = models.CharField(_("language"), max_length=8, default="en", editable=False)
    notes = models.TextField(
        _("notes"), blank=True, max_length=20_000, help_text=_("The secretariat alone reads these.")
    )
    reason = models.TextField(_("reason"), blank=True, max_length=1000, editable=False)
    told_sequence = models.IntegerField(default=-1, editable=False)
    booked_at = models.DateTimeField(_("booked at"), default=now, editable=False)
    ended_at = models.DateTimeField(_("held or cancelled at"), null=True, editable=False)

    objects = InterviewQuerySet.as_manager()
    policy = Rule(owner="participation__round__owner")

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-booked_at", "-id"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                name="interview_slot_once",
                fields=["slot"],
                condition=Q(status__in=["requested", "booked", "held"]),
                violation_error_message=_("This time has just been taken."),
            ),
            models.UniqueConstraint(
                name="interview_one_to_come",
                fields=["participation"],
                condition=Q(status__in=["requested", "booked"]),
                violation_error_message=_("Your government has an interview already."),
            ),
            models.CheckConstraint(
                name="interview_ended_has_its_moment",
                condition=Q(status__in=["requested", "booked"], ended_at__isnull=True)
                | Q(status__in=["held", "cancelled", "no_show"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation}: {self.slot}"

    @property
    def is_to_come(self) -> bool:
        return self.status in self.COMING
