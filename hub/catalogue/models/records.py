from collections import Counter
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.functions import Greatest, Now
from django.utils.translation import gettext_lazy as _

from hub.catalogue.kinds import happenings, no_works

# When the newest record that is public by now became so: later once a scheduled one has come out.
MOMENT = """
    SELECT max(published_at) FROM catalogue_record WHERE published_at <= statement_timestamp()
"""


# When what has an end was over last: lists part what comes from what was.
LAST_OVER = """
    SELECT max(ends_at) FROM catalogue_record
    WHERE ends_at IS NOT NULL AND ends_at <= statement_timestamp()
"""


class RecordQuerySet(models.QuerySet):
    def public(self) -> Self:
        """What everybody may see now. A coming publication is a condition on time, not a task to
        be run, so it is right to the second."""
        return self.filter(published_at__lte=Now(), withdrawn_at__isnull=True)

    def works(self) -> Self:
        """Without events and whatever else is in the catalogue and no work."""
        return self.exclude(kind__in=no_works())

    def happenings(self, *, with_parts: bool = False) -> Self:
        """What is at a time: events, with the parts of their programmes or without."""
        return self.filter(kind__in=happenings(with_parts=with_parts))

    def nearest_in_time(self) -> Self:
        """What has an end, as far as one can know it: with ``is_over``, what is not over first, the
        next before the rest; then what was, the last before the rest."""
        over = Q(ends_at__lte=Now())
        far = Case(
            When(over, then=Now() - F("starts_at")),
            default=F("starts_at") - Now(),
            output_field=models.DurationField(),
        )
        timed = self.filter(ends_at__isnull=False).annotate(
            is_over=models.ExpressionWrapper(over, models.BooleanField())
        )
        return timed.order_by("is_over", far, "id")

    def shown(self) -> Self:
        """Without the columns that only the search reads, which are the heavy ones."""
        return self.defer("vector", "title_vector")

    def about(self, term_id: int) -> Self:
        return self.filter(facet_ids__contains=[term_id])

    def naming(self, term_ids: list[int], organisation_ids: list[int]) -> Self:
        """Those that bear any of these terms or organisations."""
        return self.filter(
            Q(facet_ids__overlap=term_ids) | Q(organisation_ids__overlap=organisation_ids)
        )

    def by_person(self, name: str) -> Self:
        """Those with an author of exactly this name."""
        return self.filter(people__contains=[name])

    def newest(self) -> Self:
        """By the date of the work; undated ones last, then by when they came to the hub."""
        return self.order_by(F("issued_on").desc(nulls_last=True), "-published_at", "-id")

    def in_order(self, ids: list[int]) -> list["Record"]:
        """The public ones among these, in the order of their ids here, as lists show them."""
        found = self.public().shown().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def count_by_year_and_kind(self) -> Counter[tuple[int | None, str]]:
        """How many records of each kind are from each year; those without a date from ``None``."""
        rows = self.order_by().values_list("year", "kind").annotate(count=models.Count("*"))
        return Counter({(year, kind): count for year, kind, count in rows})

    def count_by_author(self) -> Counter[str]:
        """How many records each of ``people`` wrote."""
        name = Func(F("people"), function="unnest", output_field=models.CharField())
        rows = self.order_by().annotate(name=name).values_list("name")
        return Counter(dict(rows.annotate(count=models.Count("*"))))


class Record(models.Model):
    """One row for anything public, whatever app it comes from. Written by ``services.put`` alone,
    from what the source's ``to_record()`` says."""

    ref = models.CharField(max_length=80, unique=True, help_text="knowledge.resource:123")
    kind = models.CharField(max_length=30)
    path = models.CharField(max_length=200, help_text="Without language prefix.")
    sort_title = models.CharField(max_length=300, blank=True, help_text="To order titles by.")
    languages = ArrayField(models.CharField(max_length=8), default=list)
    texts = models.JSONField(default=dict, help_text="{language: {title, summary}}")
    people = ArrayField(models.CharField(max_length=200), default=list)
    publisher_keys = ArrayField(models.CharField(max_length=80), default=list)
    publisher_names = ArrayField(models.CharField(max_length=200), default=list)
    term_ids = ArrayField(models.IntegerField(), default=list, help_text="With ancestors.")
    own_term_ids = ArrayField(models.IntegerField(), default=list)
    organisation_ids = ArrayField(models.IntegerField(), default=list)
    year = models.SmallIntegerField(null=True)
    issued_on = models.DateField(null=True)
    issued_precision = models.CharField(max_length=5, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    is_featured = models.BooleanField(default=False)
    picture = models.JSONField(default=dict, help_text="{sizes: [{url, width, height}], alt}")
    facet_ids = ArrayField(
        models.IntegerField(),
        default=list,
        help_text="Of its terms, with ancestors, and below zero those of its other facets.",
    )
    parts = ArrayField(models.CharField(max_length=40), default=list, help_text="Its long texts.")
    vector = SearchVectorField()
    title_vector = SearchVectorField()
    checksum = models.CharField(max_length=64)
    config_version = models.SmallIntegerField()
    changed_at = models.DateTimeField(
        db_default=Now(), help_text="When it last became another: put again as it was, it is not."
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        constraints = [
            models.CheckConstraint(
                name="record_tombstone_is_blank",
                condition=Q(withdrawn_at__isnull=True)
                | Q(texts={}, people=[], sort_title="", picture={}),
            )
        ]
        indexes = [
            GinIndex(name="record_vector", fields=["vector"], fastupdate=False),
            GinIndex(name="record_titles", fields=["title_vector"], fastupdate=False),
            GinIndex(name="record_facets", fields=["facet_ids"], fastupdate=False),
            GinIndex(name="record_organisations", fields=["organisation_ids"], fastupdate=False),
            models.Index(
                F("issued_on").desc(nulls_last=True),
                F("published_at").desc(),
                F("id").desc(),
                name="record_newest",
            ),
            models.Index(
                F("issued_on").asc(nulls_last=True), "published_at", "id", name="record_oldest"
            ),
            models.Index(fields=["sort_title", "id"], name="record_by_title"),
            models.Index(fields=["published_at", "id"], name="record_moment"),
            models.Index(
                fields=["ends_at"], name="record_ends", condition=Q(ends_at__isnull=False)
            ),
            models.Index(Greatest("changed_at", "published_at"), "ref", name="record_harvest"),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return self.path


class Departed(models.Model):
    """What stays of a record that was public and whose row is gone, which a tombstone's is not: so
    that harvesters hear of it. Written by the database, which deletes it when the record comes back."""

    ref = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=30)
    organisation_ids = ArrayField(models.IntegerField(), default=list)
    left_at = models.DateTimeField()

    class Meta:
        verbose_name = _("record that is gone")
        verbose_name_plural = _("records that are gone")
        default_permissions = ()
        indexes = [models.Index(fields=["left_at", "ref"], name="departed_harvest")]

    def __str__(self) -> str:
        return self.ref


# Passages that readers may see now, where their table is asked in SQL.
OPEN = """(coalesce(public_from <= statement_timestamp(), true)
    AND coalesce(public_until > statement_timestamp(), true))"""


class PassageQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Those whose time has come and is not over; whether the record is public is not asked."""
        begun = Q(public_from__isnull=True) | Q(public_from__lte=Now())
        return self.filter(begun, Q(public_until__isnull=True) | Q(public_until__gt=Now()))


class Passage(models.Model):
    """A stretch of a long text that belongs to a record, such as one page of a file. A book has
    more words than one vector can hold, and a hit here knows where in the book it is. Written by
    ``catalogue.services`` alone; public while its record is, within the window of its part."""

    record = models.ForeignKey(Record, models.CASCADE, related_name="passages")
    part = models.CharField(max_length=40, help_text="Which of the texts of the record.")
    position = models.PositiveIntegerField(help_text="The number of the page, from 1.")
    language = models.CharField(max_length=8)
    text = models.TextField()
    path = models.CharField(max_length=300, help_text="The address that opens here.")
    vector = SearchVectorField()
    config_version = models.SmallIntegerField()
    public_from = models.DateTimeField(null=True)
    public_until = models.DateTimeField(null=True)

    objects = PassageQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.UniqueConstraint(
                name="passage_position_once_per_part", fields=["record", "part", "position"]
            ),
            models.CheckConstraint(name="passage_counts_from_one", condition=Q(position__gte=1)),
        ]
        indexes = [GinIndex(name="passage_vector", fields=["vector"], fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.record_id} {self.part} {self.position}"
