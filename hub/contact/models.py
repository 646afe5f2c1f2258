from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.partners.models import Person

# How long a letter waits for its writer to confirm, and how long its words are kept afterwards.
CONFIRMED_WITHIN = timedelta(days=7)
KEPT = timedelta(days=90)


class LetterQuerySet(models.QuerySet):
    def held(self) -> Self:
        """Those that somebody has to look at before they go on."""
        return self.filter(state=Letter.State.HELD)

    def unconfirmed(self) -> Self:
        limit = timezone.now() - CONFIRMED_WITHIN
        return self.filter(state=Letter.State.UNCONFIRMED, written_at__gt=limit)


@recorded(without=["name", "email", "words", "link_version"])
class Letter(models.Model):
    """What somebody writes to a person in the directory, or without one to the hub's desk.

    It goes on only after its writer has shown that the address is theirs: else anybody could have us
    send anything to anyone as its copy.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed yet")
        HELD = "held", _("Held for a look")
        PASSED = "passed", _("Passed on")
        DISMISSED = "dismissed", _("Not passed on")

    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("to"),
        help_text=_("Without a person it is for the hub's desk."),
    )
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail address"), max_length=254)
    words = models.TextField(_("letter"), max_length=5000)
    language = models.CharField(_("language"), max_length=8, default="en")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UNCONFIRMED)
    suspicions = ArrayField(models.CharField(max_length=60), verbose_name=_("odd"), default=list)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="letter_is_decided_once_it_left",
                condition=Q(state__in=["unconfirmed", "held"], decided_at=None)
                | Q(state__in=["passed", "dismissed"], decided_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.written_at:%Y-%m-%d}"
