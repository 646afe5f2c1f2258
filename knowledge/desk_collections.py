"""Reading lists at the partner desk, and which works they may name."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hub.catalogue.cards import cards_for
from hub.guarded import posted
from hub.partners.desk import OwnedAdmin, PartInline
from hub.zones import told
from knowledge import reading_lists
from knowledge.collection_forms import (
    CollectionForm,
    ItemForm,
    ItemFormSet,
    TextForm,
    TextFormSet,
    nameable,
    nameless,
)
from knowledge.collection_page import search_of
from knowledge.desk_list_conflicts import WithConflicts
from knowledge.desk_withdrawn import TellsWithdrawal
from knowledge.forms import PublishForm, ReasonForm
from knowledge.listed import found_by
from knowledge.models import (
    MOST_PICKED,
    Collection,
    CollectionItem,
    CollectionText,
    new_public_id,
)
from knowledge.owning import WithOwners


class NamedInLists(admin.ModelAdmin):
    """Mix it into the admin of resources: who looks for a work for a list finds those of others
    too that are public."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        match = request.resolver_match
        is_look_up = match is not None and match.url_name == "autocomplete"
        if is_look_up and request.GET.get("model_name") == CollectionItem._meta.model_name:
            return nameable(request.user).prefetch_related("editions")
        return super().get_queryset(request)


class TextInline(PartInline, admin.StackedInline):
    model = CollectionText
    form = TextForm
    formset = TextFormSet
    extra = 0
    min_num = 1
    fields = [("language", "is_original"), "title", "intro"]


class ItemInline(PartInline, admin.TabularInline):
    model = CollectionItem
    form = ItemForm
    formset = ItemFormSet
    verbose_name_plural = _("works picked by hand, in the order of their numbers")
    extra = 0
    max_num = MOST_PICKED
    validate_max = True
    autocomplete_fields = ["resource"]
    fields = ["resource", "position", "note", "state"]
    readonly_fields = ["named", "state"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        self._nameable = nameable(request.user)  # an inline is made for one request
        items = super().get_queryset(request).select_related("resource")
        return items.prefetch_related("resource__editions")

    def get_fields(self, request: HttpRequest, obj: Collection | None = None) -> list[str]:
        """Who may only look is told the works' names by us: Django's would tell any."""
        if self.has_change_permission(request, obj):
            return self.fields
        return ["named", *self.fields[1:]]

    @admin.display(description=_("work"))
    def named(self, item: CollectionItem) -> str:
        is_named = self._nameable.filter(pk=item.resource_id).exists()
        return str(item.resource) if is_named else nameless()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "resource":
            kwargs["queryset"] = nameable(request.user).prefetch_related("editions")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=_("for readers"))
    def state(self, item: CollectionItem) -> str:
        """Whether readers find it in the list."""
        if item.resource_id is None:
            return ""
        return gettext("shown") if item.resource.is_public else gettext("left out: not on the site")


@admin.register(Collection)
class CollectionAdmin(TellsWithdrawal, WithConflicts, WithOwners, OwnedAdmin):
    form = CollectionForm
    change_form_template = "admin/knowledge/collection/change_form.html"
    list_display = ["title", "state", "owner", "updated_at"]
    list_filter = ["status", ("owner", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["texts__title", "slug"]
    autocomplete_fields = ["terms"]
    readonly_fields = ["state", "found", "unpublished_at", "reason"]
    inlines = [TextInline, ItemInline]
    actions = None
    fieldsets = [
        (_("Works found by a search"), {"fields": ["query", "query_size", "found"]}),
        (_("What it is about"), {"fields": ["terms"]}),
        (_("Curation"), {"fields": ["owner", "co_owners", "slug"]}),
        (_("On the site"), {"fields": ["state", "unpublished_at", "reason"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("texts")

    # What is shown

    @admin.display(description=_("title"))
    def title(self, collection: Collection) -> str:
        return str(collection)

    @admin.display(description=_("status"), ordering="status")
    def state(self, collection: Collection) -> str:
        if collection.status == Collection.Status.PUBLISHED and not collection.is_public:
            moment = {"moment": told(collection.publish_at)}
            return gettext("Public from %(moment)s") % moment
        return collection.get_status_display()

    @admin.display(description=_("found now"))
    def found(self, collection: Collection) -> SafeString | str:
        """What the search finds, with the way to change it."""
        search = search_of(collection) if collection.pk else None
        if search is None:
            return gettext("No search yet.")
        cards = cards_for(found_by(collection), "en")
        titles = ((card.title,) for card in cards)
        works = format_html_join("", "<li>{}</li>", titles)
        link = format_html('<a href="{}">{}</a>', search.url, gettext("The search in the library"))
        return format_html("<div>{}<ol>{}</ol></div>", link, works)

    def view_on_site(self, collection: Collection) -> str | None:
        return collection.get_absolute_url() if collection.is_public else None

    # Who may do what

    def has_delete_permission(self, request: HttpRequest, obj: Collection | None = None) -> bool:
        """Only what nobody has seen can be deleted; the rest is withdrawn."""
        if obj is not None and obj.was_public:
            return False
        return super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Collection | None = None) -> list:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None and obj.was_public:
            fields.append("slug")
        return fields

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["can_publish"] = obj is not None and self.has_publish_permission(request, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    # Saving

    def save_model(self, request: HttpRequest, obj: Collection, form: Any, change: bool) -> None:
        if change:
            # Not the whole row: its status may have changed since this request has read it.
            columns = {field.name for field in obj._meta.concrete_fields} & {*form.cleaned_data}
            obj.save(update_fields=columns)
        else:
            obj.slug = obj.slug or f"list-{new_public_id()}"
            obj.save()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change and not form.cleaned_data["slug"]:
            reading_lists.name_after_title(Collection.objects.get(pk=form.instance.pk))
        reading_lists.saved(form.instance)

    def delete_model(self, request: HttpRequest, obj: Collection) -> None:
        reading_lists.discard(obj.pk)

    # Pages of their own for each change of status

    def get_urls(self) -> list:
        pages = [
            path(
                f"<path:object_id>/{act}/",
                self.admin_site.admin_view(getattr(self, f"{act}_view")),
                name=f"knowledge_collection_{act}",
            )
            for act in ("publish", "withdraw", "restore")
        ]
        return [*pages, *super().get_urls()]

    def publish_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        form = PublishForm(posted(request))
        return self._act(request, object_id, form, reading_lists.publish, _("Publish"))

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        form = ReasonForm(posted(request))
        return self._act(request, object_id, form, reading_lists.withdraw, _("Withdraw"))

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        form = forms.Form(posted(request))
        return self._act(request, object_id, form, reading_lists.restore, _("Restore"))

    def _act(
        self,
        request: HttpRequest,
        object_id: str,
        form: forms.Form,
        act: Callable[..., Collection],
        label: str,
    ) -> HttpResponse:
        """Show the form of a change of status; once it is valid make the change and log it."""
        collection = self.get_object(request, object_id)
        if collection is None or not self.has_publish_permission(request, collection):
            raise Http404
        if request.method == "POST" and form.is_valid():
            try:
                state = self.state(act(collection.pk, **form.cleaned_data))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                done = gettext("Now: %(state)s") % {"state": state}
                self.log_change(request, collection, f"{label}. {done}.")
                self.message_user(request, f"{collection}. {done}.", messages.SUCCESS)
                return redirect("admin:knowledge_collection_change", collection.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "subtitle": str(collection),
            "opts": self.opts,
            "original": collection,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/knowledge/resource/act.html", context)
