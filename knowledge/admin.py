"""Resources at the partner desk. Status changes go through ``services``, on pages of their own."""

from copy import deepcopy
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from hub.catalogue.desk import TellsUsage
from hub.languages import language_name
from hub.partners import policy
from hub.partners.desk import OwnedAdmin, PartInline
from knowledge import editor, services, workflow
from knowledge.desk_bringing_in import ImportAdmin
from knowledge.desk_collections import NamedInLists
from knowledge.desk_covers import WithCover
from knowledge.desk_drafts import WithDrafts
from knowledge.desk_files import FileInline, WithFiles
from knowledge.desk_form import WithFormParts
from knowledge.desk_links import LinkInline, WithLinks
from knowledge.desk_merging import WithMerging
from knowledge.desk_names import IdentifierForm, TellsReader
from knowledge.desk_reviewers import WithReviewers
from knowledge.desk_revisions import WithRevisions
from knowledge.desk_tags import TagAdmin
from knowledge.desk_taking_out import WithTakingOut
from knowledge.desk_translations import WithTranslations
from knowledge.desk_withdrawn import TellsWithdrawal
from knowledge.desk_workflow import WithWorkflow
from knowledge.forms import (
    EditionForm,
    EditionFormSet,
    ResourceForm,
)
from knowledge.inbox import WaitingFilter
from knowledge.models import Credit, Edition, Identifier, Import, Resource
from knowledge.owning import WithOwners

admin.site.register(Import, ImportAdmin)

# Taggit's own would let tags be taken off works, and their records be left behind.
admin.site.unregister(Tag)
admin.site.register(Tag, TagAdmin)


class EditionInline(PartInline, admin.StackedInline):
    model = Edition
    form = EditionForm
    formset = EditionFormSet
    verbose_name = _("language")
    verbose_name_plural = _("title and summary, in each language")
    one_more = _("Add a language")
    extra = 1
    min_num = 1
    fields = [
        ("language", "is_original"),
        "title",
        "summary",
        "subtitle",
        "body",
        "method",
    ]


class CreditInline(PartInline, admin.TabularInline):
    model = Credit
    verbose_name = _("author or publisher")
    verbose_name_plural = _("authors and publishers")
    extra = 1
    autocomplete_fields = ["organisation"]


class IdentifierInline(TellsReader, PartInline, admin.TabularInline):
    model = Identifier
    form = IdentifierForm
    extra = 1


@admin.register(Resource)
class ResourceAdmin(
    TellsUsage,
    NamedInLists,
    WithFormParts,
    WithMerging,
    WithWorkflow,
    WithRevisions,
    WithReviewers,
    TellsWithdrawal,
    WithDrafts,
    WithCover,
    WithFiles,
    WithLinks,
    WithTranslations,
    WithTakingOut,
    WithOwners,
    OwnedAdmin,
):
    form = ResourceForm
    change_form_template = "admin/knowledge/resource/change_form.html"
    list_display = ["title", "kind", "state", "owner", "issued", "updated_at"]
    list_filter = [
        "status",
        "stage",
        "kind",
        ("owner", admin.RelatedOnlyFieldListFilter),
        "is_featured",
        WaitingFilter,
    ]
    list_select_related = ["owner"]
    list_per_page = 50
    search_fields = ["editions__title", "editions__summary", "credits__name", "slug"]
    autocomplete_fields = ["terms"]
    # The status and what belongs to it are written by services alone.
    readonly_fields = ["state", "unpublished_at", "reason", "replacement", "short"]
    inlines = [EditionInline, CreditInline, FileInline, LinkInline, IdentifierInline]
    actions = [
        *("send_to_review", "approve", "publish_now", "take_out", "check_links"),
        "look_for_duplicates",
    ]
    fieldsets = [
        (
            _("The work"),
            {
                "fields": [
                    "kind",
                    "original_language",
                    ("published_on", "published_precision"),
                ]
            },
        ),
        (_("What it is about"), {"fields": ["terms", "tags"]}),
        (_("Languages and licence of the work"), {"fields": ["further_languages", "licence"]}),
        (_("Cover"), {"fields": ["cover_picture", "cover_alt"]}),
        (_("Curation"), {"fields": ["owner", "co_owners", "slug", "review_by", "is_featured"]}),
        (
            _("For curators only"),
            {"fields": ["curator_note", "source_url"], "classes": ["collapse"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("editions")

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        if request.GET.get("field_name") == "replaced_by":  # asked by the form of withdrawal
            queryset = queryset.public()
        return super().get_search_results(request, queryset, search_term)

    # What is shown

    def get_fieldsets(self, request: HttpRequest, obj: Resource | None = None) -> list:
        fieldsets = deepcopy([*super().get_fieldsets(request, obj)])
        if not policy.oversees(request.user) and not (obj and obj.is_featured):
            for _name, options in fieldsets:  # nobody else can set it
                options["fields"] = [one for one in options["fields"] if one != "is_featured"]
        if obj is None:
            return fieldsets
        on_site = ["state", "short"]
        if obj.status == Resource.Status.WITHDRAWN:
            on_site += ["unpublished_at", "reason", "replacement"]
        return [*fieldsets, (_("On the site"), {"fields": on_site})]

    @admin.display(description=_("title"))
    def title(self, resource: Resource) -> str:
        return str(resource)

    @admin.display(description=_("status"), ordering="status")
    def state(self, resource: Resource) -> str:
        return workflow.state_of(resource)

    @admin.display(description=_("date"), ordering="published_on")
    def issued(self, resource: Resource) -> str:
        return str(resource.published_on or "")

    @admin.display(description=_("original language"))
    def original_language(self, resource: Resource) -> str:
        return language_name(resource.languages[0], "en")

    @admin.display(description=_("also to be had in"))
    def further_languages(self, resource: Resource) -> str:
        return ", ".join(language_name(code, "en") for code in resource.languages[1:])

    @admin.display(description=_("replaced by"))
    def replacement(self, resource: Resource) -> SafeString | str:
        """With its title only as long as everybody may read it: it may be another partner's."""
        other = resource.replaced_by
        if other is None:
            return ""
        if not other.is_public:
            return gettext("A resource that is not on the site now")
        return format_html('<a href="{}">{}</a>', other.get_absolute_url(), other)

    @admin.display(description=_("permanent address"))
    def short(self, resource: Resource) -> str:
        return resource.permanent_url

    def view_on_site(self, resource: Resource) -> str | None:
        return resource.get_absolute_url() if resource.is_public else None

    # Who may do what

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Only what nobody has seen can be deleted; what was public is withdrawn, so that its address
        can say so, and what was reviewed stays with what was said of it."""
        if obj is not None and (_has_been_out(obj) or services.was_reviewed(obj)):
            return False
        return super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Resource | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj)]
        if not policy.oversees(request.user):
            fields.append("is_featured")
        if obj is not None and _has_been_out(obj):
            fields.append("slug")
        return fields

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return editor.allow(super().render_change_form(request, context, *args, **kwargs))

    # Saving

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        if change:
            # Not the whole row: its status may have changed since this request has read it.
            columns = {field.name for field in obj._meta.concrete_fields} & {*form.cleaned_data}
            obj.save(update_fields={*columns, "languages"})
        else:
            obj.slug = obj.slug or obj.public_id
            obj.save()

    def delete_model(self, request: HttpRequest, obj: Resource) -> None:
        services.discard(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for pk in queryset.values_list("pk", flat=True):
            try:
                services.discard(pk)
            except ValidationError as error:
                self.message_user(request, " ".join(error.messages), messages.ERROR)


def _has_been_out(resource: Resource) -> bool:
    """Whether it was ever published, even if it is a draft again."""
    return resource.status != Resource.Status.DRAFT or resource.unpublished_at is not None
