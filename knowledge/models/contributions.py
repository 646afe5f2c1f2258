from datetime import timedelta
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.languages import work_language_choices
from hub.partners.models import Organisation
from hub.partners.rules import Rule
from hub.vocabulary.models import Scheme, Term
from knowledge.models.links import Credit
from knowledge.models.resources import Resource

FOLDER = "contributions"
# How long a proposal waits for its writer to confirm, and how long it is kept once it is decided.
CONFIRMED_WITHIN = timedelta(days=7)
KEPT = timedelta(days=365)
# The headings of a case study, in their order, with what to write below each.
OUTLINE = {
    "situation": (_("The situation"), _("Where it is, what closed or changes, who lives from it.")),
    "done": (_("What was done"), _("The steps, when they were taken, and what they cost.")),
    "who": (_("Who took part"), _("Unions, employers, governments, people of the region.")),
    "worked": (_("What worked"), _("And how one can tell.")),
    "failed": (
        _("What did not work"),
        _("What you would do another way. Others learn most of it."),
    ),
}


class ContributionQuerySet(models.QuerySet):
    def unconfirmed(self) -> Self:
        limit = timezone.now() - CONFIRMED_WITHIN
        return self.filter(state=Contribution.State.UNCONFIRMED, written_at__gt=limit)

    def held(self) -> Self:
        """Those that the secretariat looks at before anybody else does."""
        return self.filter(state=Contribution.State.HELD)

    def waiting(self) -> Self:
        return self.filter(state=Contribution.State.WAITING)

    def at_the_desk(self) -> Self:
        """What its writer stands for, and has not taken back."""
        unseen = [Contribution.State.UNCONFIRMED, Contribution.State.TAKEN_BACK]
        return self.exclude(state__in=unseen)

    def public(self) -> Self:
        """None: a proposal is for the desk; what comes of it is a resource."""
        return self.none()

    def confirmed(self) -> Self:
        """Those whose writers may ask where they stand."""
        return self.exclude(state=Contribution.State.UNCONFIRMED)


@recorded(
    without=[
        *("title", "url", "words", "outline", "added", "name", "email", "organisation_name"),
        *("file_name", "file_size", "taken_out", "reason", "link_version", "credit"),
    ]
)
class Contribution(models.Model):
    """What somebody from outside proposes: a work that the library lacks, a story of their region, or
    the outline of a case study. ``knowledge.contributing`` alone writes its state."""

    class Sort(models.TextChoices):
        PRODUCT = "product", _("A work for the library")
        STORY = "story", _("A story from a region")
        CASE = "case", _("An outline of a case study")

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Not confirmed yet")
        HELD = "held", _("Held for a look")
        WAITING = "waiting", _("Waits for a decision")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        TAKEN_BACK = "taken_back", _("Taken back")

    UNDECIDED = (State.UNCONFIRMED, State.HELD, State.WAITING)

    sort = models.CharField(_("what it is"), max_length=8, choices=Sort)
    title = models.CharField(_("title"), max_length=300)
    url = models.URLField(
        _("link"), max_length=1000, blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    file_name = models.CharField(_("file"), max_length=40, blank=True, editable=False)
    file_size = models.PositiveIntegerField(_("size of the file"), default=0, editable=False)
    # What could run in the file and was taken out of it: see ``hub.pdfsafety``.
    taken_out = ArrayField(
        models.CharField(max_length=20), verbose_name=_("taken out"), default=list, editable=False
    )
    words = models.TextField(_("why it matters"), max_length=3000)
    outline = models.JSONField(_("outline"), default=dict, blank=True)
    added = models.TextField(_("added later"), blank=True, max_length=5000)
    language = models.CharField(_("language"), max_length=8, choices=work_language_choices)
    region = models.ForeignKey(
        Term,
        models.SET_NULL,
        null=True,
        blank=True,
        limit_choices_to={"scheme": Scheme.PLACE},
        related_name="+",
        verbose_name=_("region"),
    )
    partner = models.ForeignKey(
        Organisation,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("addressed to"),
    )
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail address"), max_length=254)
    organisation_name = models.CharField(_("organisation"), max_length=200, blank=True)
    # The moment of the consent, or nothing.
    named_since = models.DateTimeField(_("may be named, since"), null=True, blank=True)
    told_in = models.CharField(_("language of letters"), max_length=8, default="en")
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.UNCONFIRMED)
    suspicions = ArrayField(models.CharField(max_length=60), verbose_name=_("odd"), default=list)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.TextField(_("reason"), blank=True, max_length=2000)
    resource = models.ForeignKey(
        Resource,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
        verbose_name=_("what came of it"),
    )
    # The writer's name beside it, however curators spell it by now.
    credit = models.ForeignKey(
        Credit,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("credit"),
    )
    link_version = models.PositiveIntegerField(default=1, editable=False)

    objects = ContributionQuerySet.as_manager()
    # Editors of the partner that it is addressed to, and of those at work in its region.
    policy = Rule(owner="partner", co_owners="region__organisations")

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="contribution_is_decided_once_it_left",
                condition=Q(state__in=["unconfirmed", "held", "waiting"], decided_at=None)
                | Q(state__in=["accepted", "declined", "taken_back"], decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="contribution_declined_for_a_reason",
                condition=~Q(state="declined") | Q(reason__gt=""),
                violation_error_message=_("Say why: who proposed it is told."),
            ),
            models.CheckConstraint(
                name="contribution_file_has_name_and_size",
                condition=Q(file_name="", file_size=0) | Q(file_name__gt="", file_size__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["state"], name="contribution_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_decided(self) -> bool:
        return self.state not in self.UNDECIDED

    @property
    def may_be_named(self) -> bool:
        return self.named_since is not None

    @property
    def file_path(self) -> str:
        return f"{FOLDER}/{self.file_name}" if self.file_name else ""

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The outline as it is told: heading and words."""
        return [
            (str(heading), self.outline[name])
            for name, (heading, _hint) in OUTLINE.items()
            if self.outline.get(name)
        ]
