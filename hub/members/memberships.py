"""Roles that people have: changed and taken away by who leads the organisation, or given up."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hub.partners import policy
from hub.partners.models import Membership, Organisation, User


def change(by: User, membership: Membership, role: str) -> None:
    """Give another role. ``PermissionDenied`` for who does not lead the organisation,
    ``ValidationError`` where its last editor would be none."""
    if not policy.leads(by, membership.organisation_id):
        raise PermissionDenied
    with transaction.atomic():
        membership = _held(membership)
        if role != Membership.Role.EDITOR:
            _keep_an_editor(membership)
        membership.role = role
        membership.full_clean()
        membership.save()


def end(by: User, membership: Membership) -> None:
    """Take a role away, or give one's own up; refused as ``change``."""
    if by.pk != membership.user_id and not policy.leads(by, membership.organisation_id):
        raise PermissionDenied
    with transaction.atomic():
        membership = _held(membership)
        _keep_an_editor(membership)
        membership.delete()


def _held(membership: Membership) -> Membership:
    """The row as it is once nobody else changes the roles of this organisation;
    ``Membership.DoesNotExist`` if it is gone."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def _keep_an_editor(membership: Membership) -> None:
    """Somebody has to answer for what a partner publishes."""
    if membership.role != Membership.Role.EDITOR or not membership.organisation.is_partner:
        return
    others = Membership.objects.filter(
        organisation=membership.organisation, role=Membership.Role.EDITOR, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise ValidationError(
            _("%(organisation)s would have no editor. Make somebody else one first."),
            "last_editor",
            {"organisation": membership.organisation},
        )
