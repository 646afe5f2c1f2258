from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.languages import language_name, work_language_choices
from hub.texts import tidy
from knowledge.models.resources import Resource

NAME_LENGTH = 16
TEXT_PAGES = 20  # of the file on one page of its text

# What ``hub.pdfsafety`` names, in words.
TAKEN_OUT = {
    "scripts": _("scripts"),
    "programs": _("starts of programs"),
    "forms": _("forms that send what is typed"),
    "links": _("links to files"),
    "attachments": _("attached files"),
    "media": _("moving pictures and sounds"),
    "password": _("its lock"),
    "rest": _("what stood outside the document"),
}

# When the latest embargo that is over by now ended: later once another one is over.
EMBARGO = """
    SELECT max(embargo_until) FROM knowledge_file WHERE embargo_until <= statement_timestamp()
"""


class FileQuerySet(models.QuerySet):
    def with_tags_unknown(self) -> Self:
        """What was read to its end, before tags were looked for."""
        was_read = (File.TextStatus.READ, File.TextStatus.NO_TEXT)
        return self.filter(is_tagged__isnull=True, text_status__in=was_read)

    def out(self) -> Self:
        """What no embargo holds back now, to the second, and no curator has put away."""
        return self.filter(
            Q(embargo_until__isnull=True) | Q(embargo_until__lte=Now()), is_put_away=False
        )


@recorded(part_of="resource", without=["pages", "pages_read", "text_status", "is_tagged"])
class File(models.Model):
    """A PDF of the work that the hub keeps, in one version. Rows and files are written by
    ``knowledge.services``, what was read in it by ``knowledge.reading``, each alone. The text lies
    in the catalogue, as passages. Which version readers get is told by ``knowledge.shelf``."""

    class TextStatus(models.TextChoices):
        WAITING = "waiting", _("waits to be read")
        READ = "read", _("read")
        PARTLY = "partly", _("read in part")
        NO_TEXT = "no_text", _("no text in it")
        ENCRYPTED = "encrypted", _("asks for a password")
        DAMAGED = "damaged", _("damaged")
        TOO_SLOW = "too_slow", _("took too long")
        FAILED = "failed", _("could not be read")

    HAS_TEXT = (TextStatus.READ, TextStatus.PARTLY)
    TEXTLESS = (
        *(TextStatus.NO_TEXT, TextStatus.ENCRYPTED, TextStatus.DAMAGED),
        *(TextStatus.TOO_SLOW, TextStatus.FAILED),
    )

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="files", verbose_name=_("resource")
    )
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False)
    size = models.PositiveIntegerField(_("size"), editable=False, help_text=_("In bytes."))
    language = models.CharField(_("language"), max_length=8, choices=work_language_choices)
    title = models.CharField(_("title"), max_length=200, blank=True)
    number = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    note = models.CharField(
        _("what is new"),
        max_length=300,
        blank=True,
        help_text=_("What readers should know of this version, in a sentence."),
    )
    # The next version of the same file, if there is one by now.
    succeeded_by = models.OneToOneField(
        "self",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="predecessor",
        verbose_name=_("newer version"),
    )
    is_put_away = models.BooleanField(
        _("put away"),
        default=False,
        help_text=_("Readers no longer get this version; its address leads to the one they get."),
    )
    embargo_until = models.DateTimeField(
        _("not before"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_(
            "Until then readers get neither the file nor its text nor its first page; the page of "
            "the work says when it comes."
        ),
    )
    # What could run in it and was taken out of it: see ``hub.pdfsafety``.
    taken_out = ArrayField(
        models.CharField(max_length=20), verbose_name=_("taken out"), default=list, editable=False
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)
    pages_read = models.PositiveIntegerField(_("pages read"), default=0, editable=False)
    text_status = models.CharField(
        _("text"),
        max_length=10,
        choices=TextStatus,
        default=TextStatus.WAITING,
        editable=False,
    )
    # Whether screen readers find tags to go by: headings, lists, tables. Not known until it is read.
    is_tagged = models.BooleanField(_("tagged for screen readers"), null=True, editable=False)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="file_once_per_resource",
                fields=["resource", "sha256"],
                violation_error_message=_("This file is here already."),
            ),
            models.CheckConstraint(
                name="file_checksum_is_a_name",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A file needs its checksum."),
            ),
            models.CheckConstraint(
                name="file_is_not_empty",
                condition=Q(size__gt=0),
                violation_error_message=_("The file is empty."),
            ),
            models.CheckConstraint(
                name="file_with_text_has_pages",
                condition=Q(text_status__in=["read", "partly"], pages_read__gt=0)
                & Q(pages__gte=F("pages_read"))
                | ~Q(text_status__in=["read", "partly"]) & Q(pages_read=0),
                violation_error_message=_("A file that was read has pages."),
            ),
            models.CheckConstraint(
                name="file_versions_count_from_one",
                condition=Q(number__gte=1),
                violation_error_message=_("Versions are counted from one."),
            ),
            models.CheckConstraint(
                name="file_does_not_succeed_itself",
                condition=Q(succeeded_by__isnull=True) | ~Q(succeeded_by=F("id")),
                violation_error_message=_("A file is no newer version of itself."),
            ),
        ]
        indexes = [models.Index(fields=["sha256"], name="file_checksum")]

    def __str__(self) -> str:
        return self.title or gettext("PDF in %(language)s") % {
            "language": language_name(self.language, "en")
        }

    def clean(self) -> None:
        self.title, self.note = tidy(self.title), tidy(self.note)

    @property
    def is_out(self) -> bool:
        """Whether readers of the work may have it now."""
        is_over = self.embargo_until is None or self.embargo_until <= timezone.now()
        return is_over and not self.is_put_away

    @property
    def name(self) -> str:
        """What stands in its address, and changes with its content."""
        return self.sha256[:NAME_LENGTH]

    @property
    def path(self) -> str:
        """Where it is stored: in a folder of the resource's own, so that no file serves two."""
        return f"files/{self.resource.public_id}/{self.name}.pdf"

    @property
    def download_name(self) -> str:
        """What readers find it under in their folder."""
        return f"{self.resource.slug}-{self.language}.pdf"

    @property
    def part(self) -> str:
        """The name of its text among the texts of the record."""
        return f"file:{self.pk}"

    @property
    def has_text(self) -> bool:
        return self.text_status in self.HAS_TEXT

    @property
    def tags_note(self) -> str:
        """Whether it is tagged, for the desk; nothing as long as that is not known."""
        notes = {True: _("tagged for screen readers"), False: _("not tagged for screen readers")}
        return str(notes.get(self.is_tagged, ""))

    @property
    def text_note(self) -> str:
        """What readers should know of its text, if anything."""
        status = self.TextStatus
        if self.text_status == status.PARTLY:
            text = ngettext(
                "The text is that of its first page alone.",
                "The text is that of its first %(count)s pages alone.",
                self.pages_read,
            )
            return text % {"count": self.pages_read}
        notes = {
            status.NO_TEXT: _("Its pages are pictures, so there is no text to read or search."),
            status.ENCRYPTED: _("It asks for a password, so its text could not be read."),
            status.DAMAGED: _("The file is damaged, so its text could not be read."),
            status.TOO_SLOW: _("Its text could not be read: that took too long."),
            status.FAILED: _("Its text could not be read."),
        }
        return str(notes.get(self.text_status, ""))

    @property
    def taken_out_note(self) -> str:
        """What the file had when it came and does not have here."""
        if not self.taken_out:
            return ""
        names = [str(TAKEN_OUT[name]) for name in self.taken_out if name in TAKEN_OUT]
        text = _("What runs or hides in a PDF was taken out of this copy: %(names)s.")
        return text % {"names": ", ".join(names)}

    def get_absolute_url(self) -> str:
        names = {"slug": self.resource.slug, "name": self.name}
        return reverse("knowledge:resource_file", kwargs=names)

    def url_of_page(self, number: int) -> str:
        """The address that opens the file at this page."""
        return f"{self.get_absolute_url()}#page={number}"

    def text_url(self, number: int = 1) -> str:
        """The address of its text, at this page of the file."""
        address = reverse("knowledge:resource_text", kwargs={"slug": self.resource.slug})
        part, anchor = (number - 1) // TEXT_PAGES + 1, f"#p{number}" if number > 1 else ""
        further = f"&part={part}" if part > 1 else ""
        return f"{address}?file={self.name}{further}{anchor}"
