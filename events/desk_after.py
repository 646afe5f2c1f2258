"""What comes after an event, in its form at the partner desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SplitArrayField
from django.db import models
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from events import outcomes
from events.models import Event, Material, Outcome

MOST_MESSAGES = 7


class MaterialForm(forms.ModelForm):
    """A material; sessions to choose from are those of its event."""

    class Meta:
        model = Material
        fields = (
            *("kind", "title", "session", "visibility", "language", "url", "resource", "licence"),
            *("captions_url", "transcript", "position"),
        )
        widgets = {"transcript": forms.Textarea(attrs={"rows": 4, "cols": 80})}


class MaterialFormSet(BaseInlineFormSet):
    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["session"].queryset = self.instance.sessions.in_order()


class MaterialInline(admin.StackedInline):
    model = Material
    form, formset = MaterialForm, MaterialFormSet
    extra = 0
    autocomplete_fields = ["resource"]
    classes = ["collapse"]


class OutcomeForm(forms.ModelForm):
    """What came of the event, and whether readers see it."""

    key_messages = SplitArrayField(
        forms.CharField(max_length=300, required=False),
        size=MOST_MESSAGES,
        remove_trailing_nulls=True,
        required=False,
        label=_("key messages"),
        help_text=_("A sentence in each line, the most important first."),
    )
    is_shown = forms.BooleanField(
        label=_("readers see it"),
        required=False,
        help_text=_("Until then it is a draft. Materials are shown by themselves."),
    )

    class Meta:
        model = Outcome
        fields = ("summary", "key_messages")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_shown"] = self.instance.published_at is not None

    def save(self, commit: bool = True) -> Outcome:
        if not self.cleaned_data["is_shown"]:
            self.instance.published_at = None
        elif self.instance.published_at is None:
            self.instance.published_at = now()
        return super().save(commit)


class OutcomeInline(admin.StackedInline):
    model = Outcome
    form = OutcomeForm
    classes = ["collapse"]
    max_num = 1


class WithAfter(admin.ModelAdmin):
    """Mix it into the admin of events: materials and outcome, and the transcripts in the search."""

    def get_inlines(self, request: HttpRequest, obj: models.Model | None) -> list:
        inlines = [*super().get_inlines(request, obj)]
        # There is nothing to tell of an event that nobody has written down yet.
        return [*inlines, OutcomeInline, MaterialInline] if obj else inlines

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        outcomes.saved(Event.objects.get(pk=form.instance.pk))
