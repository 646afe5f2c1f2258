"""What a page says of itself: to the browser's tab, to search engines, to whoever shares it."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hub.languages import localised
from hub.links import absolute

MAX_DESCRIPTION = 160
SHARED_PICTURE = "img/share.png"  # 1200 × 630, what networks show beside a link
# In a script element these would end it or open a comment; JSON may write them as escapes.
UNSAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class Crumb:
    """A page above this one."""

    label: str
    url: str


@dataclass(frozen=True)
class Shared:
    """A picture that networks show beside a link; ``alt`` says what is on it."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Meta:
    """The head of one page. ``path`` is its one lasting address, without the host; ``crumbs`` are
    the pages between home and this one; ``subject`` is what the page is about in terms of
    schema.org, without ``@context``; ``tags`` are further ``meta`` elements by name; ``feed`` is the
    address of what is new on it."""

    title: str
    path: str
    description: str = ""
    crumbs: tuple[Crumb, ...] = ()
    subject: dict[str, Any] = field(default_factory=dict)
    kind: str = "WebPage"
    picture: "Shared | None" = None
    tags: tuple[tuple[str, str], ...] = ()
    is_indexed: bool = True
    is_home: bool = False
    feed: str = ""

    @property
    def tab_title(self) -> str:
        return self.title if self.is_home else f"{self.title} – {_('Just Transition Hub')}"

    @property
    def canonical(self) -> str:
        return absolute(self.path)

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """The page in each language of the interface, by its code; nothing where there is one."""
        codes = [code for code, _name in settings.LANGUAGES]
        if len(codes) < 2 or not self.is_indexed:
            return []
        path = self.path.removeprefix(f"/{get_language()}") if self._has_prefix else self.path
        told = [(code, absolute(localised(path, code))) for code in codes]
        return [*told, ("x-default", absolute(path))]

    @property
    def _has_prefix(self) -> bool:
        return self.path.startswith(f"/{get_language()}/")

    @cached_property
    def summary(self) -> str:
        """The description, cut to what search engines show; the hub's own where there is none."""
        return Truncator(self.description or own_description()).chars(MAX_DESCRIPTION, "…")

    @property
    def shared(self) -> "Shared":
        """The picture for who shares the page: its own, or the hub's."""
        if self.picture:
            return replace(self.picture, url=absolute(self.picture.url))
        return Shared(absolute(static(SHARED_PICTURE)), 1200, 630, _("Just Transition Hub"))

    @property
    def og_type(self) -> str:
        return "article" if self.kind == "ItemPage" else "website"

    @cached_property
    def linked_data(self) -> SafeString:
        """The page for machines, as JSON-LD that may stand in a script element."""
        text = json.dumps(
            {"@context": "https://schema.org", "@graph": list(self._graph())},
            ensure_ascii=False,
            separators=(",", ":"),
            default=str,
        )
        # Data, in which no sign is left that could end the block that it stands in.
        return mark_safe(text.translate(UNSAFE_IN_SCRIPT))

    def _graph(self) -> list[dict[str, Any]]:
        site = absolute("/")
        page = {
            "@type": self.kind,
            "@id": self.canonical,
            "url": self.canonical,
            "name": self.title,
            "description": self.summary,
            "isPartOf": {"@id": f"{site}#site"},
        }
        nodes = [page, _site(site), _publisher(site)]
        if not self.is_home:
            page["breadcrumb"] = {"@id": f"{self.canonical}#crumbs"}
            nodes.append(self._breadcrumbs(site))
        if self.subject:
            subject = {"@id": f"{self.canonical}#subject", **self.subject}
            page["mainEntity"] = {"@id": subject["@id"]}
            nodes = [node for node in nodes if node["@id"] != subject["@id"]] + [subject]
        return nodes

    def _breadcrumbs(self, site: str) -> dict[str, Any]:
        above = [(_("Home"), site), *((crumb.label, absolute(crumb.url)) for crumb in self.crumbs)]
        return {
            "@type": "BreadcrumbList",
            "@id": f"{self.canonical}#crumbs",
            "itemListElement": [
                {"@type": "ListItem", "position": number, "name": str(name), "item": url}
                for number, (name, url) in enumerate([*above, (self.title, self.canonical)], 1)
            ],
        }


def own_description() -> str:
    return _("Reports, tools, guides, news and opinion on a just transition of coal regions.")


def _site(site: str) -> dict[str, Any]:
    """The site with its search, which search engines may offer beside it."""
    template = f"{absolute(reverse('portal:search'))}?q={{search_term_string}}"
    return {
        "@type": "WebSite",
        "@id": f"{site}#site",
        "url": site,
        "name": _("Just Transition Hub"),
        "description": own_description(),
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "publisher": {"@id": f"{site}#hub"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": template},
            "query-input": "required name=search_term_string",
        },
    }


def _publisher(site: str) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "@id": f"{site}#hub",
        "name": _("Just Transition Hub"),
        "url": site,
        "logo": absolute(static("img/mark.svg")),
    }
