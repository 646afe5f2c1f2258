"""Which way from the page of a work to what belongs to it, for programs: the ``Link`` header of the
FAIR Signposting Profile (signposting.org/FAIR), level 1."""

import re
from collections.abc import Iterator

from django.urls import reverse
from django.utils.encoding import iri_to_uri

from hub.links import absolute
from hub.pdftext import MIME_TYPE
from knowledge.citing_lists import FORMS
from knowledge.models import Resource, shelves_of

SCHEMA = "https://schema.org/"
# A header has some kilobytes: what is beyond stands on the page.
MOST_FILES, MOST_AUTHORS = 10, 10
CREATIVE_COMMONS = re.compile(
    r"(?:CC|Creative Commons)[ -]*(?P<name>BY(?:-NC)?(?:-(?:SA|ND))?)[ -]*(?P<version>[1-4]\.0)(?: (?P<igo>IGO))?"
)
ZERO = re.compile(r"CC0(?: 1\.0)?")


def of_page(resource: Resource, schema_type: str) -> str:
    """The header of the page of a work. ``cite-as`` is the address that lasts; the DOI, which does
    not lead here, is ``related``."""
    return ", ".join(_page_links(resource, schema_type))


def back_to(page: str, relation: str) -> str:
    """The header of what belongs to the page of a work."""
    return _link(page, relation, "text/html")


def licence_url(licence: str) -> str:
    """The address of a licence of Creative Commons, as a publisher writes its name; else nothing."""
    text = " ".join(licence.split())
    if ZERO.fullmatch(text):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if found := CREATIVE_COMMONS.fullmatch(text):
        place = "igo/" if found["igo"] else ""
        name, version = found["name"].lower(), found["version"]
        return f"https://creativecommons.org/licenses/{name}/{version}/{place}"
    return ""


def _page_links(resource: Resource, schema_type: str) -> Iterator[str]:
    yield _link(resource.permanent_url, "cite-as")
    yield _link(f"{SCHEMA}AboutPage", "type")
    yield _link(f"{SCHEMA}{schema_type}", "type")
    for ending, form in FORMS.items():
        path = reverse("knowledge:resource_citation", args=[resource.slug, ending])
        yield _link(absolute(path), "describedby", form.mime_type.partition(";")[0])
    files = [shelf.current for shelf in shelves_of(resource.files.all()) if shelf.current]
    for file in files[:MOST_FILES]:
        yield _link(absolute(file.get_absolute_url()), "item", MIME_TYPE)
    for path in _authors(resource)[:MOST_AUTHORS]:
        yield _link(absolute(path), "author")
    if licence := licence_url(resource.licence):
        yield _link(licence, "license")
    for identifier in resource.identifiers.all():
        if identifier.url:
            yield _link(identifier.url, "related")


def _authors(resource: Resource) -> list[str]:
    """The pages of the organisations that wrote it, or published it in nobody's name."""
    credits = resource.credits.all()
    written = [one for one in credits if one.role == one.Role.AUTHOR]
    by = written or [one for one in credits if one.role == one.Role.PUBLISHER]
    found = [one.organisation.get_absolute_url() for one in by if one.organisation]
    return list(dict.fromkeys(found))


def _link(address: str, relation: str, mime_type: str = "") -> str:
    # What could end the address or the header is written as an escape.
    address = iri_to_uri(address).translate({ord("<"): "%3C", ord(">"): "%3E", ord(","): "%2C"})
    kind = f'; type="{mime_type}"' if mime_type else ""
    return f'<{address}>; rel="{relation}"{kind}'
