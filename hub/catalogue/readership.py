"""What the desk tells of how often works are read, to each person of the works that are theirs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from django.db import models
from django.db.models import CharField, FilteredRelation, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, TruncMonth
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hub.catalogue.models import Record, UsageDay
from hub.catalogue.sources import ref_of, sources
from hub.catalogue.usage import VIEW, months_before
from hub.partners import policy
from hub.partners.models import Organisation, User

MOST_READ = 5
MONTHS_TOLD = 12  # with the present one
METRICS = UsageDay.Metric
PERIODS = {"month": _("this month"), "before": _("last month"), "year": _("12 months")}
# What one may order by, and how the sums are called: "view_month" and so on.
SUMS = [f"{metric}_{period}" for metric, period in product(METRICS.values, PERIODS)]
ORDER = f"{VIEW}_year"


@dataclass(frozen=True)
class Named:
    """A work as the desk names it, and where it is edited there."""

    title: str
    url: str
    permanent: str = ""  # the address that stays whatever the work is called, if it has one


@dataclass(frozen=True)
class Sums:
    """The sums of one work, or of several, in the order of ``SUMS``."""

    work: Named | None
    counts: tuple[int, ...]
    path: str = ""  # of one work: where readers find it


@dataclass(frozen=True)
class DayOfWork:
    """How often a work was read on one day, in the order of metrics."""

    work: Named
    path: str
    day: date
    counts: tuple[int, ...]


@dataclass(frozen=True)
class MuchRead:
    work: Named
    count: int


@dataclass(frozen=True)
class Month:
    """How often a work was read in the month that begins on ``first``, in the order of metrics."""

    first: date
    counts: tuple[int, ...]

    @property
    def count(self) -> int:
        """The views, which its bar shows."""
        return self.counts[0]


def works_of(user: User, organisation: Organisation | None = None) -> QuerySet[Record]:
    """The records of works that this person sees at the desk, or those among them that one
    organisation owns."""
    refs = Q(pk__in=[])
    for model in sources:
        rows = policy.visible(user, model._default_manager.all())
        if organisation:
            owned = model._default_manager.filter(
                model.policy.owned_by(frozenset([organisation.pk]))
            )
            rows = rows.filter(pk__in=owned.values("pk"))
        ref = Concat(Value(f"{model._meta.label_lower}:"), Cast("pk", CharField()))
        refs |= Q(ref__in=rows.order_by().annotate(own_ref=ref).values("own_ref"))
    return Record.objects.works().shown().filter(refs)


def owners_for(user: User) -> QuerySet[Organisation]:
    """The organisations of whose works this person may ask."""
    owners = Q(pk__in=[])
    for model in sources:
        rows = policy.visible(user, model._default_manager.all()).order_by()
        for field in filter(None, (model.policy.owner, model.policy.co_owners)):
            owners |= Q(pk__in=rows.values(field))
    return policy.visible(user, Organisation.objects.filter(owners))


def with_sums(records: QuerySet[Record], today: date) -> QuerySet[Record]:
    """The records with a column for each of ``SUMS``."""
    recent = Q(usage__day__gte=months_before(today, MONTHS_TOLD - 1))
    rows = records.alias(read=FilteredRelation("usage", condition=recent))
    return rows.annotate(**_sums(today, "read__"))


def total_of(records: QuerySet[Record], today: date) -> Sums:
    """The sums of all these records together."""
    days = UsageDay.objects.since(months_before(today, MONTHS_TOLD - 1))
    found = days.filter(record__in=records.values("ref")).aggregate(**_sums(today))
    return Sums(None, tuple(found[name] for name in SUMS))


def _sums(today: date, prefix: str = "") -> dict[str, Coalesce]:
    periods = {
        "month": Q(**{f"{prefix}day__gte": months_before(today, 0)}),
        "before": Q(
            **{
                f"{prefix}day__gte": months_before(today, 1),
                f"{prefix}day__lt": months_before(today, 0),
            }
        ),
        "year": Q(),
    }
    return {
        f"{metric}_{period}": Coalesce(
            Sum(f"{prefix}count", filter=Q(**{f"{prefix}metric": metric}) & periods[period]), 0
        )
        for metric, period in product(METRICS.values, PERIODS)
    }


def told(records: Iterable[Record]) -> list[Sums]:
    """Each of these records ``with_sums`` under its name."""
    records = list(records)
    names = _names_of([record.ref for record in records])
    return [
        Sums(names[record.ref], tuple(getattr(record, name) for name in SUMS), record.path)
        for record in records
        if record.ref in names
    ]


def most_read(user: User, today: date) -> list[MuchRead]:
    """The works of this person with most views this month."""
    days = UsageDay.objects.since(months_before(today, 0)).filter(metric=VIEW)
    own = days.filter(record__in=works_of(user).values("ref")).values_list("record")
    rows = own.annotate(views=Sum("count")).order_by("-views", "record")[:MOST_READ]
    counts = dict(rows)
    names = _names_of(counts)
    return [MuchRead(names[ref], views) for ref, views in counts.items() if ref in names]


def table_of(records: QuerySet[Record] | models.Model, today: date) -> dict[str, Any]:
    """How often these records, or that of one source, were read: by month, and in all."""
    is_one = isinstance(records, models.Model)
    months = months_of(records, today) if is_one else _months(records.values("ref"), today)
    sums = [sum(counts) for counts in zip(*(month.counts for month in months), strict=True)]
    named = list(zip(METRICS.labels, sums, strict=True)) if any(sums) else []
    return {"months": months, "labels": METRICS.labels, "sums": named}


def months_of(source: models.Model, today: date) -> list[Month]:
    """How often a work was read in each month, the present one first."""
    return _months([ref_of(source)], today)


def _months(refs: list[str] | QuerySet, today: date) -> list[Month]:
    first = months_before(today, MONTHS_TOLD - 1)
    days = UsageDay.objects.since(first).filter(record__in=refs)
    rows = days.values_list(TruncMonth("day"), "metric").annotate(Sum("count"))
    counts = Counter({(month, metric): count for month, metric, count in rows})
    months = (months_before(today, number) for number in range(MONTHS_TOLD))
    return [Month(one, tuple(counts[one, metric] for metric in METRICS.values)) for one in months]


def days_of(records: QuerySet[Record]) -> Iterator[DayOfWork]:
    """Each of these records on each day on which somebody read it, as long as numbers are kept: the
    latest day first."""
    paths = dict(records.values_list("ref", "path"))
    names = _names_of(paths)
    by_metric = {
        metric: Coalesce(Sum("count", filter=Q(metric=metric)), 0) for metric in METRICS.values
    }
    rows = UsageDay.objects.filter(record__in=records.values("ref")).values_list("record", "day")
    for ref, day, *counts in rows.annotate(**by_metric).order_by("-day", "record").iterator():
        if ref in names:
            yield DayOfWork(names[ref], paths[ref], day, tuple(counts))


def _names_of(refs: Iterable[str]) -> dict[str, Named]:
    """The works behind these refs, but for those that are gone. The record of what was withdrawn
    has no title, so the source is asked."""
    wanted = set(refs)
    named = {}
    for model in sources:
        meta = model._meta
        keys = [ref.partition(":")[2] for ref in wanted if ref.startswith(f"{meta.label_lower}:")]
        for source in model._default_manager.for_record().filter(pk__in=keys):
            url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[source.pk])
            permanent = getattr(source, "permanent_url", "")
            named[ref_of(source)] = Named(str(source), url, permanent)
    return named
