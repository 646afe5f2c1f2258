from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events.kinds import Mode
from events.models.events import Event
from events.models.sessions import Session
from hub.audit import recorded
from hub.languages import work_language_choices
from hub.partners.models import Organisation

# A seat that nobody answered for by their mailbox is given on after so long, and in any case so long
# before the start; who registers later still has so much time to look into their mail.
UNCONFIRMED_FOR = timedelta(hours=48)
UNCONFIRMED_UNTIL = timedelta(hours=2)
UNCONFIRMED_AT_LEAST = timedelta(minutes=30)


class RegistrationQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Those that hold a seat, wait for one, or wait for somebody's approval."""
        return self.filter(status__in=Registration.ACTIVE)

    def confirmed(self) -> Self:
        return self.filter(status=Registration.Status.CONFIRMED)

    def waiting(self) -> Self:
        """Those without a seat, who came first in front."""
        return self.filter(status=Registration.Status.WAITLISTED).order_by("queued_at", "id")

    def coming(self) -> Self:
        """Those with a seat whose address is theirs for sure."""
        return self.confirmed().filter(email_confirmed_at__isnull=False)

    def named(self) -> Self:
        """Those of somebody: not the seats that a delegation still has to name somebody for."""
        return self.exclude(email="")


@recorded(
    personal=[
        "email",
        "name",
        "organisation_name",
        "access_needs",
        "answers",
        "language",
    ],
    without=["join_hash"],
)
class Registration(models.Model):
    """Somebody's registration for an event. ``status``, ``mode``, ``wants_mode`` and ``queued_at`` are
    written by ``events.seats`` alone."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Waits for approval")
        CONFIRMED = "confirmed", _("Has a seat")
        WAITLISTED = "waitlisted", _("On the waiting list")
        DECLINED = "declined", _("Declined")
        CANCELLED = "cancelled", _("Cancelled")

    ACTIVE = (Status.PENDING, Status.CONFIRMED, Status.WAITLISTED)
    SEAT_MODES = [(Mode.IN_PERSON, Mode.IN_PERSON.label), (Mode.ONLINE, Mode.ONLINE.label)]

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="registrations", verbose_name=_("event")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("account"),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    email_confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, editable=False)
    name = models.CharField(_("name"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("organisation"),
    )
    organisation_name = models.CharField(_("organisation, in words"), max_length=200, blank=True)
    delegation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="delegates",
        verbose_name=_("delegation"),
        help_text=_(
            "Who holds the seat for one of theirs; until they name somebody it has no name."
        ),
    )
    mode = models.CharField(_("takes part"), max_length=10, choices=SEAT_MODES)
    wants_mode = models.CharField(
        _("waits for a seat to take part"), max_length=10, choices=SEAT_MODES, blank=True
    )
    status = models.CharField(_("status"), max_length=10, choices=Status)
    queued_at = models.DateTimeField(_("in the queue since"), default=now, editable=False)
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, default="en"
    )
    access_needs = models.TextField(_("access needs"), blank=True, max_length=1000)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    may_be_listed = models.BooleanField(_("agrees to the list of participants"), default=False)
    may_be_pictured = models.BooleanField(_("agrees to pictures and recordings"), default=False)
    sessions = models.ManyToManyField(
        Session, through="SessionSeat", related_name="registrations", blank=True
    )
    replaced_by = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="replaces",
        verbose_name=_("replaced by"),
    )
    is_held_by_organiser = models.BooleanField(
        _("put in by the organisers"),
        default=False,
        help_text=_("Needs no confirmation of the address to keep the seat."),
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)
    join_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    told_sequence = models.IntegerField(default=-1, editable=False)
    created_at = models.DateTimeField(_("registered at"), default=now, editable=False)
    ended_at = models.DateTimeField(_("cancelled or declined at"), null=True, editable=False)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["queued_at", "id"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                F("event"),
                Lower("email"),
                name="registration_active_once_per_address",
                # Seats that a delegation has named nobody for yet have no address.
                condition=Q(status__in=["pending", "confirmed", "waitlisted"]) & ~Q(email=""),
                violation_error_message=_("This address is registered already."),
            ),
            models.CheckConstraint(
                name="registration_of_somebody_has_an_address",
                condition=Q(email__gt="") | Q(is_held_by_organiser=True),
            ),
            models.CheckConstraint(
                name="registration_wants_another_mode_with_a_seat",
                condition=Q(wants_mode="") | Q(status="confirmed") & ~Q(wants_mode=F("mode")),
            ),
            models.CheckConstraint(
                name="registration_ended_has_its_moment",
                condition=Q(status__in=["declined", "cancelled"], ended_at__isnull=False)
                | Q(status__in=["pending", "confirmed", "waitlisted"], ended_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                F("event"),
                F("queued_at"),
                F("id"),
                name="registration_queue",
                condition=Q(status="waitlisted") | ~Q(wants_mode=""),
            ),
            models.Index(Lower("email"), name="registration_address"),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Seat of a delegation"))

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def is_coming(self) -> bool:
        """The condition of ``coming()`` for this row."""
        return self.status == self.Status.CONFIRMED and self.email_confirmed_at is not None

    @property
    def has_lost_its_mode(self) -> bool:
        """Whether the event cannot be taken part in any more as this person wants to."""
        modes = self.event.seat_modes
        return self.is_active and bool(modes) and self.mode not in modes

    def seat_until(self) -> datetime | None:
        """Until when an unconfirmed address keeps its place; ``None`` for as long as they like."""
        if self.email_confirmed_at or self.is_held_by_organiser or not self.is_active:
            return None
        # Who took over a place in the queue has as much time as who registered today.
        before_the_start = self.event.starts_at - UNCONFIRMED_UNTIL
        return min(
            self.created_at + UNCONFIRMED_FOR,
            max(before_the_start, self.created_at + UNCONFIRMED_AT_LEAST),
        )


@recorded(part_of="registration")
class SessionSeat(models.Model):
    """A seat in a session of limited size, or a place in its queue; written by ``events.seats``."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("Has a seat")
        WAITLISTED = "waitlisted", _("On the waiting list")

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="session_seats")
    session = models.ForeignKey(Session, models.CASCADE, related_name="seats")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    queued_at = models.DateTimeField(_("in the queue since"), default=now, editable=False)

    class Meta:
        verbose_name = _("seat in a session")
        verbose_name_plural = _("seats in sessions")
        ordering = ["queued_at", "id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(name="session_seat_once", fields=["registration", "session"])
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}/{self.session_id}"


@recorded(part_of="registration")
class Attendance(models.Model):
    """Somebody was there: at the event, or at one of its sessions."""

    class How(models.TextChoices):
        CODE = "qr", _("Code shown at the door")
        SELF = "self", _("Said so themselves")
        LIST = "list", _("Ticked on the list")

    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="attendances", verbose_name=_("registration")
    )
    session = models.ForeignKey(
        Session,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("session"),
    )
    at = models.DateTimeField(_("at"), default=now)
    how = models.CharField(_("how"), max_length=4, choices=How)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        ordering = ["at", "id"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                name="attendance_once",
                fields=["registration", "session"],
                nulls_distinct=False,
                violation_error_message=_("This person is checked in already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.registration)
