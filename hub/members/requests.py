"""Requests to speak for an organisation: asked by a member, decided by who leads it."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hub.limits import Limit
from hub.links import absolute
from hub.members.models import RoleRequest
from hub.notices import services as notices
from hub.notices.texts import Prose
from hub.partners import policy
from hub.partners.models import Membership, Organisation, User

A_DAY = Limit("role requests a day", 5, timedelta(days=1))


def ask(user: User, organisation: Organisation, words: str) -> RoleRequest:
    """Ask to speak for an organisation; ``ValidationError`` in words where one does already, or
    waits for an answer."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
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
                language=leader.language,
            )
    return request


def leaders_of(organisation: Organisation) -> QuerySet[User]:
    """Who is asked: the organisation's editors, or where it has none the secretariat, or where the
    hub has none the administrators."""
    people = User.objects.filter(is_active=True)
    editors = people.filter(
        memberships__organisation=organisation, memberships__role=Membership.Role.EDITOR
    )
    for leaders in (editors, people.filter(is_secretariat=True)):
        if leaders.exists():
            return leaders
    return people.filter(is_superuser=True)


def decidable(user: User) -> QuerySet[RoleRequest]:
    """The requests that wait for this person's decision."""
    waiting = RoleRequest.objects.waiting().select_related("user", "organisation")
    if policy.oversees(user):
        return waiting
    if not policy.has_desk(user):
        return waiting.none()
    return waiting.filter(Q(organisation__in=user.editor_organisation_ids) & ~Q(user=user))


def decide(by: User, request: RoleRequest, *, is_granted: bool) -> RoleRequest:
    """Say yes or no, once: who decides second finds it decided (``RoleRequest.DoesNotExist``).
    ``PermissionDenied`` for who does not lead the organisation."""
    if not policy.leads(by, request.organisation_id):
        raise PermissionDenied
    with transaction.atomic():
        request = RoleRequest.objects.waiting().select_for_update().get(pk=request.pk)
        request.decided_by, request.decided_at = by, timezone.now()
        request.is_granted = is_granted
        request.save()
        if is_granted:
            Membership.objects.get_or_create(
                user=request.user,
                organisation=request.organisation,
                defaults={"role": Membership.Role.DELEGATE},
            )
        notices.send(
            "members/role_decided",
            request.user.email,
            f"role_request:{request.pk}:decided",
            context={
                "organisation": request.organisation.name,
                "is_granted": is_granted,
                "link": absolute(reverse("members:own_page")),
            },
            language=request.user.language,
        )
    return request


def take_back(user: User, pk: int) -> None:
    """Forget what somebody no longer asks."""
    RoleRequest.objects.waiting().filter(pk=pk, user=user).delete()
