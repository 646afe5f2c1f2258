"""Whose the works are that somebody adds."""

from django.db import models

from hub.partners import policy
from hub.partners.models import Organisation, User


def possible_owners(user: User) -> models.QuerySet:
    """Whom this person may make owner: for editors and authors their own organisations, for the
    secretariat any partner and the hub's desk; nobody for who has no desk."""
    if policy.oversees(user):
        desk = Organisation.objects.desk()
        return Organisation.objects.filter(models.Q(is_partner=True) | models.Q(pk=desk.pk))
    if not policy.has_desk(user):
        return Organisation.objects.none()
    return policy.visible(user, Organisation.objects.all())
