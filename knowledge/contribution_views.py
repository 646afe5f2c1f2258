"""Proposing something to the hub, and following what becomes of it."""

from contextlib import suppress
from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta
from knowledge import contributing
from knowledge.contribution_forms import CaseStudyForm, ContributionForm, ProposalForm, WordForm
from knowledge.models import Contribution
from knowledge.sent_files import bounded_body, count_small

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@bounded_body
@GET_OR_POST
def contribute(request: HttpRequest) -> HttpResponse:
    """Propose a work or a story."""
    description = _("Propose a work for the library, or tell what happens in your region.")
    meta = Meta(_("Contribute"), request.path, description)
    return _propose(request, ContributionForm, meta, "contributions/contribute.html")


@bounded_body
@GET_OR_POST
def contribute_case_study(request: HttpRequest) -> HttpResponse:
    """Propose a case study by its outline."""
    description = _("What happened in a region, what worked and what did not, in five parts.")
    crumbs = (Crumb(_("Contribute"), reverse("knowledge:contribute")),)
    meta = Meta(_("Outline a case study"), request.path, description, crumbs)
    return _propose(request, CaseStudyForm, meta, "contributions/case_study.html")


def _propose(
    request: HttpRequest, form_class: type[ProposalForm], meta: Meta, template: str
) -> HttpResponse:
    count_small(request)
    form = form_class(posted(request), request.FILES or None, user=request.user)
    contribution = None
    if request.method == "POST" and form.is_valid():
        contributing.count(client_of(request), form.cleaned_data["email"])
        try:
            contribution = contributing.propose(
                **form.told,
                told_in=get_language(),
                suspicions=form.suspicions,
                by=request.user if request.user.is_authenticated else None,
            )
        except ValidationError as error:  # no room for the file, or too many that wait
            form.add_error("upload", error)
    if contribution:
        if contribution.state != Contribution.State.UNCONFIRMED:
            return redirect(contributing.follow_path(contribution))
        return redirect("knowledge:contribution_written")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, "meta": meta}, status=status)


@require_safe
def contribution_written(request: HttpRequest) -> HttpResponse:
    """What happens next: the same for all."""
    meta = Meta(_("Look into your mail"), request.path, is_indexed=False)
    return render(request, "contributions/written.html", {"meta": meta})


@GET_OR_POST
def contribution_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the proposal, and on POST send it: mail programs open links by themselves."""
    contribution = contributing.to_confirm(token)
    if contribution is None:
        return render(request, "contributions/over.html", status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        with suppress(Contribution.DoesNotExist):  # confirmed a moment ago, in another window
            contributing.confirm(contribution.pk)
        return redirect(contributing.follow_path(contribution))
    meta = Meta(_("Send your proposal"), request.path, is_indexed=False)
    context = {"contribution": contribution, "meta": meta}
    return _private(render(request, "contributions/confirm.html", context))


@GET_OR_POST
def contribution_status(request: HttpRequest, token: str) -> HttpResponse:
    """Where a proposal stands, for who made it: they may add a word, withdraw it, take their name
    off."""
    contribution = contributing.followed(token)
    if contribution is None:
        return render(request, "contributions/over.html", status=HTTPStatus.NOT_FOUND)
    act = request.POST.get("act", "")
    form = WordForm(posted(request) if act == "word" else None)
    try:
        if _acted(contribution, act, form):
            return redirect(request.path)
    except ValidationError as error:
        form.add_error(None, error) if form.is_bound else None
    meta = Meta(_("Your proposal"), request.path, is_indexed=False)
    context = {"contribution": contribution, "form": form, "meta": meta}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _private(render(request, "contributions/status.html", context, status=status))


def _acted(contribution: Contribution, act: str, form: WordForm) -> bool:
    """Do what was asked for; whether it was done. ``ValidationError`` says why not."""
    if act == "word" and form.is_valid():
        contributing.add_word(contribution.pk, form.cleaned_data["words"])
        return True
    plain = {"take_back": contributing.take_back, "take_name_off": contributing.take_name_off}
    if act in plain:
        plain[act](contribution.pk)
        return True
    return False


def _private(response: HttpResponse) -> HttpResponse:
    """The address of the page lets in whoever has it."""
    response["Referrer-Policy"] = "same-origin"
    return response
