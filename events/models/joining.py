from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.events import Event
from events.models.sessions import Session
from hub.audit import recorded


@recorded(without=["url"])
class JoinAddress(models.Model):
    """The way into an online meeting: of an event, or of one session instead of it.

    It lies apart from both, so that nothing that reads these can let it out. ``events.joining`` alone
    shows it to readers: to those with a confirmed seat, from ``opens_minutes`` before the start on.
    """

    event = models.OneToOneField(
        Event,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="join_address",
        verbose_name=_("event"),
    )
    session = models.OneToOneField(
        Session,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="join_address",
        verbose_name=_("session"),
    )
    url = models.URLField(_("join address"), max_length=1000)
    opens_minutes = models.PositiveIntegerField(
        _("open from so many minutes before the start"),
        default=30,
        validators=[MaxValueValidator(60 * 24 * 14)],
    )

    class Meta:
        verbose_name = _("join address")
        verbose_name_plural = _("join addresses")
        constraints = [
            models.CheckConstraint(
                name="join_address_of_event_or_session",
                condition=Q(event__isnull=True) ^ Q(session__isnull=True),
                violation_error_message=_("A join address is of an event or of one session."),
            )
        ]

    def __str__(self) -> str:
        # Never the address: this stands in lists and in the log of the desk.
        return str(self.event or self.session)
