from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import times
from hub.audit import recorded
from hub.languages import work_language_choices
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Scheme, Term
from taskforce.kinds import Activity
from taskforce.models.rounds import Round


class ParticipationQuerySet(models.QuerySet):
    def active(self) -> Self:
        """Those that somebody of the government has confirmed, and nobody has taken back."""
        return self.filter(status__in=Participation.ACTIVE)

    def accepted(self) -> Self:
        """Those of which the secretariat knows that they speak for their government."""
        return self.filter(status=Participation.Status.ACCEPTED)

    def named(self) -> Self:
        """Those that agreed to be named where everybody reads it."""
        return self.accepted().filter(may_be_named=True, government__isnull=False)


@recorded(personal=["priorities", "proposed_name"])
class Participation(models.Model):
    """A government's part in a round. ``status`` is written by
    ``taskforce.registering`` until it is registered, by ``taskforce.participating`` afterwards.

    Until somebody has shown that an address is theirs it is *submitted* and keeps nobody else out;
    *registered* it may book an interview; *accepted*, once the secretariat knows whom it deals with,
    it is named, and sees what its peers have shared.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waits for the confirmation of its address")
        REGISTERED = "registered", _("Registered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    ACTIVE = (Status.REGISTERED, Status.ACCEPTED)
    ENDED = (Status.DECLINED, Status.WITHDRAWN)

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="participations", verbose_name=_("round")
    )
    government = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("government"),
    )
    proposed_name = models.CharField(
        _("government, in words"),
        max_length=200,
        blank=True,
        help_text=_("One that the hub does not know yet."),
    )
    proposed_country = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"scheme": Scheme.PLACE, "parent": None},
        related_name="+",
        verbose_name=_("country"),
    )
    interview = models.BooleanField(Activity.INTERVIEW.label, default=False)
    working_group = models.BooleanField(Activity.WORKING_GROUP.label, default=False)
    taskforce_meeting = models.BooleanField(Activity.TASKFORCE_MEETING.label, default=False)
    priorities = models.TextField(_("priorities"), blank=True, max_length=4000)
    language = models.CharField(
        _("preferred language"), max_length=8, choices=work_language_choices, default="en"
    )
    timezone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[times.validate_zone]
    )
    may_be_named = models.BooleanField(_("agrees to be named in public"), default=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    reason = models.TextField(_("reason"), blank=True, max_length=2000, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    registered_at = models.DateTimeField(_("registered at"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("begun at"), default=now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=now, editable=False)

    objects = ParticipationQuerySet.as_manager()
    policy = Rule(owner="round__owner")

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["-created_at", "-id"]
        default_permissions = ("view", "change")
        constraints = [
            models.CheckConstraint(
                name="participation_has_an_activity",
                condition=Q(status__in=["draft", "declined", "withdrawn"])
                | Q(interview=True)
                | Q(working_group=True)
                | Q(taskforce_meeting=True),
                violation_error_message=_("Choose at least one activity."),
            ),
            models.CheckConstraint(
                name="participation_says_which_government",
                condition=Q(status="draft") | Q(government__isnull=False) | Q(proposed_name__gt=""),
                violation_error_message=_("Say which government you speak for."),
            ),
            models.UniqueConstraint(
                name="participation_one_per_government_and_round",
                fields=["round", "government"],
                condition=Q(status__in=["registered", "accepted"]),
                violation_error_message=_("This government takes part in the round already."),
            ),
            models.UniqueConstraint(
                F("round"),
                Lower("proposed_name"),
                name="participation_one_per_new_government_and_round",
                condition=Q(status__in=["registered", "accepted"], government__isnull=True),
                violation_error_message=_("This government takes part in the round already."),
            ),
            models.CheckConstraint(
                name="participation_accepted_is_of_a_known_government",
                condition=~Q(status="accepted") | Q(government__isnull=False),
                violation_error_message=_("Say first which organisation of the hub this is."),
            ),
            models.CheckConstraint(
                name="participation_moments_follow_status",
                condition=(Q(status="draft") | Q(submitted_at__isnull=False))
                & (~Q(status__in=["registered", "accepted"]) | Q(registered_at__isnull=False))
                & (~Q(status="accepted") | Q(accepted_at__isnull=False))
                & (~Q(status__in=["declined", "withdrawn"]) | Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.government_name

    def clean(self) -> None:
        self.proposed_name, self.priorities = tidy(self.proposed_name), tidy(self.priorities)

    @property
    def government_name(self) -> str:
        return self.government.name if self.government else self.proposed_name

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE

    @property
    def is_accepted(self) -> bool:
        return self.status == self.Status.ACCEPTED

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Those that the government has chosen."""
        return tuple(one for one in Activity if getattr(self, one.value))


class ParticipationContactQuerySet(models.QuerySet):
    def speaking(self) -> Self:
        """Those who may act for the government: their address is theirs, and whoever was there
        before them has agreed."""
        return self.filter(confirmed_at__isnull=False, agreed_at__isnull=False, left_at=None)

    def asking(self) -> Self:
        """Those whose address is theirs, and who wait for the word of those before them."""
        return self.filter(confirmed_at__isnull=False, agreed_at=None, left_at=None)


@recorded(part_of="participation", personal=["email", "name", "position"], without=["link_version"])
class ParticipationContact(models.Model):
    """Somebody who speaks for a government in a round, by a signed link or an account."""

    participation = models.ForeignKey(
        Participation, models.CASCADE, related_name="contacts", verbose_name=_("participation")
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    position = models.CharField(_("position"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="participation_contacts",
        verbose_name=_("account"),
    )
    is_first = models.BooleanField(_("first contact"), default=False)
    confirmed_at = models.DateTimeField(_("address confirmed at"), null=True, editable=False)
    agreed_at = models.DateTimeField(_("agreed to at"), null=True, editable=False)
    left_at = models.DateTimeField(_("left at"), null=True, editable=False)
    link_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("added"), default=now, editable=False)

    objects = ParticipationContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-is_first", "created_at", "id"]
        default_permissions = ("view", "change")
        constraints = [
            models.UniqueConstraint(
                F("participation"),
                Lower("email"),
                name="participation_contact_once_per_address",
                condition=Q(left_at__isnull=True),
                violation_error_message=_("This address is a contact already."),
            ),
            models.UniqueConstraint(
                name="participation_one_first_contact",
                fields=["participation"],
                condition=Q(is_first=True, left_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def may_speak(self) -> bool:
        """The condition of ``speaking()`` for this row."""
        return bool(self.confirmed_at and self.agreed_at and not self.left_at)


@recorded(part_of="round", personal=["email", "name", "government_name"])
class RoundInvitation(models.Model):
    """A government that the secretariat has invited to a round. Whether it has answered is asked of
    the participations, not stored."""

    round = models.ForeignKey(
        Round, models.CASCADE, related_name="invitations", verbose_name=_("round")
    )
    government = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="round_invitations",
        verbose_name=_("government"),
    )
    government_name = models.CharField(_("government, in words"), max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, default="en"
    )
    invited_at = models.DateTimeField(_("invited at"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, editable=False)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0, editable=False)
    declined_at = models.DateTimeField(_("said no at"), null=True, editable=False)
    link_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("added"), default=now, editable=False)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["government_name", "id"]
        default_permissions = ("view", "change", "delete")
        constraints = [
            models.UniqueConstraint(
                F("round"),
                Lower("email"),
                name="round_invitation_once_per_address",
                violation_error_message=_("This address is invited already."),
            ),
            models.CheckConstraint(
                name="round_invitation_says_which_government",
                condition=Q(government__isnull=False) | Q(government_name__gt=""),
                violation_error_message=_("Say which government is invited."),
            ),
        ]

    def __str__(self) -> str:
        return self.government.name if self.government else self.government_name
