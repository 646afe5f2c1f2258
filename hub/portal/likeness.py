"""Which regions are like one another, by what the library holds on them."""

from dataclasses import dataclass, field

from django.db import connection

from hub.catalogue.models import Record
from hub.vocabulary.models import Term

SHOWN = 4
FEWEST_WORKS = 2  # one work says what it is about, not what its region is like
REASONS = 3
MOST_WORKS, MOST_OWN = 5_000, 500


@dataclass(frozen=True)
class Likeness:
    """A region like another one: how many works name it, and the topics and sectors that the works
    on both speak of, the rarest first. ``is_curated``: the secretariat says so."""

    region_id: int
    country_id: int
    works: int
    is_curated: bool
    score: float
    shared_ids: list[int] = field(default_factory=list)


def regions_like(region: Term, limit: int = SHOWN) -> list[Likeness]:
    """The regions that the secretariat relates to this one, then those that the library speaks of
    alike. One statement.

    A region is the vector of its topics and sectors, each weighted by sublinear tf-idf, and two
    regions are as alike as the cosine of their vectors:

        w(t, r) = (1 + ln n(t, r)) · ln(N / n(t))        like(r, s) = w(r) · w(s) / (|w(r)| |w(s)|)

    with N the public works, n(t) those that bear t, and n(t, r) those on r that do. (C. D. Manning,
    P. Raghavan, H. Schütze: Introduction to Information Retrieval, Cambridge 2008, sections 6.2.2,
    6.3.1 and 6.4.1.) So a rare topic in common weighs more than one that every region has, and a
    region is not like all others because much is written on it.

    Works that name both regions are left out of the vector of the other one: that two places are
    written of together, as neighbours are, does not make them alike. Either side needs
    ``FEWEST_WORKS``.

    The works compared are the newest ``MOST_WORKS``, and the newest ``MOST_OWN`` on the region
    itself, each read off an index, so that a page costs no more when the library is much larger.
    """
    public = Record.objects.public().works().values("id", "term_ids")
    own = public.about(region.pk).newest()[:MOST_OWN]
    every, values = public.query.sql_with_params()
    works, more = public.newest()[:MOST_WORKS].union(own).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH given AS (SELECT %s::int AS region_id, %s::int AS fewest, %s::int AS wanted),"
            f" every AS NOT MATERIALIZED ({every}), work AS MATERIALIZED ({works}), {_SQL}",
            [region.pk, FEWEST_WORKS, limit, *values, *more],
        )
        return [
            Likeness(pk, country, works, is_curated, score or 0.0, (shared or [])[:REASONS])
            for pk, country, is_curated, score, shared, works in cursor.fetchall()
        ]


_SQL = """
region AS MATERIALIZED (  -- one that the desk has not named yet has no page
    SELECT id, parent_id FROM vocabulary_term term
    WHERE scheme = 'place' AND parent_id IS NOT NULL
      AND EXISTS (SELECT FROM vocabulary_termlabel label WHERE label.term_id = term.id)
),
names AS MATERIALIZED (
    SELECT work.id AS work_id, term.id AS term_id, term.scheme = 'place' AS is_place,
        given.region_id = ANY(work.term_ids) AS is_own
    FROM work CROSS JOIN given CROSS JOIN unnest(work.term_ids) term_id
    JOIN vocabulary_term term ON term.id = term_id
    WHERE term.scheme IN ('topic', 'sector') OR term.id IN (SELECT id FROM region)
),
rarity AS MATERIALIZED (
    SELECT term_id AS theme_id, ln((SELECT count(*) FROM work)::float / count(*)) AS weight
    FROM names WHERE NOT is_place GROUP BY term_id
),
tally AS (
    SELECT term_id AS region_id, count(*) AS works, count(*) FILTER (WHERE NOT is_own) AS apart
    FROM names WHERE is_place GROUP BY term_id
),
vector AS MATERIALIZED (
    SELECT place.term_id AS region_id, theme_id, weight, (1 + ln(count(*))) * weight AS value
    FROM names place
    JOIN names theme ON theme.work_id = place.work_id AND NOT theme.is_place
    JOIN rarity ON rarity.theme_id = theme.term_id
    WHERE place.is_place
      AND (place.term_id = (SELECT region_id FROM given) OR NOT place.is_own)
    GROUP BY place.term_id, theme_id, weight
),
own AS MATERIALIZED (
    SELECT theme_id, value, sqrt(sum(value * value) OVER ()) AS length
    FROM vector WHERE region_id = (SELECT region_id FROM given)
),
likeness AS (
    SELECT region_id,
        sum(own.value * vector.value)
            / nullif(max(own.length) * sqrt(sum(vector.value * vector.value)), 0) AS score,
        array_agg(theme_id ORDER BY weight DESC, vector.value DESC, theme_id)
            FILTER (WHERE own.value > 0) AS shared
    FROM vector LEFT JOIN own USING (theme_id)
    WHERE region_id <> (SELECT region_id FROM given) GROUP BY region_id
),
curated AS (
    SELECT to_term_id AS region_id FROM vocabulary_term_related
    WHERE from_term_id = (SELECT region_id FROM given)
),
shown AS (
    SELECT region.id, region.parent_id, curated.region_id IS NOT NULL AS is_curated,
        likeness.score, likeness.shared
    FROM given CROSS JOIN region
    LEFT JOIN tally ON tally.region_id = region.id
    LEFT JOIN tally own_tally ON own_tally.region_id = given.region_id
    LEFT JOIN likeness ON likeness.region_id = region.id
    LEFT JOIN curated ON curated.region_id = region.id
    WHERE curated.region_id IS NOT NULL
       OR (least(own_tally.works, tally.apart) >= given.fewest AND likeness.score > 0)
    ORDER BY is_curated DESC, likeness.score DESC NULLS LAST, region.id
    LIMIT (SELECT wanted FROM given)
)
SELECT id, parent_id, is_curated, score, shared,
    (SELECT count(*) FROM every WHERE every.term_ids @> ARRAY[shown.id::int]) AS works
FROM shown ORDER BY is_curated DESC, score DESC NULLS LAST, id
"""
