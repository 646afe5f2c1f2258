"""Who sits in a group, by the part of society that they stand for, and whose voice is missing.

Just transition is agreed between governments, workers and employers, with those whom it concerns: where
none of the sitting members speaks for one of these, the page says so.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hub.partners.models import Organisation
from taskforce.models import GroupMembership

Group = Organisation.StakeholderGroup
# From so many organisations on of which the group is known, their mix says something.
ENOUGH = 3
BAR = 100


@dataclass(frozen=True)
class Share:
    """The members of one stakeholder group; ``width`` is that of its bar, out of 100."""

    label: str
    members: tuple[GroupMembership, ...]
    width: int

    @property
    def count(self) -> int:
        return len({one.organisation_id for one in self.members})


@dataclass(frozen=True)
class Balance:
    shares: tuple[Share, ...]
    missing: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.shares)

    @property
    def total(self) -> int:
        return sum(share.count for share in self.shares)


def voices() -> tuple[tuple[str, frozenset[str]], ...]:
    """Those who should be heard, and by which organisations they are."""
    return (
        (_("workers"), frozenset({Group.WORKERS, Group.SOCIAL_PARTNERS})),
        (_("employers"), frozenset({Group.EMPLOYERS, Group.BUSINESS, Group.SOCIAL_PARTNERS})),
        (_("governments"), frozenset({Group.GOVERNMENT})),
        (_("civil society"), frozenset({Group.CIVIL_SOCIETY})),
        (_("research"), frozenset({Group.RESEARCH})),
    )


def balance_of(members: Iterable[GroupMembership]) -> Balance:
    """The mix of these members; each has its ``organisation`` at hand."""
    by_group: dict[str, list[GroupMembership]] = {}
    for one in members:
        by_group.setdefault(one.organisation.stakeholder_group, []).append(one)
    order = [*Group.values, ""]
    most = max((_count(rows) for rows in by_group.values()), default=0)
    shares = tuple(
        Share(
            str(Group(name).label) if name else _("Not known"),
            tuple(sorted(by_group[name], key=lambda one: one.organisation.name)),
            round(BAR * _count(by_group[name]) / most),
        )
        for name in order
        if name in by_group
    )
    known = {name for name in by_group if name}
    enough = sum(_count(by_group[name]) for name in known) >= ENOUGH
    missing = tuple(words for words, groups in voices() if not groups & known) if enough else ()
    return Balance(shares, missing)


def _count(rows: list[GroupMembership]) -> int:
    return len({one.organisation_id for one in rows})
