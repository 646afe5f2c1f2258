"""Reporting what is wrong with a work."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta
from knowledge import problems
from knowledge.contribution_forms import ProblemForm
from knowledge.models import Resource
from knowledge.presentation import crumbs_of

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_OR_POST
def problem_report(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what is wrong with a work; 404 for what is not public."""
    resource = get_object_or_404(Resource.objects.public().prefetch_related("editions"), slug=slug)
    form = ProblemForm(posted(request))
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("sort", "words", "email")}
        problems.count(client_of(request), resource, told["email"])
        language, suspicions = get_language(), form.suspicions
        problems.report(resource, **told, language=language, suspicions=suspicions)
        return redirect("knowledge:problem_sent")
    crumbs = (*crumbs_of(), Crumb(str(resource), resource.get_absolute_url()))
    meta = Meta(_("Report a problem"), request.path, crumbs=crumbs, is_indexed=False)
    context = {"form": form, "resource": resource, "meta": meta}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "problems/report.html", context, status=status)


@require_safe
def problem_sent(request: HttpRequest) -> HttpResponse:
    """Thanks: the same for all, whatever became of the report."""
    meta = Meta(_("Thank you"), request.path, is_indexed=False)
    return render(request, "problems/sent.html", {"meta": meta})


@GET_OR_POST
def problem_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and on POST note that the address is its reader's: mail programs open links by
    themselves."""
    problem = problems.find(token)
    if problem is None:
        return render(request, "problems/over.html", status=HTTPStatus.NOT_FOUND)
    if request.method == "POST":
        problems.confirm(problem.pk)
        return redirect("knowledge:problem_sent")
    meta = Meta(_("Get the answer"), request.path, is_indexed=False)
    response = render(request, "problems/confirm.html", {"problem": problem, "meta": meta})
    response["Referrer-Policy"] = "same-origin"
    return response
