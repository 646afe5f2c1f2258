"""Registering a government for a round."""

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.own import private
from hub.accounts.people import addresses_of
from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta
from taskforce import invitations, own, participating, registering, timeline
from taskforce.forms import ParticipationForm
from taskforce.governments import governments
from taskforce.models import Round
from taskforce.pages import crumbs
from taskforce.views import reachable, withdrawn


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, or why there is none. What is answered to a POST is the same whether the government or
    the address takes part already or not: the rest is for the mailbox."""
    round = reachable(slug)
    if round.withdrawn_at:
        return withdrawn(request, round)
    context = _about(round, request, _("Register a government"))
    if why := participating.refusal(round):
        # The same for all: who asks is not looked at.
        has_failed = request.method == "POST"
        status = HTTPStatus.UNPROCESSABLE_ENTITY if has_failed else HTTPStatus.OK
        return render(request, "taskforce/register.html", context | {"why": why}, status=status)
    form = ParticipationForm(posted(request), round=round, user=request.user)
    token = request.GET.get("invitation", "")
    form.initial |= invitations.begun(round, token) if token else {}
    if request.method == "POST" and form.is_valid():
        registering.count(client_of(request), form.cleaned_data["email"])
        by = request.user if request.user.is_authenticated else None
        try:
            contact = registering.submit(round, form.wish, by=by, is_draft=form.is_draft)
        except ValidationError as error:
            say(form, error)
        else:
            # Only who has shown that the mailbox is theirs is led to what is theirs.
            if by is not None and contact.email.lower() in addresses_of(by):
                return redirect(own.path_of(contact))
            return redirect("taskforce:sent", slug=round.slug)
    context |= {"form": form, "known": _known()}
    has_failed = request.method == "POST"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if has_failed else HTTPStatus.OK
    answer = render(request, "taskforce/register.html", context, status=status)
    return private(answer) if token else answer


@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """What happens next: the same for all."""
    round = reachable(slug)
    if round.withdrawn_at:
        return withdrawn(request, round)
    context = _about(round, request, _("Look into your mail"))
    return render(request, "taskforce/sent.html", context)


def say(form: ParticipationForm, error: ValidationError) -> None:
    """Beside the field where there is one for it, else above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


def _about(round: Round, request: HttpRequest, title: str) -> dict[str, object]:
    above = crumbs(Crumb(round.title, round.get_absolute_url()))
    meta = Meta(title, request.path, crumbs=above, is_indexed=False)
    return {"round": round, "meta": meta, "when": timeline.period_html(round)}


def _known() -> list[str]:
    """The names to choose from."""
    return list(governments().order_by("name").values_list("name", flat=True))
