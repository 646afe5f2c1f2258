"""Who else stands before the same barrier, and who has an approach to it.

Nothing is guessed: findings are beside each other where they are of the same area, and closer the more
sectors they share; each answer says why it is there. Governments read of each other what they have
approved for those who take part, or for everybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hub.slugs import sort_key
from hub.vocabulary.labels import Label, labels_in
from hub.vocabulary.models import Scheme
from taskforce.kinds import Area, FindingKind
from taskforce.models import Finding, Participation, Round

# What somebody looks for company or for an answer with.
HINDRANCES = (FindingKind.BARRIER, FindingKind.NEED)
ANSWERS = (FindingKind.APPROACH, FindingKind.OPPORTUNITY)
MOST = 6


@dataclass(frozen=True)
class Peer:
    """What another government said, and ``why`` it stands beside one's own words."""

    finding: Finding
    why: tuple[str, ...]

    @property
    def government(self) -> str:
        return self.finding.participation.government_name

    @property
    def named(self) -> str:
        """Who said it, where everybody may know that."""
        return self.government if self.finding.may_be_quoted else ""


@dataclass(frozen=True)
class Beside:
    """One's own barrier or need, with who shares it and who has an answer."""

    mine: Finding
    sharing: tuple[Peer, ...]
    answering: tuple[Peer, ...]

    @property
    def area(self) -> str | Promise:
        return Area(self.mine.area).label


def peers_of(participation: Participation, language: str) -> list[Beside]:
    """For each barrier and need that a government has seen of itself; nothing for one that the
    secretariat has not accepted. What has nothing beside it is left out."""
    if not participation.is_accepted:
        return []
    sectors = labels_in(Scheme.SECTOR, language)
    rows = Finding.objects.prefetch_related("sectors")
    mine = rows.filter(participation=participation, asked_at__isnull=False, kind__in=HINDRANCES)
    others = (
        rows.for_peers()
        .filter(
            participation__round=participation.round_id,
            participation__status=Participation.Status.ACCEPTED,
        )
        .exclude(participation=participation)
        .select_related("participation__government")
    )
    theirs = list(others) if mine else []
    found = [
        Beside(
            one,
            _closest(one, (o for o in theirs if o.kind == one.kind), sectors),
            _closest(one, (o for o in theirs if o.kind in ANSWERS), sectors),
        )
        for one in mine
    ]
    return [one for one in found if one.sharing or one.answering]


def in_public(round: Round, language: str) -> list[Beside]:
    """The same for everybody: each public barrier and need of a round with what other governments made
    public beside it, in the order of the grid."""
    sectors = labels_in(Scheme.SECTOR, language)
    rows = Finding.objects.public().filter(participation__round=round)
    found = list(
        rows.select_related("participation__government", "participation__round").prefetch_related(
            "sectors"
        )
    )
    found.sort(key=lambda one: (Area.values.index(one.area), one.kind, one.pk))
    beside = []
    for mine in found:
        if mine.kind in HINDRANCES:
            others = [one for one in found if one.participation_id != mine.participation_id]
            same = (one for one in others if one.kind == mine.kind)
            answers = (one for one in others if one.kind in ANSWERS)
            beside.append(
                Beside(mine, _closest(mine, same, sectors), _closest(mine, answers, sectors))
            )
    return beside


def _closest(
    mine: Finding, theirs: Iterable[Finding], sectors: dict[int, Label]
) -> tuple[Peer, ...]:
    own = {term.pk for term in mine.sectors.all()}
    found = []
    for one in theirs:
        if one.area != mine.area:
            continue
        shared = [
            sectors[term.pk].label
            for term in one.sectors.all()
            if term.pk in own and term.pk in sectors
        ]
        why = [_("same area: %(area)s") % {"area": Area(one.area).label}]
        why += [_("same sector: %(sector)s") % {"sector": label} for label in sorted(shared)]
        found.append(Peer(one, tuple(why)))
    found.sort(key=lambda peer: (-len(peer.why), sort_key(peer.government), peer.finding.pk))
    return tuple(found[:MOST])
