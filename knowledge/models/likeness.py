from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.models.merging import TwoWorks
from knowledge.models.resources import Resource


class LikenessQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those that are not said to be two for both works, each with ``first_says`` and
        ``second_says``."""
        said = TwoWorks.objects.filter(first=OuterRef("first"), second=OuterRef("second"))
        return self.annotate(
            first_says=Exists(said.filter(first_says=True)),
            second_says=Exists(said.filter(second_says=True)),
        ).exclude(first_says=True, second_says=True)


class Likeness(models.Model):
    """Two works that looked like one when they were last compared. It is told to nobody who may not
    know of both. Written by ``knowledge.comparing_works`` alone."""

    first = models.ForeignKey(
        Resource, models.CASCADE, related_name="+", verbose_name=_("one work")
    )
    second = models.ForeignKey(
        Resource, models.CASCADE, related_name="+", verbose_name=_("another work")
    )

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name = _("two works that look like one")
        verbose_name_plural = _("works that look like one")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="likeness_once", fields=["first", "second"]),
            models.CheckConstraint(name="likeness_in_order", condition=Q(first__lt=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}"


class Comparison(models.Model):
    """When a work was last compared with all others. Written by ``knowledge.comparing_works`` alone."""

    resource = models.OneToOneField(
        Resource,
        models.CASCADE,
        primary_key=True,
        related_name="comparison",
        verbose_name=_("resource"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("comparison")
        verbose_name_plural = _("comparisons")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.resource_id}, {self.at:%Y-%m-%d}"
