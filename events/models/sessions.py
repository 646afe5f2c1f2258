from dataclasses import replace
from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from events.kinds import SESSION, Mode, Role, SessionKind
from events.models.events import Event
from events.models.timed import Calendared, Timed
from hub.audit import recorded
from hub.catalogue.sources import RecordDraft, Text
from hub.languages import work_language_choices
from hub.partners.models import Organisation, Person
from hub.partners.rules import Rule
from hub.texts import tidy


class SessionQuerySet(models.QuerySet):
    def released(self) -> Self:
        """Those that the released programme has, called off and moved ones among them."""
        return self.filter(released__isnull=False)

    def public(self) -> Self:
        """What everybody may see now: released, of an event that is public."""
        return self.released().filter(event__in=Event.objects.public())

    def for_record(self) -> Self:
        return self.select_related("event", "event__owner").prefetch_related(
            "event__terms", "event__co_owners", "event__organisers", "event__sessions"
        )

    def in_order(self) -> Self:
        return self.order_by(F("starts_at").asc(nulls_last=True), "position", "id")


@recorded(part_of="event")
class Session(Timed, Calendared):
    """A part of an event's programme.

    The columns are the programme that organisers work on. What readers see is ``released``, which
    ``events.release`` alone writes: a copy of the columns and of the people, as of the last release.
    """

    class Status(models.TextChoices):
        LIVE = "live", _("Takes place")
        CANCELLED = "cancelled", _("Cancelled")

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="sessions", verbose_name=_("event")
    )
    slug = models.SlugField(_("address"), max_length=100)
    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("summary"), blank=True, max_length=4000)
    kind = models.CharField(
        _("kind"), max_length=30, choices=SessionKind, default=SessionKind.SESSION
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.LIVE)
    room = models.CharField(_("room"), max_length=100, blank=True)
    track = models.CharField(_("track"), max_length=100, blank=True)
    mode = models.CharField(_("how"), max_length=10, choices=Mode, blank=True)
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, blank=True
    )
    stream_url = models.URLField(_("public livestream"), max_length=500, blank=True)
    capacity = models.PositiveIntegerField(
        _("seats"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("If given, people choose this session when they register."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    released = models.JSONField(null=True, editable=False)

    objects = SessionQuerySet.as_manager()
    policy = Rule(owner="event__owner", co_owners="event__co_owners")

    class Meta(Timed.Meta):
        abstract = False
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = [F("starts_at").asc(nulls_last=True), "position", "id"]
        constraints = [
            *Timed.Meta.constraints,
            models.UniqueConstraint(
                name="session_address_once_per_event",
                fields=["event", "slug"],
                violation_error_message=_("The event has a session with this address already."),
            ),
            models.CheckConstraint(
                name="session_has_a_title",
                condition=Q(title__gt=""),
                violation_error_message=_("A session needs a title."),
            ),
            ExclusionConstraint(
                name="session_one_at_a_time_in_a_room",
                expressions=[
                    ("event", RangeOperators.EQUAL),
                    (Lower("room"), RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(status="live", precision="minute", ends_at__isnull=False) & ~Q(room=""),
                violation_error_message=_("Another session is in this room at this time."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        self.title, self.summary = tidy(self.title), tidy(self.summary)
        self.room, self.track = tidy(self.room), tidy(self.track)
        super().clean()

    def get_absolute_url(self) -> str:
        return reverse(
            "events:session_detail", kwargs={"slug": self.event.slug, "session": self.slug}
        )

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    def to_record(self) -> RecordDraft | None:
        """What the catalogue shows of what was released of it, as long as its event is there."""
        of_event = self.event.to_record()
        if self.released is None or of_event is None:
            return None
        draft = replace(
            of_event, kind=SESSION.value, path=self.get_absolute_url(), organisation_ids=()
        )
        if draft.withdrawn_at is not None:
            return draft
        programme = self.released
        text = Text(programme["title"], "", programme["summary"])
        starts, ends = (programme[name] for name in ("starts_at", "ends_at"))
        begins = datetime.fromisoformat(starts) if starts else self.event.starts_at
        return replace(
            draft,
            languages=tuple(filter(None, [programme["language"]])),
            texts={self.event.language: text},
            people=tuple(dict.fromkeys(one["name"] for one in programme["people"] if one["name"])),
            keywords=(self.event.title, *{one["organisation"] for one in programme["people"]}),
            issued_on=datetime.fromisoformat(
                programme["starts_local"] or str(self.event.starts_local)
            ).date(),
            starts_at=begins,
            ends_at=datetime.fromisoformat(ends) if ends else self.event.is_over_from,
        )


@recorded(part_of="session", personal=["name", "credited_as"], without=["link_version"])
class Appearance(models.Model):
    """Who takes part in a session, as what, and under which title on the day."""

    class Consent(models.TextChoices):
        UNASKED = "", _("Not asked")
        ASKED = "asked", _("Asked")
        YES = "yes", _("Agreed")
        NO = "no", _("Refused")

    session = models.ForeignKey(
        Session, models.CASCADE, related_name="appearances", verbose_name=_("session")
    )
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("profile"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.SPEAKER)
    credited_as = models.CharField(
        _("title on the day"), max_length=200, blank=True, help_text=_("Such as “Mayor of …”.")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("organisation"),
    )
    organisation_name = models.CharField(_("organisation, in words"), max_length=200, blank=True)
    is_remote = models.BooleanField(_("joins online"), default=False)
    consent = models.CharField(
        _("consent to recording and publishing"), max_length=5, choices=Consent, blank=True
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("people of the session")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="appearance_has_a_name",
                # A row of an organisation alone says who was there without naming anybody.
                condition=Q(name__gt="") | Q(organisation_name__gt=""),
                violation_error_message=_("Say who it is: a name or an organisation."),
            ),
            models.UniqueConstraint(
                name="appearance_once_per_role",
                fields=["session", "name", "organisation_name", "role"],
                violation_error_message=_("This person has this role already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.organisation_name

    def clean(self) -> None:
        self.name = tidy(self.name) or (self.person.name if self.person else "")
        self.credited_as = tidy(self.credited_as)
        self.organisation_name = tidy(self.organisation_name) or (
            self.organisation.name if self.organisation else ""
        )


@recorded(part_of="event")
class ProgrammeChange(models.Model):
    """One line of what a release changed, for readers: append-only."""

    class Act(models.TextChoices):
        ADDED = "added", _("Added")
        MOVED = "moved", _("Moved")
        CHANGED = "changed", _("Changed")
        CANCELLED = "cancelled", _("Cancelled")
        REMOVED = "removed", _("Removed")
        REVIVED = "revived", _("Takes place after all")

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="programme_changes", verbose_name=_("event")
    )
    released_at = models.DateTimeField(_("released at"))
    act = models.CharField(_("what"), max_length=10, choices=Act)
    title = models.CharField(_("session"), max_length=250)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of the programme")
        verbose_name_plural = _("changes of the programme")
        ordering = ["-released_at", "id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.title}"
