"""Which works are here already: by the names that others gave them, by address, by title."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from hub.partners import policy
from hub.partners.models import User
from knowledge.models import Edition, Identifier, Link, Resource
from knowledge.models.links import normalise

# A DOI, an ISBN, a handle, or an address: its scheme and the one spelling that it has here.
Key = tuple[str, str]
ADDRESS = "address"
RESOLVERS = {"doi.org": "doi", "dx.doi.org": "doi", "hdl.handle.net": "handle"}
TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


def key_of_address(url: str) -> Key:
    """One key for all spellings of an address."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    if host in RESOLVERS and len(parts.path) > 1:
        scheme = RESOLVERS[host]
        return scheme, normalise(scheme, parts.path.strip("/"))
    port = parts.netloc.rpartition("@")[2].partition(":")[2]
    port = "" if port in ("", "80", "443") else f":{port}"
    asked = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode([(name, value) for name, value in asked if not name.startswith(TRACKING)])
    return ADDRESS, f"{host}{port}{parts.path.rstrip('/')}{'?' + query if query else ''}"


class Library:
    """The works that are here, as far as one person may be told of them."""

    def __init__(self, user: User) -> None:
        self.user = user
        # Addresses are kept as people gave them, so all of them are read once: a second at 100,000.
        links = Link.objects.filter(kind=Link.Kind.WORK).values_list("url", "resource_id")
        self._addresses: dict[Key, int] = {}
        for url, resource_id in links.iterator(chunk_size=2000):
            try:
                self._addresses.setdefault(key_of_address(url), resource_id)
            except ValueError:  # no address by today's rules
                continue

    def with_keys(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The works that have these keys, of anybody."""
        keys = set(keys)
        asked = [value for scheme, value in keys if scheme != ADDRESS]
        rows = Identifier.objects.filter(value__in=asked)
        by_name = {
            (scheme, value): pk
            for scheme, value, pk in rows.values_list("scheme", "value", "resource_id")
        }
        by_address = {key: self._addresses[key] for key in keys if key in self._addresses}
        return by_address | {key: pk for key, pk in by_name.items() if key in keys}

    def with_titles(self, titles: Iterable[str]) -> dict[str, int]:
        """Works with these titles in small letters, of those that this person may be told of."""
        rows = Edition.objects.annotate(lower=Lower("title")).filter(lower__in=set(titles))
        found = dict(rows.values_list("lower", "resource_id"))
        told = self.names(found.values())
        return {title: pk for title, pk in found.items() if pk in told}

    def names(self, pks: Iterable[int]) -> dict[int, str]:
        """How these works are called, but for those that are neither this person's nor public."""
        rows = Resource.objects.filter(pk__in=set(pks))
        own = policy.visible(self.user, rows).prefetch_related("editions")
        told = {
            one.pk: _("“%(title)s”, %(id)s") % {"title": one, "id": one.public_id} for one in own
        }
        for one in rows.public().exclude(pk__in=told).prefetch_related("editions"):
            told[one.pk] = _("“%(title)s”, of another owner") % {"title": one}
        return told


def spoken(key: Key) -> str:
    """A key as people call it."""
    scheme, value = key
    label = _("address") if scheme == ADDRESS else Identifier.Scheme(scheme).label
    return f"{label} {value}"
