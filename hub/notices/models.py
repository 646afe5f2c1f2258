"""Messages that the hub sends, and what is known of the addresses they went to."""

import re
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# How long a text stays readable after its message is done with, and one that holds a secret.
TEXT_IS_KEPT = timedelta(days=30)
SECRET_IS_KEPT = timedelta(days=1)
# Then it is no longer known to whom it went. The row stays: its key still says that it was sent.
ADDRESS_IS_KEPT = timedelta(days=365)
# A message that is due and has waited this long is a matter for people.
LATE = timedelta(minutes=15)


def new_message_id() -> str:
    return f"<{uuid4().hex}@{urlsplit(settings.BASE_URL).hostname}>"


class PostedQuerySet(models.QuerySet):
    def due(self) -> Self:
        """What may go out now: nobody is at it, and its time has come."""
        now = timezone.now()
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.filter(free, state=Posted.State.WAITING, not_before__lte=now)

    def lost_from_sight(self) -> Self:
        """What was being handed over by a worker that has not been heard of since."""
        return self.filter(state=Posted.State.SENDING, leased_until__lt=timezone.now())

    def out_since(self, moment: datetime) -> Self:
        """What was handed over after ``moment``, and what is about to be."""
        held = Q(state=Posted.State.WAITING, leased_until__gte=timezone.now())
        return self.filter(Q(handed_over_at__gte=moment) | held)

    def done(self) -> Self:
        return self.exclude(state__in=[Posted.State.WAITING, Posted.State.SENDING])


class Posted(models.Model):
    """What goes to the mail server, once to one address: where it is on its way.

    waiting → sending → sent is the way of most. It is *sending* from the moment at which the mail
    server is told to take the text until its answer is noted; a worker that dies in between leaves
    it *unknown*: nobody can tell whether it went out, and only a person has it sent again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        UNKNOWN = "unknown", _("perhaps sent")
        FAILED = "failed", _("failed")
        SUPPRESSED = "suppressed", _("not sent: the address is blocked")
        CANCELLED = "cancelled", _("cancelled")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    tried_since = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    to: str  # the address

    objects = PostedQuerySet.as_manager()

    class Meta:
        abstract = True

    def changes_in(self, state: "Posted.State") -> dict[str, Any]:
        """What else becomes another when it comes to this state."""
        return {}


class MessageQuerySet(PostedQuerySet):
    def late(self) -> Self:
        """What should have gone out a while ago, because of a fault or of a ceiling."""
        before = timezone.now() - LATE
        return self.filter(state=Message.State.WAITING, created_at__lt=before).filter(
            Q(not_before__lt=before) | Q(attempts__gt=0) | Q(is_held=True)
        )

    def to_address(self, address: str) -> Self:
        return self.annotate(address=Lower("to")).filter(address=address.lower())

    def telling_of(self, address: str) -> Self:
        """What others read of who has this address, or by whom they answer to it."""
        theirs = Q(tells_of__iexact=address) | Q(reply_to__iexact=address)
        return self.filter(theirs).exclude(to__iexact=address)


class Message(Posted):
    """One e-mail to one address, as it was rendered when the act that it tells of was done."""

    dedup_key = models.CharField(_("key"), max_length=200, unique=True)
    template = models.CharField(_("template"), max_length=100)
    language = models.CharField(_("language"), max_length=8)
    to = models.CharField(_("to"), max_length=254, blank=True)
    reply_to = models.CharField(_("answers go to"), max_length=254, blank=True)
    tells_of = models.CharField(
        _("tells of"),
        max_length=254,
        blank=True,
        help_text=_("The address of a person whose name or words its reader finds in it."),
    )
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    calendar = models.TextField(_("calendar entry"), blank=True)
    stop_url = models.CharField(
        _("ends further ones"),
        max_length=500,
        blank=True,
        help_text=_(
            "The address that a mail program posts to when its reader wants no more of these."
        ),
    )
    is_secret = models.BooleanField(
        _("secret"), default=False, help_text=_("Holds a code or a link that lets its reader in.")
    )
    is_private = models.BooleanField(
        _("private"), default=False, help_text=_("Holds what one person writes to another.")
    )
    is_held = models.BooleanField(_("held back by a ceiling"), default=False)
    message_id = models.CharField("Message-ID", max_length=255, unique=True, default=new_message_id)
    created_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing letter")
        verbose_name_plural = _("outgoing letters")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="message_state_is_known",
                condition=Q(
                    state__in="waiting sending sent unknown failed suppressed cancelled".split()
                ),
            ),
            models.CheckConstraint(
                name="message_sent_has_its_moment",
                condition=Q(state="sent", sent_at__isnull=False)
                | (~Q(state="sent") & Q(sent_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="message_being_sent_has_a_lease",
                condition=~Q(state="sending")
                | Q(leased_until__isnull=False, handed_over_at__isnull=False),
            ),
            models.CheckConstraint(
                name="message_to_be_sent_is_whole",
                condition=~Q(state__in=["waiting", "sending"])
                | (~Q(to="") & ~Q(subject="") & ~Q(text="") & ~Q(html="")),
            ),
            models.CheckConstraint(
                name="message_addresses_are_one_line",
                condition=~Q(to__regex=r"[[:cntrl:][:space:]]")
                & ~Q(reply_to__regex=r"[[:cntrl:][:space:]]")
                & ~Q(subject__regex=r"[[:cntrl:]]"),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-is_secret", "not_before", "id"],
                name="message_due",
                condition=Q(state="waiting"),
            ),
            models.Index(Lower("to"), "handed_over_at", name="message_by_address"),
            models.Index(fields=["handed_over_at"], name="message_by_hand_over"),
            models.Index(
                fields=["state", "leased_until"],
                name="message_not_settled",
                condition=Q(state__in=["sending", "unknown", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def changes_in(self, state: Posted.State) -> dict[str, Any]:
        """It is held no more; a secret goes when it is sent, but where the row is the mailbox."""
        is_over = state == self.State.SENT and self.is_secret and not settings.LOCAL
        return {"is_held": False, **({"text": "", "html": ""} if is_over else {})}

    @property
    def calendar_method(self) -> str:
        """REQUEST, CANCEL or PUBLISH, as the calendar entry says of itself."""
        found = re.search(r"^METHOD:(\w+)", self.calendar, re.MULTILINE)
        return found[1] if found else ""

    @property
    def can_go_again(self) -> bool:
        """Whether a person may have it sent (again): it is settled, and still has its text."""
        settled = (self.State.UNKNOWN, self.State.FAILED, self.State.SUPPRESSED)
        return self.state in (*settled, self.State.CANCELLED) and bool(self.text and self.to)


class AddressQuerySet(models.QuerySet):
    def suppressed(self) -> Self:
        return self.exclude(suppressed_at=None)


class Address(models.Model):
    """An address from which mail came back or a complaint came: in small letters, else as it is.

    It is kept readable, not as a hash: the secretariat has to see why somebody gets no mail, and
    to lift it when the person says that the mailbox works again.
    """

    class Reason(models.TextChoices):
        BOUNCE = "bounce", _("the mailbox does not exist")
        SOFT = "soft", _("mail came back again and again")
        COMPLAINT = "complaint", _("its owner called our mail unwanted")
        STAFF = "staff", _("blocked by hand")

    address = models.CharField(_("address"), max_length=254, unique=True)
    soft_bounces = models.PositiveSmallIntegerField(_("came back in a row"), default=0)
    suppressed_at = models.DateTimeField(_("blocked since"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    last_said = models.CharField(_("what the mail server said"), max_length=500, blank=True)
    changed_at = models.DateTimeField(_("last heard of"), auto_now=True)

    objects = AddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("troubled address")
        verbose_name_plural = _("troubled addresses")
        ordering = ["address"]
        constraints = [
            models.CheckConstraint(
                name="address_is_in_small_letters",
                condition=Q(address=Lower("address")) & ~Q(address=""),
            ),
            models.CheckConstraint(
                name="address_blocked_has_a_reason",
                condition=Q(suppressed_at__isnull=True, reason="")
                | (Q(suppressed_at__isnull=False) & ~Q(reason="")),
                violation_error_message=_("Say why the address is blocked."),
            ),
        ]

    def __str__(self) -> str:
        return self.address


class Outage(models.Model):
    """There is a row while the mail server cannot be reached: nobody tries before ``until``."""

    number = models.PositiveSmallIntegerField(primary_key=True, default=1)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField()
    failures = models.PositiveIntegerField(default=1)
    reason = models.CharField(_("what went wrong"), max_length=500, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="outage_is_one", condition=Q(number=1))]

    def __str__(self) -> str:
        return self.reason
