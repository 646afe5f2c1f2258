from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events.kinds import EventKind, Mode
from events.models.timed import Calendared, Timed
from events.questions import validate_questions
from hub.audit import recorded
from hub.catalogue.sources import RecordDraft, Text
from hub.languages import work_language_choices
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.texts import tidy
from hub.vocabulary.models import Scheme, Term

# How long something lasts of which only the beginning is known.
UNENDING = timedelta(hours=4)
# Slugs that stand for pages of their own below /events/.
RESERVED_SLUGS = ("calendar", "preferences", "confirm", "groups", "meetings", "participation")


class EventQuerySet(models.QuerySet):
    def public(self) -> Self:
        """What everybody may see now: announced, postponed and called off alike."""
        return self.filter(
            audience=Event.Audience.PUBLIC,
            status__in=Event.SHOWN,
            published_at__lte=Now(),
        )

    def withdrawn(self) -> Self:
        """What was public once and answers 410 Gone now."""
        return self.filter(status=Event.Status.WITHDRAWN, audience=Event.Audience.PUBLIC)

    def to_come(self) -> Self:
        """Those that are not over yet."""
        return self.exclude(_over())

    def over(self) -> Self:
        return self.filter(_over())

    def unpublished(self) -> Self:
        return self.filter(status=Event.Status.DRAFT)

    def open_to_authors(self) -> Self:
        """What authors may work on: an event has no draft beside it, so none that readers see."""
        return self.unpublished()

    def for_record(self) -> Self:
        return self.select_related("owner", "country").prefetch_related(
            *("terms", "co_owners", "organisers__organisation", "sessions"),
            *("materials__session", "materials__resource"),
        )

    def reachable(self) -> Self:
        """What was ever public: what is withdrawn answers with 410."""
        return self.filter(
            audience=Event.Audience.PUBLIC,
            status__in=[*Event.SHOWN, Event.Status.WITHDRAWN],
            published_at__lte=Now(),
        )


def _over() -> Q:
    """An event is over with its end; without one a day with the day, an hour after ``UNENDING``."""
    begun = Q(precision="day", starts_at__lte=Now() - timedelta(days=1))
    begun |= Q(precision="minute", starts_at__lte=Now() - UNENDING)
    return Q(ends_at__lte=Now()) | Q(ends_at__isnull=True) & begun


@recorded(without=["updated_at"])
class Event(Timed, Calendared):
    """Something at a time that people come to or register for.

    ``status``, ``published_at`` and ``sequence`` are written by ``events.publishing`` alone, statuses
    of registrations by ``events.seats``.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Announced")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody")
        MEMBERS = "members", _("Members")
        INVITED = "invited", _("Those invited")

    class Signup(models.TextChoices):
        NONE = "none", _("No registration")
        OPEN = "open", _("Open to all")
        APPROVAL = "approval", _("Open; somebody approves each")
        EXTERNAL = "external", _("On another site")

    class Attribution(models.TextChoices):
        OPEN = "open", _("Who says what may be told")
        CHATHAM_HOUSE = "chatham_house", _("Chatham House Rule: nobody is named")

    SHOWN = (Status.PUBLISHED, Status.POSTPONED, Status.CANCELLED)

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=200)
    language = models.CharField(
        _("language of these texts"), max_length=8, choices=work_language_choices, default="en"
    )
    title_language = models.CharField(
        _("language of the title"),
        max_length=8,
        choices=work_language_choices,
        blank=True,
        help_text=_("If it is another one than that of the texts."),
    )
    summary = models.TextField(_("summary"), blank=True, max_length=2000)
    body = models.TextField(
        _("description"), blank=True, max_length=20000, help_text=_("Plain text, in paragraphs.")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=EventKind)
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience, default=Audience.PUBLIC
    )
    languages = ArrayField(
        models.CharField(max_length=8, choices=work_language_choices),
        verbose_name=_("languages spoken"),
        default=list,
        blank=True,
    )
    owner = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="owned_events",
        verbose_name=_("owner"),
        help_text=_("Who curates this event: a partner, or the hub's editorial desk."),
    )
    co_owners = models.ManyToManyField(
        Organisation, blank=True, related_name="co_owned_events", verbose_name=_("co-owners")
    )
    terms = models.ManyToManyField(
        Term, blank=True, related_name="events", verbose_name=_("topics, sectors and places")
    )
    # Where
    mode = models.CharField(_("how"), max_length=10, choices=Mode, blank=True)
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    country = models.ForeignKey(
        Term,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"scheme": Scheme.PLACE, "parent": None},
        related_name="events_held",
        verbose_name=_("country"),
    )
    website = models.URLField(_("website"), max_length=500, blank=True)
    stream_url = models.URLField(
        _("public livestream"),
        max_length=500,
        blank=True,
        help_text=_("Everybody sees this address. The way into a meeting has a page of its own."),
    )
    page_path = models.CharField(max_length=200, blank=True, editable=False)
    # Who may come
    registration = models.CharField(
        _("registration"), max_length=10, choices=Signup, default=Signup.NONE
    )
    external_url = models.URLField(_("registration elsewhere"), max_length=500, blank=True)
    opens_at = models.DateTimeField(_("registration opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("registration closes"), null=True, blank=True, help_text=_("If empty, at the start.")
    )
    capacity_in_person = models.PositiveIntegerField(_("seats in the room"), null=True, blank=True)
    capacity_online = models.PositiveIntegerField(_("seats online"), null=True, blank=True)
    seats_per_organisation = models.PositiveSmallIntegerField(
        _("seats for each organisation"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
    )
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    questions = models.JSONField(
        _("questions"), default=list, blank=True, validators=[validate_questions]
    )
    attribution = models.CharField(
        _("attribution"), max_length=15, choices=Attribution, default=Attribution.OPEN
    )
    # What became of it
    published_at = models.DateTimeField(_("announced at"), null=True, editable=False)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, editable=False)
    unpublished_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, max_length=2000, editable=False)
    released_at = models.DateTimeField(_("programme released at"), null=True, editable=False)
    is_example = models.BooleanField(_("example, to try things out"), default=False)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("added"), default=now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=now, editable=False)

    objects = EventQuerySet.as_manager()
    policy = Rule(owner="owner", co_owners="co_owners")

    class Meta(Timed.Meta):
        abstract = False
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = [F("starts_at").desc(), "-id"]
        constraints = [
            *Timed.Meta.constraints,
            models.CheckConstraint(
                name="event_has_a_start",
                condition=Q(starts_local__isnull=False),
                violation_error_message=_("An event needs its first day."),
            ),
            models.CheckConstraint(
                name="event_has_a_title",
                condition=Q(title__gt=""),
                violation_error_message=_("An event needs a title."),
            ),
            models.CheckConstraint(
                name="event_shown_has_its_moment",
                condition=Q(status="draft") | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="event_cancelled_has_its_moment",
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="event_withdrawn_has_moment_and_reason",
                condition=~Q(status="withdrawn") | Q(unpublished_at__isnull=False, reason__gt=""),
                violation_error_message=_("A withdrawn event needs its moment and a reason."),
            ),
            models.CheckConstraint(
                name="event_registration_elsewhere_has_an_address",
                condition=~Q(registration="external") | Q(external_url__gt=""),
                violation_error_message=_("Say at which address people register."),
            ),
            models.CheckConstraint(
                name="event_closes_after_it_opens",
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Registration must close after it opens."),
            ),
            models.CheckConstraint(
                name="event_own_registration_has_a_mode",
                condition=~Q(registration__in=["open", "approval"]) | Q(mode__gt=""),
                violation_error_message=_(
                    "Say whether people come, join online, or both, before they register."
                ),
            ),
        ]
        indexes = [models.Index(fields=["status", "starts_at"], name="event_status_start")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        self.title, self.summary, self.body = (
            tidy(self.title),
            tidy(self.summary),
            tidy(self.body),
        )
        self.venue, self.city = tidy(self.venue), tidy(self.city)
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is taken by a page of the site.")})
        super().clean()

    def get_absolute_url(self) -> str:
        return self.page_path or reverse("events:event_detail", kwargs={"slug": self.slug})

    @property
    def is_public(self) -> bool:
        """The condition of ``public()`` for this row."""
        return (
            self.audience == self.Audience.PUBLIC
            and self.status in self.SHOWN
            and self.published_at <= now()
        )

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def takes_registrations(self) -> bool:
        """Whether people register here at all, now or at another time."""
        return self.registration in (self.Signup.OPEN, self.Signup.APPROVAL)

    @property
    def registration_closes_at(self) -> datetime:
        """When registration ends: at the given moment, else with the start; a meeting of members can be
        joined as long as it lasts."""
        is_joined_late = self.audience == self.Audience.MEMBERS
        return self.closes_at or (is_joined_late and self.ends_at) or self.starts_at

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether somebody may register at this moment."""
        at = at or now()
        return (
            self.takes_registrations
            and self.status == self.Status.PUBLISHED
            and (self.opens_at is None or self.opens_at <= at)
            and at < self.registration_closes_at
        )

    @property
    def seat_modes(self) -> tuple[str, ...]:
        """In which ways somebody may take part: in the room, online, or either."""
        if self.mode == Mode.HYBRID:
            return (Mode.IN_PERSON.value, Mode.ONLINE.value)
        return (self.mode,) if self.mode else ()

    @property
    def title_lang(self) -> str:
        return self.title_language or self.language

    def to_record(self) -> RecordDraft | None:
        """What the catalogue shows of it: nothing of a draft or what is not for all, a tombstone
        once it was withdrawn."""
        is_seen = self.status in self.SHOWN or self.status == self.Status.WITHDRAWN
        if not is_seen or self.audience != self.Audience.PUBLIC:
            return None
        texts = {self.language: Text("", "", self.summary, self.body)}
        texts[self.title_lang] = replace(texts.get(self.title_lang, Text()), title=self.title)
        places = {self.country_id} - {None}
        draft = RecordDraft(
            kind=self.kind,
            path=self.get_absolute_url(),
            published_at=self.published_at,
            updated_at=self.updated_at,
            languages=tuple(self.languages),
            texts=texts,
            keywords=tuple(self._keywords()),
            term_ids=tuple(sorted({term.pk for term in self.terms.all()} | places)),
            organisation_ids=tuple(sorted(self.organisation_ids())),
            issued_on=self.starts_local.date(),
            issued_precision="day",
            starts_at=self.starts_at,
            ends_at=self.is_over_from,
            parts=tuple(one.passages for one in self.materials.all() if one.passages),
        )
        if self.status == self.Status.WITHDRAWN:
            return draft.tombstone(self.unpublished_at)
        return draft

    def _keywords(self) -> list[str]:
        """By which words one looks for it besides: who holds it, where, and who speaks."""
        held = [organiser.name for organiser in self.organisers.all()]
        released = [session.released for session in self.sessions.all() if session.released]
        people = {one["name"] for programme in released for one in programme["people"]}
        return [word for word in [*held, self.venue, self.city, *sorted(people)] if word]

    @property
    def is_over_from(self) -> datetime:
        """The moment from which ``over()`` has it."""
        if self.ends_at is None and self.has_hours:
            return self.starts_at + UNENDING
        return self.ends_at or self.starts_at + timedelta(days=1)

    @property
    def is_over(self) -> bool:
        return self.is_over_from <= now()

    def capacity(self, mode: str) -> int | None:
        """How many may take part in this way; ``None`` for any number."""
        return self.capacity_in_person if mode == Mode.IN_PERSON else self.capacity_online

    def organisation_ids(self) -> set[int]:
        """Who curates it and who holds it, as far as they are organisations here."""
        held_by = {o.organisation_id for o in self.organisers.all() if o.organisation_id}
        return {self.owner_id} | {owner.pk for owner in self.co_owners.all()} | held_by


@recorded(part_of="event")
class EventCoOwner(Event.co_owners.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("co-owner")


@recorded(part_of="event")
class EventTerm(Event.terms.through):
    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = _("topic, sector or place")
