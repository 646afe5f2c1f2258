"""How often works are read: sums, and for one day what tells a reader from themselves."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.catalogue.models.records import Record


class UsageDayQuerySet(models.QuerySet):
    def since(self, first: date) -> Self:
        return self.filter(day__gte=first)


class UsageDay(models.Model):
    """How many readers a record had on one day (UTC), by what they did. Written by
    ``catalogue.usage`` alone. The numbers stay with the ref, whatever becomes of the record."""

    class Metric(models.TextChoices):
        VIEW = "view", _("views")
        DOWNLOAD = "download", _("downloads")
        TEXT = "text", _("text read")

    record = models.ForeignKey(
        Record,
        models.DO_NOTHING,
        to_field="ref",
        db_column="ref",
        db_constraint=False,
        db_index=False,  # the constraint below begins with it
        related_name="usage",
    )
    day = models.DateField(_("day"))
    metric = models.CharField(_("what was done"), max_length=10, choices=Metric)
    count = models.PositiveIntegerField(_("how often"))

    objects = UsageDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("readers of a day")
        verbose_name_plural = _("how often works are read")
        constraints = [
            models.UniqueConstraint(name="usage_day_once", fields=["record", "day", "metric"]),
            models.CheckConstraint(name="usage_day_is_counted", condition=Q(count__gte=1)),
        ]
        indexes = [models.Index(fields=["day"], name="usage_day_oldest")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.day} {self.metric}"


class UsageSalt(models.Model):
    """The secret of a day, that hashes are made with: 32 random bytes, thrown away at midnight. The
    table is not logged: a crash takes it along, and the day goes on with another."""

    day = models.DateField(primary_key=True)
    salt = models.BinaryField()

    class Meta:
        verbose_name = _("secret of a day")
        verbose_name_plural = _("secrets of a day")

    def __str__(self) -> str:
        return str(self.day)


class UsageReader(models.Model):
    """That somebody has done one thing with one record today: a hash with the day's secret, thrown
    away with it. Each record has another for the same reader, so that nobody can be followed from
    work to work. The table is not logged."""

    key = models.BinaryField(primary_key=True)

    class Meta:
        verbose_name = _("hash of a reader")
        verbose_name_plural = _("hashes of readers")

    def __str__(self) -> str:
        return bytes(self.key).hex()
