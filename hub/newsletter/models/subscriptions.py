"""Who gets the newsletter, what they wish to read, and how they agreed to it."""

from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.vocabulary.models import Term

# How long a sign-up waits to be confirmed, and a consent is kept as evidence once it was taken back.
CONFIRMED_WITHIN = timedelta(days=7)
EVIDENCE_IS_KEPT = timedelta(days=365)


class Group(models.TextChoices):
    """What an issue has sections for; the order is theirs."""

    NEWS = "news", _("News")
    RESEARCH = "research", _("Research")
    COMMENTARY = "commentary", _("Commentary")
    GUIDANCE = "guidance", _("Guidance")
    EVENTS = "events", _("Events")
    TASKFORCE = "taskforce", _("Taskforce")


class SubscriptionQuerySet(models.QuerySet):
    def receiving(self) -> Self:
        """Those who have confirmed it and not ended it."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def asked_for(self) -> Self:
        """Those that wait to be confirmed, for the first time or anew."""
        waiting = Q(confirmed_at=None) | Q(ended_at__isnull=False)
        return self.filter(waiting, asked_at__gt=timezone.now() - CONFIRMED_WITHIN)

    def of_address(self, email: str) -> Self:
        return self.annotate(address=Lower("email")).filter(address=email.lower())

    def let_go(self) -> Self:
        """What nobody confirmed in time, and what ended so long ago that nobody asks for its evidence."""
        moment = timezone.now()
        return self.filter(
            Q(confirmed_at=None, asked_at__lt=moment - CONFIRMED_WITHIN)
            | Q(ended_at__lt=moment - EVIDENCE_IS_KEPT)
        )


@recorded(without=["email", "wording", "source_path", "link_version"])
class Subscription(models.Model):
    """One reader of the newsletter. What they were told when they asked for it, where and when, is kept
    with it (Art. 7(1) GDPR); who ends it gets nothing more from that moment on."""

    class Cadence(models.TextChoices):
        EVERY = "every", _("Every issue")
        MONTHLY = "monthly", _("At most one in a month")

    class Ending(models.TextChoices):
        ASKED = "asked", _("They ended it")
        UNREACHABLE = "unreachable", _("Letters came back")

    email = models.EmailField(_("e-mail address"), max_length=254)
    languages = ArrayField(
        models.CharField(max_length=8),
        verbose_name=_("languages, the first one first"),
        default=list,
    )
    groups = ArrayField(
        models.CharField(max_length=20, choices=Group),
        verbose_name=_("what they read; all if empty"),
        default=list,
        blank=True,
    )
    terms = models.ManyToManyField(Term, verbose_name=_("topics and places"), blank=True)
    cadence = models.CharField(
        _("how often"), max_length=10, choices=Cadence, default=Cadence.EVERY
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ending = models.CharField(_("why it ended"), max_length=12, choices=Ending, blank=True)
    wording = models.TextField(_("what they were told"))
    wording_version = models.CharField(_("version of that"), max_length=12)
    source_path = models.CharField(_("page on which they asked"), max_length=300)
    link_version = models.PositiveIntegerField(default=1, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader of the newsletter")
        verbose_name_plural = _("readers of the newsletter")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscription_once_per_address"),
            models.CheckConstraint(
                name="subscription_ends_with_a_reason",
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
            ),
            models.CheckConstraint(
                name="subscription_ends_once_it_began",
                condition=Q(ended_at=None) | Q(confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="subscription_has_its_evidence",
                condition=~Q(wording="") & ~Q(wording_version="") & ~Q(source_path=""),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_receiving(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None
