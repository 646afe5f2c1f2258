"""The signed link that leads somebody who sits in a group to its members' pages."""

from datetime import timedelta

from django.urls import reverse
from django.utils.timezone import localdate

from hub import links
from taskforce.models import GroupMembership

PURPOSE = "group membership"
# A link opens for as long as the term runs; a lost one is made worthless by a new one.
MAX_AGE = timedelta(days=3 * 365)


def token_of(membership: GroupMembership) -> str:
    return links.sign(PURPOSE, membership)


def path_of(membership: GroupMembership) -> str:
    """Where the members' pages of the group are for who sits there by this row."""
    return reverse("group:area", args=[token_of(membership)])


def membership_of(token: str) -> GroupMembership | None:
    """Whose link this is, as long as their term runs; ``None`` for any other token."""
    rows = GroupMembership.objects.sitting_on(localdate())
    rows = rows.select_related("group__lead_government", "organisation")
    return links.resolve(PURPOSE, token, rows, max_age=MAX_AGE)
