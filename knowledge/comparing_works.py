"""Which works look like another, found at night: one look costs too much to take at every work whenever
somebody opens the desk."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from hub.bounded import TookTooLong
from knowledge import duplicates
from knowledge.models import Comparison, Likeness, Resource

A_NIGHT = 10_000  # works; what is left is looked at the next night, the longest unseen first
TURN = 100  # of a job, so that what is more urgent gets between
# What speaks for it that two works are one, and shows nobody more than readers may know.
TELLING = {duplicates.FILE, duplicates.ADDRESS, duplicates.TITLE}


def turns() -> Iterator[list[int]]:
    """The works that have changed since they were last compared, a job's worth at a time."""
    changed = Q(comparison=None) | Q(comparison__at__lt=F("updated_at"))
    due = Resource.objects.filter(changed).order_by(F("comparison__at").asc(nulls_first=True), "pk")
    pks = list(due.values_list("pk", flat=True)[:A_NIGHT])
    for start in range(0, len(pks), TURN):
        yield pks[start : start + TURN]


def compare(resource_ids: Iterable[int]) -> None:
    """Note which works these look like now. Safe to run twice."""
    for pk in resource_ids:
        _compare(pk)


@transaction.atomic
def _compare(pk: int) -> None:
    # What is changed from here on is compared again.
    now = timezone.now()
    if not Resource.objects.select_for_update(of=["self"], no_key=True).filter(pk=pk).exists():
        return
    pairs = [Likeness(first_id=min(pk, other), second_id=max(pk, other)) for other in _like(pk)]
    Likeness.objects.filter(Q(first=pk) | Q(second=pk)).delete()
    Likeness.objects.bulk_create(pairs, ignore_conflicts=True)
    Comparison.objects.update_or_create(resource_id=pk, defaults={"at": now})


def _like(pk: int) -> list[int]:
    try:
        found = duplicates.look([pk])
    except TookTooLong:
        return []  # as on the page of the work
    return [other for (_one, other), why in found.items() if TELLING & {*why}]
