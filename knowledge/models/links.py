from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.sources import Publisher
from hub.links import host_of
from hub.partners.models import Organisation
from hub.slugs import make_slug
from hub.texts import tidy
from knowledge.models.resources import Resource

FILE_ENDINGS = {
    "csv",
    "doc",
    "docx",
    "epub",
    "mp3",
    "mp4",
    "ods",
    "odt",
    "pdf",
    "pptx",
    "xlsx",
    "zip",
}


@recorded(part_of="resource", personal=["name"])
class Credit(models.Model):
    """Someone who made or published the work: a name, perhaps that of an organisation here. A
    publisher need not be the owner, who curates the entry."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        PUBLISHER = "publisher", _("Publisher")

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="credits", verbose_name=_("resource")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="credits",
        verbose_name=_("organisation"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("credit")
        verbose_name_plural = _("credits")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="credit_has_name_or_organisation",
                condition=Q(name__gt="") | Q(organisation__isnull=False),
                violation_error_message=_("Give a name or choose an organisation."),
            )
        ]

    def __str__(self) -> str:
        return self.shown_name

    def clean(self) -> None:
        self.name = tidy(self.name)

    @property
    def shown_name(self) -> str:
        """The name as the work has it; without one, the organisation's."""
        return self.name or self.organisation.short_name

    def as_publisher(self) -> Publisher:
        if self.organisation:
            return Publisher(self.organisation.slug, self.shown_name)
        # A name in a script that cannot be put into Latin letters still needs an address.
        return Publisher(make_slug(self.name) or "unnamed", self.name)


@recorded(part_of="resource")
class Identifier(models.Model):
    """A name that others gave the work, each in the hub once."""

    class Scheme(models.TextChoices):
        DOI = "doi", "DOI"
        ISBN = "isbn", "ISBN"
        HANDLE = "handle", "Handle"

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="identifiers", verbose_name=_("resource")
    )
    scheme = models.CharField(_("scheme"), max_length=10, choices=Scheme)
    value = models.CharField(_("value"), max_length=200)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                name="identifier_once",
                fields=["scheme", "value"],
                violation_error_message=_("Another resource has this identifier already."),
            ),
            models.CheckConstraint(
                name="identifier_has_value",
                condition=Q(value__gt=""),
                violation_error_message=_("An identifier needs a value."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        self.value = normalise(self.scheme, self.value)
        if self.scheme == self.Scheme.DOI and not self.value.startswith("10."):
            raise ValidationError({"value": _("A DOI begins with 10.")})

    @property
    def url(self) -> str:
        resolvers = {"doi": "https://doi.org/", "handle": "https://hdl.handle.net/"}
        return resolvers[self.scheme] + self.value if self.scheme in resolvers else ""


def normalise(scheme: str, value: str) -> str:
    """One spelling for each identifier, so that the same one is not taken for two."""
    value = value.strip()
    if scheme == Identifier.Scheme.DOI:
        return value.lower().removeprefix("doi:").strip().split("doi.org/")[-1]
    if scheme == Identifier.Scheme.ISBN:
        return value.upper().replace("-", "").replace(" ", "")
    return value.split("hdl.handle.net/")[-1]


@recorded(part_of="resource", without=["last_status", "fails"])
class Link(models.Model):
    """Where to get the work."""

    class Kind(models.TextChoices):
        WORK = "work", _("The work")
        MIRROR = "mirror", _("A copy elsewhere")
        LISTED = "listed", _("A page that lists it")

    resource = models.ForeignKey(
        Resource, models.CASCADE, related_name="links", verbose_name=_("resource")
    )
    # http and https alone: any other scheme could run something in the reader's browser.
    url = models.URLField(
        _("address"), max_length=1000, validators=[URLValidator(schemes=["http", "https"])]
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.WORK)
    label = models.CharField(_("label"), max_length=120, blank=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True, editable=False)
    fails = models.PositiveSmallIntegerField(_("failures"), default=0, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="link_once_per_resource",
                fields=["resource", "url"],
                violation_error_message=_("This address is listed already."),
            )
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def host(self) -> str:
        return host_of(self.url)

    @property
    def file_format(self) -> str:
        """What comes instead of a page, as far as the address tells: "PDF", or nothing."""
        ending = PurePosixPath(urlsplit(self.url).path).suffix.removeprefix(".").lower()
        return ending.upper() if ending in FILE_ENDINGS else ""
