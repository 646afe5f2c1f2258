"""A person's own page, and what they do for organisations. Every answer is private."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hub import audit, desk, limits
from hub.audit.access import LISTED, VIEWED
from hub.guarded import posted
from hub.members import calendar as calendars
from hub.members import data as own_data
from hub.members import invitations, memberships, pages, policy
from hub.members import requests as role_requests
from hub.members.forms import AskForm, EraseForm, InviteForm, RoleForm, SettingsForm
from hub.members.models import Invitation, RoleRequest
from hub.notices.calendar import feed
from hub.partners.models import Membership
from hub.partners.policy import has_desk

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
View = Callable[..., HttpResponse]


def as_at_the_desk(view: View) -> View:
    """What staff do here is as grave as what they do at the desk, which asks the same of them: a
    second step, and before a change once more who it is."""
    sure = reauthentication_required(allow_get=True)(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_desk(request.user):
            return view(request, *args, **kwargs)
        if elsewhere := desk.barred(request):
            return redirect(elsewhere)
        return sure(request, *args, **kwargs)

    return guarded


@login_required
@require_GET
def own_page(request: HttpRequest) -> HttpResponse:
    page = pages.OwnPage(request.user)
    return render(request, "members/own_page.html", page.context())


@login_required
@GET_OR_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Change name, language and time zone."""
    form = SettingsForm(posted(request), instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("members:own_page")
    return _form(request, "members/settings.html", form, _("Name and time zone"))


@login_required
@GET_OR_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to speak for an organisation."""
    form = AskForm(posted(request))
    if request.method == "POST" and form.is_valid():
        limits.require(role_requests.A_DAY, str(request.user.pk))
        try:
            role_requests.ask(request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("organisation", error)
        else:
            return redirect("members:own_page")
    return _form(request, "members/ask.html", form, _("Speak for an organisation"))


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """No longer ask for a role."""
    role_requests.take_back(request.user, pk)
    return redirect("members:own_page")


@login_required
@as_at_the_desk
@require_GET
def requests(request: HttpRequest) -> HttpResponse:
    """What others ask, for who decides it."""
    page = pages.RequestsPage(request.user)
    _note_listed(request, page.requests)
    return render(request, "members/requests.html", page.context())


@login_required
@as_at_the_desk
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say yes or no to a request; one that was decided meanwhile is no longer in the list."""
    asked = get_object_or_404(policy.decidable(request.user), pk=pk)
    with suppress(RoleRequest.DoesNotExist):
        role_requests.decide(request.user, asked, is_granted="grant" in request.POST)
    return redirect("members:requests")


@login_required
@as_at_the_desk
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """The organisations whose people one may see: the way of the secretariat to all of them."""
    page = pages.OrganisationsPage(request.user)
    return render(request, "members/organisations.html", page.context())


@login_required
@as_at_the_desk
@GET_OR_POST
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of an organisation; who leads it invites others here."""
    own = get_object_or_404(policy.organisations_of(request.user), slug=slug)
    form = InviteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        limits.require(invitations.A_DAY, str(request.user.pk))
        try:
            invitations.invite(request.user, own, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            return redirect("members:organisation", slug=slug)
    page = pages.OrganisationPage(request.user, own, form)
    _note_listed(request, [colleague.membership for colleague in page.colleagues])
    return _shown(request, "members/organisation.html", page.context(), form)


@login_required
@as_at_the_desk
@GET_OR_POST
def role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a role or take it away, or give one's own up."""
    own = get_object_or_404(policy.organisations_of(request.user), slug=slug)
    membership = get_object_or_404(own.memberships.select_related("user"), pk=pk)
    if not policy.may_end(request.user, membership):
        raise Http404
    page = pages.RolePage(request.user, membership, RoleForm(posted(request), membership))
    form = page.form
    if request.method == "POST" and form.is_valid():
        try:
            if "end" in request.POST:
                memberships.end(request.user, membership)
            else:
                memberships.change(request.user, membership, form.cleaned_data["role"])
        except ValidationError as error:
            form.add_error(None, error)
        except Membership.DoesNotExist:
            raise Http404 from None
        else:
            return redirect("members:own_page" if page.is_own else page.above)
    audit.note(request, VIEWED, membership)
    return _shown(request, "members/role.html", page.context(), form)


@login_required
@as_at_the_desk
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invited = get_object_or_404(policy.withdrawable(request.user), pk=pk)
    invitations.withdraw(request.user, invited)
    return redirect("members:organisation", slug=invited.organisation.slug)


@GET_OR_POST
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What a letter invites to. It shows on GET and acts on POST, since mail programs open links."""
    invited = invitations.find(token)
    if invited is None:
        return render(request, "members/invitation_over.html", status=HTTPStatus.NOT_FOUND)
    page = pages.InvitationPage(request.user, invited, request.path)
    if request.method == "POST" and page.is_theirs:
        try:
            with suppress(Invitation.DoesNotExist):  # accepted a moment ago, in another window
                invitations.accept(invited, request.user)
        except ValidationError as error:
            page.refusal = error.messages[0]
        else:
            return redirect("members:own_page")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if page.refusal else HTTPStatus.OK
    response = render(request, "members/invitation.html", page.context(), status=status)
    # Other sites are told nothing of the token; our own form still says where it comes from.
    response["Referrer-Policy"] = "same-origin"
    return response


@login_required
@require_POST
@reauthentication_required
def data(request: HttpRequest) -> HttpResponse:
    """Everything that the hub keeps about this person, as a ZIP of JSON."""
    limits.require(own_data.ARCHIVES_A_DAY, str(request.user.pk))
    archive = own_data.archive_of(request.user)
    audit.note(request, "exported", request.user)
    response = HttpResponse(archive, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="just-transition-hub.zip"'
    return response


@login_required
@reauthentication_required(allow_get=True)
@GET_OR_POST
def erase(request: HttpRequest) -> HttpResponse:
    """Erase everything about this person, after they typed their address once more."""
    form = EraseForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            own_data.erase(request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            # What Django's logout does, without the note of it: that would begin a new trace.
            request.session.flush()
            request.user = AnonymousUser()
            return render(request, "members/erased.html")
    return _form(request, "members/erase.html", form, _("Erase my account"))


@login_required
@GET_OR_POST
def unlist(request: HttpRequest) -> HttpResponse:
    """No longer agree to be in the directory of people."""
    if request.method == "POST":
        own_data.take_off_the_list(request.user)
        return redirect("members:own_page")
    return _form(request, "members/unlist.html", Form(), _("Take me off the list of people"))


@login_required
@require_POST
def renew_calendar(request: HttpRequest) -> HttpResponse:
    """A new secret address for one's own calendar; it is shown this once."""
    secret = calendars.renew(request.user)
    audit.note(request, "renewed_calendar", request.user)
    page = pages.CalendarPage(secret)
    return render(request, "members/calendar.html", page.context())


@require_GET
def calendar(_request: HttpRequest, secret: str) -> HttpResponse:
    """Somebody's calendar, for the program that they gave the address to."""
    owner = calendars.owner_of(secret)
    if owner is None:
        raise Http404
    text = feed(calendars.entries_of(owner), _("Just Transition Hub"))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _note_listed(request: HttpRequest, rows: list[Model]) -> None:
    """Note whose data this person saw, if anybody's."""
    if rows:
        shown = {"kind": rows[0]._meta.label_lower, "shown": [row.pk for row in rows]}
        audit.note(request, LISTED, detail=shown)


def _form(request: HttpRequest, template: str, form: BaseForm, title: str) -> HttpResponse:
    """A page that is a form below one's own page."""
    return _shown(request, template, pages.FormPage(title, request.path, form).context(), form)


def _shown(request: HttpRequest, template: str, context: dict, form: BaseForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)
