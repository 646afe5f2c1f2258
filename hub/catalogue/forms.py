"""What people at the desk ask of the numbers of readers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.catalogue.readership import ORDER, SUMS, owners_for
from hub.partners.models import Organisation, User


class UsageForm(forms.Form):
    """Whose works, and by which sum they stand in order."""

    organisation = forms.ModelChoiceField(
        label=_("Works of"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("All organisations here"),
    )
    order = forms.ChoiceField(
        choices=[(name, name) for name in SUMS], required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = owners_for(user)

    def clean_order(self) -> str:
        return self.cleaned_data["order"] or ORDER
