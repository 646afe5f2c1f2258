"""Which works are here already: by the names that others gave them, by address, by title."""

from collections.abc import Collection, Iterable

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from hub.partners import policy
from hub.partners.models import User
from hub.slugs import fold
from knowledge import duplicates
from knowledge.models import Edition, Identifier, Resource

# A DOI, an ISBN or a handle with its scheme before it, or an address: the one spelling that it has here.
Key = str

# A title takes the database some milliseconds to compare with all.
MOST_LOOKED_FOR = 200


class Library:
    """The works that are here, as far as one person may be told of them."""

    def __init__(self, user: User) -> None:
        self.user = user

    def with_keys(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The works that have these keys, of anybody."""
        return duplicates.holders(set(keys))

    def with_titles(self, titles: Iterable[str]) -> dict[str, int]:
        """Works with these titles in small letters, of those that this person may be told of."""
        rows = Edition.objects.annotate(lower=Lower("title")).filter(lower__in=set(titles))
        found = dict(rows.values_list("lower", "resource_id"))
        told = self.names(found.values())
        return {title: pk for title, pk in found.items() if pk in told}

    def with_like_titles(self, titles: Iterable[str]) -> dict[str, int]:
        """A work that is called almost so, by each of the titles, of those that this person may be
        told of. Of long lists not all are looked for."""
        found = duplicates.like_titles(list(titles)[:MOST_LOOKED_FOR])
        told = self.names(pk for pks in found.values() for pk in pks)
        likest = {title: [pk for pk in pks if pk in told] for title, pks in found.items()}
        return {title: pks[0] for title, pks in likest.items() if pks}

    def owned_with_titles(
        self, wanted: Iterable[tuple[str, int]], *, besides: Collection[int]
    ) -> dict[tuple[str, int], Resource]:
        """The first work for each of these folded titles and owners, but for those ``besides``."""
        wanted = set(wanted)
        titles, owners = {title for title, _pk in wanted}, {pk for _title, pk in wanted}
        # ``folded`` has the subtitle too, where there is one.
        named = Q(folded__in=titles) | Q(lower__in=titles)
        rows = Edition.objects.annotate(lower=Lower("title")).filter(named)
        rows = rows.filter(resource__owner__in=owners)
        found: dict[tuple[str, int], Resource] = {}
        for edition in rows.select_related("resource").order_by("resource"):
            key = fold(edition.title), edition.resource.owner_id
            if key in wanted and edition.resource_id not in besides:
                found.setdefault(key, edition.resource)
        return found

    def names(self, pks: Iterable[int]) -> dict[int, str]:
        """How these works are called, but for those that are neither this person's nor public."""
        known = duplicates.known_to(self.user).filter(pk__in=set(pks))
        own = set(policy.visible(self.user, known).values_list("pk", flat=True))
        mine, others = _("“%(title)s”, %(id)s"), _("“%(title)s”, of another owner")
        return {
            one.pk: (mine if one.pk in own else others) % {"title": one, "id": one.public_id}
            for one in known
        }


def spoken(key: Key) -> str:
    """A key as people call it."""
    scheme, _sign, value = key.partition(":")
    if scheme in Identifier.Scheme.values:
        return f"{Identifier.Scheme(scheme).label} {value}"
    return f"{_('address')} {key}"
