"""Works as readers cite them: one line of plain text in each of four styles.

The styles are files of the Citation Style Language (``knowledge/csl``), which citeproc reads. It is
loaded when the first work is shown, with its styles, and takes a tenth of a second for a work: so what
it made is kept for as long as the work stays as it is.
"""

import json
import logging
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hub.catalogue import kept
from hub.texts import for_xml
from knowledge import citing
from knowledge.models import Resource

if TYPE_CHECKING:
    from citeproc import CitationStylesStyle

STYLES = {
    "apa": _("APA, 7th edition"),
    "chicago-author-date": _("Chicago, author and date"),
    "harvard-cite-them-right": _("Harvard"),
    "ieee": _("IEEE"),
}
FOLDER = Path(__file__).parent / "csl"
# Which words the styles take for "no date" and the like, by the language of the page.
LOCALES = {"en": "en-GB"}
MAX_TITLE, MAX_AUTHORS = 500, 60
NUMBER = "[1]"
log = logging.getLogger(__name__)
_alone = Lock()


@dataclass(frozen=True)
class Reference:
    """A work in one style: how the style is called, and the text to copy."""

    style: str
    label: str | Promise
    text: str


def references(resource: Resource, language: str, today: date) -> list[Reference]:
    """The work in each style, for a page in ``language``; without those styles that cannot say it.
    ``today`` is when its address was looked at, which most styles tell. The resource is read by
    ``for_citing()``."""
    publishers = [publisher.name for publisher in resource.publishers()]
    item = _to_render(citing.item_of(resource), publishers, today)
    told = json.dumps([item, language], sort_keys=True)
    key, version = f"references {resource.pk} {language}", sha256(told.encode()).hexdigest()
    if found := kept.get(key, version):
        texts = json.loads(found[0])
    else:
        texts = {style: _rendered(style, item, language) for style in STYLES}
        kept.keep(key, version, json.dumps(texts).encode())
    return [Reference(name, label, texts[name]) for name, label in STYLES.items() if texts[name]]


def _to_render(item: dict[str, Any], publishers: list[str], today: date) -> dict[str, Any]:
    """What a style shall say of a work: less than other programs are told."""
    left_out = {"abstract", "keyword", "note", "ISBN"}
    told = {name: value for name, value in item.items() if name not in left_out}
    told["title"] = for_xml(_in_a_line(told.get("title", "")))[:MAX_TITLE]
    told["accessed"] = {"date-parts": [[today.year, today.month, today.day]]}
    if told["type"] in citing.IN_A_CONTAINER:
        told.pop("publisher", None)
        # Of a journal without volume and pages, styles say that it is a preprint.
        told["type"] = "article-magazine"
    elif "author" not in told and publishers:
        # Organisations are the authors of what they publish in nobody's name.
        told["author"] = [{"literal": name} for name in publishers]
        del told["publisher"]
    if "author" in told:
        first, last = told["author"][: MAX_AUTHORS - 1], told["author"][MAX_AUTHORS - 1 :][-1:]
        told["author"] = [
            {part: for_xml(text) for part, text in name.items()} for name in [*first, *last]
        ]
    return told


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def _rendered(name: str, item: dict[str, Any], language: str) -> str:
    """The reference in one style, or nothing: the page of a work is there without it."""
    try:
        with _alone:  # while it works, a style holds what it works on
            return _by_citeproc(name, item, language)
    except Exception:
        log.exception("No reference in style %s of %s", name, item["id"])
        return ""


def _by_citeproc(name: str, item: dict[str, Any], language: str) -> str:
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    source = CiteProcJSON([{**item, "id": "it"}])
    bibliography = CitationStylesBibliography(
        _style(name, LOCALES.get(language) or language), source, formatter.plain
    )
    bibliography.register(Citation([CitationItem("it")]))
    [text] = bibliography.bibliography()
    return _in_a_line(str(text).removeprefix(NUMBER))


@cache
def _style(name: str, locale: str) -> "CitationStylesStyle":
    from citeproc import PRIMARY_DIALECTS, CitationStylesStyle

    from knowledge import csl_elements  # noqa: F401 - they take the place of those of citeproc

    locale = PRIMARY_DIALECTS.get(locale, locale)
    return CitationStylesStyle(str(FOLDER / f"{name}.csl"), locale=locale, validate=False)
