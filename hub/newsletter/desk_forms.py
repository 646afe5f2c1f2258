"""Forms of the desk for issues."""

from datetime import datetime

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hub.newsletter.models import Issue
from hub.zones import zone_name


class MomentWidget(AdminSplitDateTime):
    """A day and a time, each by its own name: the words beside them are no labels."""

    def __init__(self) -> None:
        super().__init__()
        for widget, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name


class SendForm(forms.Form):
    """When an issue goes out; empty means now."""

    at = forms.SplitDateTimeField(
        label=_("Goes out"),
        required=False,
        widget=MomentWidget,
        help_text=format_lazy(
            _("Leave it empty to send it now. The time zone is {zone}."), zone=zone_name
        ),
    )

    def clean_at(self) -> datetime | None:
        at = self.cleaned_data["at"]
        if at and at < timezone.now():
            raise ValidationError(_("This moment has passed. Leave it empty to send it now."))
        return at


class IssueForm(forms.ModelForm):
    class Meta:
        model = Issue
        fields = ["language"]


class WordsForm(forms.Form):
    """Words of a title to look for."""

    q = forms.CharField(label=_("Words of the title"), required=False, max_length=200)
