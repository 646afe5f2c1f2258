from datetime import date
from typing import Self

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from events.models import Event, Material
from hub.audit import recorded
from hub.audit.recording import APPEND_ONLY
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.texts import tidy
from knowledge.models import Resource
from taskforce.models.groups import WorkingGroup
from taskforce.models.rounds import Round


class MeetingQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Those of which everybody may know: meetings for all, and meetings of members of which a
        summary was written for everybody."""
        members = Event.objects.filter(
            audience=Event.Audience.MEMBERS, status__in=Event.SHOWN, published_at__lte=Now()
        )
        told = Q(public_summary__gt="", event__in=members)
        return self.filter(Q(event__in=Event.objects.public()) | told)

    def in_order(self) -> Self:
        return self.order_by("event__starts_at", "number")


@recorded()
class Meeting(models.Model):
    """What a meeting has besides being an event: whose it is, agenda, minutes, actions. A meeting of
    neither a group nor a round cannot be; one of a round alone is of the whole taskforce."""

    class Minutes(models.TextChoices):
        NONE = "none", _("None yet")
        DRAFT = "draft", _("Draft")
        CIRCULATED = "circulated", _("Circulated")
        ADOPTED = "adopted", _("Adopted")

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    event = models.OneToOneField(
        Event, models.PROTECT, related_name="meeting", verbose_name=_("event")
    )
    group = models.ForeignKey(
        WorkingGroup,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("group"),
    )
    round = models.ForeignKey(
        Round,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("round"),
    )
    number = models.PositiveSmallIntegerField(
        _("number"), default=1, validators=[MinValueValidator(1)]
    )
    quorum = models.PositiveSmallIntegerField(_("quorum"), null=True, blank=True)
    minutes_status = models.CharField(
        _("minutes"), max_length=10, choices=Minutes, default=Minutes.NONE, editable=False
    )
    circulated_at = models.DateTimeField(_("circulated at"), null=True, editable=False)
    adopted_at = models.DateTimeField(_("adopted at"), null=True, editable=False)
    adopted_in = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="adopted_minutes_of",
        verbose_name=_("adopted in"),
        editable=False,
    )
    public_summary = models.TextField(
        _("summary for everybody"),
        blank=True,
        max_length=5000,
        help_text=_("Under the Chatham House Rule it names nobody who was there."),
    )

    objects = MeetingQuerySet.as_manager()
    policy = Rule(owner="event__owner", co_owners="event__co_owners")

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-event__starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="meeting_is_of_a_group_or_a_round",
                condition=Q(group__isnull=False) | Q(round__isnull=False),
                violation_error_message=_("Say of which group or round it is a meeting."),
            ),
            models.UniqueConstraint(
                name="meeting_number_once",
                fields=["group", "round", "number"],
                nulls_distinct=False,
                violation_error_message=_("There is a meeting with this number already."),
            ),
            models.CheckConstraint(
                name="meeting_adopted_has_its_moment",
                condition=Q(minutes_status="adopted", adopted_at__isnull=False)
                | (~Q(minutes_status="adopted") & Q(adopted_at=None, adopted_in=None)),
            ),
            models.CheckConstraint(
                name="meeting_adopts_not_itself",
                condition=Q(adopted_in__isnull=True) | ~Q(adopted_in=models.F("id")),
                violation_error_message=_("Minutes are adopted by a later meeting."),
            ),
        ]

    def __str__(self) -> str:
        return self.event.title

    def get_absolute_url(self) -> str:
        return reverse("taskforce:meeting_detail", kwargs={"slug": self.slug})

    @property
    def is_chatham_house(self) -> bool:
        return self.event.attribution == Event.Attribution.CHATHAM_HOUSE


@recorded(part_of="meeting")
class AgendaItem(models.Model):
    """A point of the agenda. At what time it comes is reckoned from the beginning of the meeting and
    the minutes of those before it."""

    class Kind(models.TextChoices):
        INFORMATION = "information", _("For information")
        DISCUSSION = "discussion", _("For discussion")
        DECISION = "decision", _("For decision")
        BREAK = "break", _("Break")

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="agenda", verbose_name=_("meeting")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("description"), blank=True, max_length=2000)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DISCUSSION)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(600)]
    )
    lead_name = models.CharField(_("who leads"), max_length=200, blank=True)
    lead_government = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("government that leads"),
    )
    papers = models.ManyToManyField(
        Material, blank=True, related_name="agenda_items", verbose_name=_("papers")
    )
    decision = models.TextField(_("decision"), blank=True, max_length=2000)

    class Meta:
        verbose_name = _("point of the agenda")
        verbose_name_plural = _("agenda")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="agenda_position_once",
                fields=["meeting", "position"],
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                name="agenda_item_has_a_title",
                condition=Q(title__gt=""),
                violation_error_message=_("A point of the agenda needs a title."),
            ),
            models.CheckConstraint(
                name="agenda_item_takes_time",
                condition=Q(minutes__gte=1),
                violation_error_message=_("Say how many minutes it takes."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        self.title, self.text, self.decision = map(tidy, (self.title, self.text, self.decision))


@recorded(part_of="agendaitem")
class AgendaPaper(AgendaItem.papers.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("paper")


@recorded(part_of="meeting")
class MinutesRevision(models.Model):
    """The minutes as somebody saved them: append-only. The number is the lock as well: who saves on
    top of another number than the last is shown both texts."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="revisions", verbose_name=_("meeting")
    )
    number = models.PositiveIntegerField(_("number"))
    body = models.TextField(_("minutes"), max_length=100_000)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    is_correction = models.BooleanField(_("corrects adopted minutes"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    created_at = models.DateTimeField(_("saved at"), default=now, editable=False)

    class Meta:
        verbose_name = _("revision of the minutes")
        verbose_name_plural = _("revisions of the minutes")
        ordering = ["-number"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="minutes_number_once", fields=["meeting", "number"])
        ]
        triggers = [
            pgtrigger.ReadOnly(name="never_rewritten", exclude=["author"]),
            pgtrigger.Protect(name=APPEND_ONLY, operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} – {self.number}"


class ActionItemQuerySet(models.QuerySet):
    def open(self) -> Self:
        return self.filter(status=ActionItem.Status.OPEN)

    def overdue(self, day: date | None = None) -> Self:
        return self.open().filter(due_on__lt=day or localdate())


@recorded(part_of="meeting", personal=["owner_name"])
class ActionItem(models.Model):
    """What a meeting has agreed that somebody does. Open ones stand on the next agenda by themselves."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="actions", verbose_name=_("agreed in")
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("point of the agenda"),
    )
    text = models.CharField(_("what"), max_length=500)
    owner_government = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="owned_actions",
        verbose_name=_("owner"),
    )
    owner_name = models.CharField(_("who"), max_length=150, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    status = models.CharField(
        _("status"), max_length=8, choices=Status, default=Status.OPEN, editable=False
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closed_in = models.ForeignKey(
        Meeting,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="closed_actions",
        verbose_name=_("closed in"),
        editable=False,
    )
    outcome = models.TextField(_("what became of it"), blank=True, max_length=2000)
    evidence = models.ForeignKey(
        Resource,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="as_evidence_of_actions",
        verbose_name=_("evidence in the library"),
    )
    evidence_url = models.URLField(_("evidence elsewhere"), max_length=500, blank=True)
    reminded_on = models.DateField(null=True, editable=False)

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="action_has_a_text",
                condition=Q(text__gt=""),
                violation_error_message=_("Say what is to be done."),
            ),
            models.CheckConstraint(
                name="action_closed_has_its_moment",
                condition=Q(status="open", closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        self.text, self.outcome = tidy(self.text), tidy(self.outcome)
        if not self.text:
            raise ValidationError({"text": _("Say what is to be done.")})

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN
