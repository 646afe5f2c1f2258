from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from hub.addresses import AddressField
from hub.catalogue.models import SavedSearch
from hub.guarded import OnceMoreForm
from hub.partners.models import User


class SavedSearchForm(OnceMoreForm):
    """Asks to follow a list by mail. What looks like a robot's is asked for once more."""

    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("It is used for these letters alone, and shown to nobody."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    cadence = forms.ChoiceField(
        label=_("How often?"),
        choices=SavedSearch.Cadence,
        initial=SavedSearch.Cadence.WEEKLY,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often.")},
    )

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            self.initial["email"] = user.email
