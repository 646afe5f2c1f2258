from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from hub.addresses import AddressField
from hub.guarded import GuardedForm, plain_name
from hub.partners.models import User
from hub.texts import tidy


class LetterForm(GuardedForm):
    """A letter to somebody whose address the writer is not told."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("The answer comes to it. Whoever reads your letter sees it, nobody else."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    words = forms.CharField(
        label=_("Your letter"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": _("Write your letter.")},
    )

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            self.initial |= {"name": user.name, "email": user.email}

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])

    def clean_words(self) -> str:
        return tidy(self.cleaned_data["words"])
