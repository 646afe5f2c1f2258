from collections.abc import Collection, Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded
from knowledge.models.resources import Resource


class MergedQuerySet(models.QuerySet):
    def seen(self) -> Self:
        """Those that readers have seen, whose records harvesters have to be told to delete."""
        return self.filter(published_at__isnull=False)


@recorded(part_of="into", without=["before"])
class Merged(models.Model):
    """A work that became part of another: its names lead there for good, and nobody else gets them.
    Written by ``knowledge.merging`` alone."""

    public_id = models.CharField(_("permanent name"), max_length=12, unique=True)
    slug = models.SlugField(_("address"), max_length=100, unique=True)
    former_id = models.BigIntegerField(_("number"), unique=True)
    title = models.CharField(_("title"), max_length=300)
    into = models.ForeignKey(
        Resource,
        models.SET_NULL,
        null=True,
        related_name="merged",
        verbose_name=_("part of"),
    )
    published_at = models.DateTimeField(
        _("public since"), null=True, help_text=_("None if no reader has ever seen it.")
    )
    merged_at = models.DateTimeField(_("merged at"), default=timezone.now, db_index=True)
    before = models.JSONField(_("both works before"), default=dict)

    objects = MergedQuerySet.as_manager()

    class Meta:
        verbose_name = _("merged resource")
        verbose_name_plural = _("merged resources")
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="merged_and_seen_leads_somewhere",
                condition=Q(published_at__isnull=True) | Q(into__isnull=False),
                violation_error_message=_("What readers have seen has to lead them somewhere."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class TwoWorksQuerySet(models.QuerySet):
    def of(self, one: int, other: int) -> Self:
        """The word on these two, in whichever order they are named."""
        return self.filter(first=min(one, other), second=max(one, other))

    def with_work(self, pk: int) -> Self:
        return self.filter(Q(first=pk) | Q(second=pk))

    def said(self, pks: Collection[int]) -> set[tuple[int, int]]:
        """What is said for these works: each with the one that it is not."""
        found: set[tuple[int, int]] = set()
        for word in self.filter(Q(first__in=pks) | Q(second__in=pks)):
            found |= word.sides
        return {(one, other) for one, other in found if one in pks}

    def say(self, sides: Iterable[tuple[int, int]]) -> None:
        """Remember for the first work of each pair that it is not the other."""
        for one, other in sides:
            first, second = sorted((one, other))
            says = {"first_says": one == first, "second_says": one == second}
            word, is_new = self.get_or_create(first_id=first, second_id=second, defaults=says)
            if not is_new and (one, other) not in word.sides:
                self.of(one, other).update(first_says=True, second_says=True)

    def take_back(self, sides: Collection[tuple[int, int]]) -> None:
        """Forget what was said for the first work of each pair."""
        for one, other in sides:
            for word in self.of(one, other).select_for_update():
                if left := word.sides - {*sides}:
                    [(side, _other)] = left
                    word.first_says = side == word.first_id
                    word.second_says = not word.first_says
                    word.save(update_fields=["first_says", "second_says"])
                else:
                    word.delete()


@recorded(part_of="first")
class TwoWorks(models.Model):
    """Somebody has looked at two works that seem to be one, and they are not. It is the word of those
    who curate the one, or the other, or both, and hides the pair from nobody else."""

    first = models.ForeignKey(
        Resource, models.CASCADE, related_name="+", verbose_name=_("one work")
    )
    second = models.ForeignKey(
        Resource, models.CASCADE, related_name="+", verbose_name=_("another work")
    )
    first_says = models.BooleanField(_("said for the one"))
    second_says = models.BooleanField(_("said for the other"))

    objects = TwoWorksQuerySet.as_manager()

    class Meta:
        verbose_name = _("two works, not one")
        verbose_name_plural = _("two works, not one")
        constraints = [
            models.UniqueConstraint(name="two_works_once", fields=["first", "second"]),
            models.CheckConstraint(name="two_works_in_order", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="two_works_said_by_somebody",
                condition=Q(first_says=True) | Q(second_says=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"

    @property
    def sides(self) -> set[tuple[int, int]]:
        """For which of them it is said: each with the other."""
        both = (self.first_id, self.second_id), (self.second_id, self.first_id)
        says = self.first_says, self.second_says
        return {pair for pair, is_said in zip(both, says, strict=True) if is_said}
