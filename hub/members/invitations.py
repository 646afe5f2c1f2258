"""Invitations to a role: sent by who leads the organisation, accepted by who reads the address."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from hub import links
from hub.limits import Limit
from hub.members import memberships
from hub.members import policy as own_policy
from hub.members.models import PURPOSE, VALID, Invitation
from hub.notices import services as notices
from hub.partners import policy
from hub.partners.models import Membership, Organisation, User

A_DAY = Limit("invitations a day", 40, timedelta(days=1))


def invite(by: User, organisation: Organisation, email: str, role: str) -> Invitation:
    """Invite an address to a role, once more if it is invited already: then the new letter counts,
    and its role. ``PermissionDenied`` for who does not lead the organisation, ``ValidationError`` in
    words where the address has a role there."""
    if not policy.leads(by, organisation.pk):
        raise PermissionDenied
    with transaction.atomic():
        # Two who invite at once wait for each other here.
        memberships.hold(organisation.pk)
        members = Membership.objects.filter(organisation=organisation)
        if members.filter(user__email__iexact=email, role=role).exists():
            raise ValidationError(_("This person has that role already."), "has_role")
        invitation = organisation.invitations.open().filter(email__iexact=email).first()
        if invitation:
            invitation.role, invitation.invited_by = role, by
            invitation.sent_at = timezone.now()
            invitation.link_version += 1
            invitation.save()
        else:
            invitation = Invitation.objects.create(
                email=email, organisation=organisation, role=role, invited_by=by
            )
        _send(invitation)
    return invitation


def withdraw(by: User, invitation: Invitation) -> None:
    """Make the letter worthless. What is accepted stays: a role is taken away by its own act."""
    if not policy.leads(by, invitation.organisation_id):
        raise PermissionDenied
    Invitation.objects.open().filter(pk=invitation.pk).update(
        withdrawn_at=timezone.now(), link_version=F("link_version") + 1
    )


def find(token: str) -> Invitation | None:
    """The invitation of a letter; ``None`` if it was used, withdrawn or renewed, has run out, or
    comes from somebody who no longer leads the organisation."""
    rows = own_policy.acceptable().select_related("organisation", "invited_by")
    return links.resolve(PURPOSE, token, rows, max_age=VALID)


def accept(invitation: Invitation, user: User) -> Membership:
    """Give the role to this person. ``PermissionDenied`` if the letter went to none of their
    addresses, ``Invitation.DoesNotExist`` if it is no longer valid, ``ValidationError`` in words
    where the organisation would lose its last editor."""
    with transaction.atomic():
        memberships.hold(invitation.organisation_id)
        rows = own_policy.acceptable().select_for_update(of=["self"])
        invitation = rows.get(pk=invitation.pk)
        if not own_policy.is_invited(user, invitation):
            raise PermissionDenied
        membership = memberships.give(user, invitation.organisation, invitation.role)
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
    return membership


def _send(invitation: Invitation) -> None:
    notices.send(
        "members/invitation",
        invitation.email,
        f"invitation:{invitation.pk}:{invitation.link_version}",
        context={
            "organisation": invitation.organisation.name,
            "role": invitation.get_role_display(),
            "invited_by": str(invitation.invited_by),
            "link": links.absolute(invitation.get_absolute_url()),
            "ends_at": invitation.ends_at,
        },
        language=invitation.invited_by.language,
        tells_of=invitation.invited_by.email,
    )
