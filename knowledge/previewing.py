"""A draft in the page that readers will see, for those who may see it before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from hub.catalogue.cards import card_of
from hub.catalogue.services import put
from hub.vocabulary.labels import labels_of
from knowledge.file_access import FileAccess
from knowledge.models import Cover, File, Resource, Shelf
from knowledge.presentation import Detail

A_MOMENT = timedelta(seconds=1)


class Preview(Detail):
    """The page of a draft. What lies with it is not at its public address yet: ``file_url`` and
    ``cover_url`` say where its reader finds it."""

    def __init__(self, *args: Any, file_url: Callable[[File], str]) -> None:
        super().__init__(*args)
        self._file_url = file_url

    def _file_access(self, shelf: Shelf, sizes: dict[str, int]) -> FileAccess:
        found = super()._file_access(shelf, {})
        if shelf.current is None:
            return found
        return replace(found, url=self._file_url(shelf.current), earlier=())

    @property
    def short_url(self) -> str:
        return ""


def context_of(
    resource: Resource,
    path: str,
    *,
    file_url: Callable[[File], str],
    cover_url: Callable[[Cover], str],
) -> dict[str, Any] | None:
    """What the page of the resource would show if it was published now; nothing where it has no
    original edition yet. Call it inside ``drafting.undone``: it publishes the rows as they are."""
    language = get_language()
    Resource.objects.filter(pk=resource.pk).update(
        status=Resource.Status.PUBLISHED,
        stage=Resource.Stage.NONE,
        pending=None,
        publish_at=timezone.now() - A_MOMENT,
        unpublished_at=None,
        reason="",
        replaced_by=None,
    )
    resource = Resource.objects.for_citing().select_related("cover").get(pk=resource.pk)
    if resource.original is None:
        return None
    record = put(resource)
    if hasattr(resource, "cover"):
        picture = resource.cover.as_picture()
        sizes = [replace(size, url=cover_url(resource.cover)) for size in picture.sizes[-1:]]
        record.picture = replace(picture, sizes=tuple(sizes)).to_json()
    labels = labels_of(set(record.own_term_ids), language)
    detail = Preview(resource, card_of(record, labels, language), language, file_url=file_url)
    meta = replace(detail.meta(path), is_indexed=False, subject={}, picture=None)
    return {**detail.context(), "meta": meta, "is_preview": True}
