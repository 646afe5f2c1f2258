"""What is asked of somebody who wants to sit in a working group."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events.forms import organisation_called
from hub.addresses import AddressField
from hub.guarded import OnceMoreForm, plain_name
from hub.languages import work_language_choices
from hub.texts import tidy
from taskforce.applying import Wish
from taskforce.kinds import Circle

CIRCLES = [
    (Circle.CORE, _("Core member: reads the papers, speaks in the meetings, takes on actions")),
    (Circle.OBSERVER, _("Observer: comes to the meetings")),
    (Circle.OTHER, _("Wider circle: hears of what comes of them")),
]


class ApplicationForm(OnceMoreForm):
    """An application to sit in a group. What looks like a robot's is asked for once more."""

    organisation_name = forms.CharField(
        label=_("For which organisation or government?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Say for which organisation.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We write to it to make sure that it is yours. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    circle = forms.ChoiceField(
        label=_("How close to the work do you want to be?"),
        choices=CIRCLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how close to the work you want to be.")},
    )
    motivation = forms.CharField(
        label=_("Why, and what you would bring"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Those who decide read it, and nobody else."),
        error_messages={"required": _("Say why you want to sit in the group.")},
    )
    language = forms.ChoiceField(
        label=_("Your language"),
        choices=work_language_choices,
        help_text=_("The one in which we write to you."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["language"] = get_language()
        if user.is_authenticated:
            self.initial |= {"name": user.name, "email": user.email, "language": user.language}

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])

    def clean_organisation_name(self) -> str:
        return " ".join(tidy(self.cleaned_data["organisation_name"]).split())

    def clean_motivation(self) -> str:
        return tidy(self.cleaned_data["motivation"])

    @property
    def wish(self) -> Wish:
        """What is asked for, once the form is valid."""
        names = ("email", "name", "organisation_name", "circle", "motivation", "language")
        said = {name: self.cleaned_data[name] for name in names}
        return Wish(organisation=organisation_called(said["organisation_name"]), **said)
