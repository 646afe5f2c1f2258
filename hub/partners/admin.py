from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hub.audit.desk import PersonalData
from hub.languages import work_language_choices
from hub.partners import policy, services
from hub.partners.desk import Choices, OwnedAdmin, TellsHistory
from hub.partners.forms import LanguagesSelect
from hub.partners.models import Membership, Organisation, Person, User
from hub.vocabulary.models import Scheme

# What people may do follows from memberships (see policy), not from Django's groups.
admin.site.unregister(Group)


class MembershipInline(Choices, admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["organisation"]


class NewUserForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name"]


@admin.register(User)
class UserAdmin(PersonalData, TellsHistory, StockUserAdmin):
    """Accounts: for administrators alone, who need Django's own permissions for it."""

    list_display = ["email", "name", "is_secretariat", "is_superuser", "is_active"]
    list_filter = ["is_secretariat", "is_superuser", "is_active"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = []
    inlines = [MembershipInline]
    add_form = NewUserForm
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (_("What this person may do"), {"fields": ["is_active", "is_secretariat", "is_superuser"]}),
    ]


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = "__all__"
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}


@admin.register(Organisation)
class OrganisationAdmin(OwnedAdmin):
    form = OrganisationForm
    list_display = ["name", "acronym", "kind", "stakeholder_group", "is_partner"]
    list_filter = ["kind", "stakeholder_group", "is_partner", "is_donor", "is_friend"]
    search_fields = ["name", "acronym"]
    autocomplete_fields = ["place"]
    prepopulated_fields = {"slug": ["acronym"]}

    # What only the secretariat decides: who may do what, and what an organisation is to the hub.
    guarded = ["slug", "kind", "is_partner", "is_donor", "is_friend"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [] if policy.oversees(request.user) else self.guarded

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.oversees(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return policy.oversees(request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "place":
            places = db_field.remote_field.model.objects.filter(scheme=Scheme.PLACE)
            kwargs["queryset"] = places
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change:
            services.tell_changed([obj])

    def delete_model(self, request: HttpRequest, obj: Organisation) -> None:
        services.tell_changed([obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        services.tell_changed(queryset)
        super().delete_queryset(request, queryset)


class PersonForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=work_language_choices,
        required=False,
        widget=LanguagesSelect,
    )

    class Meta:
        model = Person
        fields = "__all__"
        widgets = {"bio": forms.Textarea(attrs={"rows": 5})}


@admin.register(Person)
class PersonAdmin(PersonalData, OwnedAdmin):
    """People are in the care of their organisation's editors; its authors may look them up."""

    form = PersonForm
    list_display = ["name", "organisation", "is_listed"]
    list_filter = ["is_listed", ("organisation", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["organisation"]
    search_fields = ["name"]
    autocomplete_fields = ["expertise"]
    prepopulated_fields = {"slug": ["name"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict:
        return {} if obj else super().get_prepopulated_fields(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "organisation" or policy.oversees(request.user):
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        # Their own: choosing another's would put the person out of the editor's sight.
        kwargs["queryset"] = policy.editable(request.user, Organisation.objects.all())
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.required = True
        return field
