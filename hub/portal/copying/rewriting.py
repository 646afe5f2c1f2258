"""A page of the hub as a page that lies in a folder: its links lead to the files beside it, and what
only a server can do is left out."""

import re
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser

# Attributes that lead somewhere; all pages are our own, so all values stand in double quotes.
LEADING = re.compile(r'(\s)((?:xlink:)?href|src|poster)="([^"]*)"')
SEVERAL = re.compile(r'(\s)(srcset|imagesrcset)="([^"]*)"')
IN_STYLES = re.compile(r'url\((["\']?)([^)"\']+)\1\)')
DATA = "application/ld+json"
# What a file cannot do, with all that stands in it.
DROPPED = {"form", "noscript"}
DROPPED_CLASSES = {"sorts", "search", "masthead__tools"}
# The room that lists leave beside them for filters.
BESIDE_FILTERS = " split split--side"
DROPPED_LINKS = {"manifest", "preload", "modulepreload", "search"}
VOID = {
    "area",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}

# From an address, as it stands in a page, to one that leads to a file; ``None`` if there is none.
Lead = Callable[[str], str | None]


class Page(HTMLParser):
    """Reads a page and writes it anew, sign by sign as it was but for what cannot stay."""

    def __init__(self, lead: Lead, notice: str) -> None:
        super().__init__(convert_charrefs=False)
        self._lead, self._notice = lead, notice
        self._written: list[str] = []
        # The element that is being left out, and how deep within it we are.
        self._dropped, self._depth = "", 0

    def rewritten(self, html: str) -> str:
        self.feed(html)
        self.close()
        return "".join(self._written)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self._dropped:
            self._depth += tag == self._dropped
            return
        given = {name: value or "" for name, value in attributes}
        if _is_dropped(tag, given):
            if tag not in VOID:
                self._dropped, self._depth = tag, 1
            return
        self._written.append(self._led(self.get_starttag_text() or ""))
        if tag == "body":
            self._written.append(self._notice)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if not self._dropped and not _is_dropped(
            tag, {name: value or "" for name, value in attributes}
        ):
            self._written.append(self._led(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self._dropped:
            self._written.append(f"</{tag}>")
        elif tag == self._dropped:
            self._depth -= 1
            if not self._depth:
                self._dropped = ""

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self._write(f"<!--{data}-->")

    def handle_decl(self, declaration: str) -> None:
        self._write(f"<!{declaration}>")

    def _write(self, text: str) -> None:
        if not self._dropped:
            self._written.append(text)

    def _led(self, tag: str) -> str:
        """A tag with its links led to files; a link that leads nowhere is no link any more."""
        if 'rel="canonical"' in tag:
            return tag  # where the page was copied from
        tag = LEADING.sub(self._one, tag.replace(BESIDE_FILTERS, ""))
        return SEVERAL.sub(self._several, tag)

    def _one(self, found: re.Match) -> str:
        space, name, value = found.groups()
        led = self._lead(unescape(value))
        return "" if led is None else f'{space}{name}="{escape(led)}"'

    def _several(self, found: re.Match) -> str:
        space, name, value = found.groups()
        told = []
        for one in unescape(value).split(","):
            address, _gap, size = one.strip().partition(" ")
            led = self._lead(address)
            told += [f"{led} {size}".strip()] if led else []
        return f'{space}{name}="{escape(", ".join(told))}"' if told else ""


def _is_dropped(tag: str, given: dict[str, str]) -> bool:
    if tag == "script":
        return given.get("type") != DATA
    if tag == "link":
        rels = set(given.get("rel", "").split())
        return bool(rels & DROPPED_LINKS) or "alternate" in rels
    return tag in DROPPED or bool(DROPPED_CLASSES & set(given.get("class", "").split()))


def rewritten_styles(styles: str, lead: Lead) -> str:
    """A stylesheet with the files that it names beside it."""

    def led(found: re.Match) -> str:
        return f'url("{lead(found[2]) or found[2]}")'

    return IN_STYLES.sub(led, styles)


class _Links(HTMLParser):
    """The addresses that a page leads to, and the places within it that one can be led to."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.anchors: set[str] = set()
        self.is_noindex = self.has_form = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        self.is_noindex |= given.get("name") == "robots" and "noindex" in given.get("content", "")
        self.has_form |= tag == "form" and given.get("method", "").lower() == "post"
        if not _is_dropped(tag, given):
            names = ("href", "xlink:href", "src", "poster")
            self.addresses += [given[name] for name in names if given.get(name)]
            for name in ("srcset", "imagesrcset"):
                parts = filter(None, (one.strip() for one in given.get(name, "").split(",")))
                self.addresses += [part.partition(" ")[0] for part in parts]


def links_of(html: str) -> _Links:
    found = _Links()
    found.feed(html)
    found.close()
    return found
