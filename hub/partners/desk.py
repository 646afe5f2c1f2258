"""Admin classes that keep each partner to what their organisation owns: lists, look-ups, actions,
history and pages by id all start from ``get_queryset`` and the permissions here."""

import json
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext
from taggit.models import Tag

from hub.audit.desk import Recorded
from hub.desk import Confirming
from hub.partners import policy
from hub.partners.forms import PartFormSet
from hub.partners.models import User
from hub.vocabulary.models import Term


class _LooksForKeysAlone:
    """A form that is shown again tells what was chosen: of all that may have been sent, Django would
    ask the database for what is no key at all."""

    def optgroups(self, name: str, value: list[str], attr: dict | None = None) -> list:
        keys = self.field.remote_field.model._meta.pk
        return super().optgroups(name, [sent for sent in value if _is_one_of(keys, sent)], attr)


class OneLookedUp(_LooksForKeysAlone, AutocompleteSelect):
    pass


class SomeLookedUp(_LooksForKeysAlone, AutocompleteSelectMultiple):
    pass


def _is_one_of(field: models.Field, value: Any) -> bool:
    try:
        field.run_validators(field.to_python(value))
    except (ValidationError, ValueError):
        return False
    return True


class Choices:
    """For admins and inlines: a form offers, and accepts, only what this person may name."""

    # An address typed without its scheme is taken for https.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address proposes for a new row, but for what cannot be."""
        proposed = super().get_changeform_initial_data(request)
        return {name: value for name, value in proposed.items() if self._can_be(name, value)}

    def _can_be(self, name: str, value: Any) -> bool:
        try:
            field = self.opts.get_field(name)
            kind = field.remote_field.model._meta.pk if field.is_relation else field
        except FieldDoesNotExist:
            return False
        return all(_is_one_of(kind, one) for one in (value if isinstance(value, list) else [value]))

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # Somebody who describes one row is not in the middle of changing another.
            widget = field.widget
            widget.can_change_related = widget.can_delete_related = False
            widget.can_view_related = False
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs = _choosable(db_field, request) | kwargs
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", OneLookedUp(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs = _choosable(db_field, request) | kwargs
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SomeLookedUp(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


def _choosable(db_field: models.Field, request: HttpRequest) -> dict[str, models.QuerySet]:
    model = db_field.remote_field.model
    if not hasattr(model, "policy"):
        return {}
    return {"queryset": policy.choosable(request.user, model._default_manager.all())}


# What all partners name, and nobody owns.
NAMED_BY_ALL = (Term, Tag)


class TellsHistory(Recorded):
    """A history names what its reader may see or name, and accounts by their names; addresses of
    accounts are for those who oversee the desk."""

    def shown_in_history(self, request: HttpRequest, rows: models.QuerySet) -> models.QuerySet:
        if policy.oversees(request.user) or rows.model in NAMED_BY_ALL:
            return rows
        if not hasattr(rows.model, "policy"):
            return rows.none()
        theirs, public = policy.choosable(request.user, rows), rows.public()
        return rows.filter(Q(pk__in=theirs.values("pk")) | Q(pk__in=public.values("pk")))

    def name_in_history(self, request: HttpRequest, account: User) -> str:
        is_told_all = policy.oversees(request.user)
        return account.name_and_address if is_told_all else account.known_as


class NamesParts:
    """The button that adds a part names it as a noun within a sentence: Django gives it a capital."""

    def get_inline_formsets(self, *args: Any, **kwargs: Any) -> list:
        inlines = super().get_inline_formsets(*args, **kwargs)
        for inline in inlines:
            told = json.loads(inline.inline_formset_data())
            noun = {"verbose_name": inline.opts.verbose_name}
            told["options"]["addText"] = gettext("Add another %(verbose_name)s") % noun
            inline.inline_formset_data = json.dumps(told)
        return inlines


class OwnedAdmin(NamesParts, TellsHistory, Choices, admin.ModelAdmin):
    """Admin of a model with a ``policy``. Somebody else's row answers like one that is not there."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            return policy.choosable(request.user, rows)
        return policy.visible(request.user, rows)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.is_staff and self._is_among(policy.visible, request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_staff

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return request.user.is_staff and self._is_among(policy.editable, request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def _is_among(self, rule: Any, request: HttpRequest, obj: models.Model | None) -> bool:
        if obj is None or obj.pk is None:
            return True
        # A page asks dozens of times, for each button and inline.
        answers = request.__dict__.setdefault("desk_answers", {})
        question = rule.__name__, obj._meta.label, obj.pk
        if question not in answers:
            rows = self.model._default_manager.filter(pk=obj.pk)
            answers[question] = rule(request.user, rows).exists()
        return answers[question]


class ReferenceAdmin(NamesParts, TellsHistory, Choices, admin.ModelAdmin):
    """Admin of what all partners use and the secretariat keeps: everybody at the desk may look
    things up to choose them; only the secretariat sees the pages and changes them."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.oversees(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        is_look_up = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        return policy.oversees(request.user) or (is_look_up and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return policy.oversees(request.user)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return policy.oversees(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return policy.oversees(request.user)


class OverseenAdmin(Confirming, admin.ModelAdmin):
    """Admin of what only those who oversee the hub see, and nobody types over."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.oversees(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return policy.oversees(request.user)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers. By any other a text that is not shown could be guessed at,
        letter by letter."""
        asked = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        names = [one if isinstance(one, str) else one.parameter_name for one in asked]
        return any(lookup == name or lookup.startswith(f"{name}__") for name in names)

    def has_post_permission(self, request: HttpRequest) -> bool:
        """Whether this person may run the actions here."""
        return policy.oversees(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class PartInline(Choices):
    """For inlines: whoever may change the whole may change its parts. Mix it in first."""

    formset = PartFormSet

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._of_whole("view", request, obj)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._of_whole("change", request, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._of_whole("change", request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._of_whole("change", request, obj)

    def _of_whole(self, act: str, request: HttpRequest, obj: models.Model | None) -> bool:
        whole = self.admin_site.get_model_admin(self.parent_model)
        return getattr(whole, f"has_{act}_permission")(request, obj)
