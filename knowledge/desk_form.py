"""The form of a resource at the desk: its parts in the order in which somebody describes a work, with
a way to each of them, to the first thing that is wrong, and on to publishing."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import AdminForm, Fieldset, InlineAdminFormSet
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.db.models import ManyToManyField
from django.forms import BaseForm, BoundField, HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from hub.vocabulary.models import Scheme
from hub.vocabulary.snapshot import Label, by_name, vocabulary
from knowledge.desk_drafts import ON_TO_PUBLISH
from knowledge.models import Resource

# The formsets that stand behind a set of fields, by the place of that.
BEHIND = {0: ("editions", "files", "links"), 1: ("credits", "identifiers")}


@dataclass(frozen=True)
class FormPart:
    """A stretch of the form: a set of fields or a formset, what it is called, and where it begins."""

    label: str
    anchor: str
    number: int = 0
    fieldset: Fieldset | None = None
    formset: InlineAdminFormSet | None = None


def parts_of(fields: AdminForm, formsets: list[InlineAdminFormSet]) -> Iterator[FormPart]:
    """All of the form, in the order in which a work is described."""
    waiting = {one.formset.prefix: one for one in formsets}
    for number, fieldset in enumerate(fields):
        anchor = f"fieldset-0-{number}-heading"
        yield FormPart(str(fieldset.name), anchor, number, fieldset=fieldset)
        for name in BEHIND.get(number, ()):
            if formset := waiting.pop(name, None):
                yield _part_of(formset)
    yield from map(_part_of, waiting.values())


def _part_of(formset: InlineAdminFormSet) -> FormPart:
    label = capfirst(str(formset.opts.verbose_name_plural))
    return FormPart(label, f"{formset.formset.prefix}-heading", formset=formset)


class TermsSelect(AutocompleteSelectMultiple):
    """Terms by typing a few letters of them; where no script runs, by a list of all that are not
    chosen yet."""

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        # As they were sent, which may be anything; Django would look for that too.
        known = {str(key) for key in vocabulary().terms}
        value = [key for key in value or () if str(key) in known]
        chosen = {str(key) for key in value}
        context = {"name": name, "schemes": [*_to_choose_from(chosen)]}
        below = render_to_string("admin/knowledge/resource/_all_terms.html", context)
        return super().render(name, value, *args, **kwargs) + below


def _to_choose_from(chosen: set[str]) -> Iterator[tuple[str, list[Label]]]:
    """All terms of each scheme by their names, but those that are chosen."""
    known = vocabulary()
    for scheme in Scheme:
        keys = (key for key in known.ids_in(scheme) if str(key) not in chosen)
        labels = (known.label(key, get_language()) for key in keys)
        yield str(scheme.label), by_name(filter(None, labels))


class WithFormParts(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "terms":
            kwargs["widget"] = TermsSelect(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        resource = kwargs.get("obj")
        parts = [*parts_of(context["adminform"], context["inline_admin_formsets"])]
        if context["errors"]:
            _begin_at_the_first_error(parts)
        may_publish = resource is None or self.has_publish_permission(request, resource)
        is_gone = resource is not None and resource.status == Resource.Status.WITHDRAWN
        context |= {"parts": parts, "show_save_and_publish": may_publish and not is_gone}
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: HttpRequest, obj: Resource, *args: Any) -> HttpResponse:
        response = super().response_add(request, obj, *args)
        return self._on_from(request, obj, response)

    def response_change(self, request: HttpRequest, obj: Resource) -> HttpResponse:
        return self._on_from(request, obj, super().response_change(request, obj))

    def _on_from(
        self, request: HttpRequest, resource: Resource, response: HttpResponse
    ) -> HttpResponse:
        """To the page that publishes, if that was asked for and all was saved."""
        if ON_TO_PUBLISH in request.POST and response.status_code == 302:
            return redirect("admin:knowledge_resource_publish", resource.pk)
        return response


def begin_at(field: BoundField) -> None:
    """Have the browser begin there; of a field made of several at the first of them."""
    widget = field.field.widget
    getattr(widget, "widgets", [widget])[0].attrs["autofocus"] = True


def _begin_at_the_first_error(parts: list[FormPart]) -> None:
    """Have the browser begin where something is to be corrected, also without a script."""
    for form in chain.from_iterable(map(_forms_of, parts)):
        for field in form:
            if field.errors and not isinstance(field.field.widget, HiddenInput):
                return begin_at(field)


def _forms_of(part: FormPart) -> list[BaseForm]:
    if part.formset:
        return part.formset.formset.forms
    # A set of fields shows some of its form; each set is asked for its own.
    return [_Shown(part.fieldset)]


class _Shown:
    """The fields of a set, as a form answers them."""

    def __init__(self, fieldset: Fieldset) -> None:
        self._fieldset = fieldset

    def __iter__(self) -> Iterator[Any]:
        form = self._fieldset.form
        for entry in self._fieldset.fields:
            for name in [entry] if isinstance(entry, str) else entry:
                if name in form.fields:
                    yield form[name]
