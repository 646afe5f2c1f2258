"""What members and those who lead an organisation may say."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hub.addresses import AddressField
from hub.partners.models import Membership, Organisation, User
from hub.texts import tidy
from hub.zones import current_names, with_stored


def time_zones() -> list[tuple[str, str]]:
    """Those that people know by a city, and UTC."""
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in current_names())]


class SettingsForm(forms.ModelForm):
    """How the hub calls somebody, and in which language and time it writes to them."""

    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Of the times on your own pages, at the desk and in letters to you."),
    )

    class Meta:
        model = User
        fields = ["name", "language", "timezone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["timezone"].choices = with_stored(time_zones(), self.instance.timezone)
        if len(settings.LANGUAGES) > 1:
            self.fields["language"] = forms.ChoiceField(
                label=_("Language"),
                choices=settings.LANGUAGES,
                help_text=_("Of the letters that we send you."),
            )
        else:
            del self.fields["language"]

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])


class InviteForm(forms.Form):
    email = AddressField(
        label=_("E-mail address"),
        error_messages={"required": _("Enter the address of whom you invite.")},
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=Membership.Role, initial=Membership.Role.AUTHOR
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Membership.Role)

    def __init__(self, data: Any, membership: Membership) -> None:
        super().__init__(data, initial={"role": membership.role})
        self.fields["role"].required = not (data and "end" in data)


class AskForm(forms.Form):
    """A wish to speak for an organisation."""

    organisation = forms.ModelChoiceField(
        label=_("Organisation or government"),
        queryset=Organisation.objects.public(),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the organisation or government.")},
    )
    words = forms.CharField(
        label=_("What you do there"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One of its editors or the hub's secretariat reads this and decides."),
        error_messages={"required": _("Say what you do there.")},
    )


class EraseForm(forms.Form):
    """Consent that cannot be given by one click too many."""

    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Type it once more, so that nothing is erased by mistake."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email.lower() != self._user.email.lower():
            raise forms.ValidationError(_("This is not the address of your account."), "other")
        return email
