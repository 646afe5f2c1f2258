"""Which works share the most with another."""

from django.db import connection

from hub.catalogue import facets
from hub.catalogue.hits import ORDERS
from hub.catalogue.models import Record
from hub.catalogue.scope import WORKS
from hub.catalogue.tallies import tally

# Of so many works with the rarest terms in common the nearest are found; more would take long where
# a term is borne by half the library, and such a term tells little.
COMPARED = 2_000


def related(record: Record, limit: int = 4) -> list[Record]:
    """Public records that share terms with this one; a rare term in common weighs more than one
    that half the library bears."""
    counts = tally(WORKS, facets.known().version).counts
    terms = sorted((pk for pk in record.term_ids if counts[pk]), key=lambda pk: (counts[pk], pk))
    condition, parameters = WORKS.sql()
    sql = f"""
        WITH near AS MATERIALIZED (
            SELECT id, term_ids, issued_on, published_at FROM catalogue_record record
            WHERE {condition} AND facet_ids && %(rare)s::int[] AND id <> %(id)s
            ORDER BY {ORDERS["newest"]} LIMIT {COMPARED}
        )
        SELECT near.id FROM near CROSS JOIN LATERAL (
            SELECT sum(weight) AS score FROM unnest(%(terms)s::int[], %(weights)s::float[])
                AS own(term_id, weight) WHERE own.term_id = ANY(near.term_ids)
        ) shared
        ORDER BY score DESC, {ORDERS["newest"]} LIMIT %(limit)s
    """
    parameters |= {"id": record.pk, "limit": limit, "terms": terms, "rare": _rarest(terms, counts)}
    parameters["weights"] = [1 / counts[pk] for pk in terms]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return Record.objects.in_order([row[0] for row in cursor.fetchall()])


def _rarest(terms: list[int], counts: dict[int, int]) -> list[int]:
    """As many of the terms, rarest first, as enough works bear, and one at least."""
    chosen: list[int] = []
    works = 0
    for pk in terms:
        works += counts[pk]
        if chosen and works > COMPARED:
            break
        chosen.append(pk)
    return chosen
