"""How somebody comes to a role in an organisation: they are invited, or they ask."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub import links
from hub.audit import recorded
from hub.partners.models import Membership, Organisation

PURPOSE = "invitation"
VALID = timedelta(hours=72)
# How long we keep who was invited or asked, after it came to nothing.
KEPT = timedelta(days=90)


class InvitationQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those that nobody has accepted or withdrawn. Their links may have run out: ``renew``."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def valid(self) -> Self:
        """Those that can be accepted now."""
        return self.open().filter(sent_at__gt=timezone.now() - VALID)


@recorded(without=["link_version"], personal=["email"])
class Invitation(models.Model):
    """A role that waits for whoever reads the mail of an address. Its link is signed and ends with
    the first use, with the next letter, or after ``VALID``."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="invitations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="invitations_sent",
        verbose_name=_("invited by"),
    )
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
                violation_error_message=_("This address is invited already."),
            ),
            models.CheckConstraint(
                name="invitation_ends_once",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
                violation_error_message=_("An invitation is accepted or withdrawn, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.get_role_display()}, {self.organisation}"

    def get_absolute_url(self) -> str:
        """The page of the letter, for whoever reads the mail of the address."""
        token = links.sign(PURPOSE, self)
        return reverse("members:invitation", kwargs={"token": token})

    @property
    def ends_at(self) -> timezone.datetime:
        return self.sent_at + VALID

    @property
    def is_run_out(self) -> bool:
        return self.ends_at <= timezone.now()


class RoleRequestQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(decided_at=None)


@recorded(personal=["words"])
class RoleRequest(models.Model):
    """Somebody asks to speak for an organisation; one of its editors or the secretariat decides."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="role_requests",
        verbose_name=_("who"),
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="role_requests", verbose_name=_("organisation")
    )
    words = models.TextField(_("in their words"), max_length=1000)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    is_granted = models.BooleanField(_("granted"), null=True, blank=True)

    objects = RoleRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a role")
        verbose_name_plural = _("requests for a role")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(decided_at=None),
                name="role_request_waits_once",
                violation_error_message=_("You have asked for this already."),
            ),
            models.CheckConstraint(
                name="role_request_is_granted_when_decided",
                condition=Q(decided_at=None, is_granted=None)
                | Q(decided_at__isnull=False, is_granted__isnull=False),
                violation_error_message=_("A decision says yes or no."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"


class CalendarFeed(models.Model):
    """The address of somebody's own calendar: a secret, of which we keep the hash."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="calendar_feed"
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"), auto_now=True)

    def __str__(self) -> str:
        return str(self.user)
