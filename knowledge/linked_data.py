"""A resource in the words of schema.org, for search engines and other machines."""

from typing import Any

from hub.catalogue.cards import Card
from hub.links import absolute
from hub.pdftext import MIME_TYPE
from knowledge.models import File, Resource, shelves_of

# What the type of each kind calls the moment or day it came out; others say datePublished.
DATED_UPLOAD = "VideoObject"


def subject_of(resource: Resource, card: Card, publishers: dict[str, str]) -> dict[str, Any]:
    """The work itself, not our page on it: only what the entry knows, nothing left blank.
    ``publishers`` are names with the path of the page they have here, or with none.

    Headlines, authors and dates follow Google's guidance on structured data for articles; a
    video's date is its ``uploadDate``.
    """
    kind = card.kind.schema_type
    dated = card.dated.iso if card.dated else ""
    facts = {
        "@type": kind,
        "name": card.title,
        "headline": card.title if kind.endswith("Article") else "",
        "abstract": card.summary,
        "description": card.summary if kind in ("Dataset", "Course", "VideoObject") else "",
        "inLanguage": [language.code for language in card.languages],
        "uploadDate" if kind == DATED_UPLOAD else "datePublished": dated,
        "author": [_named("Person", name) for name in resource.authors()],
        "publisher": [_publisher(name, path) for name, path in publishers.items()],
        "about": [_named("DefinedTerm", topic.label) for topic in card.topics],
        "spatialCoverage": [_named("Place", place.label) for place in card.places],
        "identifier": [str(identifier) for identifier in resource.identifiers.all()],
        "license": _named("CreativeWork", resource.licence),
        "encoding": [
            _media(file) for shelf in shelves_of(resource.files.all()) if (file := shelf.current)
        ],
        "sameAs": [link.url for link in resource.links.all() if link.kind == link.Kind.WORK],
    }
    return {name: value for name, value in facts.items() if value}


def _media(file: File) -> dict[str, str]:
    return {
        "@type": "MediaObject",
        "contentUrl": absolute(file.get_absolute_url()),
        "encodingFormat": MIME_TYPE,
        "contentSize": str(file.size),
        "sha256": file.sha256,
        "inLanguage": file.language,
    }


def _named(kind: str, name: str) -> dict[str, str]:
    return {"@type": kind, "name": name} if name else {}


def _publisher(name: str, path: str) -> dict[str, str]:
    return _named("Organization", name) | ({"url": absolute(path)} if path else {})
