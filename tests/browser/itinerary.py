"""Which pages are looked at: one of each public route, some that go to extremes, and the specimens.

The names are known before there is a database, so that each page is a test of its own; the addresses
are asked of the starting content.
"""

from collections.abc import Callable

import pytest
from django.db.models.functions import Length

from events.models import Event
from hub.catalogue.collection import Collection
from hub.catalogue.models import Record
from hub.partners.models import Organisation
from hub.vocabulary.models import Scheme, Term
from knowledge.models import Edition, Resource
from tests.pages import is_data, routes, sample, shape_of

SPECIMENS = "specimens"
STATUSES = {"withdrawn work": 410, "missing page": 404}


def longest_title() -> str:
    editions = Edition.objects.filter(is_original=True, resource__in=Resource.objects.public())
    return editions.order_by(Length("title").desc(), "pk")[0].resource.get_absolute_url()


def work_in(language: str) -> str:
    return Resource.objects.public().filter(languages=[language])[0].get_absolute_url()


def withdrawn_work() -> str:
    return Resource.objects.withdrawn()[0].get_absolute_url()


def place(*, is_region: bool, has_works: bool) -> str:
    """The country or region that most works name, or the first that none does."""
    counts = Collection().terms
    places = Term.objects.filter(scheme=Scheme.PLACE, parent__isnull=not is_region)
    ranked = sorted(places.order_by("slug"), key=lambda term: -counts[term.pk])
    fitting = [term for term in ranked if bool(counts[term.pk]) == has_works]
    return fitting[0].get_absolute_url()


def longest_name() -> str:
    named = Organisation.objects.public().order_by(Length("name").desc(), "pk")
    return named[0].get_absolute_url()


def partner_without_works() -> str:
    publishing = Record.objects.public().values_list("organisation_ids", flat=True)
    silent = Organisation.objects.public().exclude(pk__in={pk for pks in publishing for pk in pks})
    return silent.order_by("slug")[0].get_absolute_url()


def programme_of(title: str) -> str:
    return Event.objects.get(title__startswith=title).get_absolute_url()


EXTREMES: dict[str, Callable[[], str]] = {
    "longest title": longest_title,
    "work with everything": lambda: Resource.objects.get(
        tags__name="retraining"
    ).get_absolute_url(),
    "longest name": longest_name,
    "work in Bulgarian": lambda: work_in("bg"),
    "work in Thai": lambda: work_in("th"),
    "work in Vietnamese": lambda: work_in("vi"),
    "withdrawn work": withdrawn_work,
    "missing page": lambda: "/nothing/",
    "work found in a list": lambda: f"{longest_title()}?back=/resources/%3Ftopic=finance",
    "search": lambda: "/search/?q=coal",
    "search without a hit": lambda: "/search/?q=zymurgist",
    "library with three filters": lambda: "/resources/?topic=finance&kind=report&language=en",
    "library, page 3": lambda: "/resources/?page=3",
    "country": lambda: place(is_region=False, has_works=True),
    "region": lambda: place(is_region=True, has_works=True),
    "region without works": lambda: place(is_region=True, has_works=False),
    "partner without works": partner_without_works,
    "events, filtered": lambda: "/events/?kind=conference&mode=hybrid&place=belgium",
    "events without a hit": lambda: "/events/?q=zymurgist",
    "event with a programme": lambda: programme_of("7th Just Transition Platform Conference"),
    "programme in another zone": lambda: (
        programme_of("From local to global") + "?tz=Asia/Ulaanbaatar"
    ),
    "event in Thai": lambda: Event.objects.get(title_language="th").get_absolute_url(),
    "event to try things out": lambda: Event.objects.get(
        is_example=True, meeting=None
    ).get_absolute_url(),
    SPECIMENS: lambda: "/specimens/",
}
# What people read ends in a slash; short addresses only lead to other pages, and suggestions are a
# part of one.
NO_PAGES = ("/r/", "/search/suggestions/")
ROUTES = [
    route
    for route in routes()
    if route.endswith("/") and not route.startswith(NO_PAGES) and not is_data(route)
]

every_page = pytest.mark.parametrize("name", [*ROUTES, *EXTREMES])


def addresses() -> dict[str, str]:
    """Where each page is in the starting content. A route that nothing stands behind is left out."""
    by_shape = {shape_of(path): path for path in sample()}
    found = {route: by_shape[shape_of(route)] for route in ROUTES if shape_of(route) in by_shape}
    return found | {name: address() for name, address in EXTREMES.items()}
