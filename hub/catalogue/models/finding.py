"""What search knows beside the records: values of facets, words, pages kept, what nobody found."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hub.audit import recorded


class FacetValue(models.Model):
    """A kind, language, publisher or year that records have. ``Record.facet_ids`` holds its id,
    below zero, beside the ids of terms, so that one array and one index serve all facets."""

    facet = models.CharField(max_length=12)
    value = models.CharField(max_length=80)
    name = models.CharField(max_length=200, blank=True, help_text="How a publisher is called.")

    class Meta:
        verbose_name = _("value of a facet")
        verbose_name_plural = _("values of facets")
        constraints = [
            models.UniqueConstraint(name="facet_value_once", fields=["facet", "value"]),
        ]

    def __str__(self) -> str:
        return f"{self.facet}: {self.name or self.value}"


class KeptPage(models.Model):
    """A page, or what one is made from, as it was at a version of the content. The table is not
    logged: what a crash takes is made anew."""

    key = models.CharField(max_length=64, primary_key=True)
    version = models.CharField(max_length=200)
    content = models.BinaryField()
    is_miss = models.BooleanField(default=False, help_text="Says that nothing was found.")
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("kept page")
        verbose_name_plural = _("kept pages")
        indexes = [models.Index(fields=["kept_at"], name="kept_page_oldest")]

    def __str__(self) -> str:
        return self.key


class Word(models.Model):
    """A word of our own texts, unstemmed, to suggest where somebody has mistyped it."""

    word = models.CharField(max_length=60, unique=True)
    plain = models.CharField(max_length=120, help_text="Without accents, to compare by.")
    count = models.PositiveIntegerField(help_text="In how many records it stands.")

    class Meta:
        verbose_name = _("word")
        verbose_name_plural = _("words")
        indexes = [GinIndex(name="word_alike", fields=["plain"], opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.word


class SearchMissQuerySet(models.QuerySet):
    def _like_its_own(self, rows: models.QuerySet) -> models.QuerySet:
        same = {"query": models.OuterRef("query"), "language": models.OuterRef("language")}
        return rows.order_by().filter(**same)

    def one_of_each(self) -> Self:
        """Each search once, as its latest day, with ``total`` of all days."""
        same = self._like_its_own(SearchMiss.objects.all())
        total = same.values("query").annotate(total=models.Sum("count")).values("total")
        latest = same.order_by("-day").values("pk")[:1]
        return self.filter(pk=models.Subquery(latest)).annotate(total=models.Subquery(total))

    def set_aside(self) -> Self:
        return self.filter(models.Exists(self._like_its_own(SetAside.objects.all())))

    def not_set_aside(self) -> Self:
        return self.filter(~models.Exists(self._like_its_own(SetAside.objects.all())))


class SearchMiss(models.Model):
    """How often on one day words were searched for that nothing contains. Nothing is kept of who
    asked."""

    day = models.DateField(_("day"))
    language = models.CharField(_("language of the page"), max_length=8)
    query = models.CharField(_("words"), max_length=80)
    count = models.PositiveIntegerField(_("how often"), default=1)

    objects = SearchMissQuerySet.as_manager()

    class Meta:
        verbose_name = _("search that found nothing")
        verbose_name_plural = _("asked for, nothing found")
        constraints = [
            models.UniqueConstraint(
                name="search_miss_once_a_day", fields=["day", "language", "query"]
            ),
            models.CheckConstraint(name="search_miss_is_counted", condition=Q(count__gte=1)),
        ]
        indexes = [models.Index(fields=["query", "language", "day"], name="search_miss_words")]

    def __str__(self) -> str:
        return self.query


@recorded()
class SetAside(models.Model):
    """Words of readers that the hub has nothing for, as an editor has said: nobody is reminded of
    them any more. Written by ``catalogue.misses`` alone, and forgotten with the searches."""

    query = models.CharField(_("words"), max_length=80)
    language = models.CharField(_("language of the page"), max_length=8)
    since = models.DateField(_("since"))

    class Meta:
        verbose_name = _("search that is set aside")
        verbose_name_plural = _("searches that are set aside")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="set_aside_once", fields=["query", "language"]),
        ]

    def __str__(self) -> str:
        return self.query
