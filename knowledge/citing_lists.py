"""Which files of references there are, and how those of many works are written: a hundred works in
memory at a time, however many are in the file."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.urls import reverse
from django.utils.functional import Promise

from knowledge import citing
from knowledge.listed import RESOURCE
from knowledge.models import Resource
from knowledge.taking_out import FORMATS, Format

# Of a longer list, so many works are in its file.
MOST = 1000
CHUNK = 100
FORMS: dict[str, Format] = {
    FORMATS[name].ending: FORMATS[name] for name in ("bibtex", "ris", "csl")
}

Link = tuple[str, str | Promise]


def links_of(resource: Resource) -> list[Link]:
    """Where the files of a work are, and what they are called."""
    return [
        (reverse("knowledge:resource_citation", args=[resource.slug, ending]), form.label)
        for ending, form in FORMS.items()
    ]


def links_of_list(query: str) -> list[Link]:
    """Where the files of the list with this query are."""
    asked = f"?{query}" if query else ""
    return [
        (reverse("knowledge:list_citation", args=[ending]) + asked, form.label)
        for ending, form in FORMS.items()
    ]


def works_of(refs: Iterable[str]) -> Iterator[Resource]:
    """The public works among these, in their order."""
    keys = (int(ref.removeprefix(f"{RESOURCE}:")) for ref in refs)
    while some := list(islice(keys, CHUNK)):
        found = Resource.objects.public().for_citing().in_bulk(some)
        yield from (found[key] for key in some if key in found)


def written(resources: Iterable[Resource], ending: str) -> Iterator[bytes]:
    """The file in pieces; ``KeyError`` for an ending that is none of ``FORMS``."""
    return WRITERS[ending](iter(resources))


def _bibtex(resources: Iterator[Resource]) -> Iterator[bytes]:
    while some := list(islice(resources, CHUNK)):
        yield citing.as_bibtex(some).encode()


def _ris(resources: Iterator[Resource]) -> Iterator[bytes]:
    while some := list(islice(resources, CHUNK)):
        yield citing.as_ris(some).encode()


def _csl(resources: Iterator[Resource]) -> Iterator[bytes]:
    """One array, though it is written item by item."""
    between = "[\n"
    for resource in resources:
        item = citing.as_csl_json([resource]).strip().removeprefix("[").removesuffix("]")
        yield f"{between}{item.strip(chr(10))}".encode()
        between = ",\n"
    yield b"[]\n" if between == "[\n" else b"\n]\n"


WRITERS = {"bib": _bibtex, "ris": _ris, "json": _csl}
