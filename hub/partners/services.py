"""Changes to organisations that reach beyond their own row."""

from collections.abc import Callable, Iterable

from hub.partners.models import Organisation
from hub.registry import Registry

# Told when organisations are shown differently from now on: (their ids).
changed: Registry[Callable[[list[int]], None]] = Registry("a listener to changed organisations")


def tell_changed(organisations: Iterable[Organisation]) -> None:
    """Tell the apps above that these organisations changed. Call it in the same transaction."""
    ids = [organisation.pk for organisation in organisations]
    for listener in changed:
        listener(ids)
