"""Translations at the desk: a work beside its original, how it stands in each language, and the board
of what is read most and not translated yet."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from hub.languages import WORK_LANGUAGES, direction, language_name, work_language_choices
from knowledge import drafting, editor, richtext, translating, translation_board
from knowledge.forms import RichText
from knowledge.models import Edition, Resource
from knowledge.translating import Status


@dataclass(frozen=True)
class Pair:
    """A field of the translation beside what the original has there."""

    label: str
    original: SafeString | str
    field: BoundField
    then: SafeString | str  # what it had there when this was translated, if that was something else
    now: SafeString | str = ""  # what somebody else has written there meanwhile

    @property
    def is_rich(self) -> bool:
        return self.field.name == "body"


class TranslationForm(forms.ModelForm):
    """The texts of one language. It remembers which original its writer sees, and with which
    translation they began."""

    of = forms.CharField(widget=forms.HiddenInput, max_length=32)
    instead_of = forms.CharField(widget=forms.HiddenInput, max_length=32, required=False)

    class Meta:
        model = Edition
        fields = [*translating.TEXTS, "method"]
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "subtitle": forms.Textarea(attrs={"rows": 2}),
            "summary": forms.Textarea(attrs={"rows": 8}),
            "body": RichText(),
            "method": forms.RadioSelect,
        }
        help_texts = {"summary": _("Plain text: what it is, what it says, for whom.")}

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in translating.TEXTS:
            self.fields[name].widget.attrs |= {"lang": language, "dir": direction(language)}


class BoardForm(forms.Form):
    """What the board is asked for in its address."""

    language = forms.ChoiceField(
        label=_("Language"), choices=work_language_choices, required=False, initial="es"
    )
    wanted = forms.ChoiceField(
        label=_("Works"), choices=translation_board.Wanted, required=False, initial="todo"
    )

    def asked(self) -> dict[str, str]:
        """What is wanted, or 404 for what cannot be."""
        if not self.is_valid():
            raise Http404
        return {name: self.cleaned_data[name] or self.fields[name].initial for name in self.fields}


class WithTranslations(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path(
                "languages/",
                wrap(require_safe(self.board_view)),
                name="knowledge_resource_languages",
            ),
            path(
                "<path:object_id>/translate/",
                wrap(self.translate_view),
                name="knowledge_resource_translate",
            ),
            *super().get_urls(),
        ]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The translations that a person has saved are of the original as it is now."""
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if formset.model is Edition:
                changed = [edition for edition, _names in formset.changed_objects]
                translating.touched([*formset.new_objects, *changed])

    # The board

    def board_view(self, request: HttpRequest) -> HttpResponse:
        form = BoardForm(request.GET or {"language": "es", "wanted": "todo"})
        asked, today = form.asked(), timezone.now().date()
        page, entries = translation_board.page_of(
            request.user, asked["language"], asked["wanted"], request.GET.get("page"), today
        )
        name = language_name(asked["language"], "en")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Most read, not yet in %(language)s") % {"language": name},
            "opts": self.opts,
            "form": BoardForm(asked),
            "language": asked["language"],
            "language_name": name,
            "since": translation_board.since(today),
            "page": page,
            "entries": entries,
        }
        return TemplateResponse(request, "admin/knowledge/resource/languages.html", context)

    # A work and its languages

    def translate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """How a work stands in each language, or its translation into the one that is asked for."""
        resource = self.get_object(request, object_id)
        if resource is None or not self.has_view_permission(request, resource):
            raise Http404
        if not self.has_change_permission(request, resource):
            raise PermissionDenied
        language = request.GET.get("language")
        with drafting.in_place(resource) as drafted:
            if language is None:
                return self._languages_of(request, drafted).render()
            original = drafted.original
            if language not in WORK_LANGUAGES or original is None or original.language == language:
                raise Http404
            if request.method != "POST":
                return self._side_by_side(request, drafted, language).render()
        return self._send_translation(request, resource, language)

    def _languages_of(self, request: HttpRequest, resource: Resource) -> TemplateResponse:
        statuses = translating.statuses_of(resource)
        context = {
            **self._translation_context(request, resource, gettext("Translations")),
            "languages": [
                (code, language_name(code, "en"), WORK_LANGUAGES.get(code, code), status)
                for code, status in statuses.items()
            ],
            "others": [one for one in work_language_choices() if one[0] not in statuses],
            "has_original": resource.original is not None,
        }
        return TemplateResponse(request, "admin/knowledge/resource/translations.html", context)

    def _send_translation(
        self, request: HttpRequest, resource: Resource, language: str
    ) -> HttpResponse:
        # An instance of its own: what is refused leaves the other as it stands.
        instance = Edition(language=language)
        sent = TranslationForm(request.POST, instance=instance, language=language)
        is_conflict = False
        if sent.is_valid():
            try:
                return self._save_translation(request, resource, language, sent.cleaned_data)
            except ValidationError as error:
                is_conflict = getattr(error, "code", "") == "conflict"
                sent.add_error(None, error)
        with drafting.in_place(resource) as drafted:
            if is_conflict:
                # Whoever saves once more has seen what the other wrote.
                sent.data = sent.data.copy()
                for field, state in _states(drafted, language).items():
                    sent.data[field] = state
            page = self._side_by_side(request, drafted, language, sent, is_conflict)
            return page.render()

    def _save_translation(
        self, request: HttpRequest, resource: Resource, language: str, asked: dict[str, str]
    ) -> HttpResponse:
        method = asked["method"]
        if "_checked" in request.POST:
            method = Edition.Method.MACHINE_CHECKED
        texts = {name: asked[name] for name in translating.TEXTS}
        translating.save(
            resource.pk,
            language,
            texts,
            method=method,
            of=asked["of"],
            instead_of=asked["instead_of"],
            by=request.user,
        )
        text = gettext("Translation into %(language)s saved.")
        text %= {"language": language_name(language, "en")}
        self.log_change(request, resource, text)
        self.message_user(request, f"{resource}. {text}", messages.SUCCESS)
        return redirect("admin:knowledge_resource_translate", resource.pk)

    def _side_by_side(
        self,
        request: HttpRequest,
        resource: Resource,
        language: str,
        form: TranslationForm | None = None,
        is_conflict: bool = False,
    ) -> TemplateResponse:
        original, edition = resource.original, translating.edition_in(resource, language)
        form = form or TranslationForm(
            instance=edition, initial=_states(resource, language), language=language
        )
        name = language_name(language, "en")
        status = translating.status_of(resource, language)
        is_outdated = status == Status.OUTDATED
        then = translating.original_then(resource, edition) if is_outdated else None
        context = {
            **self._translation_context(
                request, resource, gettext("Into %(name)s") % {"name": name}
            ),
            "form": form,
            "media": self.media + form.media,
            "pairs": [
                Pair(
                    str(form.fields[field].label),
                    _as_shown(original, field),
                    form[field],
                    then=_as_shown(then, field) if then and _differ(then, original, field) else "",
                    now=_as_shown(edition, field) if is_conflict and edition else "",
                )
                for field in translating.TEXTS
            ],
            "language": language,
            "language_name": name,
            "dir": direction(language),
            "original_edition": original,
            "original_name": language_name(original.language, "en"),
            "original_dir": direction(original.language),
            "status": status,
            "is_conflict": is_conflict,
        }
        response = TemplateResponse(request, "admin/knowledge/resource/translate.html", context)
        return editor.allow(response)

    def _translation_context(
        self, request: HttpRequest, resource: Resource, title: str
    ) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(resource),
            "opts": self.opts,
            "original": resource,
            "back": reverse("admin:knowledge_resource_change", args=[resource.pk]),
        }


def _states(resource: Resource, language: str) -> dict[str, str]:
    """Which original and which translation there are now."""
    instead_of = translating.digest_in(resource, language)
    return {"of": resource.original.digest, "instead_of": instead_of}


def _differ(then: Model, now: Edition, field: str) -> bool:
    return getattr(then, field) != getattr(now, field)


def _as_shown(edition: Model, field: str) -> SafeString | str:
    text = getattr(edition, field)
    return richtext.shown(text) if field == "body" else text
