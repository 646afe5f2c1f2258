"""Issues of the newsletter, what is in them, and to whom they go."""

from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.languages import LABEL_LANGUAGES
from hub.newsletter.models.subscriptions import Group, Subscription
from hub.notices.models import Posted, PostedQuerySet


class IssueQuerySet(models.QuerySet):
    def public(self) -> Self:
        """Those that everybody may read in the archive: from when they began to go out."""
        return self.filter(number__isnull=False)

    def going_out(self) -> Self:
        return self.filter(state=Issue.State.SENDING)

    def to_begin(self) -> Self:
        """Those whose moment has come."""
        return self.filter(state=Issue.State.SCHEDULED, send_at__lte=timezone.now())


@recorded()
class Issue(models.Model):
    """One issue in one or several languages. It has its number, and is in the archive, from the moment
    at which it begins to go out."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("to be sent")
        SENDING = "sending", _("being sent")
        STOPPED = "stopped", _("stopped")
        SENT = "sent", _("sent")

    number = models.PositiveIntegerField(_("number"), null=True, blank=True, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    language = models.CharField(
        _("language for all others"),
        max_length=8,
        choices=LABEL_LANGUAGES,
        default="en",
        help_text=_("What a reader gets of whose languages the issue has none."),
    )
    new_since = models.DateTimeField(_("tells what is new since"))
    composed_at = models.DateTimeField(_("begun"), default=timezone.now)
    send_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    begun_at = models.DateTimeField(_("began to go out"), null=True, blank=True)
    finished_at = models.DateTimeField(_("had gone out"), null=True, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue of the newsletter")
        verbose_name_plural = _("issues of the newsletter")
        ordering = ["-composed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="issue_state_is_known",
                condition=Q(state__in="draft scheduled sending stopped sent".split()),
            ),
            models.CheckConstraint(
                name="issue_that_began_has_a_number",
                condition=Q(
                    state__in=["draft", "scheduled"], number__isnull=True, begun_at__isnull=True
                )
                | Q(
                    state__in=["sending", "stopped", "sent"],
                    number__isnull=False,
                    begun_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="issue_scheduled_has_its_moment",
                condition=~Q(state="scheduled") | Q(send_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        text = self.text_in(self.language)
        return text.subject if text else str(_("Issue without a title"))

    def get_absolute_url(self) -> str | None:
        return reverse("newsletter:issue", args=[self.number]) if self.number else None

    @property
    def can_change(self) -> bool:
        """Whether somebody may still work on it."""
        return self.state in (self.State.DRAFT, self.State.SCHEDULED)

    @property
    def languages(self) -> list[str]:
        """In which it is, that for all others first."""
        has = {text.language for text in self.texts.all()}
        order = [self.language, *(code for code, _name in LABEL_LANGUAGES)]
        return [code for code in dict.fromkeys(order) if code in has]

    def text_in(self, language: str) -> "IssueText | None":
        return next((text for text in self.texts.all() if text.language == language), None)


@recorded(part_of="issue")
class IssueText(models.Model):
    """What an editor writes at the head of an issue, in one language."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=8, choices=LABEL_LANGUAGES)
    subject = models.CharField(_("subject"), max_length=150)
    intro = models.TextField(
        _("introduction"),
        max_length=5000,
        help_text=_("Plain text; an empty line parts paragraphs. Addresses become links."),
    )

    class Meta:
        verbose_name = _("text in one language")
        verbose_name_plural = _("texts, one for each language")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="issue_text_once_per_language",
                fields=["issue", "language"],
                violation_error_message=_("The issue has a text in this language already."),
            ),
            models.CheckConstraint(
                name="issue_subject_is_one_line",
                condition=~Q(subject="") & ~Q(subject__regex=r"[[:cntrl:]]"),
                violation_error_message=_("The subject is one line."),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


@recorded(part_of="issue")
class IssueItem(models.Model):
    """Something of the catalogue that an issue tells of. What is not public is told to nobody."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="items")
    group = models.CharField(_("section"), max_length=20, choices=Group)
    ref = models.CharField(_("record"), max_length=80)
    position = models.PositiveSmallIntegerField(_("place in the section"), default=0)

    class Meta:
        verbose_name = _("item of an issue")
        verbose_name_plural = _("items of an issue")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(name="issue_tells_of_it_once", fields=["issue", "ref"]),
            models.CheckConstraint(
                name="issue_item_section_is_known", condition=Q(group__in=Group.values)
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class DeliveryQuerySet(PostedQuerySet):
    def due(self) -> Self:
        return super().due().filter(issue__state=Issue.State.SENDING)

    def wanted(self) -> Self:
        """Those of issues that still go out, to readers who still want them."""
        wanting = Subscription.objects.receiving().filter(pk=OuterRef("subscription"))
        going_out = Issue.objects.going_out().filter(pk=OuterRef("issue"))
        return self.filter(Exists(going_out), Exists(wanting))

    def not_settled(self) -> Self:
        return self.filter(state__in=[Posted.State.WAITING, Posted.State.SENDING])


class Delivery(Posted):
    """One issue to one reader: at most one row, however often the issue is begun."""

    class Because(models.TextChoices):
        ENDED = "ended", _("wanted no more")
        NOTHING = "nothing", _("nothing in it for them")
        STOPPED = "stopped", _("the issue was ended")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="deliveries")
    subscription = models.ForeignKey(
        Subscription, models.SET_NULL, null=True, related_name="deliveries"
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    because = models.CharField(_("not sent because"), max_length=10, choices=Because, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("newsletter to a reader")
        verbose_name_plural = _("newsletters to readers")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="delivery_once", fields=["issue", "subscription"]),
            models.CheckConstraint(
                name="delivery_state_is_known",
                condition=Q(
                    state__in="waiting sending sent unknown failed suppressed cancelled".split()
                ),
            ),
            models.CheckConstraint(
                name="delivery_sent_has_its_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="delivery_being_sent_has_a_lease",
                condition=~Q(state="sending")
                | Q(leased_until__isnull=False, handed_over_at__isnull=False),
            ),
            models.CheckConstraint(
                name="delivery_not_sent_says_why",
                condition=Q(state="cancelled") & ~Q(because="")
                | ~Q(state="cancelled") & Q(because=""),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="delivery_due", condition=Q(state="waiting")),
            models.Index(fields=["handed_over_at"], name="delivery_by_hand_over"),
            models.Index(
                fields=["state", "leased_until"],
                name="delivery_not_settled",
                condition=Q(state__in=["sending", "unknown", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.to

    @property
    def to(self) -> str:
        return self.subscription.email if self.subscription else ""

    @property
    def message_id(self) -> str:
        """The same however often it is sent, so that mail programs show it once."""
        host = urlsplit(settings.BASE_URL).hostname
        return f"<newsletter.{self.issue_id}.{self.pk}@{host}>"

    @classmethod
    def counted(cls, moment: datetime) -> int:
        """How many went out since ``moment`` or are about to."""
        return cls.objects.out_since(moment).count()

    def changes_in(self, state: Posted.State) -> dict[str, Any]:
        return {}
