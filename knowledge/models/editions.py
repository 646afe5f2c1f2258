from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import MD5, Concat
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.sources import Text
from hub.languages import language_name, work_language_choices
from hub.slugs import fold
from hub.texts import tidy
from knowledge.models.resources import Resource
from knowledge.richtext import clean, plain

# Told apart by their words alone: spaces, line breaks and what shows nothing count for nothing.
BLANK = r"(\s|&nbsp;|[\u00a0\u00ad\u200b-\u200d\u2060\ufeff])+"
BETWEEN = Value("\x1f")  # no text has it, so nothing can move from one field into the next unseen

# By this two states of a text are told apart, of an edition as of what its history keeps of it.
STATE = MD5(
    Func(
        Concat(
            *("title", BETWEEN, "subtitle", BETWEEN, "summary", BETWEEN, "body"),
            output_field=models.TextField(),
        ),
        Value(BLANK),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    )
)


class FoldedTitleField(models.TextField):
    """Title and subtitle in plain Latin letters, whichever way the row is saved: PostgreSQL compares
    by letters, and which signs are letters depends on its locale."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = fold(f"{model_instance.title} {model_instance.subtitle}")
        setattr(model_instance, self.attname, value)
        return value


class EditionQuerySet(models.QuerySet):
    def outdated(self) -> Self:
        """Translations of an original that has changed since."""
        originals = Edition.objects.filter(resource=OuterRef("resource"), is_original=True)
        changed = originals.exclude(digest=OuterRef("source_digest"))
        return self.filter(Exists(changed), is_original=False).exclude(source_digest="")

    def in_order(self) -> Self:
        """Those that a reader can rely on: the original, and what a person has written or checked
        and is of the original as it is."""
        by_people = self.exclude(method=Edition.Method.MACHINE)
        return by_people.exclude(pk__in=Edition.objects.outdated().values("pk"))

    def place(self) -> int:
        """Note that these translations are of the original as it is now; answers how many."""
        originals = Edition.objects.filter(resource=OuterRef("resource"), is_original=True)
        now = Subquery(originals.values("digest")[:1])
        placed = self.filter(Exists(originals), is_original=False)
        return placed.update(source_digest=now)

    def unplaced(self) -> Self:
        """Translations of which nobody has said yet what they are of."""
        return self.filter(is_original=False, source_digest="")


@recorded(part_of="resource", without=["digest", "folded"])
class Edition(models.Model):
    """A resource told in one language. The original one carries the title of the work; others may
    leave the title to it, as where the hub sums up a foreign work in English."""

    class Method(models.TextChoices):
        HUMAN = "human", _("written by a person")
        MACHINE = "machine", _("translated by machine")
        MACHINE_CHECKED = ("machine_checked", _("translated by machine, checked by a person"))

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="editions", verbose_name=_("resource")
    )
    language = models.CharField(_("language"), max_length=8, choices=work_language_choices)
    title = models.CharField(_("title"), max_length=300, blank=True)
    subtitle = models.CharField(_("subtitle"), max_length=300, blank=True)
    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=2000,
        help_text=_("Plain text in the hub's own words: what it is, what it says, for whom."),
    )
    folded = FoldedTitleField(editable=False, default="")
    body = models.TextField(_("text"), blank=True)
    is_original = models.BooleanField(_("original"), default=False)
    method = models.CharField(
        _("how it was written"), max_length=16, choices=Method, default=Method.HUMAN
    )
    source_digest = models.CharField(
        _("checksum of the original that it is of"), max_length=32, blank=True, editable=False
    )
    # Made by the database, so that it is right by whatever way a row is written.
    digest = models.GeneratedField(
        expression=STATE,
        output_field=models.CharField(max_length=32),
        db_persist=True,
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-is_original", "language"]
        constraints = [
            models.UniqueConstraint(
                name="edition_once_per_language",
                fields=["resource", "language"],
                # Two editions may change their languages in one act.
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("There is an edition in this language already."),
            ),
            models.UniqueConstraint(
                name="edition_one_original",
                fields=["resource"],
                condition=Q(is_original=True),
                violation_error_message=_("Only one edition can be the original."),
            ),
            models.CheckConstraint(
                name="edition_original_has_title",
                condition=Q(is_original=False) | Q(title__gt=""),
                violation_error_message=_("The original needs the title of the work."),
            ),
        ]
        # For works with a title that is almost the same.
        indexes = [GinIndex(name="edition_alike", fields=["folded"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        language = language_name(self.language, "en")
        return f"{self.title} ({language})" if self.title else language

    def clean(self) -> None:
        self.title, self.subtitle = tidy(self.title), tidy(self.subtitle)
        self.summary, self.body = tidy(self.summary), clean(tidy(self.body))

    def is_outdated_by(self, original: "Edition | None") -> bool:
        """Whether the original has changed since this translation was made or looked at."""
        if self.is_original or original is None or not self.source_digest:
            return False
        return self.source_digest != original.digest

    def as_text(self) -> Text:
        return Text(self.title, self.subtitle, self.summary, plain(self.body))
