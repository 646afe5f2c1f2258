"""All public pages for search engines (sitemaps.org), each with its address in every language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import Max, QuerySet
from django.db.models.functions import Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from hub.catalogue.models import Record
from hub.languages import localised
from hub.links import absolute
from hub.partners.models import Organisation, Person
from hub.vocabulary.models import Term

TYPE = "application/xml; charset=utf-8"
# Lists and pages that are there without anything in the catalogue.
ALONE = (
    *("portal:home", "portal:topic_list", "portal:sector_list", "portal:audience_list"),
    *("portal:place_list", "portal:partner_list", "portal:person_list", "portal:about"),
    *("portal:privacy", "portal:data", "knowledge:resource_list", "knowledge:collection_list"),
    *("events:event_list", "taskforce:round_list", "taskforce:group_list", "newsletter:sign_up"),
)


@dataclass(frozen=True)
class Site:
    """What Django's sitemaps ask for the host."""

    domain: str


class Pages(Sitemap):
    limit = 5000

    @property
    def i18n(self) -> bool:
        return len(settings.LANGUAGES) > 1

    alternates = x_default = i18n

    def location(self, item: Any) -> str:
        return localised(item, get_language())


class Alone(Pages):
    def items(self) -> list[str]:
        return [reverse(name) for name in ALONE]


class Rows(Pages):
    """The pages of rows of one sort, in an order that stays."""

    def rows(self) -> QuerySet:
        raise NotImplementedError

    def items(self) -> QuerySet:
        return self.rows().order_by("pk")

    def location(self, item: Any) -> str:
        return super().location(item.get_absolute_url())


class Records(Rows):
    """Works, events and their parts, rounds, groups and findings: whatever is in the catalogue."""

    def rows(self) -> QuerySet:
        changed = Greatest("changed_at", "published_at")
        return Record.objects.public().only("path").annotate(changed=changed)

    def lastmod(self, item: Record) -> datetime:
        return item.changed

    def get_latest_lastmod(self) -> datetime | None:
        return self.rows().aggregate(latest=Max("changed"))["latest"]


class Terms(Rows):
    def rows(self) -> QuerySet:
        return Term.objects.filter(labels__isnull=False).distinct()


class Organisations(Rows):
    def rows(self) -> QuerySet:
        return Organisation.objects.public()


class People(Rows):
    def rows(self) -> QuerySet:
        return Person.objects.public()


PARTS: dict[str, type[Pages]] = {
    "pages": Alone,
    "records": Records,
    "terms": Terms,
    "organisations": Organisations,
    "people": People,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where the sitemaps are, each of at most ``Pages.limit`` pages in each language."""
    maps = [entry for name, part in PARTS.items() for entry in _maps_of(name, part())]
    return render(request, "sitemap_index.xml", {"sitemaps": maps}, content_type=TYPE)


@require_safe
def part(request: HttpRequest, name: str) -> HttpResponse:
    """One sitemap: ``?p=2`` is its second part."""
    if name not in PARTS:
        raise Http404
    base = urlsplit(settings.BASE_URL)
    try:
        pages = PARTS[name]().get_urls(request.GET.get("p", 1), Site(base.netloc), base.scheme)
    except (EmptyPage, PageNotAnInteger) as error:
        raise Http404 from error
    return render(request, "sitemap.xml", {"urlset": pages}, content_type=TYPE)


def _maps_of(name: str, pages: Pages) -> Iterable[dict[str, Any]]:
    address = absolute(reverse("sitemap", args=[name]))
    latest = pages.get_latest_lastmod()
    for number in pages.paginator.page_range:
        query = f"?p={number}" if number > 1 else ""
        yield {"location": f"{address}{query}", "last_mod": latest}
