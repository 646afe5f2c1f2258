from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from events.models.events import Event
from hub.audit import recorded
from hub.partners.models import Organisation
from hub.texts import tidy


@recorded(part_of="event")
class Organiser(models.Model):
    """Who holds an event, as the event has it: a name, perhaps that of an organisation here."""

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="organisers", verbose_name=_("event")
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="organised_events",
        verbose_name=_("organisation"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("organiser")
        verbose_name_plural = _("organisers")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="organiser_has_a_name",
                condition=Q(name__gt=""),
                violation_error_message=_("Say who holds the event."),
            ),
            models.UniqueConstraint(
                name="organiser_once_per_event",
                fields=["event", "name"],
                violation_error_message=_("This organiser is named already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.name = tidy(self.name) or (self.organisation.name if self.organisation else "")
