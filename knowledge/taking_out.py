"""Resources as files that other programs read: tables and lists of references."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from hub import tables
from hub.catalogue.cards import Dated
from hub.links import absolute
from knowledge import citing
from knowledge.models import Resource

CHUNK = 500
BETWEEN = "; "
# What read them back goes by these names, so they are the same in all languages.
COLUMNS = (
    *("public_id", "page", "title", "kind", "status", "languages", "publishers", "authors"),
    *("date", "topics", "sectors", "places", "audiences", "tags", "licence", "url", "identifiers"),
    *("summary", "owner", "co_owners", "review_by", "changed_at"),
)
SCHEMES = {"topics": "topic", "sectors": "sector", "places": "place", "audiences": "audience"}


@dataclass(frozen=True)
class Format:
    """A kind of file: how people call it, its ending and type, and what writes it."""

    label: str
    ending: str
    mime_type: str
    write: Callable[[Iterable[Resource]], IO[bytes]]


def rows_of(resources: Iterable[Resource]) -> Iterator[list[str]]:
    """A row of ``COLUMNS`` for each resource."""
    for resource in resources:
        told = told_of(resource)
        yield [told[name] for name in COLUMNS]


def written(resources: QuerySet[Resource], form: Format) -> IO[bytes]:
    """These resources in this format, in their order, a few hundred in memory at a time."""
    return form.write(resources.for_citing().iterator(chunk_size=CHUNK))


def told_of(resource: Resource) -> dict[str, str]:
    """What the columns say of a resource, in their words."""
    original = resource.original
    dated = Dated.of(resource.published_on, resource.published_precision)
    terms: dict[str, list[str]] = {}
    for term in resource.terms.all():
        terms.setdefault(term.scheme, []).append(str(term))
    told = {
        "public_id": resource.public_id,
        "page": absolute(resource.get_absolute_url()) if resource.is_public else "",
        "title": original.title if original else "",
        "kind": resource.kind,
        "status": resource.status,
        "languages": resource.languages,
        "publishers": [publisher.name for publisher in resource.publishers()],
        "authors": resource.authors(),
        "date": dated.iso if dated else "",
        "tags": sorted(tag.name for tag in resource.tags.all()),
        "licence": resource.licence,
        "url": resource.work_url,
        "identifiers": [f"{one.scheme}:{one.value}" for one in resource.identifiers.all()],
        "summary": resource.summary,
        "owner": str(resource.owner),
        "co_owners": [str(owner) for owner in resource.co_owners.all()],
        "review_by": resource.review_by.isoformat() if resource.review_by else "",
        "changed_at": resource.updated_at.isoformat(timespec="seconds"),
        **{name: sorted(terms.get(scheme, [])) for name, scheme in SCHEMES.items()},
    }
    return {
        name: BETWEEN.join(value) if isinstance(value, list) else value
        for name, value in told.items()
    }


def _text(write: Callable[[Iterable[Resource]], str]) -> Callable[[Iterable[Resource]], IO[bytes]]:
    return lambda resources: BytesIO(write(resources).encode())


FORMATS = {
    "csv": Format(
        _("Table (CSV)"),
        "csv",
        tables.CSV,
        lambda resources: tables.as_csv(COLUMNS, rows_of(resources)),
    ),
    "xlsx": Format(
        _("Table (Excel, LibreOffice)"),
        "xlsx",
        tables.XLSX,
        lambda resources: tables.as_xlsx(COLUMNS, rows_of(resources), "resources"),
    ),
    "ris": Format(
        _("References for Zotero, Mendeley, EndNote (RIS)"),
        "ris",
        "application/x-research-info-systems; charset=utf-8",
        _text(citing.as_ris),
    ),
    "bibtex": Format(
        _("References for LaTeX (BibTeX)"),
        "bib",
        "application/x-bibtex; charset=utf-8",
        _text(citing.as_bibtex),
    ),
    "csl": Format(
        _("References for programs (CSL-JSON)"),
        "json",
        "application/vnd.citationstyles.csl+json; charset=utf-8",
        _text(citing.as_csl_json),
    ),
}
