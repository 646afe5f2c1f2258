"""What people from outside sent, at the desk: what its admins share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hub.audit.desk import PersonalData
from hub.desk import Confirming
from hub.partners import policy
from hub.partners.desk import TellsHistory
from hub.partners.models import User
from knowledge.models import Resource


class FromOutsideAdmin(PersonalData, TellsHistory, Confirming, admin.ModelAdmin):
    """Rows that somebody outside wrote and nobody here types over: they are for those who answer
    them, and what is odd for the secretariat, who hands it on or not."""

    actions = ["hand_on", "dismiss"]
    list_per_page = 50
    decided_from: str  # the state in which a row can be answered

    def at_desk_of(self, user: User) -> models.QuerySet:
        """The rows that this person answers."""
        raise NotImplementedError

    def look_at(self, by: User, pk: int, *, is_good: bool) -> None:
        """Hand an odd row on, or not."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = self.at_desk_of(request.user)
        return super().get_queryset(request).filter(pk__in=rows.order_by().values("pk"))

    # Who may do what

    def has_module_permission(self, request: HttpRequest) -> bool:
        return policy.publishes(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        if obj is None or obj.pk is None:
            return policy.publishes(request.user)
        return self.at_desk_of(request.user).filter(pk=obj.pk).exists()

    def has_oversee_permission(self, request: HttpRequest) -> bool:
        return policy.oversees(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list offers: no text can be guessed at, letter by letter."""
        return any(lookup == name or lookup.startswith(f"{name}__") for name in self.list_filter)

    # What is shown

    @admin.display(description=_("what is odd"))
    def oddities(self, row: Any) -> str:
        return ", ".join(row.suspicions)

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """A row that knows who looks at it."""
        row = super().get_object(request, *args, **kwargs)
        if row is not None:
            row.read_by = request.user
        return row

    def work_for(self, reader: User, resource: Resource | None) -> SafeString | str:
        """The work with the way to its page at the desk, for whom it shows there; its title for
        nobody else, unless it is public."""
        if resource is None:
            return ""
        if policy.visible(reader, Resource.objects.filter(pk=resource.pk)).exists():
            url = reverse("admin:knowledge_resource_change", args=[resource.pk])
            return format_html('<a href="{}">{}</a>', url, resource)
        return str(resource) if resource.is_public else gettext("A work of another partner")

    # What is done

    @admin.action(description=_("Hand on …"), permissions=["oversee"])
    def hand_on(self, request: HttpRequest, rows: models.QuerySet) -> HttpResponse | None:
        question = gettext("Hand these on to those who answer them?")
        page = self.confirm(request, rows, "hand_on", question, gettext("Hand them on"))
        return page or self._look(request, rows, is_good=True)

    @admin.action(description=_("Do not hand on …"), permissions=["oversee"])
    def dismiss(self, request: HttpRequest, rows: models.QuerySet) -> HttpResponse | None:
        question = gettext("Not hand these on? Nobody is told.")
        page = self.confirm(request, rows, "dismiss", question, gettext("Do not hand them on"))
        return page or self._look(request, rows, is_good=False)

    def _look(self, request: HttpRequest, rows: models.QuerySet, *, is_good: bool) -> None:
        count = 0
        for pk in rows.held().values_list("pk", flat=True):
            try:
                self.look_at(request.user, pk, is_good=is_good)
                count += 1
            except ObjectDoesNotExist:  # somebody else was quicker
                continue
        done = ngettext("%(count)s decided.", "%(count)s decided.", count) % {"count": count}
        self.message_user(request, done, messages.SUCCESS)

    def act(
        self,
        request: HttpRequest,
        object_id: str,
        form: forms.Form,
        act: Callable[..., str],
        label: str,
    ) -> HttpResponse:
        """Show the form of a decision; once it is valid decide, with what the form holds, and log
        it. ``act`` answers what is told afterwards."""
        row = self.get_object(request, object_id)
        if row is None or row.state != self.decided_from:
            raise Http404
        back = redirect(f"admin:knowledge_{self.opts.model_name}_change", row.pk)
        if request.method == "POST" and form.is_valid():
            try:
                done = act(request.user, row.pk, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages)
            except (ObjectDoesNotExist, PermissionDenied) as error:
                raise Http404 from error
            else:
                self.log_change(request, row, f"{label}.")
                self.message_user(request, done, messages.SUCCESS)
                return back
        context = {
            **self.admin_site.each_context(request),
            "title": label,
            "subtitle": str(row),
            "opts": self.opts,
            "original": row,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/knowledge/resource/act.html", context)
