"""Asking to sit in a working group, and what becomes of it. GET shows and POST acts."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.own import private
from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta
from taskforce import applying, own_seats
from taskforce.application_forms import ApplicationForm
from taskforce.group_pages import crumbs
from taskforce.group_views import reachable, withdrawn
from taskforce.models import GroupApplication, WorkingGroup

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
Status = GroupApplication.Status


@GET_OR_POST
def group_apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, or that the group takes no applications. What is answered is the same whether the
    address has applied already or not: the rest is for its mailbox."""
    group = reachable(slug)
    if group.withdrawn_at:
        return withdrawn(request, group)
    context = _about(request, group) | {"is_open": group.takes_applications}
    if group.takes_applications:
        # Where it is closed the page is the same for all: who asks is not looked at.
        form = ApplicationForm(posted(request), user=request.user)
        context["form"] = form
        if request.method == "POST" and form.is_valid():
            applying.count(client_of(request), form.cleaned_data["email"])
            try:
                applying.apply(group, form.wish)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return redirect("taskforce:group_applied", slug=group.slug)
    has_failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_failed else HTTPStatus.OK
    return render(request, "taskforce/groups/apply.html", context, status=status)


@require_safe
def group_applied(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next: the same for all."""
    group = reachable(slug)
    if group.withdrawn_at:
        return withdrawn(request, group)
    return render(request, "taskforce/groups/applied.html", _about(request, group))


@GET_OR_POST
def page(request: HttpRequest, token: str) -> HttpResponse:
    """How one's application stands; on POST its address is confirmed, or it is taken back."""
    application = applying.application_of(token)
    if application is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            _act(application, request.POST.get("act", ""))
        except ValidationError as error:
            refusal = error.messages[0]
        else:
            return private(redirect("group:application", token=token))
    membership = application.membership
    context = {
        "meta": Meta(_("Your application"), request.path, is_indexed=False),
        "application": application,
        "group": application.group,
        "refusal": refusal,
        "is_waiting": application.status in (Status.UNCONFIRMED, Status.RECEIVED),
        "area": own_seats.path_of(membership) if membership and membership.is_sitting else "",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK
    return private(render(request, "taskforce/groups/application.html", context, status=status))


def _act(application: GroupApplication, act: str) -> None:
    acts = {"confirm": applying.confirm, "withdraw": applying.withdraw}
    if act not in acts:
        raise ValidationError(_("Choose what is to be done."))
    acts[act](application.pk)


def _about(request: HttpRequest, group: WorkingGroup) -> dict[str, object]:
    above = crumbs(Crumb(group.name, group.get_absolute_url()))
    title = _("Ask to become a member")
    return {"group": group, "meta": Meta(title, request.path, crumbs=above, is_indexed=False)}
