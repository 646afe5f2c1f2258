"""Names that lead to one work alone, at the partner desk: who gives a DOI, an ISBN or an address that
another work has is told so at the field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from hub.partners.models import User
from knowledge import duplicates
from knowledge.addresses import canonical
from knowledge.models import Identifier, Link, Merged
from knowledge.models.links import normalise


class NameForm(forms.ModelForm):
    """A name of a work. ``user`` is who reads the refusal, which names what they may know of."""

    user: User | None = None

    def refuse_double(self, field: str, key: str, what: str, *, hint: str = "") -> None:
        """Say at the field that another work has the name ``key``. What was double before this was a
        rule holds nobody up who has come to change something else."""
        if self.instance.pk and not self.has_changed():
            return
        other = duplicates.holder_of(key, besides=self.instance.resource_id)
        if other is not None:
            said = duplicates.refusal(self.user, other, what)
            said = format_html("{} {}", said, hint) if hint else said
            given = self.cleaned_data[field]
            self.add_error(field, ValidationError(said, code="double"))
            self.cleaned_data[field] = given  # which the model looks at once more


class IdentifierForm(NameForm):
    class Meta:
        model = Identifier
        fields = ["scheme", "value"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        scheme, value = cleaned.get("scheme"), cleaned.get("value")
        if scheme and value:
            key = f"{scheme}:{normalise(scheme, value)}"
            self.refuse_double("value", key, str(Identifier.Scheme(scheme).label))
        return cleaned


class LinkForm(NameForm):
    class Meta:
        model = Link
        fields = ["url", "archived_url", "kind", "label", "position"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("url") and cleaned.get("kind") == Link.Kind.WORK:
            hint = _("If the page lists several works, say so as its kind.")
            self.refuse_double("url", canonical(cleaned["url"]), _("address"), hint=hint)
        return cleaned


class TellsReader:
    """For inlines of a ``NameForm``."""

    def get_formset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> type:
        formset = super().get_formset(request, *args, **kwargs)
        formset.form.user = request.user  # a class made for this request alone
        return formset


class KeptNameForm(forms.ModelForm):
    """For the form of a resource: the address of a work that became part of another is taken."""

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        if slug and Merged.objects.filter(slug=slug).exists():
            raise ValidationError(_("This address leads to another work already."), code="kept")
        return slug
