from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events.models.events import Event


class Untold(models.Model):
    """A change of an event of which those concerned are not told yet: what it and its sessions were
    before the first of the changes, and from when on they are told of all of them at once."""

    event = models.OneToOneField(
        Event, models.CASCADE, related_name="untold", verbose_name=_("event")
    )
    before = models.JSONField(_("before"))
    sessions = models.JSONField(_("sessions before"), default=dict)
    due_at = models.DateTimeField(_("told from"), default=now)

    class Meta:
        verbose_name = _("change that is not told yet")
        verbose_name_plural = _("changes that are not told yet")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.event)
