"""The records as harvesters see them: each with the moment at which it last became another, and what
is gone among them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Now

from hub.catalogue.kinds import kinds
from hub.catalogue.models import Departed, Record
from hub.catalogue.oai.asking import Asked, Fault, Place, token_of
from hub.partners.models import Organisation

IDENTIFIERS_SHOWN, RECORDS_SHOWN = 500, 100
# It is public from its moment on, and became so then if nothing was changed later.
STAMP = Greatest("changed_at", "published_at")


@dataclass(frozen=True)
class Header:
    """What stands above each record; ``is_deleted`` of one that is gone."""

    ref: str
    stamp: datetime
    kind: str
    organisation_ids: tuple[int, ...]
    is_deleted: bool


@dataclass(frozen=True)
class Page:
    """A part of a list. ``token`` leads on; empty at the end of a list in parts, and ``None`` where
    there is one part alone."""

    headers: list[Header]
    token: str | None
    cursor: int


def identifier_of(ref: str) -> str:
    return f"oai:{urlsplit(settings.BASE_URL).hostname}:{ref}"


def header_of(identifier: str) -> Header:
    """The header of a record, gone or not; ``Fault`` if there never was one."""
    ref = identifier.removeprefix(identifier_of(""))
    if ref != identifier:
        for rows in (_records(), _departed()):
            if header := next(_headers(rows.filter(ref=ref)[:1]), None):
                return header
    raise Fault("idDoesNotExist", "There is no record with this identifier.")


def page(asked: Asked, shown: int, now: datetime) -> Page:
    """The next ``shown`` headers of what is asked for, the oldest change first. ``Fault`` if there are
    none. A list ends with what there was when it began: what changes meanwhile comes with the next."""
    until = asked.until or now
    rows = [
        _after(_asked(rows, asked, until), asked.after)[: shown + 1]
        for rows in (_records(), _departed())
    ]
    found = sorted(
        (header for part in rows for header in _headers(part)),
        key=lambda header: (header.stamp, header.ref),
    )
    if not found:
        raise Fault("noRecordsMatch", "Nothing in the catalogue is like this.")
    headers, cursor = found[:shown], asked.after.cursor if asked.after else 0
    if len(found) > shown:
        last = Place(headers[-1].stamp, headers[-1].ref, cursor + len(headers))
        return Page(headers, token_of(asked, until, last), cursor)
    return Page(headers, "" if asked.after else None, cursor)


def earliest(now: datetime) -> datetime:
    """When the oldest change of all was."""
    firsts = [
        rows.order_by("stamp").values_list("stamp", flat=True).first()
        for rows in (_records(), _departed())
    ]
    return min(filter(None, firsts), default=now)


def horizon() -> datetime:
    """Up to when the catalogue is told whole: a change bears the moment at which it was written, and
    shows only once its transaction is over. Who asks again from this moment on misses nothing."""
    sql = """
        SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0].astimezone(UTC)


def sets() -> dict[str, str]:
    """What one can ask for apart from the rest: names of sets by what they are called in requests."""
    partners = Organisation.objects.public().filter(is_partner=True).order_by("slug")
    return {
        "kind": "By kind",
        **{f"kind:{kind.value}": str(kind.plural) for kind in kinds},
        "partner": "By implementing partner",
        **{f"partner:{slug}": name for slug, name in partners.values_list("slug", "name")},
    }


def sets_of(headers: Iterable[Header]) -> dict[str, list[str]]:
    """The sets of each record, by its ref."""
    told = list(headers)
    ids = {pk for header in told for pk in header.organisation_ids}
    partners = Organisation.objects.public().filter(is_partner=True, pk__in=ids)
    slugs = dict(partners.values_list("pk", "slug"))
    return {
        header.ref: [
            f"kind:{header.kind}",
            *sorted(f"partner:{slugs[pk]}" for pk in header.organisation_ids if pk in slugs),
        ]
        for header in told
    }


def _records() -> QuerySet:
    """Of records all that were public, gone or not."""
    is_gone = ExpressionWrapper(Q(withdrawn_at__isnull=False), BooleanField())
    rows = Record.objects.filter(published_at__lte=Now())
    return rows.annotate(stamp=STAMP, is_gone=is_gone)


def _departed() -> QuerySet:
    return Departed.objects.annotate(
        stamp=F("left_at"), is_gone=Value(True, output_field=BooleanField())
    )


def _asked(rows: QuerySet, asked: Asked, until: datetime) -> QuerySet:
    rows = rows.filter(stamp__lt=until).filter(_in_set(asked.set_spec))
    return rows.filter(stamp__gte=asked.since) if asked.since else rows


def _in_set(spec: str) -> Q:
    name, _colon, value = spec.partition(":")
    if spec in ("", "kind"):
        return Q()
    if name == "kind":
        return Q(kind=value)
    partners = Organisation.objects.public().filter(is_partner=True)
    if name != "partner":
        partners = partners.none()
    elif spec != name:
        partners = partners.filter(slug=value)
    return Q(organisation_ids__overlap=list(partners.values_list("pk", flat=True)))


def _after(rows: QuerySet, place: Place | None) -> QuerySet:
    if place:
        # The first says where the index begins, the second leaves out who was told of.
        rows = rows.filter(stamp__gte=place.stamp).exclude(stamp=place.stamp, ref__lte=place.ref)
    return rows.order_by("stamp", "ref")


def _headers(rows: QuerySet) -> Iterator[Header]:
    for ref, stamp, kind, ids, is_gone in rows.values_list(
        "ref", "stamp", "kind", "organisation_ids", "is_gone"
    ):
        yield Header(ref, stamp.astimezone(UTC), kind, tuple(ids), is_gone)
