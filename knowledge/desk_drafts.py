"""Saving a resource at the desk: what is public stays as it is, and of two who save at once neither
loses anything. Each save is kept as a revision."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from knowledge import drafting, gone_rows, previewing, revisions, services, uploads
from knowledge.desk_files import WAS_DELETED
from knowledge.drafting import Saved
from knowledge.forms import CURATION
from knowledge.models import Cover, File, Resource
from knowledge.revisions import Snapshot

VERSION = "_version"
# What a form can make anew if somebody else has deleted it; for a file it asks once more.
PARTS_OF_WORDS = ("editions", "credits", "links", "identifiers")
ON_TO_PUBLISH = "_publish"  # the button that saves and leads to the page that publishes


@dataclass
class Sitting:
    """One form that was sent: what it is to lead to, and what came of it."""

    is_preview: bool
    is_undone: bool = False
    snapshot: Snapshot | None = None
    form: Any = None
    message: Any = ""


class WithDrafts(admin.ModelAdmin):
    """Mix it into the admin of resources, before what writes files."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        resource = self._there(request, object_id)
        shown = {"version": request.POST.get(VERSION) or (resource.version if resource else "")}
        given = (request, object_id, form_url, {**(extra_context or {}), **shown})
        if request.method != "POST":
            if resource is None or resource.pending is None:
                return super().changeform_view(*given)
            with drafting.in_place(resource):
                return _rendered(super().changeform_view(*given))
        try:
            return self._send(resource, *given)
        except uploads.NoRoom:
            request.has_no_room = True  # which the form says
            return self._send(resource, *given)

    def _send(self, resource: Resource | None, request: HttpRequest, *given: Any) -> HttpResponse:
        request.sitting = Sitting(is_preview="_preview" in request.POST)
        with uploads.atomic():
            if resource is not None:
                return self._save_form(resource.pk, request, *given)
            with drafting.undone_if(request.sitting.is_preview):
                return _rendered(super().changeform_view(request, *given))

    def _there(self, request: HttpRequest, object_id: str | None) -> Resource | None:
        return self.get_object(request, unquote(object_id)) if object_id else None

    def _save_form(self, pk: int, request: HttpRequest, *given: Any) -> HttpResponse:
        """Save what was sent, where it belongs: in the rows of a draft, beside those of a public
        work, or aside if somebody else has saved since the form was opened."""
        sitting = request.sitting
        resource = Resource.objects.select_for_update(of=["self"]).get(pk=pk)
        is_stale = request.POST.get(VERSION, "") not in ("", str(resource.version))
        is_beside = drafting.lies_beside(resource)
        sitting.is_undone = is_beside or is_stale or sitting.is_preview
        if not sitting.is_undone:
            revisions.begin(resource)
            return super().changeform_view(request, *given)
        with drafting.undone(), drafting.in_place(resource):
            if is_stale:
                for part in PARTS_OF_WORDS:
                    model = getattr(resource, part).model
                    request.POST = gone_rows.as_new(request.POST, part, model)
                request.POST = gone_rows.as_new(request.POST, "files", File, mark=WAS_DELETED)
            response = _rendered(super().changeform_view(request, *given))
        if sitting.snapshot is None or sitting.is_preview:
            uploads.sweep_on_commit(resource)
            return response
        self._save_curation(resource, sitting)
        keep = drafting.keep_aside if is_stale else drafting.keep_beside
        saved = keep(resource, sitting.snapshot, request.user)
        self.log_change(request, resource, sitting.message)
        return self._after(request, resource, saved)

    def _save_curation(self, resource: Resource, sitting: Sitting) -> None:
        form = sitting.form
        changed = [name for name in CURATION if name in form.changed_data]
        columns = [name for name in changed if name != "co_owners"]
        for name in columns:
            setattr(resource, name, form.cleaned_data[name])
        if columns:
            resource.save(update_fields=columns)
        if "co_owners" in changed:
            resource.co_owners.set(form.cleaned_data["co_owners"])
        if changed:
            services.saved(resource)

    def _after(self, request: HttpRequest, resource: Resource, saved: Saved) -> HttpResponse:
        page = reverse("admin:knowledge_resource_change", args=[resource.pk])
        if saved.is_aside:
            newest = revisions.head(resource)
            compare = reverse("admin:knowledge_resource_compare", args=[resource.pk])
            return redirect(f"{compare}?a={newest.number}&b={saved.revision.number}")
        if saved.revision:
            text = _(
                "Kept as a draft. Readers see the page as it was, until you publish the draft."
            )
        elif resource.pending_id:
            text = _("The draft says what it said before. Readers see the page as it was.")
        else:
            text = _("Saved. Nothing has changed for readers.")
        self.message_user(request, text, messages.SUCCESS)
        if ON_TO_PUBLISH in request.POST:
            return redirect("admin:knowledge_resource_publish", resource.pk)
        if "_continue" in request.POST or saved.revision:
            return redirect(page)
        return redirect("admin:knowledge_resource_changelist")

    # What Django calls while it saves

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change and not form.cleaned_data["slug"]:
            services.name_after_title(form.instance)
        services.saved(form.instance)
        sitting = request.sitting
        sitting.form = form
        if sitting.is_undone:
            sitting.snapshot = revisions.take(form.instance)
        elif not sitting.is_preview:
            drafting.keep(form.instance, request.user)

    def log_change(self, request: HttpRequest, obj: Resource, message: Any) -> Any:
        if sitting := getattr(request, "sitting", None):
            sitting.message = sitting.message or message
        return super().log_change(request, obj, message)

    def response_add(self, request: HttpRequest, obj: Resource, *args: Any) -> HttpResponse:
        if request.sitting.is_preview:
            return self._preview(request, obj)
        return super().response_add(request, obj, *args)

    def response_change(self, request: HttpRequest, obj: Resource) -> HttpResponse:
        if request.sitting.is_preview:
            return self._preview(request, obj)
        # What was undone is told of when it is kept.
        return (
            HttpResponse() if request.sitting.is_undone else super().response_change(request, obj)
        )

    def _preview(self, request: HttpRequest, resource: Resource) -> HttpResponse:
        def file_url(file: File) -> str:
            address = reverse("admin:knowledge_resource_file", args=[resource.pk])
            return f"{address}?file={file.name}"

        def cover_url(_cover: Cover) -> str:
            return reverse("admin:knowledge_resource_cover", args=[resource.pk])

        context = previewing.context_of(
            resource, request.path, file_url=file_url, cover_url=cover_url
        )
        return render(request, "knowledge/resource_preview.html", context)


def _rendered(response: HttpResponse) -> HttpResponse:
    """With its page written now, from the rows as they are now."""
    return response.render() if hasattr(response, "render") else response
