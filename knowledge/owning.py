"""Owners at the partner desk: of works and of reading lists alike."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from hub.partners import policy
from hub.partners.models import Organisation, User
from hub.vocabulary.models import Term


def possible_owners(user: User) -> models.QuerySet[Organisation]:
    """Whom this person may make owner: for editors and authors their own organisations, for the
    secretariat any partner and the hub's desk; nobody for who has no desk."""
    if policy.oversees(user):
        desk = Organisation.objects.desk()
        return Organisation.objects.filter(models.Q(is_partner=True) | models.Q(pk=desk.pk))
    if not policy.has_desk(user):
        return Organisation.objects.none()
    return policy.visible(user, Organisation.objects.all())


class WithOwners(admin.ModelAdmin):
    """Mix it into the admin of what has an owner, co-owners and terms, before ``OwnedAdmin``."""

    def has_publish_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        if obj is None:
            return policy.publishes(request.user)
        return self._is_among(policy.publishable, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        fields = [*super().get_readonly_fields(request, obj)]
        # Who owns a row may publish it, so an author cannot pass it on, nor a co-owner take it.
        if obj is None:
            owners = possible_owners(request.user)
            if policy.editable(request.user, owners).count() < owners.count():
                fields.append("co_owners")
        elif not policy.leads(request.user, obj.owner_id):
            fields += ["owner", "co_owners"]
        return fields

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("owner", "co_owners"):
            field.widget = field.widget.widget  # without the button for adding an organisation
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            owners = possible_owners(request.user)
            if request.resolver_match.url_name.endswith("_change"):
                owners = policy.editable(request.user, owners)
            kwargs["queryset"] = owners
            kwargs["initial"] = owners.first() if owners.count() == 1 else None
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "co_owners":
            kwargs["queryset"] = Organisation.objects.implementing()
        if db_field.name == "terms":
            kwargs["queryset"] = Term.objects.prefetch_related("labels")
        return super().formfield_for_manytomany(db_field, request, **kwargs)
