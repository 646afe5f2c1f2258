from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hub.languages import work_language_choices
from hub.partners import policy
from knowledge.models import Resource


class ResourceForm(forms.ModelForm):
    """A resource at the desk. The original language and the further ones are asked apart, because
    their order matters."""

    original_language = forms.ChoiceField(
        label=_("Original language"), choices=lambda: [("", "---------"), *work_language_choices()]
    )
    further_languages = forms.MultipleChoiceField(
        label=_("Also to be had in"), choices=work_language_choices, required=False
    )

    class Meta:
        model = Resource
        exclude = ["languages"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        languages = self.instance.languages or []
        self.initial.setdefault("original_language", languages[0] if languages else "")
        self.initial.setdefault("further_languages", languages[1:])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        original = cleaned.get("original_language")
        further = cleaned.get("further_languages", [])
        if original:
            self.instance.languages = [original, *(code for code in further if code != original)]
        return cleaned


class PublishForm(forms.Form):
    """When a draft becomes public; empty means now."""

    at = forms.SplitDateTimeField(
        label=_("Public from"),
        required=False,
        widget=AdminSplitDateTime,
        help_text=_("Leave it empty to publish now. Times are in UTC."),
    )

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at and at < timezone.now():
            raise ValidationError(_("This moment has passed. Leave it empty to publish now."))
        return at


class WithdrawForm(forms.Form):
    """Why a resource goes, and what readers should take instead."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        help_text=_("Readers who follow an old link will see it."),
    )
    replaced_by = forms.ModelChoiceField(
        label=_("Replaced by"), queryset=Resource.objects.none(), required=False
    )

    def __init__(self, *args: Any, user: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = policy.visible(user, Resource.objects.public()).exclude(pk=resource.pk)
        self.fields["replaced_by"].queryset = own.prefetch_related("editions")
