"""Lists that somebody follows by mail."""

from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded

# How long an address may take to be confirmed, and how long it is known what was followed before.
CONFIRMED_WITHIN = timedelta(days=7)
STOPPED_KEPT = timedelta(days=90)
LONGEST_QUERY = 2000


class SavedSearchQuerySet(models.QuerySet):
    def of(self, email: str) -> Self:
        return self.filter(email=email.lower())

    def standing(self) -> Self:
        """Followed, or asked for and not confirmed yet."""
        return self.filter(stopped_at=None)

    def unconfirmed(self) -> Self:
        return self.standing().filter(confirmed_at=None)

    def followed(self) -> Self:
        return self.standing().exclude(confirmed_at=None)

    def due(self, today: date) -> Self:
        """Those to look at today."""
        weekly = Q(cadence=SavedSearch.Cadence.WEEKLY, looked_on__lte=today - timedelta(days=7))
        daily = Q(cadence=SavedSearch.Cadence.DAILY, looked_on__lt=today)
        return self.followed().filter(weekly | daily)


@recorded(without=["email", "query", "told_until", "looked_on", "link_version"])
class SavedSearch(models.Model):
    """A list of the hub that is followed by mail, and how its reader agreed to that.

    What became public after ``told_until`` has not been told yet. A row that was stopped stays for
    a while, so that its links go on answering, and says what was agreed to and when.
    """

    class Cadence(models.TextChoices):
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Once a week")

    class Source(models.TextChoices):
        FORM = "form", _("asked on the page, confirmed by a link in a letter")
        ACCOUNT = "account", _("asked by who was signed in with this address")

    email = models.EmailField(_("e-mail address"), max_length=254)
    query = models.CharField(
        _("list"), max_length=LONGEST_QUERY, help_text=_("Its one address, without language.")
    )
    language = models.CharField(_("language"), max_length=8, default="en")
    cadence = models.CharField(_("how often"), max_length=6, choices=Cadence)
    source = models.CharField(_("how it came"), max_length=7, choices=Source)
    wording = models.CharField(
        _("wording"), max_length=10, help_text=_("The day of the sentences that were agreed to.")
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    told_until = models.DateTimeField(null=True, blank=True)
    looked_on = models.DateField(null=True, blank=True)
    unreadable_since = models.DateTimeField(_("cannot be read since"), null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("list followed by mail")
        verbose_name_plural = _("lists followed by mail")
        default_permissions = ()
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="saved_search_once", fields=["email", "query"]),
            models.CheckConstraint(
                name="saved_search_email_is_in_small_letters",
                condition=Q(email=Lower("email")) & ~Q(email=""),
            ),
            models.CheckConstraint(
                name="saved_search_confirmed_is_told_from_then",
                condition=Q(confirmed_at=None)
                | Q(told_until__isnull=False, looked_on__isnull=False),
            ),
            models.CheckConstraint(
                name="saved_search_cadence_is_known", condition=Q(cadence__in=["daily", "weekly"])
            ),
        ]
        indexes = [
            models.Index(
                fields=["looked_on"],
                name="saved_search_due",
                condition=Q(stopped_at=None, confirmed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.query
