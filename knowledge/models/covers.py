from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from hub.catalogue.sources import Picture, PictureSize
from knowledge.models.files import File
from knowledge.models.resources import Resource


@dataclass(frozen=True)
class CoverSize:
    """One file of a cover. ``name`` stands in its address and changes with its content."""

    name: str
    file: str
    width: int
    height: int


@recorded(part_of="resource")
class Cover(models.Model):
    """The picture on the front of a work, in two sizes, which are one where it came small. Rows
    and files are written by ``knowledge.services`` alone."""

    resource = models.OneToOneField(
        Resource, models.CASCADE, related_name="cover", verbose_name=_("resource")
    )
    digest = models.CharField(max_length=32)
    small_width = models.PositiveSmallIntegerField()
    small_height = models.PositiveSmallIntegerField()
    large_width = models.PositiveSmallIntegerField()
    large_height = models.PositiveSmallIntegerField()
    alt = models.CharField(_("description of the cover"), max_length=250, blank=True)
    # The file whose first page it shows. With the file it goes.
    file = models.OneToOneField(
        File, models.CASCADE, null=True, related_name="cover", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")
        constraints = [
            models.CheckConstraint(
                name="cover_has_its_measures",
                condition=Q(small_width__gt=0, small_height__gt=0, large_height__gt=0)
                & Q(large_width__gte=F("small_width")),
            ),
            models.CheckConstraint(
                name="cover_digest_is_a_name", condition=Q(digest__regex=r"^[0-9a-f]+$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.large_width} × {self.large_height}"

    @property
    def folder(self) -> str:
        """Where the files are: a folder of the resource's own, so that no file serves two."""
        return f"covers/{self.resource.public_id}"

    @property
    def sizes(self) -> list[CoverSize]:
        """The small size and the large one, or the one there is."""
        measures = {
            self.small_width: self.small_height,
            self.large_width: self.large_height,
        }
        return [
            CoverSize(name, f"{self.folder}/{name}.webp", width, height)
            for width, height in measures.items()
            if (name := f"{self.digest}-{width}")
        ]

    def as_picture(self) -> Picture:
        """The cover as the catalogue shows it."""
        return Picture(
            tuple(PictureSize(self._url_of(size), size.width, size.height) for size in self.sizes),
            self.alt,
            self.opens,
        )

    @property
    def opens(self) -> datetime | None:
        """When readers may see it: the first page of a file comes with the file."""
        return self.file.embargo_until if self.file else None

    def _url_of(self, size: CoverSize) -> str:
        names = {"slug": self.resource.slug, "name": size.name}
        return reverse("knowledge:resource_cover", kwargs=names)
