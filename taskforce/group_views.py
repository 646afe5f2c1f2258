"""The public pages of working groups: all of them, and one."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.catalogue import feeds
from hub.catalogue.scope import Scope
from hub.meta import Meta
from taskforce.group_listing import GroupListing
from taskforce.group_pages import GroupPage, crumbs
from taskforce.kinds import GROUP
from taskforce.models import WorkingGroup


def reachable(slug: str) -> WorkingGroup:
    """The group of this address, withdrawn ones too; ``Http404`` for what was never public."""
    rows = WorkingGroup.objects.filter(published_at__isnull=False)
    group = rows.select_related("lead_government", "owner").filter(slug=slug).first()
    if group is None or not (group.is_public or group.withdrawn_at):
        raise Http404
    return group


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """All groups, by the stage of their life."""
    listing = GroupListing(request.GET, get_language())
    intro = _(
        "Who works together on one matter: mandates, members, meetings and what came of them."
    )
    meta = Meta(
        _("Working groups"),
        listing.action,
        description=intro,
        crumbs=crumbs()[:1],
        kind="CollectionPage",
        is_indexed=not request.GET,
        feed=reverse("taskforce:group_feed"),
    )
    context = {**listing.context(), "meta": meta, "intro": intro}
    return render(request, "taskforce/groups/list.html", context)


@require_safe
def group_feed(request: HttpRequest) -> HttpResponse:
    """The groups that became public last."""
    path = reverse("taskforce:group_list")
    return feeds.of_scope(request, _("Working groups"), path, Scope(kinds=(GROUP.value,)))


@require_safe
def group_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One group; 410 with the reason if it was withdrawn."""
    group = reachable(slug)
    if group.withdrawn_at:
        return withdrawn(request, group)
    page = GroupPage(group, get_language())
    context = {**page.context(), "meta": page.meta}
    return render(request, "taskforce/groups/detail.html", context)


def withdrawn(request: HttpRequest, group: WorkingGroup) -> HttpResponse:
    title = _("Withdrawn: %(title)s") % {"title": group.name}
    meta = Meta(title, request.path, crumbs=crumbs(), is_indexed=False)
    context = {"meta": meta, "group": group}
    return render(request, "taskforce/groups/withdrawn.html", context, status=HTTPStatus.GONE)
