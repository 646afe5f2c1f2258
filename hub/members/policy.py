"""Who sees, gives and decides roles in organisations, on top of ``partners.policy``. Views, pages and
services ask here and nothing else.

================  ==============================================================================
who leads it      editors and the secretariat: invites, decides, changes roles, reads addresses
who has a role    sees by name who else has one, and may give their own up
who is invited    accepts, as long as whoever invited them still leads
anyone else       nothing: an organisation's people are not there for them
================  ==============================================================================
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from hub.accounts.people import addresses_of
from hub.members.models import Invitation, RoleRequest
from hub.partners import policy
from hub.partners.models import Membership, Organisation, User

EDITOR = Membership.Role.EDITOR


def organisations_of(user: User) -> QuerySet[Organisation]:
    """Those whose people somebody may see: their own, for the secretariat all."""
    rows = Organisation.objects.public()
    return rows if policy.oversees(user) else rows.filter(memberships__user=user)


def may_end(user: User, membership: Membership) -> bool:
    """Whether this person may take the role away, or give it up as their own."""
    return membership.user_id == user.pk or policy.leads(user, membership.organisation_id)


def address_for(user: User, membership: Membership) -> str:
    """The address of who has this role, for those who lead and for themselves; else empty."""
    return membership.user.email if may_end(user, membership) else ""


def decidable(user: User) -> QuerySet[RoleRequest]:
    """The requests that wait for this person's decision."""
    waiting = RoleRequest.objects.waiting().filter(user__is_active=True)
    waiting = waiting.select_related("user", "organisation")
    if policy.oversees(user):
        return waiting
    if not policy.has_desk(user):
        return waiting.none()
    return waiting.filter(Q(organisation__in=user.editor_organisation_ids) & ~Q(user=user))


def withdrawable(user: User) -> QuerySet[Invitation]:
    """The open invitations that this person may take back."""
    rows = Invitation.objects.open().select_related("organisation")
    if policy.oversees(user):
        return rows
    if not policy.has_desk(user):
        return rows.none()
    return rows.filter(organisation__in=user.editor_organisation_ids)


def backed(invitations: QuerySet[Invitation]) -> QuerySet[Invitation]:
    """These, each with ``is_backed``: whether who sent it still leads the organisation, as
    ``partners.policy.leads`` has it. Nobody leaves a door behind them."""
    inviters = User.objects.filter(pk=OuterRef("invited_by"), is_active=True)
    edits = Membership.objects.filter(
        user=OuterRef("pk"), organisation=OuterRef(OuterRef("organisation")), role=EDITOR
    )
    leads = Q(is_superuser=True) | Q(is_secretariat=True) | Exists(edits)
    return invitations.annotate(is_backed=Exists(inviters.filter(leads)))


def acceptable() -> QuerySet[Invitation]:
    """The invitations that whoever reads their address can accept now."""
    return backed(Invitation.objects.valid()).filter(is_backed=True)


def is_invited(user: User | AnonymousUser, invitation: Invitation) -> bool:
    """Whether the letter went to an address of which this person has shown that it is theirs."""
    return user.is_authenticated and invitation.email.lower() in addresses_of(user)


def invitations_to(user: User) -> QuerySet[Invitation]:
    """The invitations that this person can accept now."""
    mine = Q(pk__in=[])
    for email in addresses_of(user):
        mine |= Q(email__iexact=email)
    return acceptable().filter(mine)


def without_editor(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those of these partners for which nobody answers."""
    editing = Membership.objects.filter(
        organisation=OuterRef("pk"), role=EDITOR, user__is_active=True
    )
    return organisations.filter(~Exists(editing), is_partner=True)
