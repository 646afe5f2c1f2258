"""A draft of an issue: what is new since the last one, by section, at most a handful each."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from hub.catalogue.kinds import Stream, kind_of
from hub.catalogue.models import Record
from hub.newsletter.models import Group, Issue, IssueItem

HANDFUL = 5  # proposed for each section
LOOKED_AT = 400  # of the newest records
FIRST_LOOKS_BACK = timedelta(days=60)  # where there was no issue before
# What the taskforce publishes bears the name of its app.
TASKFORCE = "taskforce."

BY_STREAM = {
    Stream.GUIDANCE: Group.GUIDANCE,
    Stream.RESEARCH: Group.RESEARCH,
    Stream.COMMENTARY: Group.COMMENTARY,
    Stream.NEWS: Group.NEWS,
}


def group_of(record: Record) -> Group | None:
    """The section that a record belongs to; ``None`` for parts of others, such as sessions."""
    kind = kind_of(record.kind)
    if kind.is_part:
        return None
    if kind.is_timed:
        return Group.EVENTS
    if record.ref.startswith(TASKFORCE):
        return Group.TASKFORCE
    return BY_STREAM[kind.stream]


def last_look() -> datetime:
    """Up to when earlier issues told what was new."""
    begun = Issue.objects.public().aggregate(last=Max("composed_at"))["last"]
    return begun or timezone.now() - FIRST_LOOKS_BACK


def new_since(moment: datetime) -> dict[Group, list[Record]]:
    """What became public since ``moment`` and was in no issue that went out, by section, the newest
    first; what is at a time by when it is, without what is over."""
    told = IssueItem.objects.filter(issue__number__isnull=False)
    rows = (
        Record.objects.public()
        .shown()
        .filter(published_at__gt=moment)
        .filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))
        .exclude(ref__in=told.values("ref"))
        .order_by("-published_at", "-pk")
    )
    found: dict[Group, list[Record]] = {group: [] for group in Group}
    for record in rows[:LOOKED_AT]:
        group = group_of(record)
        if group is not None:
            found[group].append(record)
    found[Group.EVENTS].sort(key=lambda record: record.starts_at or record.published_at)
    return found


@transaction.atomic
def draft() -> Issue:
    """A new draft with a handful of what is new in each section. It has no texts yet."""
    issue = Issue.objects.create(new_since=last_look())
    for group, records in new_since(issue.new_since).items():
        IssueItem.objects.bulk_create(
            IssueItem(issue=issue, group=group, ref=record.ref, position=place)
            for place, record in enumerate(records[:HANDFUL], start=1)
        )
    return issue


def addable(issue: Issue, words: str = "") -> list[Record]:
    """What may be added: with words, what has them in a title; else what is new and is not in it."""
    there = set(issue.items.values_list("ref", flat=True))
    if words:
        # By the title as lists sort it: an editor knows what they look for.
        rows = Record.objects.public().shown().filter(sort_title__icontains=words)
        found = list(rows.order_by("-published_at")[:40])
    else:
        found = [one for rows in new_since(issue.new_since).values() for one in rows[:20]]
    return [one for one in found if one.ref not in there and group_of(one)]


@transaction.atomic
def add(issue: Issue, refs: list[str]) -> int:
    """Put these at the end of their sections; answers how many, leaving out what is not public."""
    Issue.objects.select_for_update().get(pk=issue.pk)
    there = dict(issue.items.order_by().values_list("group").annotate(last=Max("position")))
    known = set(issue.items.values_list("ref", flat=True))
    count = 0
    for record in Record.objects.public().shown().filter(ref__in=refs).order_by("published_at"):
        group = group_of(record)
        if group is None or record.ref in known:
            continue
        there[group] = there.get(group, 0) + 1
        IssueItem.objects.create(issue=issue, group=group, ref=record.ref, position=there[group])
        count += 1
    return count


@transaction.atomic
def arrange(issue: Issue, places: dict[int, int], dropped: set[int]) -> None:
    """Take items out, and order the rest by the numbers that an editor gave them."""
    Issue.objects.select_for_update().get(pk=issue.pk)
    issue.items.filter(pk__in=dropped).delete()
    for group in Group:
        items = list(issue.items.filter(group=group))
        items.sort(key=lambda item: (places.get(item.pk, item.position), item.pk))
        for place, item in enumerate(items, start=1):
            if item.position != place:
                item.position = place
                item.save(update_fields=["position"])
