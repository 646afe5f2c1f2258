"""What the tests of all pages share: their addresses, read from the URLconf, and their HTML."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from events import selections
from events.models import Event, Material, Session
from hub.catalogue.api.router import viewsets
from hub.newsletter.models import Issue
from hub.partners.models import Organisation, Person
from hub.portal.sitemaps import PARTS
from hub.vocabulary.models import Scheme, Term
from knowledge.models import Collection, Cover, File, Resource
from taskforce.models import Finding, Meeting, Round, WorkingGroup

PRIVATE = (
    *("/admin/", "/account/", "/letters/", "/contributions/", "/problems/", "/post/", "/review/"),
    *("/registrations/", "/join/", "/check-in/", "/consent/", "/feedback/", "/programmes/"),
    *("/events/<slug:slug>/outcomes/mine/", "/events/<slug:slug>/delegation/"),
    *("/newsletter/confirm/", "/newsletter/preferences/", "/newsletter/unsubscribe/"),
    "/saved-searches/",
    *("/taskforce/participation/", "/taskforce/members/", "/taskforce/applications/"),
)
# Attributes through which an element makes the browser fetch something of itself.
FETCHED = {"src", "data", "poster", "background"}
DATA = "application/ld+json"  # a block of data, which a browser never runs
FETCHING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch"}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[str]:
    """All public routes as the URLconf writes them, ``/topics/<slug:slug>/``; not those of the desk, of
    accounts, of letters, proposals and reports and of the post, which are for one person or program."""
    for pattern in patterns or get_resolver().url_patterns:
        route = prefix + str(pattern.pattern)
        if route.startswith(PRIVATE):
            continue
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def addresses() -> list[str]:
    """Every public address that there is something at; of the short ones, which all lead to other
    pages, three. A route with a parameter that this does not know raises ``KeyError``: say here
    what stands behind it."""
    terms = {
        f"/{scheme}s/<slug:slug>/": [
            term.get_absolute_url() for term in Term.objects.filter(scheme=scheme)
        ]
        for scheme in Scheme
    }
    resources = list(Resource.objects.public())
    lists = list(Collection.objects.public())
    issues = list(Issue.objects.public().prefetch_related("texts"))
    events = list(Event.objects.public())
    sessions = list(Session.objects.public().select_related("event"))
    rounds = list(Round.objects.public())
    groups = list(WorkingGroup.objects.public())
    registered = [one.slug for one in events if one.takes_registrations][:3]
    partners = list(Organisation.objects.public())
    named = [term for term in Term.objects.all() if term.labels.exists()]
    behind = {
        **terms,
        **{
            f"/{scheme}s/<slug:slug>.atom": [
                f"/{scheme}s/{term.slug}.atom" for term in named if term.scheme == scheme
            ][:5]
            for scheme in Scheme
        },
        **{
            f"/embed/{scheme}s/<slug:slug>/": [
                f"/embed/{scheme}s/{term.slug}/" for term in named if term.scheme == scheme
            ][:5]
            for scheme in Scheme
        },
        "/partners/<slug:slug>.atom": [f"/partners/{one.slug}.atom" for one in partners[:5]],
        "/embed/partners/<slug:slug>/": [f"/embed/partners/{one.slug}/" for one in partners[:5]],
        "/people/<slug:slug>.atom": [
            f"/people/{person.slug}.atom" for person in Person.objects.public()[:5]
        ],
        "/taskforce/<slug:slug>/findings.atom": [
            f"/taskforce/{one.slug}/findings.atom" for one in rounds[:5]
        ],
        "/partners/<slug:slug>/": [
            organisation.get_absolute_url() for organisation in Organisation.objects.public()
        ],
        "/resources/<slug:slug>/cover-<slug:name>.webp": [
            size.url
            for cover in Cover.objects.filter(resource__in=resources)
            for size in cover.as_picture().sizes
        ],
        "/resources/<slug:slug>/files/<slug:name>.pdf": [
            file.get_absolute_url() for file in File.objects.out().filter(resource__in=resources)
        ],
        "/resources/<slug:slug>/text/": [
            f"{resource.get_absolute_url()}text/"
            for resource in resources
            if resource.files.filter(text_status__in=File.HAS_TEXT).exists()
        ],
        "/resources/<slug:slug>/problem/": [
            f"{resource.get_absolute_url()}problem/" for resource in resources[:3]
        ],
        "/collections/<slug:slug>/": [one.get_absolute_url() for one in lists],
        "/collections/<slug:slug>.atom": [
            one.get_absolute_url().removesuffix("/") + ".atom" for one in lists
        ],
        "/collections/<slug:slug>/works.<slug:ending>": [
            f"{one.get_absolute_url()}works.{ending}"
            for one in lists
            for ending in ("csv", "ris", "bib", "json")
        ],
        "/events/<slug:slug>/": [one.get_absolute_url() for one in events],
        "/events/<slug:slug>.ics": [f"/events/{one.slug}.ics" for one in events],
        "/events/<slug:slug>/programme.json": [
            f"/events/{one.slug}/programme.json" for one in events
        ],
        "/events/<slug:slug>/offline.html": [
            f"/events/{one.slug}/offline.html" for one in events[:3]
        ],
        "/events/<slug:slug>/sessions/<slug:session>/": [
            one.get_absolute_url() for one in sessions
        ],
        "/events/<slug:slug>/sessions/<slug:session>.ics": [
            one.get_absolute_url().removesuffix("/") + ".ics"
            for one in sessions
            if one.released["starts_local"]
        ],
        "/events/<slug:slug>/choose/": [
            f"/events/{one.slug}/choose/" for one in events if selections.choosable(one)
        ][:3],
        "/events/<slug:slug>/outcomes/": [f"/events/{one.slug}/outcomes/" for one in events[:3]],
        "/events/<slug:slug>/outcomes/transcripts/<int:pk>/": [
            f"/events/{one.event.slug}/outcomes/transcripts/{one.pk}/"
            for one in Material.objects.filter(event__in=events).select_related("event")
            if one.passages
        ],
        "/embed/events/<slug:slug>/programme/": [
            f"/embed/events/{one.slug}/programme/" for one in events[:3]
        ],
        "/newsletter/<int:number>/": [one.get_absolute_url() for one in issues],
        "/newsletter/<int:number>/<slug:language>/": [
            f"{one.get_absolute_url()}{code}/" for one in issues for code in one.languages
        ],
        "/people/<slug:slug>/write/": [
            f"{person.get_absolute_url()}write/"
            for person in Person.objects.public().exclude(email="")
        ],
        "/people/<slug:slug>/": [person.get_absolute_url() for person in Person.objects.public()],
        "/resources.<slug:ending>": [f"/resources.{ending}" for ending in ("bib", "ris", "json")],
        "/resources/<slug:slug>.<slug:ending>": [
            f"/resources/{resource.slug}.{ending}"
            for resource in resources[:3]
            for ending in ("bib", "ris", "json")
        ],
        "/data/dumps/<slug:version>/<str:name>": [],
        "/resources/<slug:slug>/": [resource.get_absolute_url() for resource in resources],
        "/events/<slug:slug>/register/": [f"/events/{slug}/register/" for slug in registered],
        "/events/<slug:slug>/register/sent/": [
            f"/events/{slug}/register/sent/" for slug in registered
        ],
        "/taskforce/groups/<slug:slug>/": [one.get_absolute_url() for one in groups],
        "/taskforce/groups/<slug:slug>/apply/": [
            f"{one.get_absolute_url()}apply/" for one in groups if one.takes_applications
        ],
        "/taskforce/groups/<slug:slug>/apply/sent/": [
            f"{one.get_absolute_url()}apply/sent/" for one in groups[:2]
        ],
        "/taskforce/meetings/<slug:slug>/": [
            one.get_absolute_url() for one in Meeting.objects.public()
        ],
        "/taskforce/<slug:slug>/findings/": [
            f"{one.get_absolute_url()}findings/" for one in rounds
        ],
        "/taskforce/<slug:slug>/peers/": [f"{one.get_absolute_url()}peers/" for one in rounds],
        "/taskforce/<slug:slug>/findings/<int:pk>/": [
            one.get_absolute_url()
            for one in Finding.objects.public().select_related("participation__round")
        ],
        "/taskforce/<slug:slug>/": [one.get_absolute_url() for one in rounds],
        "/taskforce/<slug:slug>/register/": [
            f"{one.get_absolute_url()}register/" for one in rounds if one.is_open()
        ],
        "/taskforce/<slug:slug>/register/sent/": [
            f"{one.get_absolute_url()}register/sent/" for one in rounds
        ],
        "/sitemap-<slug:name>.xml": [f"/sitemap-{name}.xml" for name in PARTS],
        **of_the_api(),
        "/r/<slug:public_id>/": [f"/r/{resource.public_id}/" for resource in resources[:3]],
    }
    return [path for route in routes() for path in (behind[route] if "<" in route else [route])]


def of_the_api() -> dict[str, list[str]]:
    """A few objects of each collection of the API."""
    known: dict[str, list[str]] = {"/api/v1/<anything:rest>": []}
    for viewset in viewsets():
        root, kind = f"/api/v1/{viewset.slug}/", viewset.lookup_value_converter
        key = viewset.some_id()
        known[f"{root}<{kind}:id>/"] = [f"{root}{key}/"] if key else []
    return known


class Page(HTMLParser):
    """A page, read element by element."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self._title = ""
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, text: str) -> None:
        if self._within == "title" and self.count("svg") == 0:
            self._title += text

    @property
    def title(self) -> str:
        return " ".join(self._title.split())

    def count(self, tag: str) -> int:
        return len(self.all(tag))

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of all elements of this name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def lang(self) -> str:
        return self.all("html")[0].get("lang", "")

    @property
    def description(self) -> str:
        return self._meta("description")

    @property
    def robots(self) -> str:
        return self._meta("robots")

    @property
    def canonical(self) -> str:
        hrefs = [link["href"] for link in self.all("link") if link.get("rel") == "canonical"]
        return " ".join(hrefs)

    @property
    def inline_code(self) -> list[str]:
        """What a strict policy forbids: code and styles in the page itself."""
        found = [tag for tag, _ in self.elements if tag in ("style", "base")]
        for tag, attributes in self.elements:
            if tag == "script" and "src" not in attributes and attributes.get("type") != DATA:
                found.append(f"script {attributes}")
            found += [
                f"{tag} {name}"
                for name, value in attributes.items()
                if name == "style"
                or name.startswith("on")
                or value.strip().lower().startswith("javascript:")
            ]
        return found

    @property
    def fetched(self) -> set[str]:
        """The addresses that the browser asks for without being told to."""
        found = set()
        for tag, attributes in self.elements:
            found |= {value for name, value in attributes.items() if name in FETCHED}
            found |= {one.split()[0] for one in attributes.get("srcset", "").split(",") if one}
            if tag == "use" or (tag == "link" and attributes.get("rel") in FETCHING_LINKS):
                found.add(attributes.get("href", ""))
        return found

    @property
    def foreign(self) -> set[str]:
        """Those of them that lead to others."""
        return {url for url in self.fetched if urlsplit(url).netloc or urlsplit(url).scheme}

    def _meta(self, name: str) -> str:
        return " ".join(meta["content"] for meta in self.all("meta") if meta.get("name") == name)


def sample() -> list[str]:
    """One address of each route."""
    found: dict[str, str] = {}
    for path in addresses():
        found.setdefault(shape_of(path), path)
    return list(found.values())


def shape_of(path: str) -> str:
    """The route of an address, or that which ``path`` is itself."""
    return path.lstrip("/") if "<" in path else resolve(urlsplit(path).path).route


def is_data(path: str) -> bool:
    """Whether this is an address of the API that answers programs; its own tests ask it."""
    return path.startswith("/api/v1/") and path != "/api/v1/"


def is_form(path: str) -> bool:
    """Whether this is a page to write on: each time it is shown it has another token, and a cookie."""
    forms = ("/write/", "/problem/", "/register/", "/choose/", "/apply/")
    signing_up = path in ("/newsletter/", "/saved-searches/new/")
    return signing_up or path.endswith(forms) or path.startswith("/contribute/")


def queries_of(client: Client, path: str) -> int:
    """How many questions to the database the page costs."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code < 400
    return len(queries)


def emails(text: str) -> list[str]:
    return re.findall(r"[\w.+-]+(?:@|%40|&#64;|\(at\))[\w-]+\.[\w.-]+", text)
