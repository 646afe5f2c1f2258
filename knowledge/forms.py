import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import AdminProseEditorWidget
from taggit.forms import TagWidget

from hub.languages import language_name, work_language_choices
from hub.partners import policy
from hub.partners.desk import OneLookedUp
from hub.partners.forms import LanguagesSelect, PartFormSet
from hub.zones import zone_name
from knowledge import richtext
from knowledge.desk_covers import CoverForm
from knowledge.desk_names import KeptNameForm
from knowledge.models import Edition, Resource

# Who cares for an entry, and what only curators read: it holds at once, with no draft.
CURATION = ("owner", "co_owners", "is_featured", "slug", "review_by", "curator_note")


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | QuerySet):
        return sorted(_plain(one) for one in value)
    return "" if value is None else "\n".join(str(value).split("\r\n")).strip()


class BeganField(forms.CharField):
    """What curation said when the form was opened."""

    widget = forms.HiddenInput

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class ResourceForm(KeptNameForm, CoverForm):
    """A resource at the desk. The original language and the further ones are asked apart, because
    their order matters. An address left empty is made of the title once the editions are saved."""

    original_language = forms.ChoiceField(
        label=_("Original language"), choices=lambda: [("", "---------"), *work_language_choices()]
    )
    further_languages = forms.MultipleChoiceField(
        label=_("Also to be had in"),
        choices=work_language_choices,
        required=False,
        widget=LanguagesSelect,
        help_text=_("Languages in which the work itself exists besides the original one."),
    )

    began = BeganField(required=False)

    class Meta:
        model = Resource
        exclude = ["languages"]
        widgets = {
            "curator_note": forms.Textarea(attrs={"rows": 3, "cols": 80}),
            "co_owners": forms.CheckboxSelectMultiple,
            "tags": TagWidget(attrs={"size": 60}),
        }
        help_texts = {
            "published_on": _("Of a month or a year that alone is known, give the first day."),
            "tags": _("Free words, separated by commas, for what the topics do not cover."),
            "slug": _(
                "The end of the page's address. Leave it empty and it is made of the title; "
                "it stays as it is once the page was public."
            ),
            "co_owners": _("Partners whose editors curate this entry too."),
            "is_featured": _("Shown first on the home page. The secretariat decides it."),
            "review_by": _("When somebody should look whether it still holds."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told_now: dict[str, Any] = {}
        languages = self.instance.languages or []
        self.initial.setdefault("original_language", languages[0] if languages else "")
        self.initial.setdefault("further_languages", languages[1:])
        if "slug" in self.fields:
            self.fields["slug"].required = self.instance.pk is not None
        self.initial["began"] = json.dumps(self._curation_of(self.initial))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        original = cleaned.get("original_language")
        further = cleaned.get("further_languages", [])
        if original:
            self.instance.languages = [original, *(code for code in further if code != original)]
        if cleaned.get("published_on") and not cleaned.get("published_precision"):
            cleaned["published_precision"] = Resource.Precision.DAY
        if self.instance.pk is not None:
            self._take_over_curation(cleaned)
        return cleaned

    def _curation_of(self, values: dict[str, Any]) -> dict[str, Any]:
        """What these values say of curation, in a way to be compared."""
        return {name: _plain(values.get(name)) for name in CURATION if name in self.fields}

    def _take_over_curation(self, cleaned: dict[str, Any]) -> None:
        """What this form has not changed stays as others have saved it since it was opened. What both
        have changed is shown, and goes in if it is sent once more."""
        try:
            began = json.loads(cleaned.get("began") or "{}")
        except (ValueError, RecursionError):
            began = {}
        if not isinstance(began, dict):
            began = {}
        now, sent = self._curation_of(self.initial), self._curation_of(cleaned)
        for name in now:
            if began.get(name, now[name]) == now[name]:
                continue
            if name not in cleaned or sent[name] == now[name]:
                continue
            if sent[name] == began[name]:
                cleaned[name] = self._as_saved(name)
            else:
                self._tell_of_both(name)
        if self.errors:
            self.data = self.data.copy()
            self.data[self.add_prefix("began")] = json.dumps(began | self._told_now)

    def _as_saved(self, name: str) -> Any:
        value = getattr(self.instance, name)
        return value.all() if name == "co_owners" else value

    def _tell_of_both(self, name: str) -> None:
        value = self._as_saved(name)
        said = ", ".join(map(str, value)) if name == "co_owners" else str(value or "–")
        text = gettext(
            "Somebody else has saved this meanwhile: %(said)s. Here is what you entered: save once "
            "more to put it in its place."
        )
        self._told_now[name] = self._curation_of(self.initial)[name]
        self.add_error(name, ValidationError(text, params={"said": said}, code="meanwhile"))


class RichText(AdminProseEditorWidget):
    """An editor for the markup that ``richtext`` keeps; without JavaScript a textarea."""

    def __init__(self) -> None:
        extensions = {
            **dict.fromkeys(("Bold", "Italic", "Blockquote", "HardBreak", "HTML"), True),
            **dict.fromkeys(("BulletList", "OrderedList", "ListItem"), True),
            **dict.fromkeys(("Table", "TableRow", "TableHeader", "TableCell"), True),
            "Heading": {"levels": [2, 3]},
            "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
        }
        super().__init__(
            config={"extensions": extensions},
            preset="configurable",
            attrs={"rows": 10, "cols": 80},
        )

    def format_value(self, value: Any) -> Any:
        """Clean, by whatever way it was stored: the editor reads it as markup."""
        return super().format_value(richtext.clean(value) if value else value)

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ["css/editor.css"]})


class EditionForm(forms.ModelForm):
    work: Resource | None = None  # as its own form has it, which the formset knows

    class Meta:
        model = Edition
        fields = ["language", "is_original", "title", "subtitle", "summary", "body", "method"]
        widgets = {
            "title": forms.TextInput(attrs={"size": 90}),
            "subtitle": forms.TextInput(attrs={"size": 90}),
            "summary": forms.Textarea(attrs={"rows": 5, "cols": 80}),
            "body": RichText(),
        }
        help_texts = {
            "is_original": _("Tick it for the language in which the work was written."),
            "title": _("As on the work. Only the original needs one."),
            "body": _("If the hub has more to say than a summary."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = self.fields["language"]
        is_original = self.instance.is_original or self.initial.get("is_original")
        no_choice = _("The original language of the work") if is_original else "---------"
        language.required = False  # the original is in the language of the work
        language.choices = [("", no_choice), *work_language_choices()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("language") and "language" not in self.errors:
            self._take_language_of_the_work(cleaned)
        if cleaned.get("is_original") and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", _("The original needs the title of the work."))
        return cleaned

    def _take_language_of_the_work(self, cleaned: dict[str, Any]) -> None:
        languages = self.work.languages if self.work else []
        if cleaned.get("is_original") and languages:
            cleaned["language"] = languages[0]
        elif not cleaned.get("is_original"):
            self.add_error("language", _("Say in which language this is."))
        # Else the work says that its original language is missing.

    def _get_validation_exclusions(self) -> set[str]:
        # Which one is the original is for the formset to judge: each form alone would compare
        # itself with the others as they are stored, and the mark could never move between two.
        return {*super()._get_validation_exclusions(), "is_original"}


class EditionFormSet(PartFormSet):
    """The editions of a resource, of which exactly one is the original, in the work's language."""

    def __init__(self, *args: Any, instance: Resource | None = None, **kwargs: Any) -> None:
        if instance is None or instance.pk is None:
            kwargs["initial"] = [{"is_original": True}]
        super().__init__(*args, instance=instance, **kwargs)

    def add_fields(self, form: EditionForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.work = self.instance

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if not self._is_left_out(form)]
        if any(form.errors for form in kept):
            return
        originals = [form for form in kept if form.cleaned_data["is_original"]]
        if len(originals) != 1:
            raise ValidationError(
                _("Tick “original” for one edition: the one in the language of the work."),
                code="original",
            )
        languages = self.instance.languages
        if languages and originals[0].cleaned_data["language"] != languages[0]:
            name = language_name(languages[0], "en")
            text = _("The original language of the work is %(name)s, so this edition is in it too.")
            originals[0].add_error("language", ValidationError(text, params={"name": name}))

    def _is_left_out(self, form: EditionForm) -> bool:
        is_blank = form.empty_permitted and not form.has_changed()
        return is_blank or (self.can_delete and self._should_delete_form(form))


class MomentWidget(AdminSplitDateTime):
    """A day and a time, each by its own name: the words beside them are no labels."""

    def __init__(self) -> None:
        super().__init__()
        for widget, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name


class PublishForm(forms.Form):
    """When a draft becomes public; empty means now."""

    at = forms.SplitDateTimeField(
        label=_("Public from"),
        required=False,
        widget=MomentWidget,
        help_text=format_lazy(
            _("Leave it empty to publish now. The time zone is {zone}."), zone=zone_name
        ),
    )

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at and at < timezone.now():
            raise ValidationError(_("This moment has passed. Leave it empty to publish now."))
        return at


class ReasonForm(forms.Form):
    """Why something goes that readers could see."""

    required_css_class = "required"

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        max_length=500,
        help_text=_("Readers who follow an old link will see it."),
    )


class WithdrawForm(ReasonForm):
    """Why a resource goes, and what readers should take instead."""

    replaced_by = forms.ModelChoiceField(
        label=_("Replaced by"),
        queryset=Resource.objects.none(),
        required=False,
        widget=OneLookedUp(Resource._meta.get_field("replaced_by"), admin.site),
        help_text=_("What readers should take instead, if it is on the site."),
    )

    def __init__(self, *args: Any, user: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = policy.visible(user, Resource.objects.public()).exclude(pk=resource.pk)
        self.fields["replaced_by"].queryset = own.prefetch_related("editions")
