"""Forms of the partner desk that all its apps share."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.forms.models import BaseInlineFormSet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class LanguagesSelect(FilteredSelectMultiple):
    """Many languages to choose several from. In a box of its own: the script puts what it makes
    before all that stands in the same box, and that would be the label."""

    def __init__(self) -> None:
        super().__init__(_("languages"), is_stacked=False)

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return format_html("<div>{}</div>", super().render(*args, **kwargs))


class PartFormSet(BaseInlineFormSet):
    """Parts of one whole. Django lets the key of another's part pass and then leaves that part
    out; here it is an error, so that nobody takes a change for made."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[self._pk_field.name].queryset = self.get_queryset()
