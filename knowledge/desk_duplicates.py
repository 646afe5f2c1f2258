"""Doubles at the partner desk: what looks like a work, the two side by side, and the word that they
are two. Works that somebody may not know of answer like those that are not there."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.db import DatabaseError, OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from psycopg.errors import DeadlockDetected

from hub.catalogue import readership
from hub.partners import policy
from hub.texts import is_key
from knowledge import drafting, duplicates
from knowledge.models import Merged, Resource, TwoWorks
from knowledge.portraits import Line, Table, side_by_side, tell

LOOKED_THROUGH = 50  # of the works that somebody has chosen: a page of the list


class WithDuplicates(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    def get_urls(self) -> list:
        pages = {
            "double": require_safe(self.double_view),
            "separate": require_POST(self.separate_view),
        }
        own = [
            path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"knowledge_resource_{name}",
            )
            for name, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    # The page of one work

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, *args, **kwargs)
        except (DatabaseError, Resource.DoesNotExist) as error:
            if request.method != "POST" or not _came_between(error, object_id):
                raise
        # Now that the other is there, or this work is gone, the form says so in words.
        for upload in request.FILES.values():
            upload.seek(0)
        request.__dict__.pop("desk_answers", None)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if obj := kwargs.get("obj"):
            context["said_two"] = duplicates.said_two(request.user, obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        answer = self._lead_on(request, object_id)
        return answer or super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def _lead_on(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """Lead whoever comes to a work that became part of another of theirs to that one."""
        seen = policy.visible(request.user, Resource.objects.all())
        merged = Merged.objects.filter(into__in=seen, former_id=_key_of(object_id)).first()
        if merged is None:
            return None
        text = _("“%(title)s” became part of this entry.")
        if request.method == "POST":
            text = _("“%(title)s” became part of this entry. What you sent was not saved.")
        self.message_user(request, text % {"title": merged}, messages.WARNING)
        return redirect("admin:knowledge_resource_change", merged.into_id)

    # Two works

    def double_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Both works field by field; of another partner's, what its readers see."""
        resource, other = self._pair(request, object_id, request.GET.get("with", ""))
        is_private = policy.visible(request.user, Resource.objects.filter(pk=other.pk)).exists()
        # Drafts as they are worked on: of them the desk has said that they look alike.
        with drafting.in_place(resource) as shown:
            found = duplicates.likely(request.user, shown)
            tables = list(_tables(shown, other, is_private=is_private))
            heads = _heads(shown, other)
        said = TwoWorks.objects.all().said([resource.pk, other.pk])
        context = {
            **self._context(request, resource, other),
            "title": _("One work or two?"),
            "tables": tables,
            "heads": heads,
            "likely": next((pair for pair in found if pair.other == other), None),
            "is_said_two": (resource.pk, other.pk) in said,
            "is_said_of_other": (other.pk, resource.pk) in said,
            "can_say": self.has_change_permission(request, resource),
            "can_merge": self._may_merge(request, resource, other),
            "is_own": is_private,
        }
        return TemplateResponse(request, "admin/knowledge/resource/double.html", context)

    def separate_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Remember that these are two works, or no longer: for the work of the page, and for the
        other as well where this person may change that too. Its own curators go on being asked."""
        resource, other = self._pair(request, object_id, request.POST.get("with", ""))
        if not self.has_change_permission(request, resource):
            raise Http404
        for_both = self.has_change_permission(request, other)
        if request.POST.get("undo"):
            duplicates.take_back(resource.pk, other.pk, for_both=for_both)
            done = _("Nobody says any more that these are two works.")
        else:
            duplicates.say_two(resource.pk, other.pk, for_both=for_both)
            done = _("It is remembered: these are two works.")
        self.log_change(request, resource, f"{done} {other}")
        self.message_user(request, done, messages.SUCCESS)
        address = reverse("admin:knowledge_resource_double", args=[resource.pk])
        return redirect(f"{address}?with={other.pk}")

    @admin.action(description=gettext_lazy("Look for duplicates among these"), permissions=["view"])
    def look_for_duplicates(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        chosen = list(policy.visible(request.user, queryset)[:LOOKED_THROUGH])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Likely duplicates"),
            "opts": self.opts,
            "pairs": duplicates.likely_among(request.user, chosen),
            "looked_at": len(chosen),
            "chosen": queryset.count(),
        }
        return TemplateResponse(request, "admin/knowledge/resource/duplicates.html", context)

    def _pair(self, request: HttpRequest, object_id: str, other: str) -> tuple[Resource, Resource]:
        """The work of the page and one that is known to the person; ``Http404`` for any other."""
        resource = self.get_object(request, object_id)
        if resource is None or not self.has_view_permission(request, resource):
            raise Http404
        known = duplicates.known_to(request.user).exclude(pk=resource.pk)
        found = known.filter(pk=_key_of(other)).first()
        if found is None:
            raise Http404
        return resource, found

    def _may_merge(self, request: HttpRequest, *resources: Resource) -> bool:
        """Whether this person speaks for the owners of all: a merge passes works on, and shares them
        with the co-owners of the other, which co-owners may not do."""
        rows = Resource.objects.filter(pk__in=[resource.pk for resource in resources])
        are_theirs = policy.publishable(request.user, rows).count() == len(resources)
        return are_theirs and all(policy.leads(request.user, one.owner_id) for one in resources)

    def _context(self, request: HttpRequest, resource: Resource, other: Resource) -> dict:
        return {
            **self.admin_site.each_context(request),
            "subtitle": str(resource),
            "opts": self.opts,
            "original": resource,
            "other": other,
        }


def _key_of(text: str) -> int:
    """The key that stands in an address; one that nothing has for any other text."""
    return int(text) if is_key(text) else 0


def _came_between(error: Exception, object_id: str | None) -> bool:
    """Whether somebody else has just written the double, or merged the work, that this failed on."""
    if duplicates.is_refusal(error):
        return True
    # Two who give each other's names at once: the database lets one of them try again.
    if isinstance(error, OperationalError) and isinstance(error.__cause__, DeadlockDetected):
        return True
    key = _key_of(object_id or "")
    return bool(key) and not Resource.objects.filter(pk=key).exists()


def _tables(*resources: Resource, is_private: bool) -> Iterator[Table]:
    told = (tell(resource, is_private=is_private) for resource in resources)
    heads = _heads(*resources)
    yield Table(_("What they say"), heads, side_by_side(*told))
    if is_private and (reads := _reads(*resources)):
        yield Table(_("How often they were read"), heads, reads)


def _reads(*resources: Resource) -> list[Line]:
    """How often each was read in the months of a year: views, downloads and texts together."""
    today = timezone.now().date()
    months = zip(*(readership.months_of(resource, today) for resource in resources), strict=True)
    return [
        Line(date_format(pair[0].first, "F Y"), tuple((str(sum(one.counts)),) for one in pair))
        for pair in months
        if any(sum(one.counts) for one in pair)
    ]


def _heads(one: Resource, other: Resource) -> tuple[str, str]:
    """What each of two works is called; by their addresses, if their titles are the same."""
    titles = str(one), str(other)
    return titles if titles[0] != titles[1] else (f"{one} ({one.slug})", f"{other} ({other.slug})")
