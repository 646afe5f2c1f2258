"""Where a government looks at what was written down of it, by the link of who speaks for it."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hub.guarded import posted
from taskforce import approving, own
from taskforce.approval_forms import ApprovalForm
from taskforce.models import Finding, ParticipationContact
from taskforce.personal_views import GET_OR_POST, context_of


def _sent(contact: ParticipationContact, pk: int) -> Finding:
    """A finding that the secretariat has sent to this government; 404 for every other."""
    participation = contact.participation
    rows = participation.findings.filter(asked_at__isnull=False)
    finding = rows.filter(pk=pk).first() if participation.is_accepted else None
    if finding is None:
        raise Http404
    finding.participation = participation
    return finding


@GET_OR_POST
@own.with_speaker
def finding(
    request: HttpRequest, contact: ParticipationContact, token: str, pk: int
) -> HttpResponse:
    """One line: put it right, agree, say who may read it."""
    found = _sent(contact, pk)
    form = ApprovalForm(posted(request), finding=found)
    if request.method == "POST" and form.is_valid():
        act = request.POST.get("act", "")
        if form.save(act, contact):
            return _onward(contact, token, found)
    context = context_of(request, contact, token, _("Is this what you said?"))
    context |= {"finding": found, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "taskforce/own/finding.html", context, status=status)


def _onward(contact: ParticipationContact, token: str, done: Finding) -> HttpResponse:
    """To the next line that waits, after the last one to the page of the government."""
    waiting = contact.participation.findings.filter(
        asked_at__isnull=False, approved_by_government_at=None
    )
    following = waiting.exclude(pk=done.pk).first()
    if following is not None:
        return redirect("approval:finding", token=token, pk=following.pk)
    return redirect(f"{own.path_of(contact)}#findings")


@GET_OR_POST
@own.with_speaker
def take_back(
    request: HttpRequest, contact: ParticipationContact, token: str, pk: int
) -> HttpResponse:
    """Agree no more; asked once more before."""
    found = _sent(contact, pk)
    context = context_of(request, contact, token, _("Take the approval back"))
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            approving.take_back(found.pk, by=contact)
        except ValidationError as error:
            context["errors"], status = error.messages, HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            return redirect(f"{own.path_of(contact)}#findings")
    if not found.is_approved:
        return redirect("approval:finding", token=token, pk=pk)
    context |= {"finding": found}
    return render(request, "taskforce/own/finding_back.html", context, status=status)
