"""Reading lists at the desk: what their form asks."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.catalogue.filters import RecordFilter
from hub.partners import policy
from hub.partners.forms import PartFormSet
from hub.texts import is_key
from knowledge.models import Collection, CollectionItem, CollectionText, Merged, Resource


class CollectionForm(forms.ModelForm):
    """A reading list. An address left empty is made of the title once the texts are saved."""

    class Meta:
        model = Collection
        fields = ["owner", "co_owners", "slug", "terms", "query", "query_size"]
        widgets = {
            "query": forms.TextInput(attrs={"size": 90}),
            "co_owners": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "query": _(
                "Search the library for what belongs here, choose filters and an order, and paste the "
                "address of that page. The works picked by hand come before what it finds."
            ),
            "query_size": _("The first so many, in the order of the search. At most 50."),
            "slug": _(
                "The end of the page's address. Leave it empty and it is made of the title; "
                "it stays as it is once the page was public."
            ),
            "co_owners": _("Partners whose editors curate this list too."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = self.instance.pk is not None

    def clean_query(self) -> str:
        """The search in its canonical form, whatever address of ours it was pasted from."""
        typed = self.cleaned_data["query"].strip()
        if not typed:
            return ""
        asked = QueryDict(urlsplit(typed).query or typed.partition("?")[2] or typed, mutable=True)
        asked.pop("page", None)
        filters = RecordFilter(asked)
        if filters.notices:
            raise ValidationError(filters.notices)
        query = filters.query()
        if not (filters.words or any(filters.chosen.values()) or any(filters.years)):
            raise ValidationError(_("This is no search: it has neither words nor a filter."))
        return query


class TextFormSet(PartFormSet):
    """The titles of a list, of which exactly one is the original."""

    def __init__(self, *args: Any, instance: Collection | None = None, **kwargs: Any) -> None:
        if instance is None or instance.pk is None:
            kwargs["initial"] = [{"is_original": True, "language": "en"}]
        super().__init__(*args, instance=instance, **kwargs)

    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if not self._is_left_out(form)]
        if any(form.errors for form in kept):
            return
        if len([form for form in kept if form.cleaned_data["is_original"]]) != 1:
            raise ValidationError(
                _("Tick “original” for one language: that of the notes."), code="original"
            )

    def _is_left_out(self, form: forms.ModelForm) -> bool:
        is_blank = form.empty_permitted and not form.has_changed()
        return is_blank or self._should_delete_form(form)


class TextForm(forms.ModelForm):
    class Meta:
        model = CollectionText
        fields = ["language", "is_original", "title", "intro"]
        widgets = {
            "title": forms.TextInput(attrs={"size": 90}),
            "intro": forms.Textarea(attrs={"rows": 4, "cols": 80}),
        }
        help_texts = {"is_original": _("Tick it for the language in which you write the notes.")}

    def _get_validation_exclusions(self) -> set[str]:
        # For the formset to judge: each form alone would compare itself with the stored ones.
        return {*super()._get_validation_exclusions(), "is_original"}


class ItemForm(forms.ModelForm):
    class Meta:
        model = CollectionItem
        fields = ["resource", "position", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3, "cols": 50})}


class ItemFormSet(PartFormSet):
    """The works of a list. One that its curator may not name any more, as it was withdrawn by
    another partner, stays until it is taken out, and its title is not told. The works that are sent
    are held before they are judged: a merge is over by then, or waits until the list is saved."""

    def full_clean(self) -> None:
        if self.is_bound:
            hold_sent(self.data, self.prefix)
        super().full_clean()

    def add_fields(self, form: ItemForm, index: int | None) -> None:
        super().add_fields(form, index)
        if self.is_bound and "resource" in form.fields:
            self._tell_what_it_became(form)
        key = form.instance.resource_id
        if "resource" not in form.fields or key is None or key in self._nameable_of(form):
            return
        field = form.fields["resource"]
        field.disabled = True
        field.queryset = Resource.objects.filter(pk=key)
        field.label_from_instance = nameless

    def _tell_what_it_became(self, form: ItemForm) -> None:
        key, field = self.data.get(form.add_prefix("resource"), ""), form.fields["resource"]
        merged = Merged.objects.filter(former_id=key).first() if is_key(key) else None
        into = merged and field.queryset.filter(pk=merged.into_id).first()
        if into:
            words = gettext("“%(title)s” became part of “%(into)s”. Choose that, or leave it out.")
            told = words % {"title": merged, "into": into}
            field.error_messages = {**field.error_messages, "invalid_choice": told}

    def _nameable_of(self, form: ItemForm) -> set[int]:
        """Those of the works of the list that may be named, asked once for all forms."""
        if not hasattr(self, "_nameable"):
            keys = [item.resource_id for item in self.get_queryset()]
            allowed = form.fields["resource"].queryset.filter(pk__in=keys)
            self._nameable = set(allowed.values_list("pk", flat=True))
        return self._nameable


def hold_sent(data: QueryDict, prefix: str = "items") -> None:
    """Hold the works that a form names, those with the lower keys first, as whoever merges does."""
    sent = (data[name] for name in data if re.fullmatch(rf"{prefix}-\d{{1,4}}-resource", name))
    keys = {int(key) for key in sent if is_key(key)}
    rows = Resource.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=keys)
    list(rows.order_by("pk").values_list("pk", flat=True))


def nameable(user: Any) -> models.QuerySet:
    """The works that this person may put into a list: those they see at the desk, and what
    everybody may read."""
    seen, public = policy.visible(user, Resource.objects.all()), Resource.objects.public()
    return Resource.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=public.values("pk")))


def nameless(_resource: Resource | None = None) -> str:
    """What a work is called to whom its title is not told."""
    return gettext("A work that is not on the site now")
