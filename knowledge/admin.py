"""Resources at the partner desk. Status changes go through ``services``, on pages of their own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.partners import policy
from hub.partners.desk import OwnedAdmin, PartInline
from hub.partners.models import Organisation
from knowledge import services
from knowledge.forms import PublishForm, ResourceForm, WithdrawForm
from knowledge.models import Credit, Edition, Identifier, Link, Resource


class EditionInline(PartInline, admin.StackedInline):
    model = Edition
    extra = 0
    min_num = 1
    fields = ["language", "is_original", "title", "subtitle", "summary", "body", "method"]


class CreditInline(PartInline, admin.TabularInline):
    model = Credit
    extra = 0
    autocomplete_fields = ["organisation"]


class LinkInline(PartInline, admin.TabularInline):
    model = Link
    extra = 0


class IdentifierInline(PartInline, admin.TabularInline):
    model = Identifier
    extra = 0


@admin.register(Resource)
class ResourceAdmin(OwnedAdmin):
    form = ResourceForm
    change_form_template = "admin/knowledge/resource/change_form.html"
    list_display = ["title", "kind", "status", "owner", "issued", "updated_at"]
    list_filter = [
        "status",
        "kind",
        ("owner", admin.RelatedOnlyFieldListFilter),
        "is_featured",
        ("curator_note", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["owner"]
    list_per_page = 50
    search_fields = ["editions__title", "editions__summary", "credits__name", "slug"]
    autocomplete_fields = ["terms"]
    readonly_fields = ["status", "publish_at", "unpublished_at", "reason", "replaced_by", "short"]
    inlines = [EditionInline, CreditInline, LinkInline, IdentifierInline]
    actions = ["publish_now"]
    fieldsets = [
        (None, {"fields": ["kind", "original_language", "further_languages", "slug"]}),
        (_("Date of the work"), {"fields": [("published_on", "published_precision")]}),
        (_("What it is about"), {"fields": ["terms", "tags"]}),
        (_("Curation"), {"fields": ["owner", "co_owners", "licence", "is_featured", "review_by"]}),
        (
            _("For curators only"),
            {"fields": ["curator_note", "source_url"], "classes": ["collapse"]},
        ),
        (
            _("On the site"),
            {
                "fields": [
                    "status",
                    "publish_at",
                    "unpublished_at",
                    "reason",
                    "replaced_by",
                    "short",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("editions")

    @admin.display(description=_("title"))
    def title(self, resource: Resource) -> str:
        return str(resource)

    @admin.display(description=_("date"), ordering="published_on")
    def issued(self, resource: Resource) -> str:
        return str(resource.published_on or "")

    @admin.display(description=_("permanent address"))
    def short(self, resource: Resource) -> str:
        return reverse("knowledge:resource_short", args=[resource.public_id])

    def view_on_site(self, resource: Resource) -> str | None:
        return resource.get_absolute_url() if resource.is_public else None

    def has_delete_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        """Only what nobody has seen can be deleted; the rest is withdrawn, so that its address can
        say so."""
        if obj is not None and obj.status != Resource.Status.DRAFT:
            return False
        return super().has_delete_permission(request, obj)

    def has_publish_permission(self, request: HttpRequest, obj: Resource | None = None) -> bool:
        return self._is_among(policy.publishable, request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        can_publish = obj is not None and self.has_publish_permission(request, obj)
        context["can_publish"] = can_publish
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "owner":
            kwargs["queryset"] = _possible_owners(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "co_owners":
            kwargs["queryset"] = Organisation.objects.implementing()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        services.saved(form.instance)

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_now(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for resource in policy.publishable(request.user, queryset):
            try:
                services.publish(resource.pk)
            except ValidationError as error:
                text = f"{resource}: {' '.join(error.messages)}"
                self.message_user(request, text, messages.ERROR)
            else:
                self.log_change(request, resource, gettext("Published."))

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
        form = PublishForm(request.POST or None)
        act = lambda: services.publish(resource.pk, at=form.cleaned_data["at"])  # noqa: E731
        return self._act(request, resource, form, act, _("Publish"), gettext("Published."))

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self._publishable(request, object_id)
        form = WithdrawForm(request.POST or None, user=request.user, resource=resource)
        act = lambda: services.withdraw(resource.pk, **form.cleaned_data)  # noqa: E731
        return self._act(request, resource, form, act, _("Withdraw"), gettext("Withdrawn."))

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self._publishable(request, object_id)
        form = forms.Form(request.POST or None)
        act = lambda: services.restore(resource.pk)  # noqa: E731
        return self._act(request, resource, form, act, _("Restore"), gettext("Restored."))

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
        act: Callable[[], Resource],
        label: str,
        done: str,
    ) -> HttpResponse:
        """Show the form of a change of status; once it is valid make the change and log it."""
        if request.method == "POST" and form.is_valid():
            try:
                act()
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, resource, done)
                self.message_user(request, f"{resource}: {done}", messages.SUCCESS)
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


def _possible_owners(request: HttpRequest) -> models.QuerySet:
    """Whom this person may make owner: for editors their own organisations, for the secretariat
    any partner and the hub's desk."""
    if policy.oversees(request.user):
        desk = Organisation.objects.desk()
        return Organisation.objects.filter(models.Q(is_partner=True) | models.Q(pk=desk.pk))
    return Organisation.objects.filter(pk__in=request.user.desk_organisation_ids)
