"""Changes to organisations that reach beyond their own row, and who is asked where nobody else is."""

from collections.abc import Callable, Iterable

from django.db.models import QuerySet

from hub.partners.models import Organisation, User
from hub.registry import Registry

# Told when organisations are shown differently from now on: (their ids).
changed: Registry[Callable[[list[int]], None]] = Registry("a listener to changed organisations")


def tell_changed(organisations: Iterable[Organisation]) -> None:
    """Tell the apps above that these organisations changed. Call it in the same transaction."""
    ids = [organisation.pk for organisation in organisations]
    for listener in changed:
        listener(ids)


def keepers() -> QuerySet[User]:
    """Those who keep the hub: the secretariat, or where there is none the administrators."""
    people = User.objects.filter(is_active=True).order_by("pk")
    secretariat = people.filter(is_secretariat=True)
    return secretariat if secretariat.exists() else people.filter(is_superuser=True)
