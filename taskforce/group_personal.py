"""What is kept about who sits in groups or asks to: what they see of it, take along and have erased, and
for how long it is kept."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from hub.audit import erasure
from hub.partners.holdings import Holding, Passing, passing, plain, register
from taskforce import applying, own_seats
from taskforce.membership import MEETING
from taskforce.models import GroupApplication, GroupMembership
from taskforce.models.groups import NOWHERE

# An application that led to nothing, since it was decided or taken back.
APPLICATION_KEPT = timedelta(days=2 * 365)
# Who sat in a group, by name, after the end of the term; that their organisation did stays.
MEMBER_KEPT = timedelta(days=2 * 365)


def _memberships(email: str) -> QuerySet[GroupMembership]:
    rows = GroupMembership.objects.select_related("group", "organisation")
    return rows.filter(Q(email__iexact=email) | Q(user__email__iexact=email))


def _member_panel(rows: QuerySet[GroupMembership]) -> list[tuple[str, str]]:
    sitting = rows.sitting_on(localdate()).filter(circle__in=MEETING)
    return [(one.group.name, own_seats.path_of(one)) for one in sitting]


def _forget_members(rows: QuerySet[GroupMembership]) -> None:
    """Who sat there goes; that the organisation did, and when, stays. A link opens nothing any more."""
    for key in list(rows.values_list("pk", flat=True)):
        GroupMembership.objects.filter(pk=key).update(
            name="",
            email=f"{key}@{NOWHERE}",
            user=None,
            may_be_named=False,
            link_version=F("link_version") + 1,
        )
        erasure.erase_values(GroupMembership, key)


def _retain_members(rows: QuerySet[GroupMembership]) -> int:
    over = rows.filter(term__endswith__lt=localdate() - MEMBER_KEPT)
    over = over.exclude(email__endswith=f"@{NOWHERE}")
    count = over.count()
    _forget_members(over)
    return count


def _applications(email: str) -> QuerySet[GroupApplication]:
    return GroupApplication.objects.filter(email__iexact=email).select_related("group")


def _application_panel(rows: QuerySet[GroupApplication]) -> list[tuple[str, str]]:
    return [(one.group.name, applying.path_of(one)) for one in rows.waiting()]


def _retain_applications(rows: QuerySet[GroupApplication]) -> int:
    before = now() - APPLICATION_KEPT
    ended = Q(decided_at__lt=before) | Q(status="withdrawn", created_at__lt=before)
    old = rows.filter(ended)
    count = old.count()
    erasure.delete(old)
    return count


def declare() -> None:
    """Register it."""
    register(
        Holding(
            label=_("Seat in a working group"),
            model=GroupMembership,
            rows=_memberships,
            export=plain(
                *("group", "organisation", "name", "email", "circle", "role", "may_be_named"),
                *("language", "created_at"),
            ),
            erase=_forget_members,
            panel=_member_panel,
            retain=_retain_members,
            is_of_earlier_addresses=True,
        )
    )
    register(
        Holding(
            label=_("Application for a working group"),
            model=GroupApplication,
            rows=_applications,
            export=plain(
                *("group", "organisation_name", "name", "email", "circle", "motivation"),
                *("language", "status", "reason", "confirmed_at", "decided_at", "created_at"),
            ),
            erase=erasure.delete,
            panel=_application_panel,
            retain=_retain_applications,
            is_of_earlier_addresses=True,
        )
    )
    passing.register(Passing(_("Applications that nobody confirmed"), applying.forget_unconfirmed))
