"""Works that are in the hub twice: what the database refuses is told in words, and what only looks
like it is found. Nobody learns of another's work that is not public."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hub.bounded import TookTooLong, bounded
from hub.partners import policy
from hub.partners.models import User
from hub.slugs import fold
from knowledge.models import Identifier, Likeness, Link, Resource, TwoWorks

# How much of their threes of letters two titles have in common, from 0 to 1. Of the 261 titles of the
# starting content three pairs have so much: one is a double, one a page and the news of it, one two
# works; at 0.6 it would be seven, and five of them two works. Of the same titles with a word left out,
# two letters swapped, the publisher behind them or in capitals 97 to 100 of a hundred are found.
ALIKE = 0.7
MILLISECONDS = 2_000  # that the database may look for one title
SHOWN = 10  # of the works that look like one

FILE, OWN_FILE, HIDDEN_FILE = "file", "own hidden file", "hidden file"
ADDRESS, TITLE = "address", "title"
WHY = {
    FILE: gettext_lazy("it has the same file"),
    OWN_FILE: gettext_lazy("it has the same file, and readers get it there"),
    HIDDEN_FILE: gettext_lazy("it has the same file, which readers do not get there"),
    ADDRESS: gettext_lazy("it is at the same address"),
    TITLE: gettext_lazy("its title is almost the same"),
}
# What the database calls the rules by which it refuses a double.
RULES = {
    *("identifier_once", "link_to_one_work", "resource_name_is_not_kept"),
    *("identifier_is_no_link_elsewhere", "link_is_no_identifier_elsewhere"),
}

# Titles that differ in a number are those of two works, such as the reports of two years.
TITLES = r"""
    SELECT own.resource_id, other.resource_id, 'title', max(similarity(own.folded, other.folded))
    FROM knowledge_edition own JOIN knowledge_edition other ON other.folded %% own.folded
    WHERE own.resource_id = %(pk)s AND other.resource_id <> own.resource_id
      AND regexp_replace(own.folded, '\D+', ' ', 'g') = regexp_replace(other.folded, '\D+', ' ', 'g')
    GROUP BY own.resource_id, other.resource_id
"""
# The same of titles of works that are not there yet: the likest few of each.
LIKE_THESE_TITLES = r"""
    SELECT number, resource_id FROM unnest(%(folded)s::text[]) WITH ORDINALITY AS asked (words, number)
    CROSS JOIN LATERAL (
        SELECT resource_id, similarity(folded, words) AS likeness FROM knowledge_edition
        WHERE folded %% words
          AND regexp_replace(folded, '\D+', ' ', 'g') = regexp_replace(words, '\D+', ' ', 'g')
        ORDER BY likeness DESC, resource_id LIMIT 5
    ) AS found ORDER BY number, likeness DESC, resource_id
"""
TITLES_AT_ONCE = 25
# What readers do not get yet, or no more, is told to those alone who curate it.
FILES = """
    SELECT own.resource_id, other.resource_id,
        CASE WHEN other.is_put_away OR other.embargo_until > statement_timestamp()
            THEN 'hidden file'
            WHEN own.is_put_away OR own.embargo_until > statement_timestamp()
            THEN 'own hidden file' ELSE 'file' END, 1
    FROM knowledge_file own JOIN knowledge_file other USING (sha256)
    WHERE own.resource_id = ANY(%(pks)s) AND other.resource_id <> own.resource_id
"""
ADDRESSES = """
    SELECT own.resource_id, other.resource_id, 'address', 1
    FROM knowledge_link own JOIN knowledge_link other USING (canonical)
    WHERE own.resource_id = ANY(%(pks)s) AND other.resource_id <> own.resource_id
      AND own.kind <> 'listed' AND other.kind <> 'listed' AND canonical <> ''
"""


@dataclass(frozen=True)
class Likely:
    """A work that may be the same as another, and why."""

    one: Resource
    other: Resource
    why: tuple[str, ...]
    alike: float

    @property
    def reason(self) -> str:
        return _(", and ").join(str(WHY[name]) for name in self.why)


def known_to(user: User) -> QuerySet[Resource]:
    """The works whose names this person may know: their own, and what is public."""
    own, public = policy.visible(user, Resource.objects.all()), Resource.objects.public()
    found = Resource.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=public.values("pk")))
    return found.prefetch_related("editions")


def likely(user: User, resource: Resource) -> list[Likely]:
    """The works known to this person that look like this one, the likest first. Those that this one
    was said not to be are left out. Nothing, if it takes too long to look."""
    try:
        return likely_among(user, [resource])[:SHOWN]
    except TookTooLong:
        return []


def likely_among(user: User, resources: Collection[Resource]) -> list[Likely]:
    """``likely`` for each of these works, each pair once."""
    by_pk = {resource.pk: resource for resource in resources}
    said = TwoWorks.objects.all().said([*by_pk])
    found = {pair: why for pair, why in look(list(by_pk)).items() if pair not in said}
    keys = {other for _one, other in found}
    others = known_to(user).in_bulk(keys)
    seen = policy.visible(user, Resource.objects.filter(pk__in=keys))
    own = set(seen.values_list("pk", flat=True))
    for (_one, other), why in found.items():
        if other not in own:
            why.pop(HIDDEN_FILE, None)
    pairs = [
        Likely(by_pk[one], others[other], tuple(sorted(why)), max(why.values()))
        for (one, other), why in found.items()
        if why
        and other in others
        and not (other in by_pk and other < one and found.get((other, one)))
    ]
    return sorted(pairs, key=lambda pair: (-len(pair.why), -pair.alike, pair.other.pk))


def look(pks: list[int]) -> dict[tuple[int, int], dict[str, float]]:
    """What speaks for it that one of these works and another are one, by their keys, whatever people
    have said. It is told to nobody who may not know of both. ``TookTooLong`` if it is not found in
    time."""
    found: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    with _alike() as cursor:
        cursor.execute(f"{FILES} UNION {ADDRESSES}", {"pks": pks})
        rows = cursor.fetchall()
        for pk in pks:
            # One by one: asked for many at once PostgreSQL compares each title with all.
            cursor.execute(TITLES, {"pk": pk})
            rows += cursor.fetchall()
    for one, other, why, alike in rows:
        found[one, other][why] = float(alike)
    return found


def like_titles(titles: Collection[str]) -> dict[str, list[int]]:
    """The works that are called almost so, the likest first, of anybody: by each of the titles for
    which the database finds some in the time that all of them have together."""
    found: dict[str, list[int]] = {}
    asked, ends_at = list(dict.fromkeys(titles)), monotonic() + MILLISECONDS / 1000
    with suppress(TookTooLong), _alike() as cursor:
        for start in range(0, len(asked), TITLES_AT_ONCE):
            if monotonic() > ends_at:
                break
            some = asked[start : start + TITLES_AT_ONCE]
            cursor.execute(LIKE_THESE_TITLES, {"folded": [fold(title) for title in some]})
            for number, pk in cursor.fetchall():
                found.setdefault(some[number - 1], []).append(pk)
    return found


@contextmanager
def _alike() -> Iterator[CursorWrapper]:
    """A cursor for which titles are alike that are so by ``ALIKE``, for a while. ``TookTooLong``."""
    with bounded(MILLISECONDS), connection.cursor() as cursor:
        cursor.execute("SELECT show_limit()")  # which loads what knows the setting
        usual = cursor.fetchone()[0]
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {ALIKE}")
        yield cursor
        cursor.execute(f"SET LOCAL pg_trgm.similarity_threshold = {float(usual)}")


def works_with_doubles(user: User, resources: QuerySet[Resource]) -> QuerySet[Resource]:
    """Those of the resources that looked like a work known to this person when they were last
    compared, at night; without what was withdrawn. Pairs are few, so they are looked at first: in one
    statement PostgreSQL would read all works, several times."""
    found = Likeness.objects.open()
    pairs = list(found.values_list("first", "second", "first_says", "second_says"))
    in_use = Resource.objects.exclude(status=Resource.Status.WITHDRAWN)
    rows = in_use.filter(pk__in={pk for pair in pairs for pk in pair[:2]}).order_by()
    known = {
        *policy.visible(user, rows).values_list("pk", flat=True),
        *rows.public().values_list("pk", flat=True),
    }
    looks_like_one = {
        pk
        for *pair, first_says, second_says in pairs
        if known.issuperset(pair)
        for pk, is_said in zip(pair, (first_says, second_says), strict=True)
        if not is_said
    }
    return resources.filter(pk__in=looks_like_one)


def say_two(one: int, other: int, *, for_both: bool = True) -> None:
    """Remember that these are two works: whichever of them one looks at, or for the first alone."""
    TwoWorks.objects.all().say(_sides(one, other, for_both=for_both))


@transaction.atomic
def take_back(one: int, other: int, *, for_both: bool = True) -> None:
    """Forget that these were said to be two works."""
    TwoWorks.objects.all().take_back(_sides(one, other, for_both=for_both))


def _sides(one: int, other: int, *, for_both: bool) -> list[tuple[int, int]]:
    return [(one, other), (other, one)] if for_both else [(one, other)]


def said_two(user: User, resource: Resource) -> list[Resource]:
    """The works known to this person that this one was said not to be."""
    keys = {other for _one, other in TwoWorks.objects.all().said([resource.pk])}
    return list(known_to(user).filter(pk__in=keys).order_by("pk"))


def holders(keys: Collection[str]) -> dict[str, int]:
    """The works that have these names, as identifiers or as their addresses: by name the key of the
    work, whoever owns it."""
    named = Identifier.objects.filter(value__in=[key.partition(":")[2] for key in keys])
    linked = Link.objects.to_works().filter(canonical__in=keys)
    found = dict(linked.values_list("canonical", "resource_id"))
    for scheme, value, pk in named.values_list("scheme", "value", "resource_id"):
        found[f"{scheme}:{value}"] = pk
    return {key: pk for key, pk in found.items() if key in keys}


def holder_of(key: str, besides: int | None) -> Resource | None:
    """The work that has this name already, as identifier or as its address; not that of the key
    ``besides``."""
    scheme, _sign, value = key.partition(":")
    named = Identifier.objects.filter(scheme=scheme, value=value)
    linked = Link.objects.to_works().filter(canonical=key)
    held = Resource.objects.filter(
        Q(pk__in=named.values("resource")) | Q(pk__in=linked.values("resource"))
    )
    return held.exclude(pk=besides).first()


def refusal(user: User, other: Resource, what: str) -> SafeString | str:
    """Why an entry cannot have a DOI, an ISBN, an address (``what``) that ``other`` has. What this
    person may not know of is not named."""
    if policy.visible(user, Resource.objects.filter(pk=other.pk)).exists():
        address = reverse("admin:knowledge_resource_change", args=[other.pk])
    elif other.is_public:
        address = other.get_absolute_url()
    else:
        return _("This %(what)s is taken. Ask the secretariat about it.") % {"what": what}
    link = format_html('<a href="{}">{}</a>', address, other)
    return format_html(_("{work} has this {what} already."), work=link, what=what)


def is_refusal(error: BaseException) -> bool:
    """Whether the database refused a double, which somebody else has written a moment before."""
    said = getattr(error.__cause__, "diag", None)
    return isinstance(error, IntegrityError) and getattr(said, "constraint_name", "") in RULES
