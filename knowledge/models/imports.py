from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.languages import work_language_choices
from hub.partners import policy
from hub.partners.models import Organisation, User
from knowledge.kinds import KIND_CHOICES
from knowledge.models.resources import Resource

KEPT = timedelta(days=7)


class ImportQuerySet(models.QuerySet):
    def of(self, user: User) -> Self:
        """Those that this person sees: their own, and all for those who oversee the hub."""
        if policy.oversees(user):
            return self
        return self.filter(user=user.pk) if policy.has_desk(user) else self.none()

    def open(self) -> Self:
        """Those that are not over."""
        return self.filter(state__in=Import.OPEN)

    def over(self) -> Self:
        """Those that have been kept long enough."""
        return self.filter(made_at__lt=timezone.now() - KEPT)


class Import(models.Model):
    """A file of works that somebody brings in: read, shown row by row, then written. Its state is
    written by ``bringing_in.course`` alone. The file is kept only until it was read, of its rows what is
    to be written or corrected."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        READING = "reading", _("being read")
        READY = "ready", _("ready to be looked at")
        APPLYING = "applying", _("being brought in")
        CANCELLING = "cancelling", _("being cancelled")
        DONE = "done", _("brought in")
        FAILED = "failed", _("could not be read")

    RUNNING = (State.WAITING, State.READING, State.APPLYING, State.CANCELLING)
    OPEN = (*RUNNING, State.READY)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("who")
    )
    owner = models.ForeignKey(
        Organisation, models.CASCADE, related_name="+", verbose_name=_("owner of new works")
    )
    file_name = models.CharField(_("file"), max_length=120)
    form = models.CharField(_("format"), max_length=10)
    kind = models.CharField(
        _("kind where the file names none"), max_length=20, choices=KIND_CHOICES
    )
    language = models.CharField(
        _("language where the file names none"), max_length=8, choices=work_language_choices
    )
    content = models.BinaryField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    # A job that was taken for dead goes on beside the one that took its place: the later one counts.
    attempt = models.PositiveSmallIntegerField(default=0)
    rows_in_all = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    problem = models.TextField(blank=True)
    made_at = models.DateTimeField(_("begun"), default=timezone.now)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="import_keeps_its_file_until_it_is_read",
                condition=Q(content__isnull=False, state__in=["waiting", "reading"])
                | Q(content__isnull=True) & ~Q(state__in=["waiting", "reading"]),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_running(self) -> bool:
        """Whether a worker has something to do before a person has."""
        return self.state in self.RUNNING

    @property
    def ends_at(self):
        """When it is let go of."""
        return self.made_at + KEPT


class ImportRowQuerySet(models.QuerySet):
    def to_write(self) -> Self:
        """What is brought in once a person agrees."""
        is_asked_for = Q(outcome__in=["new", "changed"]) | Q(outcome="like", is_chosen=True)
        return self.filter(is_asked_for, is_held=False)

    def refused(self) -> Self:
        """Those with errors, whose cells are kept to be corrected."""
        return self.filter(outcome="error")


class ImportRow(models.Model):
    """One work of the file: what it says, and what would come of it. ``resource`` is the work that
    changes, that was made, or that is perhaps the same."""

    class Outcome(models.TextChoices):
        NEW = "new", _("New")
        LIKE = "like", _("Perhaps there already")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Same")
        ERROR = "error", _("Error")

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    cells = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, choices=Outcome)
    is_held = models.BooleanField(default=False)
    # Somebody has said of what is perhaps there already that it is another work.
    is_chosen = models.BooleanField(default=False)
    title = models.CharField(max_length=300, blank=True)
    resource = models.ForeignKey(Resource, models.SET_NULL, null=True, related_name="+")
    errors = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    changes = models.JSONField(default=list)

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="import_row_once", fields=["batch", "number"]),
            models.CheckConstraint(
                name="import_row_has_an_error_or_none",
                condition=Q(outcome="error") & ~Q(errors=[]) | ~Q(outcome="error") & Q(errors=[]),
            ),
            models.CheckConstraint(
                name="import_row_chosen_is_like_another",
                condition=Q(is_chosen=False) | Q(outcome="like"),
            ),
        ]
        indexes = [models.Index(fields=["batch", "outcome", "number"], name="import_row_outcome")]

    def __str__(self) -> str:
        return self.title or str(self.line)
