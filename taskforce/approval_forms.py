"""The form by which a government puts a finding right, agrees to it and says who may read it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from taskforce import approving
from taskforce.models import Finding, ParticipationContact

CHOICES = [
    (Finding.Visibility.SECRETARIAT, _("The secretariat alone")),
    (Finding.Visibility.PEERS, _("Governments that take part; they see that it is yours")),
    (Finding.Visibility.PUBLIC, _("Everybody; without your name unless you allow it below")),
]


class ApprovalForm(forms.Form):
    """``conflict`` is what stands there where somebody else was faster."""

    text = forms.CharField(
        label=_("Finding"),
        max_length=Finding._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Put it right where it is wrong."),
    )
    visibility = forms.ChoiceField(
        label=_("Who may read it"), choices=CHOICES, required=False, widget=forms.RadioSelect
    )
    may_be_quoted = forms.BooleanField(
        label=_("It may be quoted with the name of our government"),
        required=False,
        help_text=_("Only what everybody may read."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.finding = finding
        self.conflict: Finding | None = None
        self.fields["text"].widget.attrs["lang"] = finding.language
        self.initial |= {
            "text": finding.text,
            "visibility": finding.visibility if finding.is_approved else "",
            "may_be_quoted": finding.may_be_quoted,
            "version": finding.version,
        }

    def save(self, act: str, by: ParticipationContact) -> bool:
        """Do what a button says; whether that worked. What went wrong is among the errors."""
        said = self.cleaned_data
        try:
            if act == "amend":
                approving.amend(self.finding.pk, said["text"], by=by, version=said["version"])
            elif act == "approve":
                approving.approve(self.finding.pk, by=by, **said)
            else:
                raise ValidationError(_("Choose what is to be done."))
        except approving.Stale as stale:
            self._show_both(stale)
        except ValidationError as error:
            self.add_error(None, error)
        return not self.errors

    def _show_both(self, stale: approving.Stale) -> None:
        """The next try is of who has seen what stands there."""
        self.conflict = stale.finding
        self.add_error(None, stale.messages)
        self.data = self.data.copy()
        self.data["version"] = str(stale.finding.version)
