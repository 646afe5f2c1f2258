"""Which works are in a reading list: those picked by hand, then what its query finds; and in which
lists a work is."""

import json
from dataclasses import dataclass
from itertools import count

from django.conf import settings
from django.http import QueryDict

from hub.bounded import TookTooLong
from hub.catalogue import facets, kept
from hub.catalogue.filters import RecordFilter
from hub.catalogue.models import Record
from hub.catalogue.search import search
from hub.catalogue.sources import ref_of
from knowledge.kinds import WORKS
from knowledge.models import Collection, CollectionItem, Resource

RESOURCE = Resource._meta.label_lower
# Lists with a query that are asked which works they have, for the pages of works.
MOST_ASKED = 200


@dataclass(frozen=True)
class Entry:
    """A work of a list, with what its curator says of it."""

    record: Record
    note: str = ""


def entries_of(collection: Collection) -> list[Entry]:
    """What readers find in the list now: what is not public is left out. ``TookTooLong`` where the
    database was stopped at its query."""
    picked = _picked(collection)
    refs = {entry.record.ref for entry in picked}
    return [*picked, *(Entry(one) for one in found_by(collection) if one.ref not in refs)]


def _picked(collection: Collection) -> list[Entry]:
    items = list(CollectionItem.objects.filter(collection=collection.pk))
    refs = [f"{RESOURCE}:{item.resource_id}" for item in items]
    public = Record.objects.public().shown()
    records = {record.ref: record for record in public.filter(ref__in=refs)}
    return [
        Entry(records[ref], item.note)
        for ref, item in zip(refs, items, strict=True)
        if ref in records
    ]


def found_by(collection: Collection) -> list[Record]:
    """The first works that the stored query finds now, in its order. What only comes near to its
    words is not what somebody chose."""
    if not collection.query:
        return []
    found: list[Record] = []
    for number in count(1):
        asked = QueryDict(collection.query, mutable=True)
        asked["page"] = str(number)
        results = search(RecordFilter(asked), collection.language, WORKS)
        if results.rung:
            return []
        found += results.records
        if len(found) >= collection.query_size or results.page >= results.pages:
            return found[: collection.query_size]
    raise AssertionError("A search has a last page.")


def lists_with(resource: Resource) -> list[Record]:
    """The records of the public lists that have this work, the newest first."""
    picked = CollectionItem.objects.filter(resource=resource.pk).values_list("collection_id")
    keys = {pk for (pk,) in picked} | set(_by_query().get(ref_of(resource), []))
    if not keys:
        return []
    refs = [f"{Collection._meta.label_lower}:{pk}" for pk in keys]
    return list(Record.objects.public().shown().filter(ref__in=refs).newest())


def _by_query() -> dict[str, list[int]]:
    """By work the lists whose queries find it. Kept for one version of the content: whoever comes
    first after a change asks for all readers."""
    version = facets.known().version
    name = "reading lists by query"
    if not settings.DEBUG and (stored := kept.get(name, version)):
        return json.loads(stored[0])
    lists: dict[str, list[int]] = {}
    asking = Collection.objects.public().exclude(query="").prefetch_related("texts")
    for collection in asking.order_by("-publish_at", "-pk")[:MOST_ASKED]:
        try:
            records = found_by(collection)
        except TookTooLong:  # its own page says so; that of a work goes on without it
            continue
        for record in records:
            lists.setdefault(record.ref, []).append(collection.pk)
    kept.keep(name, version, json.dumps(lists).encode())
    return lists
