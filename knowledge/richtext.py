"""Rich text: what of its markup stays. Cleaned when it is saved and again when it is shown."""

from html import unescape

import nh3
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString, mark_safe

TAGS = {
    *("p", "br", "h2", "h3", "ul", "ol", "li", "blockquote", "a", "em", "strong"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "hreflang", "lang"}, "th": {"scope", "colspan"}, "td": {"colspan"}}


def clean(html: str) -> str:
    """``html`` with the allowed tags and attributes only; links lead to http, https or mail."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def shown(html: str) -> SafeString:
    """``html`` ready for a page. Safe because it comes straight from the cleaner."""
    return mark_safe(clean(html))


def paragraphs(words: str) -> SafeString:
    """Plain words as paragraphs and lines. Safe because Django escapes the words."""
    return mark_safe(linebreaks(words, autoescape=True))


def plain(html: str) -> str:
    """The words alone, for search."""
    return unescape(strip_tags(html.replace("<", " <"))).strip()
