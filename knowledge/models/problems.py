from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.partners.rules import Rule
from knowledge.models.resources import Resource

PROBLEM_CONFIRMED_WITHIN = timedelta(days=7)
PROBLEM_KEPT = timedelta(days=180)


class ProblemReportQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(state=ProblemReport.State.OPEN)

    def held(self) -> Self:
        """Those that look like a robot's, for the secretariat."""
        return self.filter(state=ProblemReport.State.HELD)

    def public(self) -> Self:
        """None: a report is between its writer and the curators."""
        return self.none()

    def unconfirmed(self) -> Self:
        """Those whose address nobody has shown to be theirs yet."""
        limit = timezone.now() - PROBLEM_CONFIRMED_WITHIN
        return self.filter(confirmed_at=None, written_at__gt=limit).exclude(email="")


@recorded(without=["words", "email", "answer", "link_version"])
class ProblemReport(models.Model):
    """What a reader says is wrong with a work. ``knowledge.problems`` alone writes its state."""

    class Sort(models.TextChoices):
        LINK = "link", _("A link leads nowhere")
        FACTS = "facts", _("Something is wrong or missing")
        RIGHTS = "rights", _("It should not be here: copyright or another right")
        ACCESS = "access", _("I cannot read or use it: accessibility")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        HELD = "held", _("Held for a look")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="problems", verbose_name=_("work")
    )
    sort = models.CharField(_("what is wrong"), max_length=6, choices=Sort)
    words = models.TextField(_("in words"), max_length=2000)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    language = models.CharField(_("language of letters"), max_length=8, default="en")
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN)
    suspicions = ArrayField(models.CharField(max_length=60), verbose_name=_("odd"), default=list)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    answer = models.TextField(_("what came of it"), blank=True, max_length=2000)
    link_version = models.PositiveIntegerField(default=1, editable=False)

    objects = ProblemReportQuerySet.as_manager()
    # Who curates the work.
    policy = Rule(owner="resource__owner", co_owners="resource__co_owners")

    class Meta:
        verbose_name = _("problem with a work")
        verbose_name_plural = _("problems with works")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="problem_is_closed_with_a_word",
                condition=Q(closed_at=None, answer="") & ~Q(state="closed")
                | Q(state="closed", closed_at__isnull=False, answer__gt=""),
                violation_error_message=_("Say what came of it."),
            ),
            models.CheckConstraint(
                name="problem_without_address_is_not_confirmed",
                condition=~Q(email="") | Q(confirmed_at=None),
            ),
        ]
        indexes = [models.Index(fields=["state"], name="problem_state")]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}, {self.written_at:%Y-%m-%d}"

    @property
    def can_be_answered(self) -> bool:
        return bool(self.email) and self.confirmed_at is not None
