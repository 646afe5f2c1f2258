"""Loader for the resources of the starting content."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from hub.catalogue.models import Record
from hub.catalogue.sources import ref_of
from hub.models import LoadedRow
from hub.partners.models import Organisation
from hub.portal.models import ReadFirst
from hub.slugs import unique_slug
from hub.starter import KEY_JOINT, Load, Row, loaded, one_of, read, save, values
from hub.vocabulary.models import Scheme, Term
from hub.vocabulary.starter import countries, term_ids
from knowledge import services
from knowledge.models import Credit, Edition, Link, Merged, Resource

# Sites that keep copies of others' documents: the work's own page is to be looked for.
MIRRORS = re.compile(
    r"(scribd|docslib|readkong|vdocuments|docplayer|slideshare|issuu|yumpu|pdfcoffee)\."
)
FILES = ("resources.csv", "read_first.csv")  # whose rows become resources
# Summaries are the hub's own words, and in English whatever the language of the work.
SUMMARY_LANGUAGE = "en"


def begin_resources() -> Load:
    """Loader of ``resources.csv``: one row is a published resource. A publisher is not an owner:
    the first implementing partner among the publishers owns the row, further ones are co-owners;
    the editorial desk owns the rest."""
    shelf = _Shelf.built()

    def load(row: Row) -> Resource:
        publishers = [shelf.credit(name) for name in values(row["publisher"])]
        partners = [
            c.organisation for c in publishers if c.organisation and c.organisation.is_partner
        ]
        resource = Resource(
            slug=unique_slug(
                row["title"],
                Resource.objects.all(),
                Merged.objects.all(),
                otherwise=f"{row['type'].replace(' ', '-')}-{row['language'][:2]}",
            ),
            kind=row["type"].replace(" ", "-"),
            languages=values(row["language"]),
            owner=partners[0] if partners else shelf.desk,
            source_url=row["source_url"],
            curator_note=shelf.note_on(row["url"]),
            **_issued(row),
        )
        save(resource)
        resource.co_owners.set(partners[1:])
        resource.terms.set(shelf.term_ids(row))
        _add_editions(resource, row)
        _add_credits(resource, publishers, values(row["authors"]))
        if row["url"]:
            _add_link(resource, row["url"], shared=shelf.is_shared(row["url"]))
        return services.publish(resource.pk, at=shelf.now)

    return load


def begin_read_first() -> Load:
    """Loader of ``read_first.csv``: one row is the title of a work for the top of the home page."""
    by_title = _by_title()

    def load(row: Row) -> Resource:
        resource = Resource.objects.get(pk=one_of(by_title, row["title"], "resource"))
        resource.is_featured = True
        resource.save(update_fields=["is_featured"])
        services.saved(resource)
        return resource

    return load


def begin_read_first_by_term() -> Load:
    """Loader of ``read_first_by_term.csv``: one row is the title of a work for the page of a topic,
    a sector or a place, those of one page in their order. A place is named by its country's code, a
    region as in ``region_labels.csv``."""
    by_title, terms = _by_title(), term_ids()
    places = {
        **dict(Term.objects.countries().values_list("code", "pk")),
        **{key.replace(KEY_JOINT, "/"): pk for key, pk in loaded("countries_regions.csv").items()},
    }
    named = {scheme: {} for scheme in Scheme} | {Scheme.PLACE: places}
    for (scheme, name), pk in terms.items():
        named[Scheme(scheme)][name] = pk

    def load(row: Row) -> ReadFirst:
        of_scheme = one_of(named, row["scheme"], "scheme")
        term_id = one_of(of_scheme, row["term"], row["scheme"])
        resource = Resource.objects.get(pk=one_of(by_title, row["title"], "resource"))
        chosen = ReadFirst(
            term_id=term_id,
            record=Record.objects.get(ref=ref_of(resource)),
            position=ReadFirst.objects.filter(term=term_id).count() + 1,
        )
        save(chosen)
        return chosen

    return load


def became(gone: Resource, other: Resource) -> None:
    """What came with the starting content is part of another work now: later files find it there."""
    rows = LoadedRow.objects.filter(filename__in=FILES, object_id=gone.pk)
    rows.update(object_id=other.pk)


def _by_title() -> dict[str, int]:
    """The resources of the starting content by the title that they came with."""
    return {key.partition(KEY_JOINT)[0]: pk for key, pk in loaded("resources.csv").items()}


@dataclass
class _Shelf:
    """What the rows refer to, looked up once."""

    organisations: dict[str, Organisation]
    desk: Organisation
    terms: dict[tuple[str, str], int]
    country: Callable[[str], Term]
    regions: dict[str, int]
    url_counts: dict[str, int]
    now: datetime

    @classmethod
    def built(cls) -> "_Shelf":
        organisations: dict[str, Organisation] = {}
        for organisation in Organisation.objects.public():
            for name in filter(None, (organisation.acronym, organisation.name)):
                organisations.setdefault(name.casefold(), organisation)
        urls = [row["url"] for row in read("resources.csv")]
        return cls(
            organisations=organisations,
            desk=Organisation.objects.desk(),
            terms=term_ids(),
            country=countries(),
            regions=loaded("countries_regions.csv"),
            url_counts={url: urls.count(url) for url in urls},
            now=timezone.now(),
        )

    def credit(self, name: str) -> Credit:
        organisation = self.organisations.get(name.casefold())
        return Credit(role=Credit.Role.PUBLISHER, name=name, organisation=organisation)

    def is_shared(self, url: str) -> bool:
        return self.url_counts[url] > 1

    def note_on(self, url: str) -> str:
        """What a curator should look at."""
        if not url:
            return "No address of the work is known: please look for it."
        if self.is_shared(url):
            return "The address is that of a list of several works: please look for the work's own."
        if MIRRORS.search(url):
            return "The address is that of a copy: please look for the publisher's own page."
        return ""

    def term_ids(self, row: Row) -> set[int]:
        topics = [self._term_id("topic", name) for name in values(row["topics"])]
        sectors = [self._term_id("sector", name) for name in values(row["sectors"])]
        return {*topics, *sectors, *self._place_ids(row)}

    def _term_id(self, scheme: str, name: str) -> int:
        named = {name: pk for (of, name), pk in self.terms.items() if of == scheme}
        return one_of(named, name, scheme)

    def _place_ids(self, row: Row) -> set[int]:
        codes = values(row["countries"])
        places = {self.country(code).pk for code in codes}
        for name in values(row["regions"]):
            keys = [key for key in self.regions if key.partition(KEY_JOINT)[2] == name]
            own = [key for key in keys if key.partition(KEY_JOINT)[0] in codes]
            key = (own or keys or [name])[0]
            places.add(one_of(self.regions, key, "region"))
        return places


def _issued(row: Row) -> dict[str, object]:
    if row["date"]:
        return {"published_on": row.day("date"), "published_precision": "day"}
    if row["year"]:
        return {"published_on": date(int(row.number("year")), 1, 1), "published_precision": "year"}
    return {}


def _add_editions(resource: Resource, row: Row) -> None:
    own = resource.languages[0]
    original = Edition(resource=resource, language=own, title=row["title"], is_original=True)
    editions = [original]
    if own == SUMMARY_LANGUAGE:
        original.summary = row["summary"]
    else:
        editions.append(
            Edition(resource=resource, language=SUMMARY_LANGUAGE, summary=row["summary"])
        )
    for edition in editions:
        save(edition)


def _add_credits(resource: Resource, publishers: list[Credit], authors: list[str]) -> None:
    credits = [*publishers, *(Credit(role=Credit.Role.AUTHOR, name=name) for name in authors)]
    for position, credit in enumerate(credits):
        credit.resource, credit.position = resource, position
        save(credit)


def _add_link(resource: Resource, url: str, *, shared: bool) -> None:
    kind = Link.Kind.WORK
    if shared:
        kind = Link.Kind.LISTED
    elif MIRRORS.search(url):
        kind = Link.Kind.MIRROR
    link = Link(resource=resource, url=url, kind=kind)
    save(link)
