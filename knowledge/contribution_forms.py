"""What people from outside are asked: for a proposal, for the outline of a case study, and what is
wrong with a work."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from hub import pdftext, uploading
from hub.addresses import AddressField
from hub.guarded import GuardedForm, plain_name
from hub.languages import work_language_choices
from hub.partners.models import Organisation, User
from hub.texts import tidy
from hub.vocabulary.models import Scheme, Term
from knowledge.contributed_files import MOST_BYTES
from knowledge.models import OUTLINE, Contribution, ProblemReport

YES, NO = "yes", "no"


class SmallPdfField(forms.FileField):
    """Answers the uploaded PDF, or refuses in words what is too large or opens nowhere."""

    widget = forms.FileInput(attrs={"accept": f".pdf,{pdftext.MIME_TYPE}"})

    def clean(self, data: Any, initial: Any = None) -> Any:
        content = super().clean(data, initial)
        if isinstance(content, uploading.Unkept):
            raise uploading.no_room()
        if isinstance(content, UploadedFile):
            if content.size > MOST_BYTES:
                raise ValidationError(_("The file has more than 10 MB."), code="bytes")
            pdftext.pages_in(content)
            content.seek(0)
        return content


class PlaceField(forms.ModelChoiceField):
    """A country or region, a region beside its country."""

    def __init__(self, **kwargs: Any) -> None:
        places = Term.objects.filter(scheme=Scheme.PLACE).select_related("parent")
        places = places.prefetch_related("labels", "parent__labels").order_by("slug")
        super().__init__(places, required=False, empty_label=_("Not about one place"), **kwargs)

    def label_from_instance(self, place: Term) -> str:
        return f"{place} ({place.parent})" if place.parent else str(place)


class ProposalForm(GuardedForm):
    """What each proposal has: who makes it, in which language, about which place, for whom."""

    language = forms.ChoiceField(
        label=_("Language of the work"), choices=work_language_choices, initial="en"
    )
    region = PlaceField(label=_("Country or region"))
    partner = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("For whom"),
        required=False,
        empty_label=_("Whoever keeps the hub"),
        help_text=_("One of the partners may know your region or your subject."),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    email = AddressField(
        label=_("Your e-mail address"),
        help_text=_("What becomes of it is written to this address. It is never shown."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your e-mail address.")},
    )
    organisation_name = forms.CharField(
        label=_("Your organisation (if there is one)"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    is_named = forms.ChoiceField(
        label=_("May we name you beside the work?"),
        choices=[
            (YES, _("Yes, show my name as its author or as who proposed it")),
            (NO, _("No, do not show my name")),
        ],
        widget=forms.RadioSelect,
        help_text=_("You can take your name off later, by the link that we send you."),
        error_messages={"required": _("Say whether we may name you.")},
    )

    def __init__(self, *args: Any, user: User | AnonymousUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Organisation.objects.implementing()
        if user.is_authenticated:
            self.initial |= {"name": user.name, "email": user.email}

    def clean_name(self) -> str:
        return plain_name(self.cleaned_data["name"])

    def clean_is_named(self) -> bool:
        return self.cleaned_data["is_named"] == YES

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str) and name not in ("shown", "homepage", "email"):
                cleaned[name] = tidy(value)
        return cleaned

    @property
    def told(self) -> dict[str, Any]:
        """The columns of the proposal, once the form is valid."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("shown", "homepage")
        }


class ContributionForm(ProposalForm):
    """A work that the library lacks, or a story."""

    sort = forms.ChoiceField(
        label=_("What do you propose?"),
        choices=[
            (Contribution.Sort.PRODUCT, _("A work for the library: a report, a film, a tool …")),
            (Contribution.Sort.STORY, _("A story from my region, in my own words")),
        ],
        initial=Contribution.Sort.PRODUCT,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(
        label=_("Title"), max_length=300, error_messages={"required": _("Enter a title.")}
    )
    url = forms.URLField(
        label=_("Link to it"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
        error_messages={"invalid": _("Enter an address that begins with https://")},
    )
    upload = SmallPdfField(
        label=_("Or the work itself, as a PDF"),
        required=False,
        help_text=_(
            "At most 10 MB. Only those who decide see it. If something is to be corrected, choose the "
            "file again: browsers do not keep it."
        ),
    )
    words = forms.CharField(
        label=_("Why it matters, or your story"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("For whom it is, and what one learns from it."),
        error_messages={"required": _("Say why it matters, or tell your story.")},
    )
    field_order = ("sort", "title", "url", "upload", "words")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_product = cleaned.get("sort") == Contribution.Sort.PRODUCT
        is_nowhere = not (cleaned.get("url") or cleaned.get("upload"))
        if is_product and is_nowhere and not {"url", "upload"} & {*self.errors}:
            self.add_error("url", _("Give a link to the work, or add it as a PDF."))
        return cleaned


class CaseStudyForm(ProposalForm):
    """The outline of a case study: what happened, in five parts."""

    title = forms.CharField(
        label=_("What the case study is called"),
        max_length=300,
        error_messages={"required": _("Enter a title.")},
    )
    words = forms.CharField(
        label=_("In a few lines"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the reader will learn."),
        error_messages={"required": _("Say it in a few lines.")},
    )
    url = forms.URLField(
        label=_("Link to more about it"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    field_order = ("title", "words", *OUTLINE, "url")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (heading, hint) in OUTLINE.items():
            self.fields[name] = forms.CharField(
                label=heading,
                help_text=hint,
                max_length=4000,
                required=name in ("situation", "done"),
                widget=forms.Textarea(attrs={"rows": 6}),
                error_messages={"required": _("Write a few sentences here.")},
            )
        self.order_fields(self.field_order)

    @property
    def told(self) -> dict[str, Any]:
        told = super().told
        outline = {name: told.pop(name) for name in OUTLINE}
        return told | {"sort": Contribution.Sort.CASE, "outline": outline}


class WordForm(forms.Form):
    """What the writer of a proposal adds."""

    words = forms.CharField(
        label=_("Add a word"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you want to add.")},
    )


class ProblemForm(GuardedForm):
    """What is wrong with a work."""

    sort = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=ProblemReport.Sort,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong.")},
    )
    words = forms.CharField(
        label=_("In a few words"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Where in the work or on its page, and what would be right."),
        error_messages={"required": _("Say in a few words what is wrong.")},
    )
    email = AddressField(
        label=_("Your e-mail address (if you want an answer)"),
        required=False,
        help_text=_("We send a link to it first. Then you are told what came of your report."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_words(self) -> str:
        return tidy(self.cleaned_data["words"])
