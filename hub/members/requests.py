"""Requests to speak for an organisation: asked by a member, decided by who leads it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.audit import erasure
from hub.limits import Limit
from hub.links import absolute
from hub.members import memberships
from hub.members.models import RoleRequest
from hub.notices import services as notices
from hub.notices.texts import Prose
from hub.partners import policy
from hub.partners.models import Membership, Organisation, User
from hub.partners.services import keepers

A_DAY = Limit("role requests a day", 5, timedelta(days=1))


def ask(user: User, organisation: Organisation, words: str) -> RoleRequest:
    """Ask to speak for an organisation; ``ValidationError`` in words where one does already, or
    waits for an answer."""
    with transaction.atomic():
        # One who asks twice at once waits here, and is told.
        memberships.hold(organisation.pk)
        if Membership.objects.filter(user=user, organisation=organisation).exists():
            raise ValidationError(_("You have a role in this organisation already."), "has_role")
        if RoleRequest.objects.waiting().filter(user=user, organisation=organisation).exists():
            raise ValidationError(_("You have asked for this already."), "waits")
        request = RoleRequest.objects.create(user=user, organisation=organisation, words=words)
        for leader in leaders_of(organisation):
            notices.send(
                "members/role_asked",
                leader.email,
                f"role_request:{request.pk}:{leader.pk}",
                context={
                    "who": str(user),
                    "email": user.email,
                    "organisation": organisation.name,
                    "words": Prose(words),
                    "link": absolute(reverse("members:requests")),
                },
                tells_of=user.email,
            )
    return request


def leaders_of(organisation: Organisation) -> QuerySet[User]:
    """Who is asked: the organisation's editors, or where it has none those who keep the hub."""
    editors = User.objects.filter(
        is_active=True,
        memberships__organisation=organisation,
        memberships__role=Membership.Role.EDITOR,
    )
    return editors if editors.exists() else keepers()


def decide(by: User, request: RoleRequest, *, is_granted: bool) -> RoleRequest:
    """Say yes or no, once: who decides second finds it decided (``RoleRequest.DoesNotExist``).
    ``PermissionDenied`` for who does not lead the organisation."""
    if not policy.leads(by, request.organisation_id):
        raise PermissionDenied
    with transaction.atomic():
        memberships.hold(request.organisation_id)
        request = RoleRequest.objects.waiting().select_for_update().get(pk=request.pk)
        request.decided_by, request.decided_at = by, timezone.now()
        request.is_granted = is_granted
        request.save()
        if is_granted:
            delegate = Membership.Role.DELEGATE
            memberships.give(request.user, request.organisation, delegate, replaces=False)
        notices.send(
            "members/role_decided",
            request.user.email,
            f"role_request:{request.pk}:decided",
            context={
                "organisation": request.organisation.name,
                "is_granted": is_granted,
                "link": absolute(reverse("members:own_page")),
            },
        )
    return request


def take_back(user: User, pk: int) -> None:
    """Forget what somebody no longer asks, in the audit too."""
    erasure.delete(RoleRequest.objects.waiting().filter(pk=pk, user=user))
