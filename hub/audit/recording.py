"""What makes a model recorded: a table of its events, written by triggers and append-only."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import pghistory
from django.apps import apps
from django.contrib.postgres.indexes import BrinIndex
from django.db.models import Index, Model, QuerySet

Recorded = TypeVar("Recorded", bound=type[Model])

APPEND_ONLY = "append_only"  # the trigger that refuses UPDATE and DELETE of events


@dataclass(frozen=True)
class Recording:
    """How one model is recorded: in rows of ``events``. They are shown with the row that ``whole``
    refers to; ``personal`` names the columns that hold what a person may have erased."""

    model: type[Model]
    events: type[Model]
    whole: str
    personal: tuple[str, ...]

    @property
    def append_only(self) -> str:
        """The trigger that protects the events, as ``pgtrigger.ignore`` names it."""
        return f"{self.events._meta.label}:{APPEND_ONLY}"

    def of(self, pk: int) -> QuerySet:
        """The events of one row."""
        return self.events._default_manager.filter(id=pk)

    def of_whole(self, whole: Model) -> QuerySet:
        """The events of all rows that are or were parts of this one."""
        return self.events._default_manager.filter(**self._keys_of(whole))

    def is_part_of(self, model: type[Model]) -> bool:
        if not self.whole:
            return False
        field = self.model._meta.get_field(self.whole)
        return _is_generic(field) or field.related_model is model

    def _keys_of(self, whole: Model) -> dict[str, int]:
        field = self.model._meta.get_field(self.whole)
        if not _is_generic(field):
            return {field.attname: whole.pk}
        content_type = apps.get_model("contenttypes.ContentType").objects.get_for_model(whole)
        return {f"{field.ct_field}_id": content_type.pk, field.fk_field: whole.pk}


_recordings: dict[str, Recording] = {}


def recorded(
    *,
    part_of: str = "",
    without: Iterable[str] = (),
    personal: Iterable[str] = (),
    app: str | None = None,
) -> Callable[[Recorded], Recorded]:
    """Record every insert, update and delete of the model's rows, by whatever way they come.

    ``part_of`` names the relation to the row in whose history these events stand too. ``without``
    are columns that are never written down: secrets, and what the hub derives by itself; a change of
    these alone is no event. ``personal`` columns are those that erasure blanks. ``app`` takes the
    events of a model that is not ours. A table of links is recorded through a proxy of it.
    """

    def decorate(model: Recorded) -> Recorded:
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=list(without),
            # A relation would let the desk look rows up through it; the key is a column anyway.
            obj_field=None,
            append_only=True,
            app_label=app,
            model_name=f"{model.__name__}Event",
            meta={
                "indexes": _indexes(model, part_of),
                "default_permissions": (),
                "verbose_name": model._meta.verbose_name,
            },
        )(model)
        events = apps.get_registered_model(app or model._meta.app_label, f"{model.__name__}Event")
        _recordings[model._meta.label] = Recording(model, events, part_of, tuple(personal))
        return model

    return decorate


def recordings() -> list[Recording]:
    """All models that are recorded, in the order in which they were declared."""
    return list(_recordings.values())


def recording_of(model: type[Model]) -> Recording | None:
    """How this model is recorded, if it is; a table of links is by its proxy."""
    if found := _recordings.get(model._meta.label):
        return found
    concrete = model._meta.concrete_model
    return next((one for one in recordings() if one.model._meta.concrete_model is concrete), None)


def parts_of(model: type[Model]) -> list[Recording]:
    """The recordings whose events stand in the histories of this model's rows."""
    return [one for one in recordings() if one.is_part_of(model)]


def _indexes(model: type[Model], part_of: str) -> list[Index]:
    """Events lie in the table as they came, so the smallest index finds them by time."""
    indexes: list[Index] = [BrinIndex(fields=["pgh_created_at"]), Index(fields=["id"])]
    if part_of:
        field = model._meta.get_field(part_of)
        keys = [field.ct_field, field.fk_field] if _is_generic(field) else [part_of]
        indexes.append(Index(fields=keys))
    return indexes


def _is_generic(field: Any) -> bool:
    """Whether this is a ``GenericForeignKey``, which cannot be imported before all apps are there."""
    return hasattr(field, "ct_field")
