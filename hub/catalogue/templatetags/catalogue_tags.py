"""Template tags for what the catalogue shows: covers, glyphs, the main navigation, small words."""

from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.catalogue import covers, glyphs, pictures, rocks, typography
from hub.catalogue.options import drawn
from hub.links import host_of

register = template.Library()

WORDS_A_MINUTE = 200
MAIN_PAGES = (
    ("knowledge:resource_list", lambda: _("Library")),
    ("portal:topic_list", lambda: _("Topics")),
    ("portal:place_list", lambda: _("Places")),
    ("events:event_list", lambda: _("Events")),
    ("taskforce:round_list", lambda: _("Taskforce")),
    ("portal:partner_list", lambda: _("Partners")),
    ("portal:about", lambda: _("About")),
    ("portal:search", lambda: _("Search")),
)


@register.simple_tag(takes_context=True)
def cover(
    context: template.Context, card: Any, *, big: bool = False, eager: bool = False
) -> SafeString:
    """The picture of a work that has one; otherwise, and for readers who save data, a drawing.
    ``eager`` is for what is seen without scrolling, on any screen."""
    is_lean = getattr(context.get("request"), "is_lean", False)
    if card.picture and not is_lean:
        return pictures.shown(card.picture, big=big, eager=eager)
    return covers.cover(card, big=big)


@register.simple_tag
def glyph(name: str) -> SafeString:
    return glyphs.glyph(name)


@register.simple_tag
def options(name: str, shown: Any) -> SafeString:
    return drawn(name, shown)


@register.simple_tag
def seam(term: Any, terms: Any) -> SafeString:
    """A bar as long as a counted term's share of the largest count, of the rock it has on covers."""
    return rocks.seam(term.term.slug, share_of_most(term.count, terms))


@register.simple_tag(takes_context=True)
def main_pages(context: template.Context) -> list[dict[str, str]]:
    """The pages of the main navigation; ``current`` is the value of ``aria-current`` or empty."""
    path = getattr(context.get("request"), "path", "")
    pages = []
    for name, label in MAIN_PAGES:
        url = reverse(name)
        current = "page" if path == url else "true" if path.startswith(url) else ""
        pages.append({"url": url, "label": label(), "current": current})
    return pages


@register.simple_tag
def stylesheet(name: str) -> str:
    """The address of a static file, or nothing where the manifest does not know it.

    Only for the page of last resort: elsewhere a missing file must be heard of.
    """
    try:
        return static(name)
    except ValueError:
        return ""


@register.filter
def is_foreign(text: str) -> bool:
    """For text in a drawing, which cannot be marked by ``own_type``."""
    return typography.is_foreign(text)


@register.filter
def own_type(text: Any) -> SafeString:
    return typography.own_type(text)


@register.filter
def reading_time(text: str) -> str:
    """How long an adult reads: in tens of seconds, past a minute and a half in minutes."""
    seconds = len(str(text).split()) * 60 / WORDS_A_MINUTE
    if seconds < 90:
        tens = max(10, round(seconds / 10) * 10)
        return ngettext("%(count)d second", "%(count)d seconds", tens) % {"count": tens}
    minutes = round(seconds / 60)
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


@register.filter
def share_of_most(count: int, entries: Any) -> int:
    """A count in hundredths of the largest count among ``entries``; any count is seen."""
    most = max((entry.count for entry in entries), default=0)
    return max(2, round(100 * count / most)) if most and count else 0


@register.filter
def chosen_in(facets: Any) -> int:
    """How many options are chosen in all facets."""
    options = (option for facet in facets for option in facet.options)
    return sum(
        option.is_chosen + sum(child.is_chosen for child in option.children) for option in options
    )


@register.filter
def any_focus(countries: Any) -> bool:
    return any(country.is_focus for country in countries)


@register.filter
def host(url: str) -> str:
    return host_of(url)


@register.filter
def pattern_of_stream(stream: str) -> str:
    return rocks.pattern_of_stream(stream)
