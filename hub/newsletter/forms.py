from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hub.addresses import AddressField
from hub.guarded import OnceMoreForm
from hub.languages import LABEL_LANGUAGES
from hub.newsletter.models import Group, Subscription
from hub.newsletter.signing_up import Wishes
from hub.partners.models import User
from hub.vocabulary.labels import labels_in
from hub.vocabulary.models import Scheme, Term


class FoldedChoices(forms.CheckboxSelectMultiple):
    """Boxes for many choices that few people make: folded away until asked for."""

    is_folded = True


class WishesForm(forms.Form):
    """What somebody wants to read, in which languages and how often."""

    languages = forms.MultipleChoiceField(
        label=_("In which languages?"),
        choices=LABEL_LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("You get each issue in one of these, if there is one in it; else in English."),
        error_messages={"required": _("Choose at least one language.")},
    )
    groups = forms.MultipleChoiceField(
        label=_("What do you want to read?"),
        choices=Group,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All of it, if you choose nothing."),
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics that matter to you (optional)"), required=False, widget=FoldedChoices
    )
    places = forms.MultipleChoiceField(
        label=_("Countries and regions that matter to you (optional)"),
        required=False,
        widget=FoldedChoices,
    )
    cadence = forms.ChoiceField(
        label=_("How often?"),
        choices=Subscription.Cadence,
        widget=forms.RadioSelect,
        initial=Subscription.Cadence.EVERY,
        error_messages={"required": _("Choose how often.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, scheme in (("topics", Scheme.TOPIC), ("places", Scheme.PLACE)):
            labels = labels_in(scheme, get_language())
            self.fields[name].choices = [(str(pk), one.label) for pk, one in labels.items()]
            self.fields[name].help_text = _("What is about them comes first.")

    @classmethod
    def told_by(cls, subscription: Subscription) -> dict[str, Any]:
        """What the form shows first of somebody who reads it already."""
        chosen = {Scheme.TOPIC: [], Scheme.PLACE: []}
        for term in subscription.terms.all():
            chosen.get(term.scheme, []).append(str(term.pk))
        return {
            "languages": subscription.languages,
            "groups": subscription.groups,
            "cadence": subscription.cadence,
            "topics": chosen[Scheme.TOPIC],
            "places": chosen[Scheme.PLACE],
        }

    @property
    def wishes(self) -> Wishes:
        """What is wished, once the form is valid."""
        said = self.cleaned_data
        terms = Term.objects.filter(pk__in=[*said["topics"], *said["places"]])
        return Wishes(said["languages"], said["groups"], list(terms), said["cadence"])


class SignUpForm(WishesForm, OnceMoreForm):
    """Asking for the newsletter. What looks like a robot's is asked for once more."""

    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("We write to it once, to ask whether it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    field_order = ("email", "languages", "groups", "topics", "places", "cadence")

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("languages", [get_language()])
        if user.is_authenticated:
            self.initial |= {"email": user.email, "languages": [user.language]}
