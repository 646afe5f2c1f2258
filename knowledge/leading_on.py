"""What leads to a work that becomes part of another leads to that one from then on: replacements and
earlier merges, places to be read first, reading lists, what readers reported and proposed."""

from collections.abc import Callable
from typing import Any

from hub.catalogue.sources import ref_of
from hub.portal.models import ReadFirst
from hub.registry import Registry
from knowledge import starter
from knowledge.models import (
    Collection,
    CollectionItem,
    Contribution,
    Merged,
    ProblemReport,
    Resource,
    TwoWorks,
)

# What later apps hold of works: each is told ``stays`` and ``goes``.
further: Registry[Callable[[Resource, Resource], None]] = Registry("what leads on")
NOTE_LENGTH = CollectionItem._meta.get_field("note").max_length


def lead_on(stays: Resource, goes: Resource) -> None:
    """Turn all of it, while ``merging`` holds both works."""
    _replacements(stays, goes)
    Merged.objects.filter(into=goes).update(into=stays)
    _two_works(stays, goes)
    _list_items(stays, goes)
    ProblemReport.objects.filter(resource=goes).update(resource=stays)
    Contribution.objects.filter(resource=goes).update(resource=stays)
    ReadFirst.objects.all().move(ref_of(goes), ref_of(stays))
    starter.became(goes, stays)
    for turn in further:
        turn(stays, goes)


def course_of(resource: Resource) -> dict[str, list[dict[str, Any]]]:
    """The steps and revisions of a work, for the record of what it was: who by the number of their
    account, which says nothing once they are erased. What guests said is theirs to have erased, and
    is left out."""
    steps = resource.workflow_events.order_by("at", "pk")
    revisions = resource.revisions.order_by("number")
    return {
        "steps": [
            {
                "at": step.at,
                "act": step.act,
                "from": step.from_state,
                "to": step.to_state,
                "account": step.actor_id,
                "comment": "" if step.guest_id else step.comment,
                "revision": step.version,
            }
            for step in steps
        ],
        "revisions": [
            {
                "number": revision.number,
                "saved": revision.created_at,
                "account": revision.author_id,
                "note": revision.note,
                "is_aside": revision.is_aside,
            }
            for revision in revisions.defer("snapshot")
        ],
    }


def _replacements(stays: Resource, goes: Resource) -> None:
    Resource.objects.filter(replaced_by=goes).exclude(pk=stays.pk).update(replaced_by=stays)
    if stays.replaced_by_id == goes.pk:
        further = goes.replaced_by_id
        stays.replaced_by_id = further if further != stays.pk else None
        stays.save(update_fields=["replaced_by"])


def _two_works(stays: Resource, goes: Resource) -> None:
    """What was said for the one that goes holds for the other, and what others said of it too."""
    became = {goes.pk: stays.pk}
    for word in TwoWorks.objects.with_work(goes.pk):
        sides = [(became.get(one, one), became.get(other, other)) for one, other in word.sides]
        TwoWorks.objects.all().say([(one, other) for one, other in sides if one != other])


def _list_items(stays: Resource, goes: Resource) -> None:
    """A work stands in a list once: where both were picked, in the earlier place with both notes."""
    items = CollectionItem.objects.filter(resource=goes)
    # Whoever changes a list holds its row.
    lists = Collection.objects.filter(pk__in=items.values("collection"))
    list(lists.select_for_update(of=["self"]).order_by("pk"))
    own = {item.collection_id: item for item in CollectionItem.objects.filter(resource=stays)}
    for item in items:
        same = own.get(item.collection_id)
        if same is None:
            item.resource = stays
            item.save(update_fields=["resource"])
            continue
        item.delete()
        same.position = min(same.position, item.position)
        same.note = _both_notes(same.note, item.note)
        same.save(update_fields=["position", "note"])


def _both_notes(ours: str, theirs: str) -> str:
    """Both, if there is room for them; what has none stays in the history of the list."""
    if theirs in ours:
        return ours
    both = "\n\n".join(filter(None, [ours, theirs]))
    return both if len(both) <= NOTE_LENGTH else ours
