from datetime import date
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events.models.events import Event
from events.models.registrations import Registration
from events.models.sessions import Session
from hub.audit import recorded
from hub.languages import work_language_choices
from hub.links import OF_THE_WEB
from hub.texts import tidy
from knowledge.models import Resource


@recorded(part_of="event")
class Material(models.Model):
    """What belongs to an event or to one of its sessions: slides, papers, recordings."""

    class Kind(models.TextChoices):
        SLIDES = "slides", _("Slides")
        PAPER = "paper", _("Paper")
        REPORT = "report", _("Report")
        RECORDING = "recording", _("Recording")
        TRANSCRIPT = "transcript", _("Transcript")
        PICTURES = "pictures", _("Pictures")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        REGISTRANTS = "registrants", _("Those with a confirmed seat")
        MEMBERS = "members", _("Members")

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="materials", verbose_name=_("event")
    )
    session = models.ForeignKey(
        Session,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="materials",
        verbose_name=_("session"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    title = models.CharField(_("title"), max_length=200)
    visibility = models.CharField(
        _("for whom"), max_length=11, choices=Visibility, default=Visibility.PUBLIC
    )
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, blank=True
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    resource = models.ForeignKey(
        Resource,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="as_material",
        verbose_name=_("work of the library"),
    )
    licence = models.CharField(_("licence"), max_length=60, blank=True)
    captions_url = models.URLField(_("captions"), max_length=500, blank=True)
    transcript = models.TextField(_("transcript"), blank=True, max_length=200_000)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="material_has_one_source",
                condition=Q(url="") ^ Q(resource__isnull=True),
                violation_error_message=_("Give an address or a work of the library, one of them."),
            ),
            models.CheckConstraint(
                name="material_has_a_title",
                condition=Q(title__gt=""),
                violation_error_message=_("A material needs a title."),
            ),
            # Any other scheme could run something in the reader's browser.
            models.CheckConstraint(
                name="material_leads_to_the_web",
                condition=Q(url__iregex=OF_THE_WEB) & Q(captions_url__iregex=OF_THE_WEB),
                violation_error_message=_("An address begins with https:// or http://."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_out(self) -> bool:
        """Whether any reader may have heard of it: its session was released, and the work of the
        library that it is is public."""
        is_released = self.session is None or self.session.released is not None
        return is_released and (self.resource is None or self.resource.is_public)

    @property
    def passages(self) -> str:
        """By which name the catalogue has its transcript, among those of the event; empty where not
        everybody may read one."""
        is_told = bool(self.transcript) and self.visibility == self.Visibility.PUBLIC
        return f"transcript-{self.pk}" if is_told and self.is_out else ""

    def clean(self) -> None:
        self.title, self.transcript = tidy(self.title), tidy(self.transcript)
        if self.session is not None and self.session.event_id != self.event_id:
            raise ValidationError({"session": _("Choose a session of this event.")})


@recorded(part_of="event")
class Outcome(models.Model):
    """What came of an event, in the words of those who held it."""

    event = models.OneToOneField(
        Event, models.CASCADE, related_name="outcome", verbose_name=_("event")
    )
    summary = models.TextField(_("what came of it"), blank=True, max_length=10_000)
    key_messages = ArrayField(
        models.CharField(max_length=300), verbose_name=_("key messages"), default=list, blank=True
    )
    published_at = models.DateTimeField(_("public since"), null=True, editable=False)

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")

    def __str__(self) -> str:
        return str(self.event)

    def clean(self) -> None:
        self.summary = tidy(self.summary)
        self.key_messages = [tidy(m) for m in self.key_messages if tidy(m)]


def this_month() -> date:
    return now().date().replace(day=1)


class Feedback(models.Model):
    """An answer to three questions after an event, of nobody knows whom: no link to a registration,
    no more of the time than the month, and a key that tells no order. How it is kept apart from who
    has answered says ``events.feedback``, its one writer."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(
        Event, models.CASCADE, related_name="feedback", verbose_name=_("event")
    )
    useful = models.PositiveSmallIntegerField(
        _("how useful it was"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    will_use = models.TextField(_("what you will use"), blank=True, max_length=2000)
    missing = models.TextField(_("what was missing"), blank=True, max_length=2000)
    month = models.DateField(_("month"), default=this_month)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["useful", "will_use", "id"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="feedback_useful_from_1_to_5", condition=Q(useful__gte=1, useful__lte=5)
            )
        ]

    def __str__(self) -> str:
        return str(self.useful)


class FeedbackGiven(models.Model):
    """Somebody has answered: that alone, so that nobody answers twice."""

    registration = models.OneToOneField(
        Registration, models.CASCADE, primary_key=True, related_name="feedback_given"
    )

    class Meta:
        verbose_name = _("has answered")
        verbose_name_plural = _("have answered")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.registration_id)
