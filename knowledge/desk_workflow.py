"""The steps of the workflow at the partner desk: a page for each, actions on many works, and where a
work stands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from knowledge import checks, workflow
from knowledge.desk_form import begin_at
from knowledge.forms import PublishForm, WithdrawForm
from knowledge.models import Resource, Revision, WorkflowEvent
from knowledge.workflow import Step

EVENTS_SHOWN = 10
NO_VERSION = 0  # which no work has
EXPLAINED = {
    "submit": _("Those who may publish it are told by e-mail. You can go on changing it."),
    "approve": _("Those who wait for it are told by e-mail, and it can be published."),
    "take_back": _("It becomes a draft again."),
    "publish": "",
    "drop": _(
        "Readers go on seeing the page as it is. The draft stays among the revisions, from where it "
        "can be taken up again."
    ),
    "restore": _("It becomes a draft again: nobody outside the desk sees it until you publish it."),
}


def _now() -> str:
    return timezone.now().isoformat()


class CommentForm(forms.Form):
    """What goes with a step, in somebody's words."""

    required_css_class = "required"

    comment = forms.CharField(
        label=_("In your words"),
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        max_length=WorkflowEvent._meta.get_field("comment").max_length,
        help_text=_("It stands in the letter and beside the step, for all who curate this work."),
    )

    def __init__(self, *args: Any, is_required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comment"].required = is_required


class ShownForm(ActionForm):
    """The choice of an action on a list, which says when the list was made."""

    shown_at = forms.CharField(label="", required=False, widget=forms.HiddenInput, initial=_now)


class WithWorkflow(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    action_form = ShownForm

    def get_urls(self) -> list:
        pages = [
            path(
                f"<path:object_id>/{name.replace('_', '-')}/",
                self.admin_site.admin_view(partial(self._step_view, step)),
                name=f"knowledge_resource_{name}",
            )
            for name, step in workflow.STEPS.items()
        ]
        return [*pages, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if resource := kwargs.get("obj"):
            events = resource.workflow_events.select_related("actor", "guest")
            context |= {
                "state": workflow.state_of(resource),
                "steps": workflow.open_to(request.user, resource),
                "can_invite_reviewers": bool(resource.stage)
                and self.has_publish_permission(request, resource),
                "findings": checks.findings(resource, request.user),
                "events": [Told(event, self, request) for event in events[:EVENTS_SHOWN]],
            }
        return super().render_change_form(request, context, *args, **kwargs)

    # One step

    def _step_view(self, step: Step, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self.get_object(request, object_id)
        if resource is None or not step.is_for(request.user, resource):
            raise Http404
        if request.method != "POST" and not step.is_open(resource):
            return self._what_is_open(step, request, resource)
        form = _form_of(step, request, resource)
        if request.method == "POST" and form.is_valid():
            try:
                done = workflow.take(
                    step.name,
                    resource.pk,
                    by=request.user,
                    version=version_read(request),
                    **form.cleaned_data,
                )
            except PermissionDenied as error:
                raise Http404 from error
            except ValidationError as error:
                form.add_error(None, error)
            else:
                self.log_change(request, resource, f"{step.done}.")
                text = gettext("%(title)s: %(state)s.")
                said = {"title": resource, "state": workflow.state_of(done)}
                self.message_user(request, text % said, messages.SUCCESS)
                return redirect("admin:knowledge_resource_change", resource.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": step.label,
            "subtitle": str(resource),
            "opts": self.opts,
            "original": resource,
            "form": form,
            "explained": EXPLAINED.get(step.name, ""),
            # Once it was refused, the form says why.
            "findings": checks.findings(resource, request.user)
            if step.is_checked and not form.errors
            else [],
            "begins_at_button": not _begin(form),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/knowledge/resource/act.html", context)

    def _what_is_open(self, step: Step, request: HttpRequest, resource: Resource) -> HttpResponse:
        """To the work, which says where it stands; with what can be done instead of this step."""
        others = [str(one.label) for one in workflow.open_to(request.user, resource)]
        text = gettext(
            "“%(step)s” cannot be done now: it is “%(state)s”. What can be done: %(steps)s."
        )
        told = {
            "step": step.label,
            "state": workflow.state_of(resource),
            "steps": ", ".join(others),
        }
        self.message_user(request, text % told, messages.WARNING)
        return redirect("admin:knowledge_resource_change", resource.pk)

    # Many at once

    def action_checkbox(self, obj: Resource) -> SafeString:
        """Beside the box the revision that the list shows, so that no other is published unread."""
        told = '{}<input type="hidden" name="version-{}" value="{}">'
        return format_html(told, super().action_checkbox(obj), obj.pk, obj.version)

    @admin.action(description=_("Send to review"), permissions=["change"])
    def send_to_review(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._take_for_all(request, queryset, "submit", _sent)

    @admin.action(description=_("Approve"), permissions=["publish"])
    def approve(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._take_for_all(request, queryset, "approve", _approved)

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_now(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._take_for_all(request, queryset, "publish", _published)

    def _take_for_all(
        self,
        request: HttpRequest,
        queryset: models.QuerySet,
        name: str,
        told: Callable[[int], str],
    ) -> None:
        step, count = workflow.STEPS[name], 0
        rows = list(step.who(request.user, queryset))
        newer = set(_newer(request, queryset).values_list("pk", flat=True))
        for resource in rows:
            version = version_read(request, f"version-{resource.pk}")
            if version is None:  # on another page of the list: none that is newer than this one
                version = NO_VERSION if resource.pk in newer else resource.version
            try:
                workflow.take(name, resource.pk, by=request.user, version=version)
            except ValidationError as error:
                text = f"{resource}: {' '.join(error.messages)}"
                self.message_user(request, text, messages.ERROR)
            else:
                self.log_change(request, resource, f"{step.done}.")
                count += 1
        if count:
            self.message_user(request, told(count) % count, messages.SUCCESS)


class Told:
    """A step that was taken, as the page of its work tells it."""

    def __init__(self, event: WorkflowEvent, desk: WithWorkflow, request: HttpRequest) -> None:
        step = workflow.STEPS.get(event.act)
        self.at, self.comment = event.at, event.comment
        self.done = step.done if step else event.act
        self.is_guest = event.guest is not None
        self.who = str(event.guest) if event.guest else ""
        if event.actor:
            self.who = desk.name_in_history(request, event.actor)


def _begin(form: forms.Form) -> bool:
    """Have the browser begin at the first field; whether there is one."""
    field = next(iter(form), None)
    if field:
        begin_at(field)
    return field is not None


def _newer(request: HttpRequest, rows: models.QuerySet) -> models.QuerySet:
    """Those of the works that were added or changed since the list was made; none where it does not
    say when that was."""
    try:
        shown_at = datetime.fromisoformat(request.POST.get("shown_at", ""))
    except ValueError:
        return rows.none()
    if shown_at.tzinfo is None:
        return rows.none()
    changes = Revision.objects.filter(
        resource=OuterRef("pk"), is_aside=False, created_at__gt=shown_at
    )
    return rows.filter(Q(created_at__gt=shown_at) | Exists(changes))


def version_read(request: HttpRequest, name: str = "version") -> int | None:
    """The revision that was there when the page was shown; ``None`` where it does not say."""
    told = request.POST.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else None


def _form_of(step: Step, request: HttpRequest, resource: Resource) -> forms.Form:
    # A form without fields holds all the same once it is sent.
    data = request.POST if request.method == "POST" else None
    if step.name == "publish" and not (resource.is_public and resource.pending):
        coming = None if resource.is_public else resource.publish_at
        is_coming = resource.status == Resource.Status.PUBLISHED
        return PublishForm(data, initial={"at": coming if is_coming else None})
    if step.name == "withdraw":
        return WithdrawForm(data, user=request.user, resource=resource)
    if step.name in ("publish", "drop", "restore", "take_back"):
        return forms.Form(data)
    return CommentForm(data, is_required=step.wants_comment)


def _sent(count: int) -> str:
    return ngettext("%d resource was sent to review.", "%d resources were sent to review.", count)


def _approved(count: int) -> str:
    return ngettext("%d resource was approved.", "%d resources were approved.", count)


def _published(count: int) -> str:
    return ngettext("%d resource is public now.", "%d resources are public now.", count)
