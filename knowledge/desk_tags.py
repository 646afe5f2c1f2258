"""Free tags at the desk: how much each is used, and the way into the vocabulary. For the
secretariat alone."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from hub.desk import Confirming
from hub.languages import LABEL_LANGUAGES
from hub.partners import policy
from hub.partners.desk import ReferenceAdmin
from hub.vocabulary.labels import labels_in
from hub.vocabulary.models import Scheme, Term
from knowledge import tagging


class PromoteForm(forms.Form):
    """Of which term, and in which language, the chosen tags become other words."""

    term = forms.TypedChoiceField(
        label=_("Other words for"),
        coerce=int,
        help_text=_("Search finds the works by them then. The works get this term; the tags go."),
    )
    language = forms.ChoiceField(
        label=_("In"),
        choices=LABEL_LANGUAGES,
        help_text=_("The language that the tags are in."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (scheme.label, [(pk, label.label) for pk, label in labels_in(scheme, "en").items()])
            for scheme in Scheme
        ]
        self.fields["term"].choices = [("", "---------"), *groups]


class MergeTagsForm(forms.Form):
    """Which of the chosen tags stays."""

    into = forms.ModelChoiceField(
        label=_("The one that stays"),
        queryset=Tag.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the spelling that stays.")},
    )

    def __init__(self, *args: Any, tags: QuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = tags


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ["name"]

    def _get_validation_exclusions(self) -> set[str]:
        # Whether another has the name is said by ``tagging``, in whatever capitals.
        return {*super()._get_validation_exclusions(), "name"}

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if self.instance.pk:
            try:
                tagging.check_name(name, self.instance)
            except ValidationError as error:
                raise ValidationError(error.message_dict["name"]) from error
        return name


class InUseFilter(admin.SimpleListFilter):
    title = _("in use")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Nothing bears it"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return tagging.unused(queryset) if self.value() == "no" else queryset


class TagAdmin(Confirming, ReferenceAdmin):
    """Tags come of themselves where works are described, so none is added here."""

    form = TagForm
    list_display = ["name", "used"]
    list_filter = [InUseFilter]
    list_per_page = 100
    search_fields = ["name"]
    actions = ["promote", "merge_spellings", "delete_unused"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return Tag.objects.annotate(times=Count("taggit_taggeditem_items")).order_by("name")

    def get_ordering(self, request: HttpRequest) -> list[str]:
        return ["-times", "name"]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without the stock one, which would take a tag off the works that bear it."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def has_view_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """By look-ups neither: a tag may stand on nothing but another partner's draft."""
        return policy.oversees(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tag | None = None) -> bool:
        """What something bears is merged or promoted, not deleted."""
        if obj is not None and not tagging.unused(Tag.objects.filter(pk=obj.pk)).exists():
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=_("works"), ordering="times")
    def used(self, tag: Tag) -> SafeString | str:
        if not tag.times:
            return "0"
        address = reverse("admin:knowledge_resource_changelist")
        return format_html('<a href="{}?tags__id__exact={}">{}</a>', address, tag.pk, tag.times)

    def save_model(self, request: HttpRequest, obj: Tag, form: Any, change: bool) -> None:
        tagging.rename(obj, form.cleaned_data["name"])

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        tagging.delete_unused(Tag.objects.filter(pk=obj.pk))

    @admin.action(description=_("Make them other words for a term …"), permissions=["change"])
    def promote(self, request: HttpRequest, tags: QuerySet) -> HttpResponse | None:
        form = PromoteForm(request.POST if request.POST.get("confirmed") else None)
        question = gettext("Make these tags other words for a term")

        def act(asked: dict[str, Any]) -> str:
            term = Term.objects.get(pk=asked["term"])
            names = ", ".join(tag.name for tag in tags)
            tagging.promote(tags, term, asked["language"])
            said = gettext("Found as “%(term)s” from now on: %(tags)s.")
            return said % {"tags": names, "term": str(term)}

        return self._ask_and(act, request, tags, form, "promote", question, gettext("Promote"))

    @admin.action(description=_("Merge spellings into one …"), permissions=["change"])
    def merge_spellings(self, request: HttpRequest, tags: QuerySet) -> HttpResponse | None:
        if tags.count() < 2:
            self.message_user(request, gettext("Choose two tags or more."), messages.WARNING)
            return None
        form = MergeTagsForm(request.POST if request.POST.get("confirmed") else None, tags=tags)
        question = gettext("Merge these tags into one")

        def act(asked: dict[str, Any]) -> str:
            stays = tagging.merge(tags, asked["into"])
            return gettext("They are one tag now: %(tag)s.") % {"tag": stays.name}

        return self._ask_and(act, request, tags, form, "merge_spellings", question, _("Merge"))

    @admin.action(description=_("Delete those that nothing bears"), permissions=["delete"])
    def delete_unused(self, request: HttpRequest, tags: QuerySet) -> HttpResponse | None:
        free = tagging.unused(tags)
        if not free.exists():
            self.message_user(request, gettext("All of these are in use."), messages.WARNING)
            return None
        question, answer = gettext("Delete these tags, which nothing bears"), gettext("Delete")
        asked = self.confirm(request, free, "delete_unused", question, answer)
        if asked is None:
            count = tagging.delete_unused(tags)
            said = ngettext("%d tag deleted.", "%d tags deleted.", count)
            self.message_user(request, said % count, messages.SUCCESS)
        return asked

    def _ask_and(
        self,
        act: Callable[[dict[str, Any]], str],
        request: HttpRequest,
        tags: QuerySet,
        form: forms.Form,
        *asked: str,
    ) -> HttpResponse | None:
        """Ask until the form holds, then act and say what ``act`` says; what it refuses stands at
        the field."""
        if form.is_valid():
            try:
                said = act(form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.message_user(request, said, messages.SUCCESS)
                return None
        return self.ask(request, tags, *asked, form)
