"""What the secretariat says on the hub's own pages, beside the records of the catalogue."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.cards import card_of
from hub.catalogue.models import Record
from hub.languages import work_language_choices
from hub.partners.models import Organisation
from hub.texts import tidy
from hub.vocabulary.models import Term


@recorded(personal=["person", "role"])
class Quote(models.Model):
    """What a partner or donor says about the hub: word for word with its source, or retold."""

    person = models.CharField(_("who"), max_length=150)
    role = models.CharField(_("role"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="quotes",
        verbose_name=_("organisation"),
    )
    words = models.TextField(_("what they say"), max_length=600)
    language = models.CharField(
        _("language"), max_length=8, choices=work_language_choices, default="en"
    )
    is_verbatim = models.BooleanField(
        _("word for word"),
        default=False,
        help_text=_("Set in quotation marks. Otherwise it is shown as retold by the hub."),
    )
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="quote_word_for_word_has_a_source",
                condition=Q(is_verbatim=False) | ~Q(source_url=""),
                violation_error_message=_("Say where these words stand: give the source."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.words[:60]}"

    def clean(self) -> None:
        self.person, self.role, self.words = tidy(self.person), tidy(self.role), tidy(self.words)


class ReadFirstQuerySet(models.QuerySet):
    def shown_on(self, term_id: int) -> Self:
        """Those on the page of a term, in order, with their records: public ones only."""
        chosen = self.filter(term=term_id, record__in=Record.objects.public())
        return chosen.select_related("record").defer("record__vector", "record__title_vector")

    def move(self, ref: str, to: str) -> None:
        """Put another record wherever this one was chosen, each once on a page."""
        there = self.filter(record__ref=to).values("term")
        record = Record.objects.only("pk").filter(ref=to).first()
        if record:
            self.filter(record__ref=ref).exclude(term__in=there).update(record=record)


@recorded(part_of="term")
class ReadFirst(models.Model):
    """A record that the secretariat puts at the head of the page of a topic, sector, audience or
    place. ``Record.is_featured`` is the same for the home page."""

    term = models.ForeignKey(
        Term, models.CASCADE, related_name="read_first", verbose_name=_("term")
    )
    record = models.ForeignKey(
        Record, models.CASCADE, related_name="read_first", verbose_name=_("work")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ReadFirstQuerySet.as_manager()

    class Meta:
        verbose_name = _("work to read first")
        verbose_name_plural = _("works to read first")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="read_first_once_per_term",
                fields=["term", "record"],
                violation_error_message=_("This work is in the list already."),
            )
        ]

    def __str__(self) -> str:
        """The title of the work; of one that was withdrawn, and has none any more, its path."""
        title = card_of(self.record, {}, get_language()).title or self.record.path
        if self.is_shown:
            return title
        return gettext("%(work)s (not public, so not shown)") % {"work": title}

    @property
    def is_shown(self) -> bool:
        """Whether readers see it: the record as it is now, whatever it was when it was chosen."""
        return self.record.withdrawn_at is None and self.record.published_at <= timezone.now()
