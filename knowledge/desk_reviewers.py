"""Review links at the partner desk: for whom there are some, a new one, and an end to one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from hub import limits, links
from hub.addresses import AddressField
from hub.audit import access as audit
from knowledge import reviewing
from knowledge.models import Resource, ReviewLink
from knowledge.models.revisions import REVIEW_DAYS


class ReviewLinkForm(forms.Form):
    """For whom a link is, and how long."""

    required_css_class = "required"

    name = forms.CharField(
        label=_("For whom"),
        max_length=ReviewLink._meta.get_field("name").max_length,
        help_text=_("Their name stands beside what they say."),
        widget=forms.TextInput(attrs={"size": 50}),
    )
    email = AddressField(
        label=_("E-mail address"),
        required=False,
        help_text=_("The link is sent there. Without one you pass it on yourself."),
    )
    days = forms.IntegerField(
        label=_("Good for how many days"), min_value=1, max_value=REVIEW_DAYS, initial=REVIEW_DAYS
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text=_("What you would like to know of them."),
    )


class WithReviewers(admin.ModelAdmin):
    """Mix it into the admin of resources."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        show = require_http_methods(["GET", "HEAD", "POST"])(self.reviewers_view)
        pages = [
            path("<path:object_id>/reviewers/", wrap(show), name="knowledge_resource_reviewers"),
            path(
                "<path:object_id>/reviewers/<int:pk>/revoke/",
                wrap(require_POST(self.revoke_view)),
                name="knowledge_resource_revoke",
            ),
        ]
        return [*pages, *super().get_urls()]

    def reviewers_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        resource = self._to_be_reviewed(request, object_id)
        form = ReviewLinkForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            limits.require(reviewing.A_DAY, str(request.user.pk))
            try:
                link = reviewing.invite(request.user, resource, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                said = gettext("There is a link for %(name)s now.") % {"name": link}
                if link.email:
                    said = gettext("The link is on its way to %(name)s.") % {"name": link}
                self.log_change(request, resource, gettext("Review link made."))
                self.message_user(request, said, messages.SUCCESS)
                return redirect("admin:knowledge_resource_reviewers", resource.pk)
        audit.note(request, audit.VIEWED, resource)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Review links"),
            "subtitle": str(resource),
            "opts": self.opts,
            "original": resource,
            "form": form,
            "shown": [_told(link) for link in resource.review_links.all()],
            "media": self.media,
        }
        return TemplateResponse(request, "admin/knowledge/resource/reviewers.html", context)

    def revoke_view(self, request: HttpRequest, object_id: str, pk: int) -> HttpResponse:
        resource = self._to_be_reviewed(request, object_id)
        link = get_object_or_404(resource.review_links, pk=pk)
        reviewing.revoke(request.user, link)
        self.log_change(request, resource, gettext("Review link revoked."))
        text = gettext("The link of %(name)s leads nowhere from now on.") % {"name": link}
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:knowledge_resource_reviewers", resource.pk)

    def _to_be_reviewed(self, request: HttpRequest, object_id: str) -> Resource:
        resource = self.get_object(request, object_id)
        if resource is None or not self.has_publish_permission(request, resource):
            raise Http404
        return resource


def _told(link: ReviewLink) -> dict[str, Any]:
    address = links.absolute(link.get_absolute_url()) if link.is_open else ""
    return {"link": link, "address": address}
