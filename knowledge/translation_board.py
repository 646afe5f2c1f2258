"""Which works are read most and not to be had in a language yet: those of one person, in order."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import (
    CharField,
    F,
    FilteredRelation,
    Q,
    QuerySet,
    Sum,
    TextChoices,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext_lazy as _

from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.catalogue.usage import VIEW, months_before
from hub.partners import policy
from hub.partners.models import User
from knowledge.models import Edition, Resource, Revision
from knowledge.translating import TEXTS, Status, status_of

MONTHS = 3  # with the present one
A_PAGE = 25


class Wanted(TextChoices):
    """Which works are shown, by how they stand in the language."""

    TODO = "todo", _("all that there is something to do for")
    MISSING = "missing", _("not there yet")
    MACHINE = "machine", _("by machine, not checked")
    OUTDATED = "outdated", _("out of date")


@dataclass(frozen=True)
class Waiting:
    """A translation in the draft beside a public work, and who began it, if that is known."""

    begun_by: User | None


@dataclass(frozen=True)
class Entry:
    """A work, how often its page was read, how it stands in the language, and what waits there in its
    draft."""

    resource: Resource
    reads: int
    status: Status
    is_editable: bool
    waiting: Waiting | None = None


def since(today: date) -> date:
    """The first day of the months of which readers are counted here."""
    return months_before(today, MONTHS - 1)


def page_of(
    user: User, language: str, wanted: str, number: str | None, today: date
) -> tuple[Page, list[Entry]]:
    """A page of the board and the works on it. Five questions however many works there are."""
    refs = _refs(_waiting(policy.visible(user, Resource.objects.public()), language, wanted))
    records = Record.objects.filter(ref__in=refs)
    read = Q(usage__day__gte=since(today), usage__metric=VIEW)
    rows = records.alias(read=FilteredRelation("usage", condition=read)).values_list("ref", "pk")
    rows = rows.annotate(reads=Coalesce(Sum("read__count"), 0)).order_by("-reads", "-pk")
    # Counted without the readers, whom the number does not depend on.
    page = _Board(rows, A_PAGE, count=records.count()).get_page(number)
    return page, _entries(user, {ref: reads for ref, _pk, reads in page}, language)


class _Board(Paginator):
    def __init__(self, rows: QuerySet, per_page: int, *, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count


def _waiting(works: QuerySet, language: str, wanted: str) -> QuerySet:
    editions = Edition.objects.filter(language=language)
    if wanted == Wanted.MISSING:
        return works.exclude(pk__in=editions.values("resource"))
    if wanted == Wanted.MACHINE:
        outdated = Edition.objects.outdated().values("pk")
        raw = editions.filter(method=Edition.Method.MACHINE, is_original=False)
        return works.filter(pk__in=raw.exclude(pk__in=outdated).values("resource"))
    if wanted == Wanted.OUTDATED:
        return works.filter(pk__in=editions.outdated().values("resource"))
    return works.exclude(pk__in=editions.in_order().values("resource"))


def _refs(works: QuerySet) -> QuerySet:
    ref = Concat(Value(f"{Resource._meta.label_lower}:"), Cast(F("pk"), CharField()))
    return works.order_by().annotate(own_ref=ref).values("own_ref")


def _entries(user: User, reads: dict[str, int], language: str) -> list[Entry]:
    keys = [int(ref.partition(":")[2]) for ref in reads]
    works = Resource.objects.filter(pk__in=keys)
    editable = set(policy.editable(user, works).values_list("pk", flat=True))
    by_ref = {ref_of(work): work for work in works.prefetch_related("editions")}
    waiting = _waiting_in_drafts(works, language)
    return [
        Entry(
            by_ref[ref],
            count,
            status_of(by_ref[ref], language),
            by_ref[ref].pk in editable,
            waiting.get(by_ref[ref].pk),
        )
        for ref, count in reads.items()
        if ref in by_ref
    ]


def _waiting_in_drafts(works: QuerySet, language: str) -> dict[int, Waiting]:
    """What the drafts of these works say in the language that readers do not get yet. Whoever was the
    first of this draft to write it there began it."""
    base = F("resource__pending__base")
    drafts = Revision.objects.filter(Q(pk=base) | Q(base=base), resource__in=works, is_aside=False)
    drafts = drafts.annotate(editions=F("snapshot__editions")).defer("snapshot")
    by_work: dict[int, list[Revision]] = {}
    for revision in drafts.select_related("author").order_by("number"):
        by_work.setdefault(revision.resource_id, []).append(revision)
    found = {}
    for pk, (public, *later) in by_work.items():
        there = _written(public, language)
        others = [one for one in later if _written(one, language) != there]
        if others and others[-1] == later[-1]:
            found[pk] = Waiting(others[0].author)
    return found


def _written(revision: Revision, language: str) -> list[str] | None:
    """What the revision says in the language, if anything."""
    for edition in revision.editions:
        if edition["language"] == language:
            return [edition[name] for name in (*TEXTS, "method")]
    return None
