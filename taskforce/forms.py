"""What governments are asked when they register for a round, and what they can change later."""

from itertools import groupby
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events import times
from hub.addresses import AddressField
from hub.guarded import OnceMoreForm, plain_name
from hub.languages import work_language_choices
from hub.partners.models import User
from hub.texts import tidy
from hub.vocabulary.labels import labels_in
from hub.vocabulary.models import Scheme, Term
from hub.zones import with_stored
from taskforce.governments import government_called
from taskforce.models import Participation, ParticipationContact, Round
from taskforce.registering import Wish

LATER = "later"
SAID = ("priorities", "language", "timezone", "may_be_named")


def zone_choices() -> list[Any]:
    """All zones by part of the world, each by its town."""
    names = [name for name in times.zone_names() if "/" in name]
    groups = groupby(names, key=lambda name: name.partition("/")[0])
    return [
        ("UTC", "UTC"),
        *((area, [(name, times.place_of(name)) for name in found]) for area, found in groups),
    ]


def country_choices() -> list[tuple[str, str]]:
    """The countries that the hub knows, by name."""
    places = labels_in(Scheme.PLACE, get_language())
    countries = [one for one in places.values() if one.parent_id not in places]
    return [("", "–"), *((str(one.id), one.label) for one in countries)]


class SaidForm(forms.Form):
    """What a government says about taking part, and can change as long as it does."""

    activities = forms.MultipleChoiceField(
        label=_("What do you want to take part in?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("At least one; you can change it later."),
        error_messages={"required": _("Choose at least one activity.")},
    )
    priorities = forms.CharField(
        label=_("What matters most to you (optional)"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only the secretariat reads it."),
    )
    language = forms.ChoiceField(
        label=_("Preferred language"), choices=work_language_choices, initial="en"
    )
    timezone = forms.ChoiceField(
        label=_("Your time zone"),
        choices=zone_choices,
        help_text=_("The town whose clocks show your time. All times are shown in it."),
    )
    may_be_named = forms.BooleanField(
        label=_("Our government may be named in public as taking part (optional)"), required=False
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round
        offered = [(one.value, one.label) for one in round.activities]
        self.fields["activities"].choices = offered
        self.initial = {"timezone": round.timezone} | self.initial

    def offer_stored_zone(self) -> None:
        """The zone that somebody has already stays one to choose, if its name is an old one."""
        self.fields["timezone"].choices = with_stored(zone_choices(), self.initial["timezone"])

    def clean_priorities(self) -> str:
        return tidy(self.cleaned_data["priorities"])


class PersonForm(forms.Form):
    """Who somebody is who speaks for a government."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    position = forms.CharField(
        label=_("Your position (optional)"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])

    def clean_position(self) -> str:
        return plain_name(self.cleaned_data["position"])


class WholeForm(SaidForm, PersonForm):
    """A whole registration, but for the address. Sent to be finished later it needs little."""

    government = forms.CharField(
        label=_("Which government do you speak for?"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "governments", "autocomplete": "organization"}),
        help_text=_("Choose one from the list while you type, or enter its full name."),
        error_messages={"required": _("Say which government you speak for.")},
    )
    proposed_country = forms.ChoiceField(
        label=_("Country (only if the government is not in the list)"),
        choices=country_choices,
        required=False,
    )
    field_order = [
        *("government", "proposed_country", "name", "position", "email"),
        *("activities", "priorities", "language", "timezone", "may_be_named"),
    ]
    # What is needed even where the rest follows later.
    NEEDED = ("government", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_draft = self.data.get("act") == LATER
        for name, field in self.fields.items():
            if self.is_draft and name not in self.NEEDED:
                field.required = False

    def clean_government(self) -> str:
        return plain_name(self.cleaned_data["government"])

    @property
    def said(self) -> dict[str, Any]:
        """All but the address, once the form is valid."""
        said = self.cleaned_data
        known = government_called(said["government"])
        country = None
        if not known and said["proposed_country"]:
            country = Term.objects.get(pk=said["proposed_country"])
        return {
            "government": known,
            "proposed_name": "" if known else said["government"],
            "proposed_country": country,
            "activities": tuple(said["activities"]),
            "language": said["language"] or "en",
            "timezone": said["timezone"] or self.round.timezone,
            **{name: said[name] for name in ("name", "position", "priorities", "may_be_named")},
        }


class ParticipationForm(WholeForm, OnceMoreForm):
    """Registering a government. What looks like a robot's is asked for once more."""

    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We write to it to make sure that it is yours. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.is_authenticated:
            known = {"name": user.name, "email": user.email, "language": user.language}
            self.initial |= known | ({"timezone": user.timezone} if user.timezone else {})
            self.initial |= _own_government(user)
        self.offer_stored_zone()

    @property
    def wish(self) -> Wish:
        """What is asked for, once the form is valid."""
        return Wish(email=self.cleaned_data["email"], **self.said)


class GoOnForm(WholeForm):
    """What somebody has begun, by the link that was sent to them."""

    def __init__(self, *args: Any, contact: ParticipationContact, **kwargs: Any) -> None:
        participation = contact.participation
        super().__init__(*args, round=participation.round, **kwargs)
        self.email = contact.email
        self.initial |= said_in(participation) | {
            "government": participation.government_name,
            "proposed_country": str(participation.proposed_country_id or ""),
            "name": contact.name,
            "position": contact.position,
        }
        self.offer_stored_zone()

    @property
    def wish(self) -> Wish:
        return Wish(email=self.email, **self.said)


class ChangeForm(SaidForm, PersonForm):
    """What a government has said, to be put right, with the name of who does so. ``version`` is that
    of what they have read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    field_order = ["activities", "priorities", "language", "timezone", "may_be_named", "name"]

    def __init__(self, *args: Any, contact: ParticipationContact, **kwargs: Any) -> None:
        participation = contact.participation
        super().__init__(*args, round=participation.round, **kwargs)
        self.fields["activities"].required = False  # the service says what to do instead
        self.initial |= said_in(participation) | {
            "version": participation.version,
            "name": contact.name,
            "position": contact.position,
        }
        self.offer_stored_zone()

    @property
    def about(self) -> dict[str, Any]:
        """What of it is the government's, once the form is valid."""
        return {name: self.cleaned_data[name] for name in ("activities", *SAID)}

    @property
    def person(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "position")}


class InviteForm(forms.Form):
    """A colleague who is to speak for the same government."""

    name = forms.CharField(label=_("Their name"), max_length=100, required=False)
    email = AddressField(
        label=_("Their e-mail address"),
        help_text=_("We ask them to confirm it. After that they can do all that you can do here."),
        error_messages={"required": _("Enter their e-mail address.")},
    )

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])


def said_in(participation: Participation) -> dict[str, Any]:
    said = {name: getattr(participation, name) for name in SAID}
    return said | {"activities": [one.value for one in participation.activities]}


def _own_government(user: User) -> dict[str, str]:
    """Whose delegate somebody is, if it is one government."""
    own = [one.organisation.name for one in user.memberships.select_related("organisation")]
    found = [name for name in own if government_called(name)]
    return {"government": found[0]} if len(found) == 1 else {}
