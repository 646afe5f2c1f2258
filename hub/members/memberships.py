"""Roles that people have: given, changed and taken away by who leads the organisation, or given up."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hub.members import policy as own_policy
from hub.partners import policy
from hub.partners.models import Membership, Organisation, User


def give(user: User, organisation: Organisation, role: str, *, replaces: bool = True) -> Membership:
    """Let this person have the role there, instead of one that they have if it ``replaces`` it. The
    caller has asked who may. ``ValidationError`` where the last editor would be none."""
    with transaction.atomic():
        hold(organisation.pk)
        rows = Membership.objects.select_related("organisation", "user")
        membership = rows.filter(user=user, organisation=organisation).first()
        if membership is None:
            return Membership.objects.create(user=user, organisation=organisation, role=role)
        if replaces:
            _set_role(membership, role)
        return membership


def change(by: User, membership: Membership, role: str) -> None:
    """Give another role. ``PermissionDenied`` for who does not lead the organisation,
    ``ValidationError`` where its last editor would be none."""
    if not policy.leads(by, membership.organisation_id):
        raise PermissionDenied
    with transaction.atomic():
        _set_role(_held(membership), role)


def end(by: User, membership: Membership) -> None:
    """Take a role away, or give one's own up; refused as ``change``."""
    if not own_policy.may_end(by, membership):
        raise PermissionDenied
    with transaction.atomic():
        membership = _held(membership)
        _keep_an_editor(membership)
        membership.delete()


def hold(organisation_id: int) -> None:
    """Wait until nobody else changes the roles of this organisation, and keep others from it until
    the transaction ends. Whoever locks a row of it as well does that afterwards."""
    Organisation.objects.select_for_update().get(pk=organisation_id)


def _held(membership: Membership) -> Membership:
    """The row as it is once nobody else changes the roles of this organisation;
    ``Membership.DoesNotExist`` if it is gone."""
    hold(membership.organisation_id)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def _set_role(membership: Membership, role: str) -> None:
    if role != Membership.Role.EDITOR:
        _keep_an_editor(membership)
    membership.role = role
    membership.full_clean()
    membership.save()


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
