from datetime import timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub import links
from hub.audit import recorded
from hub.audit.recording import APPEND_ONLY
from knowledge.models.resources import Resource

# As long as somebody who is asked for their opinion may take.
REVIEW_DAYS = 14


class Revision(models.Model):
    """What a resource said to its readers, or was to say, after somebody saved it: all of it, as
    ``knowledge.revisions`` takes it down and puts it back. Never changed once written.

    One that is ``is_aside`` was saved by somebody who had begun from an earlier state, while another
    saved too: it is kept to be compared, and became no draft.
    """

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="revisions", verbose_name=_("resource")
    )
    number = models.PositiveIntegerField(_("number"))
    snapshot = models.JSONField(_("what it says"))
    # Of a draft beside a public page: what the page said when that draft was begun.
    base = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="+", verbose_name=_("begun from")
    )
    is_aside = models.BooleanField(_("set aside"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("saved by"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        default_permissions = ()
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="revision_once_per_number",
                fields=["resource", "number"],
                violation_error_message=_("Somebody else has saved a revision of this number."),
            )
        ]
        triggers = [pgtrigger.ReadOnly(name="never_rewritten", exclude=["author"])]

    def __str__(self) -> str:
        return str(_("Revision %(number)s")) % {"number": self.number}


class ReviewLinkQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those that answer: in time, and somebody who has an account stands for them."""
        return self._unended().filter(made_by__is_active=True)

    def _unended(self) -> Self:
        return self.filter(revoked_at=None, ends_at__gt=timezone.now())

    def revoke(self) -> None:
        """Shut those that are open, for good: their addresses answer no more from now on."""
        self._unended().update(revoked_at=timezone.now(), link_version=F("link_version") + 1)


@recorded(part_of="resource", personal=["name", "email"])
class ReviewLink(models.Model):
    """A way in for one person without an account: to read what is in work, and to say what they think
    of it, until it ends or is revoked."""

    PURPOSE = "review"

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="review_links", verbose_name=_("resource")
    )
    name = models.CharField(_("for whom"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    ends_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("revoked"), null=True)
    link_version = models.PositiveIntegerField(default=1, editable=False)

    objects = ReviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("review link")
        verbose_name_plural = _("review links")
        default_permissions = ()
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="review_link_ends_in_a_fortnight",
                condition=Q(
                    ends_at__gt=F("made_at"),
                    ends_at__lte=F("made_at") + timedelta(days=REVIEW_DAYS),
                ),
                violation_error_message=_("A review link is good for 14 days at most."),
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("Reviewer no. %(number)s")) % {"number": self.pk}

    def get_absolute_url(self) -> str:
        return reverse("review:page", args=[links.sign(self.PURPOSE, self)])

    @property
    def is_open(self) -> bool:
        is_in_time = self.revoked_at is None and self.ends_at > timezone.now()
        return is_in_time and self.is_stood_for

    @property
    def is_stood_for(self) -> bool:
        """Whether who made it has an account still."""
        return self.made_by is not None and self.made_by.is_active


class WorkflowEvent(models.Model):
    """A step of a resource on its way to readers, or a word about it. Written by
    ``knowledge.workflow`` alone, and never changed."""

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="workflow_events", verbose_name=_("resource")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    act = models.CharField(_("what"), max_length=20)
    from_state = models.CharField(_("before"), max_length=20)
    to_state = models.CharField(_("after"), max_length=20)
    # Neither where the hub itself acted; a person whose account is gone leaves their step behind.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    guest = models.ForeignKey(
        ReviewLink, models.CASCADE, null=True, related_name="+", verbose_name=_("reviewer")
    )
    comment = models.TextField(_("in their words"), blank=True, max_length=2000)
    # The number of the revision that was there when it happened.
    version = models.PositiveIntegerField(_("revision"))

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="workflow_event_has_one_doer",
                condition=Q(actor=None) | Q(guest=None),
                violation_error_message=_("A step is somebody's from the hub or a guest's."),
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="never_rewritten", exclude=["actor"]),
            pgtrigger.Protect(name=APPEND_ONLY, operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.act} ({self.at:%Y-%m-%d %H:%M})"
