"""Resources at the partner desk. Status changes go through ``services``, on pages of their own."""

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import importmap

from hub.catalogue.desk import TellsUsage
from hub.languages import language_name
from hub.partners import policy
from hub.partners.desk import OwnedAdmin, PartInline
from hub.partners.models import Organisation
from hub.vocabulary.models import Term
from hub.zones import told
from knowledge import services
from knowledge.desk_covers import WithCover
from knowledge.desk_files import FileInline, WithFiles
from knowledge.desk_links import LinkInline, WithLinks
from knowledge.desk_merging import WithMerging
from knowledge.desk_names import IdentifierForm, TellsReader
from knowledge.desk_taking_out import WithTakingOut
from knowledge.forms import (
    EditionForm,
    EditionFormSet,
    PublishForm,
    ResourceForm,
    WithdrawForm,
)
from knowledge.inbox import WaitingFilter
from knowledge.models import Credit, Edition, Identifier, Resource


class EditionInline(PartInline, admin.StackedInline):
    model = Edition
    form = EditionForm
    formset = EditionFormSet
    extra = 0
    min_num = 1
    fields = [
        ("language", "is_original"),
        "title",
        "subtitle",
        "summary",
        "body",
        "method",
    ]


class CreditInline(PartInline, admin.TabularInline):
    model = Credit
    verbose_name_plural = _("authors and publishers")
    extra = 0
    autocomplete_fields = ["organisation"]


class IdentifierInline(TellsReader, PartInline, admin.TabularInline):
    model = Identifier
    form = IdentifierForm
    extra = 0


@admin.register(Resource)
class ResourceAdmin(
    TellsUsage, WithMerging, WithCover, WithFiles, WithLinks, WithTakingOut, OwnedAdmin
):
    form = ResourceForm
    change_form_template = "admin/knowledge/resource/change_form.html"
    list_display = ["title", "kind", "state", "owner", "issued", "updated_at"]
    list_filter = [
        "status",
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
    actions = ["publish_now", "take_out", "check_links", "look_for_duplicates"]
    fieldsets = [
        (
            _("The work"),
            {
                "fields": [
                    "kind",
                    "original_language",
                    "further_languages",
                    ("published_on", "published_precision"),
                ]
            },
        ),
        (_("What it is about"), {"fields": ["terms", "tags"]}),
        (_("Cover"), {"fields": ["cover_picture", "cover_alt"]}),
        (
            _("Curation"),
            {"fields": ["owner", "co_owners", "licence", "slug", "review_by", "is_featured"]},
        ),
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
        fieldsets = [*super().get_fieldsets(request, obj)]
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
        is_coming = resource.status == Resource.Status.PUBLISHED and not resource.is_public
        return _coming(resource) if is_coming else resource.get_status_display()

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
        """Only what nobody has seen can be deleted; the rest is withdrawn, so that its address can
        say so."""
        if obj is not None and _has_been_out(obj):
            return False
        return super().has_delete_permission(request, obj)

    def has_publish_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        if obj is None:
            return policy.publishes(request.user)
        return self._is_among(policy.publishable, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Resource | None = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj)]
        if not policy.oversees(request.user):
            fields.append("is_featured")
        if obj is not None and _has_been_out(obj):
            fields.append("slug")
        # Who owns a row may publish it, so an author cannot pass it on, nor a co-owner take it.
        if obj is None:
            shares = policy.editable(request.user, _possible_owners(request))
            if shares.count() < _possible_owners(request).count():
                fields.append("co_owners")
        elif not policy.leads(request.user, obj.owner_id):
            fields += ["owner", "co_owners"]
        return fields

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in ("owner", "co_owners"):
            field.widget = field.widget.widget  # without the button for adding an organisation
        return field

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            owners = _possible_owners(request)
            if request.resolver_match.url_name.endswith("_change"):
                owners = policy.editable(request.user, owners)
            kwargs["queryset"] = owners
            kwargs["initial"] = owners.first() if owners.count() == 1 else None
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "co_owners":
            kwargs["queryset"] = Organisation.objects.implementing()
        if db_field.name == "terms":
            kwargs["queryset"] = Term.objects.prefetch_related("labels")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["can_publish"] = obj is not None and self.has_publish_permission(request, obj)
        response = super().render_change_form(request, context, *args, **kwargs)
        # What the editor of rich texts needs, each by its hash: its import map, which browsers take
        # from no file, and an empty style element, without which it would bring a full one.
        import_map = str(importmap).partition(">")[2].removesuffix("</script>")
        response._csp_update = {"script-src": [_hash_of(import_map)], "style-src": [_hash_of("")]}
        return response

    # Saving

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        if change:
            # Not the whole row: its status may have changed since this request has read it.
            columns = {field.name for field in obj._meta.concrete_fields} & {*form.cleaned_data}
            obj.save(update_fields={*columns, "languages"})
        else:
            obj.slug = obj.slug or obj.public_id
            obj.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change and not form.cleaned_data["slug"]:
            services.name_after_title(form.instance)
        form.save_cover()
        services.saved(form.instance)

    def delete_model(self, request: HttpRequest, obj: Resource) -> None:
        services.discard(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for pk in queryset.values_list("pk", flat=True):
            services.discard(pk)

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_now(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        published = 0
        for resource in policy.publishable(request.user, queryset):
            try:
                services.publish(resource.pk)
            except ValidationError as error:
                text = f"{resource}: {' '.join(error.messages)}"
                self.message_user(request, text, messages.ERROR)
            else:
                self.log_change(request, resource, gettext("Published."))
                published += 1
        if published:
            text = ngettext("%d resource is public now.", "%d resources are public now.", published)
            self.message_user(request, text % published, messages.SUCCESS)

    # Pages of their own for each change of status

    def get_urls(self) -> list:
        pages = [
            path(
                f"<path:object_id>/{act}/",
                self.admin_site.admin_view(getattr(self, f"{act}_view")),
                name=f"knowledge_resource_{act}",
            )
            for act in ("publish", "withdraw", "restore")
        ]
        return [*pages, *super().get_urls()]

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self._publishable(request, object_id)
        form = PublishForm(_posted(request))
        act = partial(services.publish, resource.pk)
        return self._act(request, resource, form, act, _("Publish"))

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self._publishable(request, object_id)
        form = WithdrawForm(_posted(request), user=request.user, resource=resource)
        act = partial(services.withdraw, resource.pk)
        return self._act(request, resource, form, act, _("Withdraw"))

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self._publishable(request, object_id)
        form = forms.Form(_posted(request))
        act = partial(services.restore, resource.pk)
        return self._act(request, resource, form, act, _("Restore"))

    def _publishable(self, request: HttpRequest, object_id: str) -> Resource:
        resource = self.get_object(request, object_id)
        if resource is None or not self.has_publish_permission(request, resource):
            raise Http404
        return resource

    def _act(
        self,
        request: HttpRequest,
        resource: Resource,
        form: forms.Form,
        act: Callable[..., Resource],
        label: str,
    ) -> HttpResponse:
        """Show the form of a change of status; once it is valid make the change, with what the
        form holds, and log it."""
        if request.method == "POST" and form.is_valid():
            try:
                done = _("Now: %(state)s") % {"state": self.state(act(**form.cleaned_data))}
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, resource, f"{label}. {done}.")
                self.message_user(request, f"{resource}. {done}.", messages.SUCCESS)
                return redirect("admin:knowledge_resource_change", resource.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "subtitle": str(resource),
            "opts": self.opts,
            "original": resource,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/knowledge/resource/act.html", context)


def _hash_of(text: str) -> str:
    """How the Content Security Policy names this one inline element and no other."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, though that be nothing: then it holds all the same."""
    return request.POST if request.method == "POST" else None


def _coming(resource: Resource) -> str:
    return gettext("Public from %(moment)s") % {"moment": told(resource.publish_at)}


def _has_been_out(resource: Resource) -> bool:
    """Whether it was ever published, even if it is a draft again."""
    return resource.status != Resource.Status.DRAFT or resource.unpublished_at is not None


def _possible_owners(request: HttpRequest) -> models.QuerySet:
    """Whom this person may make owner: for editors their own organisations, for the secretariat
    any partner and the hub's desk."""
    if policy.oversees(request.user):
        desk = Organisation.objects.desk()
        return Organisation.objects.filter(models.Q(is_partner=True) | models.Q(pk=desk.pk))
    return policy.visible(request.user, Organisation.objects.all())
