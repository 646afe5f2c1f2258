"""Which organisations of the hub are governments, and where in the world they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.links import host_of
from hub.partners.models import Organisation
from hub.portal.maps import atlas
from hub.portal.maps.drawing import WORLD, Drawing, coloured, specks_at, spot_of
from hub.portal.places import ELSEWHERE, PARTS_OF_THE_WORLD
from hub.portal.terms import Counted
from hub.slugs import sort_key
from hub.vocabulary.labels import Label, labels_in
from hub.vocabulary.models import Scheme

KINDS = (Organisation.Kind.GOVERNMENT, Organisation.Kind.REGIONAL_GOVERNMENT)


def governments() -> QuerySet[Organisation]:
    """The national, state and regional governments that the hub knows."""
    return Organisation.objects.filter(kind__in=KINDS)


def government_called(name: str) -> Organisation | None:
    """The one government with this name or short name, however it is written."""
    if not name:
        return None
    found = governments().filter(Q(name__iexact=name) | Q(acronym__iexact=name))
    first_two = list(found[:2])
    return first_two[0] if len(first_two) == 1 else None


def is_of_its_site(email: str, government: Organisation | None) -> bool | None:
    """Whether an address is of the domain that a government's website has, or the one is part of the
    other; ``None`` where no website is known."""
    host = host_of(government.website) if government and government.website else ""
    site = host.removeprefix("www.").lower()
    if not site:
        return None
    domain = email.rpartition("@")[2].lower()
    return f".{domain}".endswith(f".{site}") or ("." in domain and site.endswith(f".{domain}"))


@dataclass(frozen=True)
class Located:
    """A government with the place and the country that it is of, as far as they are known."""

    organisation: Organisation
    place: Label | None
    country: Label | None

    @property
    def name(self) -> str:
        return self.organisation.name

    @property
    def url(self) -> str:
        return self.organisation.get_absolute_url()

    @property
    def continent(self) -> str:
        """A key of ``PARTS_OF_THE_WORLD``, empty where it is not known."""
        return atlas.part_of(self.country.code) if self.country else ""


@dataclass(frozen=True)
class Continent:
    name: str
    label: str | Promise
    governments: list[Located]


def located(organisations: Iterable[Organisation], language: str) -> list[Located]:
    """Governments with their places, by name; one look-up for all."""
    places = labels_in(Scheme.PLACE, language)
    found = []
    for organisation in organisations:
        place = country = places.get(organisation.place_id)
        while country is not None and country.parent_id in places:
            country = places[country.parent_id]
        found.append(Located(organisation, place, country))
    return sorted(found, key=lambda one: sort_key(one.name))


def by_continent(governments: Iterable[Located]) -> list[Continent]:
    """By the name of the part of the world; what is in none comes last."""
    found: dict[str, list[Located]] = {}
    for one in governments:
        found.setdefault(one.continent, []).append(one)
    names = sorted(found, key=lambda n: (not n, sort_key(str(PARTS_OF_THE_WORLD.get(n, "")))))
    return [Continent(name, PARTS_OF_THE_WORLD.get(name, ELSEWHERE), found[name]) for name in names]


def map_of(governments: Iterable[Located]) -> Drawing | None:
    """Where they are: countries shaded, a speck at each; ``None`` where no place is known. The list
    beside it says the same in words."""
    sheet = atlas.world()
    known = [one for one in governments if one.country]
    if not known:
        return None
    countries = {one.country.id: Counted(one.country, 0) for one in known}
    spots = [
        spot_of(Counted(one.place, 0), sheet.frame) or sheet.spot(one.country.code) for one in known
    ]
    return Drawing(
        frame=sheet.frame,
        style=WORLD,
        label=str(_("Map of the world: where the governments are that take part")),
        specks=specks_at(spots),
        grain=sheet.grain,
        **coloured(sheet.land, countries.values()),
    )
