"""What people do for their government by the link that was sent to them. GET shows and POST acts, since
mail programs open links by themselves; every page is private."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub import limits
from hub.addresses import normalised
from hub.clients import client_of
from hub.guarded import posted
from hub.meta import Crumb, Meta
from taskforce import own, pages, participating, passport, registering, speaking, timeline
from taskforce.forms import ChangeForm, GoOnForm, InviteForm
from taskforce.models import Participation, ParticipationContact
from taskforce.registration_views import say

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
Status = Participation.Status
BEGUN = (Status.DRAFT, Status.SUBMITTED)
APPEALED = "asked"  # in the address, after the secretariat was asked


@GET_OR_POST
@own.with_contact
def page(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """How it stands, and what one can do about it. POST confirms the address."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            return _act(contact, token, request.POST.get("act", ""))
        except ValidationError as error:
            errors = error.messages
    participation = contact.participation
    if participation.status == Status.DRAFT:
        return redirect("participation:edit", token=token)
    context = context_of(request, contact, token, participation.government_name)
    context |= {"errors": errors, "is_appealed": APPEALED in request.GET} | _shown(contact)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render(request, "taskforce/own/page.html", context, status=status)


def _act(contact: ParticipationContact, token: str, act: str) -> HttpResponse:
    """Confirm the address; or ask the secretariat to look, where others registered the government."""
    if act == "confirm":
        registering.confirm(contact.pk)
        return redirect("participation:page", token=token)
    if act == "appeal":
        limits.require(speaking.APPEALED_BY, str(contact.pk))
        limits.require(speaking.APPEALED, "desk")
        speaking.appeal(contact.pk)
        return redirect(f"{own.path_of(contact)}?{APPEALED}=1")
    raise ValidationError(_("Choose what is to be done."))


def _shown(contact: ParticipationContact) -> dict[str, Any]:
    """What of the participation the page shows to whom: all to those who may speak; to who is about to
    confirm a registration what they said themselves, and what can be done in the same go; to those
    who wait nothing."""
    participation = contact.participation
    is_new = participation.status == Status.SUBMITTED
    is_shown = participation.is_active and contact.may_speak
    parts = passport.parts_of(participation, contact) if is_new or is_shown else []
    if is_new:
        parts = [part for part in parts if part.is_for_new]
    others = participation.contacts.filter(left_at=None) if is_shown else ()
    return {
        "is_new": is_new,
        "is_shown": is_shown,
        "is_invited": participation.is_active and contact.agreed_at and not contact.confirmed_at,
        "is_waiting": participation.is_active and not contact.agreed_at,
        "parts": parts,
        "contacts": others,
        "asking": [one for one in others if one.confirmed_at and not one.agreed_at],
    }


@GET_OR_POST
@own.with_contact
def edit(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """Go on with what one has begun, or put right what the government has said."""
    if contact.participation.status in BEGUN:
        return _go_on(request, contact, token)
    return _change(request, token=token)


def _go_on(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    form = GoOnForm(posted(request), contact=contact)

    def act() -> None:
        registering.go_on(contact.pk, form.wish, is_draft=form.is_draft)

    title = _("Go on with your registration")
    template = "taskforce/own/go_on.html"
    return _form(request, contact, token, form, act, title, _("Register"), template=template)


@own.with_speaker
def _change(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    form = ChangeForm(posted(request), contact=contact)

    def act() -> None:
        version = form.cleaned_data["version"]
        participating.change(contact.participation_id, form.about, version=version)
        speaking.introduce(contact.pk, form.person)

    return _form(request, contact, token, form, act, _("Change what you said"), _("Save"))


@GET_OR_POST
@own.with_speaker
def invite(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """Invite a colleague who is to speak for the same government."""
    form = InviteForm(posted(request))

    def act() -> None:
        if client := client_of(request):
            limits.require(registering.FROM_CLIENT, client)
        limits.require(speaking.INVITED, str(contact.participation_id))
        limits.require(registering.BY_ADDRESS, normalised(form.cleaned_data["email"]))
        said = form.cleaned_data
        speaking.join(contact.participation, said["email"], name=said["name"])

    return _form(request, contact, token, form, act, _("Invite a colleague"), _("Invite"))


@GET_OR_POST
@own.with_speaker
def colleague(
    request: HttpRequest, contact: ParticipationContact, token: str, pk: int
) -> HttpResponse:
    """Say whether somebody who asks speaks for the government too."""
    asking = contact.participation.contacts.asking().filter(pk=pk).first()
    if asking is None:
        if contact.participation.contacts.filter(pk=pk).exists():
            return redirect("participation:page", token=token)
        raise Http404
    errors: list[str] = []
    if request.method == "POST":
        acts = {"agree": speaking.agree, "refuse": speaking.refuse}
        try:
            if request.POST.get("act") not in acts:
                raise ValidationError(_("Choose what is to be done."))
            acts[request.POST["act"]](asking.pk, contact)
        except ValidationError as error:
            errors = error.messages
        else:
            return redirect("participation:page", token=token)
    title = _("Do they speak for your government?")
    context = context_of(request, contact, token, title) | {"asking": asking, "errors": errors}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render(request, "taskforce/own/colleague.html", context, status=status)


@GET_OR_POST
@own.with_contact
def withdraw(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """Take part no more; asked once more before."""
    participation = contact.participation
    is_theirs = contact.may_speak or participation.status in BEGUN
    if not is_theirs or participation.status in Participation.ENDED:
        return redirect("participation:page", token=token)
    if request.method == "POST":
        participating.withdraw(participation.pk)
        return redirect("participation:page", token=token)
    context = context_of(request, contact, token, _("Withdraw from the round"))
    return render(request, "taskforce/own/withdraw.html", context)


@GET_OR_POST
@own.with_contact
def leave(request: HttpRequest, contact: ParticipationContact, token: str) -> HttpResponse:
    """Speak for the government no more, or say that one never did."""
    context = context_of(request, contact, token, _("Speak for your government no more"))
    status = HTTPStatus.OK
    if request.method == "POST":
        try:
            speaking.leave(contact.pk)
        except ValidationError as error:
            context["errors"], status = error.messages, HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            return render(request, "taskforce/own/left.html", context)
    return render(request, "taskforce/own/leave.html", context, status=status)


def _form(
    request: HttpRequest,
    contact: ParticipationContact,
    token: str,
    form: Form,
    act: Callable[[], None],
    title: str,
    label: str,
    *,
    template: str = "taskforce/own/form.html",
) -> HttpResponse:
    """A page with one form, which leads back to the page of the government."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            say(form, error)
        else:
            return redirect("participation:page", token=token)
    context = context_of(request, contact, token, title) | {"form": form, "label": label}
    context |= {"known": []}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)


def context_of(
    request: HttpRequest, contact: ParticipationContact, token: str, title: str
) -> dict[str, Any]:
    """What all pages by such a link show."""
    participation = contact.participation
    above = way_to(contact, token, request.path)
    return {
        "contact": contact,
        "participation": participation,
        "round": participation.round,
        "token": token,
        "when": timeline.period_html(participation.round),
        "meta": Meta(title, request.path, crumbs=above, is_indexed=False),
        "errors": [],
    }


def way_to(contact: ParticipationContact, token: str, path: str) -> tuple[Crumb, ...]:
    """What stands above a page by such a link: the taskforce, the round, the page of the government."""
    round = contact.participation.round
    above = pages.crumbs(Crumb(round.title, round.get_absolute_url()))
    home = reverse("participation:page", args=[token])
    if path == home:
        return above
    return (*above, Crumb(contact.participation.government_name or _("Your government"), home))
