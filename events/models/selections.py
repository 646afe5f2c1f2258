from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events.models.events import Event


class Selection(models.Model):
    """The sessions of a programme that somebody has chosen for themselves, nobody knows who: known by
    a signed link alone."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="selections", verbose_name=_("event")
    )
    session_ids = ArrayField(models.BigIntegerField(), verbose_name=_("sessions"), default=list)
    link_version = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name = _("personal programme")
        verbose_name_plural = _("personal programmes")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.event_id}/{self.pk}"
