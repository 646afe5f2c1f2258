"""What of the hub is open, and how to take it along: the page for people, and the files."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hub import sending
from hub.links import absolute
from hub.meta import Crumb, Meta
from hub.portal.dumps import reading

LATEST = "latest"
# A dump never becomes another, but after some nights it is gone.
FILE_CACHE = {"public": True, "max_age": 3600}


@dataclass(frozen=True)
class Way:
    """One way to take something along: ``route`` is the name of its address."""

    route: str
    label: str | Promise
    note: str | Promise
    arguments: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.route, args=self.arguments)


WAYS = (
    Way(
        "portal:search_feed",
        gettext_lazy("Feeds (Atom)"),
        gettext_lazy("Every list and every search as a feed: follow the link below a list."),
    ),
    Way(
        "events:calendar",
        gettext_lazy("Calendar (iCalendar)"),
        gettext_lazy("All public events, kept up to date in your calendar."),
    ),
    Way(
        "knowledge:list_citation",
        gettext_lazy("References (CSL-JSON, RIS, BibTeX)"),
        gettext_lazy(
            "Each work and each list of the library for Zotero, EndNote, LaTeX and others."
        ),
        ("json",),
    ),
    Way(
        "oai",
        gettext_lazy("OAI-PMH 2.0"),
        gettext_lazy("For libraries that harvest: Dublin Core and MODS, with sets and deletions."),
    ),
    Way(
        "api:readable",
        gettext_lazy("API"),
        gettext_lazy("Questions and answers as JSON for programs."),
    ),
    Way(
        "sitemap_index",
        gettext_lazy("Sitemap"),
        gettext_lazy("The addresses of all public pages."),
    ),
)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """What is open, under which licence, and how to get it; with the newest dump, if there is one."""
    description = _(
        "What of the hub others may use, under which licence, and how to take it along."
    )
    manifest = _newest()
    context = {
        "ways": [way for way in WAYS if _is_there(way)],
        "licence": reading.licence(),
        "dump": _shown(manifest) if manifest else None,
        "meta": Meta(
            _("Open data"),
            request.path,
            description,
            (Crumb(_("About the hub"), reverse("portal:about")),),
            _subject(manifest),
        ),
    }
    return render(request, "portal/data.html", context)


@require_safe
def dump_file(request: HttpRequest, version: str, name: str) -> HttpResponseBase:
    """A file of a dump, ``latest`` leads to that of the newest; 404 for one that is gone."""
    if version == LATEST:
        newest = next(iter(reading.versions()), "")
        if not newest or reading.file_of(newest, name) is None:
            raise Http404
        return redirect("portal:dump_file", version=newest, name=name)
    file = reading.file_of(version, name)
    if file is None:
        raise Http404
    response = sending.answer(request, file, file.mime_type, **FILE_CACHE)
    response["X-Robots-Tag"] = "noindex"
    return response


def _newest() -> dict[str, Any] | None:
    for version in reading.versions():
        if manifest := reading.manifest(version):
            return manifest | {"version": version}
    return None


def _is_there(way: Way) -> bool:
    try:
        return bool(way.url)
    except NoReverseMatch:
        return False


def _shown(manifest: dict[str, Any]) -> dict[str, Any]:
    version = manifest["version"]
    return {
        "made_at": parse_datetime(manifest["made_at"]),
        "manifest_url": _url(version, reading.MANIFEST),
        "sums_url": _url(version, reading.SUMS),
        "tables": [
            {
                **table,
                "files": [
                    {
                        "url": _url(version, file["name"]),
                        "form": "CSV" if file["name"].endswith(".csv") else "JSON Lines",
                        "bytes": file["bytes"],
                    }
                    for file in table["files"]
                ],
            }
            for table in manifest["tables"]
        ],
    }


def _subject(manifest: dict[str, Any] | None) -> dict[str, Any]:
    """The dump in the words of schema.org, as search engines for data read it."""
    told = {
        "@type": "Dataset",
        "name": _("Just Transition Hub: everything public as files"),
        "description": _(
            "Works, events, organisations, findings and the words they are ordered by, as tables."
        ),
        "license": settings.DATA_LICENCE_URL,
        "isAccessibleForFree": True,
        "creator": {"@id": absolute("/#hub")},
    }
    if manifest is None:
        return told
    return told | {
        "dateModified": manifest["made_at"],
        "version": manifest["version"],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": table["description"],
                "contentUrl": absolute(_url(manifest["version"], file["name"])),
                "contentSize": str(file["bytes"]),
                "sha256": file["sha256"],
                "encodingFormat": "text/csv"
                if file["name"].endswith(".csv")
                else "application/jsonl",
            }
            for table in manifest["tables"]
            for file in table["files"]
        ],
    }


def _url(version: str, name: str) -> str:
    return reverse("portal:dump_file", args=[version, name])
