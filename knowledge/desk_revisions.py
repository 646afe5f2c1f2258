"""The revisions of a resource at the partner desk: which there are, two compared, one taken up again."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from knowledge import comparing, drafting, revisions
from knowledge.desk_workflow import version_read
from knowledge.models import Resource, Revision

A_PAGE = 100


class WithRevisions(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        pages = [
            path(
                "<path:object_id>/revisions/",
                wrap(require_safe(self.revisions_view)),
                name="knowledge_resource_revisions",
            ),
            path(
                "<path:object_id>/compare/",
                wrap(require_safe(self.compare_view)),
                name="knowledge_resource_compare",
            ),
            path(
                "<path:object_id>/revisions/<int:number>/take-up/",
                wrap(require_POST(self.take_up_view)),
                name="knowledge_resource_take_up",
            ),
        ]
        return [*pages, *super().get_urls()]

    def revisions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self._of_mine(request, object_id)
        rows = resource.revisions.select_related("author").defer("snapshot")
        page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
        shown = [self._told_revision(request, resource, revision) for revision in page]
        context = self._revision_context(request, resource, _("Revisions"))
        context |= {"revisions": shown, "count": page.paginator.count, "page": page}
        return TemplateResponse(request, "admin/knowledge/resource/revisions.html", context)

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two revisions; without numbers the draft and what is public, or the newest two."""
        resource = self._of_mine(request, object_id)
        before, after = self._chosen(request, resource)
        named = comparing.names_of_terms(before.snapshot, after.snapshot)
        newest = revisions.head(resource)
        two = [self._told_revision(request, resource, one) for one in (before, after)]
        can_change = self.has_change_permission(request, resource)
        context = self._revision_context(request, resource, _("Compare"))
        context |= {
            "two": two,
            "before": two[0],
            "after": two[1],
            "differences": comparing.differences(before.snapshot, after.snapshot, named),
            # Somebody has saved while this person did.
            "is_conflict": after.is_aside and after.number > before.number,
            "can_change": can_change,
            "version": resource.version,
            "can_take_up": can_change and after != newest,
        }
        return TemplateResponse(request, "admin/knowledge/resource/compare.html", context)

    def take_up_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        resource = self._of_mine(request, object_id)
        if not self.has_change_permission(request, resource):
            raise Http404
        revision = get_object_or_404(resource.revisions, number=number)
        try:
            saved = drafting.take_up(
                resource, revision, request.user, version=version_read(request)
            )
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return redirect("admin:knowledge_resource_revisions", resource.pk)
        if saved.revision:
            said = {"number": number}
            self.log_change(request, resource, _("Taken up: revision %(number)s.") % said)
            text = _("The draft is now what revision %(number)s says.") % said
        else:
            text = _("The draft says that already.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:knowledge_resource_change", resource.pk)

    def _of_mine(self, request: HttpRequest, object_id: str) -> Resource:
        resource = self.get_object(request, object_id)
        if resource is None or not self.has_view_permission(request, resource):
            raise Http404
        return resource

    def _chosen(self, request: HttpRequest, resource: Resource) -> tuple[Revision, Revision]:
        asked = [request.GET.get(name, "") for name in ("a", "b")]
        if any(asked):
            if not all(
                number.isascii() and number.isdecimal() and len(number) < 9 for number in asked
            ):
                raise Http404
            rows = resource.revisions
            return tuple(get_object_or_404(rows, number=int(number)) for number in asked)
        if resource.pending:
            return resource.pending.base, resource.pending
        newest = list(resource.revisions.filter(is_aside=False)[:2])
        if not newest:
            raise Http404
        return newest[-1], newest[0]

    def _told_revision(self, request: HttpRequest, resource: Resource, revision: Revision) -> dict:
        who = self.name_in_history(request, revision.author) if revision.author else ""
        moment = date_format(timezone.localtime(revision.created_at), "j F Y, H:i")
        return {
            "number": revision.number,
            "at": moment,
            "who": who,
            "facts": ", ".join(filter(None, [moment, who, revision.note])),
            "note": revision.note,
            "is_aside": revision.is_aside,
            "is_head": not revision.is_aside and revision.number == resource.version,
            "is_pending": revision.pk == resource.pending_id,
            "take_up_url": reverse(
                "admin:knowledge_resource_take_up", args=[resource.pk, revision.number]
            ),
        }

    def _revision_context(self, request: HttpRequest, resource: Resource, title: str) -> dict:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(resource),
            "opts": self.opts,
            "original": resource,
        }
