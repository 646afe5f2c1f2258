"""The tables of a dump and their rows, a few hundred in memory at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from hub.catalogue.cards import Dated
from hub.catalogue.kinds import happenings, kinds, neither
from hub.catalogue.models import Record
from hub.catalogue.oai.details import Details, details_of
from hub.links import absolute
from hub.partners.models import Organisation, Person
from hub.vocabulary.models import Term

CHUNK = 500
Row = dict[str, Any]
OF_RECORDS = (
    *("id", "kind", "url", "page", "title", "titles", "summaries", "languages", "people"),
    *("publishers", "organisations", "terms", "date", "starts_at", "ends_at"),
    *("work_url", "licence", "identifiers", "added_at", "changed_at"),
)


@dataclass(frozen=True)
class Table:
    """One kind of thing: the name of its files, what it is, its columns in their order, its rows."""

    name: str
    label: str | Promise
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]


def tables() -> list[Table]:
    """All tables. Kinds that are neither works nor events have one each, called as they are."""
    parts = [kind for kind in happenings() if kind not in happenings(with_parts=False)]
    works = [kind.value for kind in kinds if kind.is_work]
    return [
        _of_records("resources", _("Works and reading lists"), works),
        _of_records("events", _("Events"), happenings(with_parts=False)),
        _of_records("sessions", _("Sessions of events"), parts),
        *(_of_one_kind(kind) for kind in neither()),
        Table("organisations", _("Organisations"), OF_ORGANISATIONS, _organisations),
        Table("people", _("People who agreed to be listed"), OF_PEOPLE, _people),
        Table("terms", _("Topics, sectors, places and audiences"), OF_TERMS, _terms),
    ]


def _of_records(name: str, label: str | Promise, of: Iterable[str]) -> Table:
    found = list(of)
    return Table(name, label, OF_RECORDS, lambda: _records(found))


def _of_one_kind(value: str) -> Table:
    [kind] = [kind for kind in kinds if kind.value == value]
    with translation.override("en"):
        name = slugify(str(kind.plural))
    return _of_records(name, kind.plural, [value])


def _records(of: list[str]) -> Iterator[Row]:
    terms, organisations = (
        _names_of_terms(),
        dict(Organisation.objects.public().values_list("pk", "slug")),
    )
    records = Record.objects.public().shown().filter(kind__in=of)
    for some in _chunks(records):
        details = details_of(record.ref for record in some)
        for record in some:
            yield _told(record, details.get(record.ref, Details()), terms, organisations)


def _told(
    record: Record, details: Details, terms: dict[int, str], organisations: dict[int, str]
) -> Row:
    texts = record.texts
    titles = {code: text["title"] for code, text in texts.items() if text.get("title")}
    order = [*record.languages, *titles]
    dated = Dated.of(record.issued_on, record.issued_precision)
    return {
        "id": record.ref,
        "kind": record.kind,
        "url": details.address or absolute(record.path),
        "page": absolute(record.path),
        "title": next((titles[code] for code in order if code in titles), ""),
        "titles": titles,
        "summaries": {code: one["summary"] for code, one in texts.items() if one.get("summary")},
        "languages": record.languages,
        "people": record.people,
        "publishers": record.publisher_names,
        "organisations": [
            organisations[pk] for pk in record.organisation_ids if pk in organisations
        ],
        "terms": [terms[pk] for pk in record.own_term_ids if pk in terms],
        "date": dated.iso if dated else "",
        "starts_at": _moment(record.starts_at),
        "ends_at": _moment(record.ends_at),
        "work_url": details.work_url,
        "licence": details.licence,
        "identifiers": [f"{scheme}:{value}" for scheme, value in details.identifiers],
        "added_at": _moment(record.published_at),
        "changed_at": _moment(record.updated_at),
    }


OF_ORGANISATIONS = (
    *("id", "page", "name", "acronym", "kind", "stakeholder_group", "place", "website", "summary"),
    *("is_partner", "is_donor", "is_friend"),
)


def _organisations() -> Iterator[Row]:
    for some in _chunks(Organisation.objects.public().select_related("place")):
        for one in some:
            yield {
                "id": one.slug,
                "page": absolute(one.get_absolute_url()),
                "name": one.name,
                "acronym": one.acronym,
                "kind": one.kind,
                "stakeholder_group": one.stakeholder_group,
                "place": _name_of(one.place) if one.place else "",
                "website": one.website,
                "summary": one.summary,
                "is_partner": one.is_partner,
                "is_donor": one.is_donor,
                "is_friend": one.is_friend,
            }


OF_PEOPLE = ("id", "page", "name", "about", "organisation", "languages", "expertise")


def _people() -> Iterator[Row]:
    """What their pages show: never an address."""
    people = Person.objects.public().select_related("organisation").prefetch_related("expertise")
    for some in _chunks(people):
        for one in some:
            yield {
                "id": one.slug,
                "page": absolute(one.get_absolute_url()),
                "name": one.name,
                "about": one.bio,
                "organisation": one.organisation.name if one.organisation else "",
                "languages": one.languages,
                "expertise": [_name_of(term) for term in one.expertise.all()],
            }


OF_TERMS = (
    *("id", "page", "scheme", "broader", "code", "kind_of_place", "latitude", "longitude"),
    *("labels", "other_words", "descriptions"),
)


def _terms() -> Iterator[Row]:
    for some in _chunks(Term.objects.select_related("parent").prefetch_related("labels")):
        for term in some:
            labels = term.labels.all()
            yield {
                "id": _name_of(term),
                "page": absolute(term.get_absolute_url()),
                "scheme": term.scheme,
                "broader": _name_of(term.parent) if term.parent else "",
                "code": term.code,
                "kind_of_place": term.place_kind,
                "latitude": term.latitude,
                "longitude": term.longitude,
                "labels": {one.language: one.label for one in labels},
                "other_words": {
                    one.language: one.alternatives for one in labels if one.alternatives
                },
                "descriptions": {
                    one.language: one.description for one in labels if one.description
                },
            }


def _names_of_terms() -> dict[int, str]:
    return {term.pk: _name_of(term) for term in Term.objects.only("scheme", "slug").iterator()}


def _name_of(term: Term) -> str:
    return f"{term.scheme}:{term.slug}"


def _moment(at: Any) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _chunks(rows: QuerySet) -> Iterator[list[Any]]:
    """All of them in the order of their keys, each chunk by a question of its own: so no snapshot is
    held while files are written."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield some
        last = some[-1].pk
